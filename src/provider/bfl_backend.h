// FLUX.1 Fill by Black Forest Labs: true inpainting.
#pragma once

#include <memory>

#include "provider/paid_call.h"
#include "provider/service.h"

namespace mw::provider {

// Provider "bfl": POST /v1/MODEL gives an id and an address to ask at; the answer is an address
// that lives a few minutes. The key goes to the configured origin alone: an address elsewhere is
// asked only for the picture, without it, over https, within the same domain. It cannot be
// cancelled. White repaints.
std::unique_ptr<edit::EditBackend> make_bfl_backend(ProviderFacts facts, Service service,
                                                    CallSetup setup);

} // namespace mw::provider
