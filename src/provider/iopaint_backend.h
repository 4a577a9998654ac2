// IOPaint (formerly lama-cleaner): erasing by LaMa and others, and its click-to-mask plugin.
#pragma once

#include <memory>
#include <vector>

#include "provider/service.h"

namespace mw::provider {

// Provider "iopaint": POST /api/v1/inpaint. Luma above 127 repaints. One candidate; it cannot be
// stopped once begun, and erasing models do not read the prompt.
std::unique_ptr<edit::EditBackend> make_iopaint_backend(ProviderFacts facts, Service service);

struct Click {
    Point at;            // pixel of the picture
    bool belongs = true; // to what is meant; false: does not
};
// What the plugin InteractiveSeg takes for the thing that was clicked on: coverage of the picture's
// size, kGray8, 0 or 255. The program widens what it finds by four pixels. Errors: as call();
// invalid_argument without a click that belongs; corrupt for an answer of another size.
Result<image::Image> select_by_clicks(const Service& service, image::ImageView picture,
                                      const std::vector<Click>& clicks, std::stop_token stop);

} // namespace mw::provider
