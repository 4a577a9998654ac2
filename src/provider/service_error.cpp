#include "provider/service_error.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "provider/foreign_text.h"
#include "provider/payload_json.h"

namespace mw::provider {
namespace {

using Json = nlohmann::json;
using Kind = ServiceErrorKind;

struct Said {
    std::string message, type, code, param, stage;
};

Said what_was_said(const Json& body, const Secret& key) {
    Said said;
    const Json* error = member(body, "error");
    if (!error) {
        if (const Json* response = member(body, "response")) error = member(*response, "error");
    }
    if (!error) error = &body;
    if (error->is_string()) {
        said.message = foreign_text(error->get_ref<const std::string&>(), key);
        return said;
    }
    said.message = foreign_text(text_at(*error, "message"), key);
    said.type = text_at(*error, "type");
    said.code = text_at(*error, "code");
    said.param = foreign_text(text_at(*error, "param"), key, 60);
    for (const char* at : {"moderation_details", "details"})
        if (const Json* details = member(*error, at))
            said.stage = text_at(*details, "moderation_stage");
    return said;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

Kind kind_of(int status, const Said& said, bool json) {
    if (said.code == "moderation_blocked" || said.code == "content_policy_violation" ||
        said.code == "image_content_policy_violation" || said.code == "content_filter" ||
        said.code == "contentFilter")
        return Kind::moderation;
    if (has(said.message, "must be verified")) return Kind::unverified;
    if (said.message.starts_with("Invalid mask image format")) return Kind::bad_mask;
    if (said.code == "insufficient_quota" || said.type == "insufficient_quota" ||
        said.code == "billing_hard_limit_reached" || status == 402)
        return Kind::quota;
    if (said.code == "invalid_api_key" || status == 401) return Kind::key;
    if (said.code == "model_not_found" ||
        (said.param == "model" && (status == 400 || status == 404)))
        return Kind::no_model;
    if (said.code == "rate_limit_exceeded" || status == 429) return Kind::rate;
    if (status == 413 || said.code == "image_too_large") return Kind::too_large;
    if (!json && status != 0) return status == 404 ? Kind::not_found : Kind::not_the_service;
    if (status >= 500 || said.type == "server_error" || said.code == "server_error")
        return Kind::server;
    if (status == 403) return Kind::permission;
    if (status == 404) return said.message.empty() ? Kind::not_found : Kind::bad_request;
    return Kind::bad_request;
}

} // namespace

ServiceError classify_error(int status, const Json& body, const std::string& model,
                            const std::string& origin, const std::string& request_id,
                            const Secret& key) {
    const bool json = body.is_object();
    const Said said = json ? what_was_said(body, key) : Said{};
    ServiceError error;
    error.kind = kind_of(status, said, json);
    const std::string quoted = said.message.empty() ? "" : fmt::format(" (\"{}\")", said.message);
    std::string text;
    switch (error.kind) {
        case Kind::moderation:
            text = fmt::format(
                "The service's safety system refused {}{}; prompt and mask are "
                "kept. Say it in other words.",
                said.stage == "output"  ? "the picture it had made"
                : said.stage == "input" ? "the prompt or the picture"
                                        : "the request",
                quoted);
            // What was made and then withheld may be on the bill.
            if (said.stage == "output") error.outcome = edit::Outcome::unknown;
            break;
        case Kind::bad_mask:
            text = fmt::format(
                "The service did not accept the mask{}. Try another model, or report "
                "this.",
                quoted);
            break;
        case Kind::unverified:
            error.code = ErrorCode::permission_denied;
            text = fmt::format(
                "Your organisation must be verified before it may use {}. Do that "
                "in the service's settings; it takes effect after about 15 minutes.",
                model);
            break;
        case Kind::key:
            error.code = ErrorCode::permission_denied;
            text = fmt::format("{} does not accept the key. Enter another one.", origin);
            break;
        case Kind::permission:
            error.code = ErrorCode::permission_denied;
            text = fmt::format("{} does not allow this key to do that{}. Use another key or model.",
                               origin, quoted);
            break;
        case Kind::no_model:
            error.code = ErrorCode::invalid_argument;
            text = fmt::format("{} has no model \"{}\" for this key; choose another model.", origin,
                               model);
            break;
        case Kind::rate:
            text = fmt::format("{} is asked too often just now{}. Wait a minute and run it again.",
                               origin, quoted);
            break;
        case Kind::quota:
            text = fmt::format("The account's credit or limit at {} is used up{}. Raise it there.",
                               origin, quoted);
            break;
        case Kind::too_large:
            error.code = ErrorCode::too_large;
            text = fmt::format(
                "The pictures are too large for {}{}. Mark a smaller part, or leave "
                "out a reference.",
                origin, quoted);
            break;
        case Kind::server:
            error.outcome = status == 503 ? edit::Outcome::refused : edit::Outcome::unknown;
            text = fmt::format("{} failed{}{}. Look at what it charged before you run it again.",
                               origin, status > 0 ? fmt::format(" with status {}", status) : "",
                               quoted);
            break;
        case Kind::not_found:
            error.code = ErrorCode::not_found;
            text = fmt::format(
                "{} has nothing at that address (status 404). Check the address of "
                "the service; it usually ends in /v1.",
                origin);
            break;
        case Kind::not_the_service:
            error.outcome =
                status >= 400 && status < 500 ? edit::Outcome::refused : edit::Outcome::unknown;
            text = fmt::format(
                "Something between here and {} answered instead of the service "
                "(status {}, no JSON). Check the address and the proxy.",
                origin, status);
            break;
        case Kind::bad_request:
            text = fmt::format("The service refused the request{}{}. Change that and run it again.",
                               said.param.empty() ? "" : " because of its " + said.param, quoted);
            break;
    }
    if (!request_id.empty())
        text += fmt::format(" (request {})", foreign_text(request_id, key, 80));
    error.message = std::move(text);
    return error;
}

} // namespace mw::provider
