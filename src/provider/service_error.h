// What a service's refusal means, told apart, each a sentence with one way out.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "edit/fate.h"
#include "provider/http.h"
#include "provider/secret.h"

namespace mw::provider {

enum class ServiceErrorKind {
    moderation,
    bad_mask,
    unverified, // the organisation
    key,
    permission,
    no_model,
    rate,
    quota,
    too_large,
    bad_request,
    server,
    not_found,       // no such address: a wrong base URL
    not_the_service, // HTML, or nothing that is the service's language
};

struct ServiceError {
    ServiceErrorKind kind = ServiceErrorKind::bad_request;
    ErrorCode code = ErrorCode::engine;
    edit::Outcome outcome = edit::Outcome::refused;
    std::string message; // the whole sentence, with the request id where one came
};

// `body`: an object {"error": {...}}, {"error": "text"}, an event's payload, or null where the body
// was no JSON. `model` and `origin` are what was asked. `status` 0: inside a stream.
ServiceError classify_error(int status, const nlohmann::json& body, const std::string& model,
                            const std::string& origin, const std::string& request_id,
                            const Secret& key);

} // namespace mw::provider
