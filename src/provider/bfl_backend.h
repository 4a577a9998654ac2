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

// The answer of a job that the service took (record.remote_job), asked for once. Errors: not_found
// while it is still worked on, or when the service no longer has it; refused when it was blocked.
Result<edit::EditResult> resume_bfl_job(const Service& service, const JournalRecord& record,
                                        std::stop_token stop);

} // namespace mw::provider
