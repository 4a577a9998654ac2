// What a client asks for: the fields of /images/edits and /images/generations, read from a form or
// from JSON, checked as the service checks them.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/geometry.h"
#include "server/api_error.h"

namespace mw::server {

using Json = nlohmann::json;

struct ImageCall {
    bool edit = false;
    std::vector<Bytes> images; // files as received, the first is edited
    std::optional<Bytes> mask, markup;
    std::string prompt, model, quality = "auto", background = "auto", format = "png";
    std::optional<Size> size; // empty: auto
    int n = 1, compression = 100, partial_images = 0;
    bool stream = false;
};

struct FormPart {
    std::string name, file_name;
    bool is_file = false;
    std::string bytes;
};

// A picture given as {"file_id"} or {"image_url": "data:…"}: its bytes, or what is wrong with it.
// Other URLs are never fetched.
using FindFile = std::function<std::optional<Bytes>(const std::string& id)>;
ApiResult<Bytes> referred_image(const Json& reference, const std::string& param,
                                const FindFile& find_file);

// Errors: 400 naming the first parameter that is unknown, missing, or out of range; 404 for an
// unknown model.
ApiResult<ImageCall> read_form(const std::vector<FormPart>& parts, bool edit);
ApiResult<ImageCall> read_json(const Json& body, bool edit, const FindFile& find_file);
// The options of an image tool (no prompt, images or stream among them).
ApiResult<ImageCall> read_tool(const Json& tool, const FindFile& find_file);

// JSON of a body: 400 when it is none, or nested deeper than 64.
ApiResult<Json> parse_body(std::string_view text);

} // namespace mw::server
