#include "server/image_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "provider/base64.h"
#include "provider/payload_json.h"
#include "server/models.h"

namespace mw::server {
namespace {

constexpr std::size_t kMaxImages = 16;
constexpr std::size_t kMaxImageBytes = 50'000'000;
constexpr std::size_t kMaxPrompt = 32'000; // bytes here; the service counts characters

Bytes to_bytes(std::string_view text) {
    const auto* at = reinterpret_cast<const std::byte*>(text.data());
    return {at, at + text.size()};
}

// Nothing is said by null.
const Json* find(const Json& object, const std::string& name) {
    const auto at = object.find(name);
    return at == object.end() || at->is_null() ? nullptr : &*at;
}

ApiResult<std::string> text_of(const Json& value, const std::string& name) {
    if (value.is_string()) return value.get<std::string>();
    return bad_request(fmt::format("Invalid type for '{}': expected a string.", name), name,
                       "invalid_type");
}

// A form has numbers and truth values as text.
ApiResult<int> integer_of(const Json& value, const std::string& name, int least, int most) {
    std::int64_t number = least - 1ll;
    bool whole = false;
    if (value.is_number_integer()) {
        whole = !value.is_number_unsigned() || value.get<std::uint64_t>() < (1ull << 62);
        if (whole) number = value.get<std::int64_t>();
    } else if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    }
    if (!whole)
        return bad_request(fmt::format("Invalid type for '{}': expected an integer.", name), name,
                           "invalid_type");
    if (number < least)
        return bad_request(
            fmt::format("Invalid '{}': integer below minimum value. Expected a value "
                        ">= {}, but got {} instead.",
                        name, least, number),
            name, "integer_below_min_value");
    if (number > most)
        return bad_request(
            fmt::format("Invalid '{}': integer above maximum value. Expected a value "
                        "<= {}, but got {} instead.",
                        name, most, number),
            name, "integer_above_max_value");
    return static_cast<int>(number);
}

ApiResult<bool> truth_of(const Json& value, const std::string& name) {
    if (value.is_boolean()) return value.get<bool>();
    if (value == "true" || value == "false") return value == "true";
    return bad_request(fmt::format("Invalid type for '{}': expected a boolean.", name), name,
                       "invalid_type");
}

ApiResult<std::string> choice_of(const Json& value, const std::string& name,
                                 const std::vector<std::string>& choices) {
    auto text = text_of(value, name);
    if (!text) return text;
    if (std::find(choices.begin(), choices.end(), *text) == choices.end())
        return bad_request(fmt::format("Invalid value: '{}'. Supported values are: '{}'.",
                                       text->substr(0, 60), fmt::join(choices, "', '")),
                           name);
    return text;
}

ApiResult<std::optional<Size>> size_of(const Json& value, const Model& model) {
    auto text = text_of(value, "size");
    if (!text) return tl::unexpected(text.error());
    if (*text == "auto") return std::nullopt;
    Size size;
    const char* end = text->data() + text->size();
    const auto first = std::from_chars(text->data(), end, size.width);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != 'x')
        return bad_request(fmt::format("Invalid value: '{}'. A size is 'auto' or 'WIDTHxHEIGHT'.",
                                       text->substr(0, 60)),
                           "size");
    const auto second = std::from_chars(first.ptr + 1, end, size.height);
    if (second.ec != std::errc() || second.ptr != end || size.width < 1 || size.height < 1)
        return bad_request(fmt::format("Invalid value: '{}'. A size is 'auto' or 'WIDTHxHEIGHT'.",
                                       text->substr(0, 60)),
                           "size");
    if (const std::string why = why_illegal(size, model); !why.empty())
        return bad_request(fmt::format("Invalid size '{}': {}.", *text, why), "size");
    return size;
}

