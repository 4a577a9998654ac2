#include "server/api_error.h"

#include <nlohmann/json.hpp>

namespace mw::server {

std::string json_of(const ApiError& error) {
    using Json = nlohmann::json;
    const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    Json body{{"message", error.message},
              {"type", error.type},
              {"param", or_null(error.param)},
              {"code", or_null(error.code)}};
    if (!error.moderation_stage.empty())
        body["moderation_details"] = {{"moderation_stage", error.moderation_stage},
                                      {"categories", {"rehearsal"}}};
    return Json{{"error", body}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace mw::server
