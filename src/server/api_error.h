// Errors as the service words them: {"error":{"message","type","param","code"}} and a status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace mw::server {

struct ApiError {
    int status = 400;
    std::string message;
    std::string type = "invalid_request_error";
    std::string param, code;      // empty: null
    std::string moderation_stage; // "input", "output"; empty: none
    std::optional<double> retry_after_s;
};
template <class T>
using ApiResult = tl::expected<T, ApiError>;

// 400 that names the parameter.
inline tl::unexpected<ApiError> bad_request(std::string message, std::string param,
                                            std::string code = "invalid_value") {
    ApiError error;
    error.message = std::move(message);
    error.param = std::move(param);
    error.code = std::move(code);
    return tl::unexpected(std::move(error));
}

std::string json_of(const ApiError& error); // the body

} // namespace mw::server