// Every field but the pictures; `object` has what the client named.
ApiResult<ImageCall> read_fields(const Json& object, bool edit, bool tool) {
    static const std::vector<std::string> known{"model",
                                                "n",
                                                "size",
                                                "quality",
                                                "complexity",
                                                "input_fidelity",
                                                "background",
                                                "output_format",
                                                "output_compression",
                                                "moderation",
                                                "stream",
                                                "partial_images",
                                                "safety_identifier",
                                                "user",
                                                "prompt"};
    ImageCall call;
    call.edit = edit;
    for (const auto& [name, value] : object.items()) {
        const bool here = std::find(known.begin(), known.end(), name) != known.end();
        const bool is_edit_only = name == "input_fidelity" && !edit && !tool;
        if (!here || is_edit_only)
            return bad_request(fmt::format("Unknown parameter: '{}'.", name.substr(0, 60)),
                               name.substr(0, 60), "unknown_parameter");
    }
    if (const Json* value = find(object, "model")) {
        auto text = text_of(*value, "model");
        if (!text) return tl::unexpected(text.error());
        call.model = *text;
    }
    const Model* model = find_model(call.model);
    if (!model) {
        ApiError error;
        error.status = 404;
        error.message =
            fmt::format("The model '{}' does not exist or you do not have access to it.",
                        call.model.substr(0, 60));
        error.code = "model_not_found";
        return tl::unexpected(error);
    }
    call.model = model->id;
    if (const Json* value = find(object, "prompt")) {
        auto text = text_of(*value, "prompt");
        if (!text) return tl::unexpected(text.error());
        call.prompt = *text;
    }
    if (!tool && call.prompt.empty())
        return bad_request("Missing required parameter: 'prompt'.", "prompt",
                           "missing_required_parameter");
    if (call.prompt.size() > 4 * kMaxPrompt)
        return bad_request(
            fmt::format("Invalid 'prompt': string too long. Expected a string with maximum length "
                        "{}.",
                        kMaxPrompt),
            "prompt", "string_above_max_length");
    if (const Json* value = find(object, "size")) {
        auto size = size_of(*value, *model);
        if (!size) return tl::unexpected(size.error());
        call.size = *size;
    }
    const auto choose = [&](const char* name, const std::vector<std::string>& choices,
                            std::string* to) -> std::optional<ApiError> {
        const Json* value = find(object, name);
        if (!value) return std::nullopt;
        auto chosen = choice_of(*value, name, choices);
        if (!chosen) return chosen.error();
        if (to) *to = *chosen;
        return std::nullopt;
    };
    std::vector<std::string> qualities{"auto"};
    qualities.insert(qualities.end(), model->capabilities.qualities.begin(),
                     model->capabilities.qualities.end());
    for (const auto& error :
         {choose("quality", qualities, &call.quality),
          choose("background", {"auto", "opaque", "transparent"}, &call.background),
          choose("output_format", {"png", "jpeg", "webp"}, &call.format),
          choose("complexity", {"low", "medium", "high"}, nullptr),
          choose("moderation", {"auto", "low"}, nullptr),
          choose("input_fidelity", {"low", "high"}, nullptr)})
        if (error) return tl::unexpected(*error);
    const auto count = [&](const char* name, int least, int most,
                           int& to) -> std::optional<ApiError> {
        const Json* value = find(object, name);
        if (!value) return std::nullopt;
        auto number = integer_of(*value, name, least, most);
        if (!number) return number.error();
        to = *number;
        return std::nullopt;
    };
    for (const auto& error :
         {count("n", 1, 10, call.n), count("partial_images", 0, 3, call.partial_images),
          count("output_compression", 0, 100, call.compression)})
        if (error) return tl::unexpected(*error);
    if (const Json* value = find(object, "stream")) {
        auto truth = truth_of(*value, "stream");
        if (!truth) return tl::unexpected(truth.error());
        call.stream = *truth;
    }
    if (call.background == "transparent" && call.format == "jpeg")
        return bad_request("Transparent background is not supported for jpeg output format.",
                           "background");
    if (call.compression != 100 && call.format == "png")
        return bad_request("Compression less than 100 is not supported for PNG output format",
                           "output_compression", "invalid_png_output_compression");
    if (call.partial_images > 0 && !call.stream && !tool)
        return bad_request("'partial_images' needs 'stream' to be true.", "partial_images");
    return call;
}

ApiResult<ImageCall> check_pictures(ImageCall call) {
    if (!call.edit) return call;
    if (call.images.empty())
        return bad_request("Missing required parameter: 'image'.", "image",
                           "missing_required_parameter");
    if (call.images.size() > kMaxImages)
        return bad_request(
            fmt::format("Too many images: {}; at most {}.", call.images.size(), kMaxImages),
            "image");
    for (const Bytes& image : call.images)
        if (image.size() >= kMaxImageBytes)
            return bad_request("Image too large: each must be under 50MB.", "image",
                               "image_too_large");
    if (call.mask && call.markup)
        return bad_request("'mask' and 'markup' cannot be used together.", "markup");
    return call;
}

} // namespace

ApiResult<Json> parse_body(std::string_view text) {
    provider::PayloadLimits limits;
    limits.max_rest_bytes = text.size(); // the body itself is bounded already
    auto json = provider::parse_json(text, limits);
    if (json && json->is_object()) return std::move(*json);
    ApiError error;
    error.message = "We could not parse the JSON body of your request: " +
                    (json ? "it must be an object." : json.error().message);
    return tl::unexpected(error);
}

