// The Stable Diffusion WebUI of AUTOMATIC1111 and its descendant Forge, started with --api.
#pragma once

#include <memory>

#include "provider/service.h"

namespace mw::provider {

// Provider "a1111": POST /sdapi/v1/img2img, one job at a time; while it works its progress is asked
// for. The mask is grey, white repaints: an alpha channel would mean the opposite of what it means
// elsewhere. Cancelling interrupts the job when the program says that it is ours, or does not say
// whose it is.
std::unique_ptr<edit::EditBackend> make_webui_backend(ProviderFacts facts, Service service);

} // namespace mw::provider
