// The server of stable-diffusion.cpp.
#pragma once

#include <memory>

#include "provider/service.h"

namespace mw::provider {

// Provider "sdcpp": POST /sdcpp/v1/img_gen makes a job, which is asked for until it is done and can
// be cancelled; builds without that answer POST /v1/images/edits. White repaints, and the alpha of
// a mask is thrown away there.
std::unique_ptr<edit::EditBackend> make_sdcpp_backend(ProviderFacts facts, Service service);

} // namespace mw::provider