ApiResult<Bytes> referred_image(const Json& reference, const std::string& param,
                                const FindFile& find_file) {
    if (!reference.is_object())
        return bad_request(fmt::format("Invalid type for '{}': expected an object.", param), param,
                           "invalid_type");
    const Json* url = find(reference, "image_url");
    const Json* file = find(reference, "file_id");
    if (!url == !file)
        return bad_request(
            fmt::format("'{}' must have exactly one of 'image_url' and 'file_id'.", param), param);
    const Json& value = url ? *url : *file;
    if (!value.is_string())
        return bad_request(fmt::format("Invalid type for '{}': expected a string.", param), param,
                           "invalid_type");
    const auto& text = value.get_ref<const std::string&>();
    if (file) {
        auto bytes = find_file(text);
        if (bytes) return std::move(*bytes);
        ApiError error;
        error.status = 404;
        error.message = fmt::format("No such File object: {}", text.substr(0, 80));
        error.param = param;
        return tl::unexpected(error);
    }
    const std::size_t comma = text.find(',');
    if (!text.starts_with("data:") || comma == std::string::npos)
        return bad_request(
            fmt::format("'{}': only data URLs are read; nothing is fetched from elsewhere.", param),
            param, "invalid_image_url");
    Bytes bytes;
    if (!provider::decode_base64(std::string_view(text).substr(comma + 1), bytes))
        return bad_request(fmt::format("'{}' is not valid base64.", param), param,
                           "invalid_base64_image");
    return bytes;
}

ApiResult<ImageCall> read_form(const std::vector<FormPart>& parts, bool edit) {
    Json fields = Json::object();
    ImageCall files;
    for (const FormPart& part : parts) {
        const bool image = part.name == "image" || part.name == "image[]";
        if (edit && image) {
            files.images.push_back(to_bytes(part.bytes));
        } else if (edit && part.name == "mask") {
            files.mask = to_bytes(part.bytes);
        } else if (edit && part.name == "markup") {
            files.markup = to_bytes(part.bytes);
        } else if (part.is_file) {
            return bad_request(fmt::format("Unknown parameter: '{}'.", part.name.substr(0, 60)),
                               part.name.substr(0, 60), "unknown_parameter");
        } else {
            fields[part.name] = part.bytes;
        }
    }
    auto call = read_fields(fields, edit, false);
    if (!call) return call;
    call->images = std::move(files.images);
    call->mask = std::move(files.mask);
    call->markup = std::move(files.markup);
    return check_pictures(std::move(*call));
}

ApiResult<ImageCall> read_json(const Json& body, bool edit, const FindFile& find_file) {
    Json fields = body;
    for (const char* name : {"images", "mask", "markup"})
        if (edit) fields.erase(name);
    auto call = read_fields(fields, edit, false);
    if (!call || !edit) return call;
    const Json* images = find(body, "images");
    if (images && !images->is_array())
        return bad_request("Invalid type for 'images': expected an array.", "images",
                           "invalid_type");
    for (std::size_t i = 0; images && i < images->size(); ++i) {
        auto bytes = referred_image((*images)[i], fmt::format("images[{}]", i), find_file);
        if (!bytes) return tl::unexpected(bytes.error());
        call->images.push_back(std::move(*bytes));
    }
    for (const auto& [name, to] : {std::pair("mask", &call->mask), {"markup", &call->markup}})
        if (const Json* reference = find(body, name)) {
            auto bytes = referred_image(*reference, name, find_file);
            if (!bytes) return tl::unexpected(bytes.error());
            *to = std::move(*bytes);
        }
    return check_pictures(std::move(*call));
}

ApiResult<ImageCall> read_tool(const Json& tool, const FindFile& find_file) {
    Json fields = tool;
    for (const char* name : {"type", "action", "input_image_mask"})
        fields.erase(name);
    for (const char* name : {"prompt", "stream", "n"})
        if (fields.contains(name))
            return bad_request(fmt::format("Unknown parameter: 'tools[0].{}'.", name),
                               fmt::format("tools[0].{}", name), "unknown_parameter");
    auto call = read_fields(fields, true, true);
    if (!call) return call;
    if (const Json* reference = find(tool, "input_image_mask")) {
        auto bytes = referred_image(*reference, "tools[0].input_image_mask", find_file);
        if (!bytes) return tl::unexpected(bytes.error());
        call->mask = std::move(*bytes);
    }
    return call;
}

} // namespace mw::server
