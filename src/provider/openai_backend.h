// The OpenAI Images and Responses APIs as backends, and whatever speaks like them.
#pragma once

#include <memory>

#include "edit/backend.h"
#include "provider/keys.h"
#include "provider/model_data.h"
#include "provider/paid_call.h"
#include "provider/url.h"

namespace mw::provider {

struct OpenAiParams {
    ProviderFacts facts;                    // of the models; its name is the provider's
    Url base;                               // ".../v1"
    std::vector<std::string> key_variables; // whose values belong to base's origin
    std::string key_header = "Authorization", key_prefix = "Bearer ";
    HttpHeaders headers; // sent with every request
    CallSetup calls;
    bool responses = false; // /responses with the picture tool, else /images
    bool key_needed = true; // else one is sent where it is known
    Keys* keys = nullptr;   // null: those of the process
};

// Images: a request is one POST that cannot be stopped, resumed or asked for again; cancelling
// closes the connection and leaves its fate unknown. A stream where one picture is asked for.
// Responses: in the background, followed as a stream that is resumed where it was cut; cancelling
// stops the work at the service. Answers are the service's bytes. EditRequest without pixels: a
// picture from nothing, of plan.request_size.
std::unique_ptr<edit::EditBackend> make_openai_backend(OpenAiParams params);

// The models the service offers to this key now: id and shutdown date where told. A GET that costs
// nothing. Errors: as services refuse; not_found without a key.
Result<std::vector<RetiredModel>> list_models(const OpenAiParams& params, std::stop_token stop);

// Asks again for the answer of an interrupted journal entry: from its response.raw, or by its
// response's id from the service. The answers are kept nowhere else by this. Errors: not_found when
// there is none that is whole.
Result<edit::EditResult> recover_answer(const OpenAiParams& params, const JournalRecord& record,
                                        std::stop_token stop);

} // namespace mw::provider
