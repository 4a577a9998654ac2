#include "provider/answer_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "provider/foreign_text.h"

namespace mw::provider {
namespace {

using Json = nlohmann::json;

// A 3840 x 2160 picture of noise is 25 MB as PNG; of a service of ours 8.3 MP are the most.
constexpr std::size_t kMaxPicture = 128u << 20;
constexpr std::size_t kMaxLine = kMaxPicture / 3 * 4 + (64u << 10);

Usage usage_of(const Json& json) {
    Usage usage;
    if (!json.is_object()) return usage;
    usage.known = true;
    usage.output = count_at(json, "output_tokens");
    usage.total = count_at(json, "total_tokens");
    const long long input = count_at(json, "input_tokens");
    usage.input_text = input;
    if (const Json* details = member(json, "input_tokens_details")) {
        usage.input_image = count_at(*details, "image_tokens");
        usage.input_text = count_at(*details, "text_tokens", input - usage.input_image);
        if (const Json* cached = member(*details, "cached_tokens_details")) {
            usage.cached_text = count_at(*cached, "text_tokens");
            usage.cached_image = count_at(*cached, "image_tokens");
        }
    }
    return usage;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::vector<std::string> payload_keys(AnswerKind kind) {
    if (kind == AnswerKind::images) return {"b64_json"};
    return {"result", "partial_image_b64"};
}

} // namespace

std::string_view picture_type(std::span<const std::byte> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                                std::min<std::size_t>(bytes.size(), 16));
    if (text.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
    if (text.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
    if (text.size() >= 12 && text.starts_with("RIFF") && text.substr(8, 4) == "WEBP")
        return "image/webp";
    if (text.starts_with("GIF8")) return "image/gif";
    if (text.starts_with("<svg") || text.starts_with("<?xml")) return "image/svg+xml";
    return {};
}

AnswerReader::AnswerReader(AnswerContext context)
    : context_(std::move(context)),
      json_(payload_keys(context_.kind), {8u << 20, kMaxPicture, 64, 64}) {}

void AnswerReader::head(int status, std::string_view content_type, std::string request_id) {
    const long long sequence = answer_.last_sequence;
    const std::string id = answer_.answer_id;
    answer_ = {};
    answer_.last_sequence = sequence;
    answer_.answer_id = id;
    items_.clear();
    status_ = status;
    request_id_ = std::move(request_id);
    over_ = begun_ = document_ = false;
    json_.clear();
    seen_characters_ = json_.payload_characters();
    events_.reset();
    if (status >= 200 && status < 300 && contains(content_type, "text/event-stream"))
        events_.emplace(
            SseParser::Handler{[this](std::string_view piece) { return json_.feed(piece); },
                               [this](std::string_view type) { return take_event(type); },
                               {}},
            kMaxLine);
}

Result<Received> AnswerReader::feed(std::span<const std::byte> bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    alive_ = !events_;
    if (Status ok = events_ ? events_->feed(text) : json_.feed(text); !ok)
        return tl::unexpected(ok.error());
    if (json_.payload_characters() != seen_characters_) {
        seen_characters_ = json_.payload_characters();
        alive_ = true;
        if (!begun_ && context_.on_picture_begins) context_.on_picture_begins();
        begun_ = true;
    }
    if (over_) return Received::done;
    return alive_ ? Received::alive : Received::nothing;
}

Status AnswerReader::take_event(std::string_view type) {
    if (over_) {
        json_.clear();
        return {};
    }
    auto json = json_.finish();
    if (!json) {
        json_.clear(); // "[DONE]" and what relays add; the next event may be sound
        return {};
    }
    std::string name = text_at(*json, "type");
    if (name.empty()) name = std::string(type);
    if (context_.kind == AnswerKind::images)
        take_image_event(name, *json);
    else
        take_response_event(name, *json);
    json_.clear();
    return {};
}

void AnswerReader::take_picture(const Json& holder, const char* key, std::string_view format) {
    const int index = payload_at(holder, key);
    if (index < 0 || index >= static_cast<int>(json_.payloads().size())) {
        const Json* url = member(holder, "url");
        answer_.problems.emplace_back(
            url ? "The service sent an address instead of a picture; addresses in answers are "
                  "never followed."
                : "The answer holds no picture.");
        return;
    }
    Payload& payload = json_.payloads()[static_cast<std::size_t>(index)];
    if (!payload.problem.empty()) {
        answer_.problems.push_back(
            fmt::format("The picture in the answer cannot be read: {}.", payload.problem));
        return;
    }
    const std::string_view found = picture_type(payload.bytes);
    if (found.empty() || found == "image/svg+xml") {
        answer_.problems.push_back(
            fmt::format("The answer holds {} where a {} was asked for.",
                        found.empty() ? "something that is no picture" : "an SVG drawing",
                        format.empty() ? "PNG" : format));
        return;
    }
    answer_.answers.push_back({std::move(payload.bytes), std::string(found)});
}

void AnswerReader::take_error(const Json& json) {
    answer_.error =
        classify_error(0, json, context_.model, context_.origin, request_id_, context_.key);
    over_ = true;
}

void AnswerReader::take_partial(const Json& json, const char* key) {
    const int index = payload_at(json, key);
    if (index < 0 || !context_.on_partial) return;
    Payload& payload = json_.payloads()[static_cast<std::size_t>(index)];
    if (payload.problem.empty())
        context_.on_partial(std::move(payload.bytes),
                            static_cast<int>(count_at(json, "partial_image_index")));
}

void AnswerReader::take_image_event(const std::string& type, const Json& json) {
    if (type.ends_with(".partial_image")) {
        alive_ = true;
        return take_partial(json, "b64_json");
    }
    if (type.ends_with(".completed")) {
        alive_ = true;
        take_picture(json, "b64_json", text_at(json, "output_format"));
        if (const Json* usage = member(json, "usage")) answer_.usage = usage_of(*usage);
        const auto have = answer_.answers.size() + answer_.problems.size();
        over_ = answer_.complete = have >= static_cast<std::size_t>(context_.count);
        return;
    }
    if (type == "error" || member(json, "error")) take_error(json);
}

void AnswerReader::take_item(const Json& item) {
    if (text_at(item, "type") != "image_generation_call") return;
    const std::string id = text_at(item, "id");
    if (!id.empty() && std::find(items_.begin(), items_.end(), id) != items_.end()) return;
    const std::string prompt = text_at(item, "revised_prompt");
    if (!prompt.empty()) answer_.revised_prompt = foreign_text(prompt, context_.key, 4000);
    if (text_at(item, "status") == "failed") {
        if (const Json* error = member(item, "error")) {
            take_error(*error);
            over_ = false; // the response's own end comes still
        }
        return;
    }
    if (!member(item, "result")) return;
    items_.push_back(id);
    take_picture(item, "result", text_at(item, "output_format"));
}

// The whole response object: at the end of a stream, and as the body of a poll.
void AnswerReader::take_response(const Json& response) {
    const std::string id = text_at(response, "id");
    if (!id.empty() && id != answer_.answer_id) {
        answer_.answer_id = id.substr(0, 200);
        if (context_.on_response_id) (void)context_.on_response_id(answer_.answer_id);
    }
    answer_.status = text_at(response, "status");
    if (const Json* output = member(response, "output"); output && output->is_array())
        for (const Json& item : *output)
            take_item(item);
    // Of the text model; the picture's tokens, where they are told, stand in the tool's own usage.
    if (const Json* tools = member(response, "tool_usage"))
        if (const Json* images = member(*tools, "image_gen")) answer_.usage = usage_of(*images);
    if (answer_.status == "completed") {
        answer_.complete = true;
        return;
    }
    if (answer_.status == "failed" || answer_.status == "incomplete" ||
        answer_.status == "cancelled") {
        if (const Json* error = member(response, "error")) {
            take_error(*error);
        } else if (!answer_.error) {
            std::string reason;
            if (const Json* details = member(response, "incomplete_details"))
                reason = foreign_text(text_at(*details, "reason"), context_.key, 80);
            ServiceError ended;
            ended.outcome = edit::Outcome::unknown;
            ended.message = fmt::format(
                "The service ended the work as {}{} without a picture; look at what "
                "it charged before you run it again.",
                answer_.status, reason.empty() ? "" : " (" + reason + ")");
            answer_.error = std::move(ended);
        }
        over_ = true;
    }
}

void AnswerReader::take_response_event(const std::string& type, const Json& json) {
    const long long sequence = count_at(json, "sequence_number", -1);
    answer_.last_sequence = std::max(answer_.last_sequence, sequence);
    if (type == "error") {
        take_error(json);
        return;
    }
    if (!type.starts_with("response.")) return;
    alive_ = true;
    if (type == "response.image_generation_call.partial_image") {
        return take_partial(json, "partial_image_b64");
    }
    if (type == "response.output_item.done") {
        if (const Json* item = member(json, "item")) take_item(*item);
        return;
    }
    if (const Json* response = member(json, "response")) {
        take_response(*response);
        if (type == "response.completed") over_ = answer_.complete = true;
    }
}

void AnswerReader::take_document(const Json& json) {
    if (status_ >= 400) {
        answer_.error = classify_error(status_, json, context_.model, context_.origin, request_id_,
                                       context_.key);
        return;
    }
    if (context_.kind == AnswerKind::responses && text_at(json, "object") == "response") {
        take_response(json);
        return;
    }
    if (const Json* error = member(json, "error")) {
        take_error(error->is_object() || error->is_string() ? json : Json::object());
        return;
    }
    if (context_.kind == AnswerKind::responses) {
        answer_.problems.emplace_back("The answer is not a response of the service's kind.");
        return;
    }
    const Json* data = member(json, "data");
    if (!data || !data->is_array() || data->empty()) {
        answer_.problems.emplace_back("The answer holds no picture.");
    } else {
        for (const Json& item : *data) {
            if (answer_.answers.size() + answer_.problems.size() >= 16) break;
            take_picture(item, "b64_json", text_at(json, "output_format"));
        }
    }
    if (const Json* usage = member(json, "usage")) answer_.usage = usage_of(*usage);
    answer_.complete = true;
}

ServiceAnswer AnswerReader::finish(bool whole) {
    if (whole) end_of_body();
    return std::move(answer_);
}

void AnswerReader::end_of_body() {
    if (events_ || document_) return;
    document_ = true;
    auto json = json_.finish();
    if (json) {
        take_document(*json);
    } else if (status_ >= 400) {
        answer_.error = classify_error(status_, nullptr, context_.model, context_.origin,
                                       request_id_, context_.key);
    } else {
        answer_.problems.push_back(json.error().message);
    }
}

} // namespace mw::provider
