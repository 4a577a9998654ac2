#include "server/images.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "provider/base64.h"
#include "server/files.h"

namespace mw::server {
namespace {

std::string size_text(Size size) {
    return fmt::format("{}x{}", size.width, size.height);
}

// What JSON answers and events say of the picture beside its pixels.
Json described(const ImageCall& call, Size size) {
    return {{"size", size_text(size)},
            {"quality", call.quality == "auto" ? "medium" : call.quality},
            {"background", call.background == "auto" ? "opaque" : call.background},
            {"output_format", call.format}};
}

void stream_pictures(const ImageCall& call, const std::vector<Fault>& faults, const Incoming& in,
                     Gate& gate, const Sink& sink) {
    const std::string kind = call.edit ? "image_edit" : "image_generation";
    const std::int64_t created = seconds_since_1970();
    const auto send = [&](const std::string& type, Json event) {
        event["type"] = type;
        return sink(sse_event(type, dump(event)));
    };
    bool open = true;
    const auto partial = [&](int index, const Bytes& file) {
        Json event = described(call, call.size.value_or(Size{}));
        if (!call.size) event["size"] = "auto";
        event["b64_json"] = provider::encode_base64(file);
        event["partial_image_index"] = index;
        event["created_at"] = created;
        open = open && send(kind + ".partial_image", std::move(event));
    };
    const auto gone = [&] { return !open || in.gone(); };
    const auto made = make_in_turn(call, faults, gate, partial, gone, in.stop);
    if (!made) {
        Json error = Json::parse(json_of(made.error()));
        send("error", {{"error", error["error"]}});
        return;
    }
    for (const Bytes& file : made->pictures) {
        Json event = described(call, made->size);
        event["b64_json"] = provider::encode_base64(file);
        event["created_at"] = created;
        event["usage"] = json_of(made->usage);
        if (!send(kind + ".completed", std::move(event))) return;
    }
}

} // namespace

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json json_of(const Usage& usage) {
    return {{"total_tokens", usage.total()},
            {"input_tokens", usage.text_tokens + usage.image_tokens},
            {"output_tokens", usage.output_tokens},
            {"input_tokens_details",
             {{"text_tokens", usage.text_tokens}, {"image_tokens", usage.image_tokens}}},
            {"output_tokens_details", {{"text_tokens", 0}, {"image_tokens", usage.output_tokens}}}};
}

ApiResult<Made> make_in_turn(const ImageCall& call, const std::vector<Fault>& faults, Gate& gate,
                             const OnPartial& on_partial, const std::function<bool()>& gone,
                             const std::stop_token& stop) {
    std::stop_source source;
    const std::stop_callback forward(stop, [&] { source.request_stop(); });
    if (!gate.enter(source.get_token()))
        return tl::unexpected(
            ApiError{503, "The server is stopping.", "server_error", "", "", "", {}});
    auto made = make_pictures(
        call, faults,
        [&](double) {
            if (gone()) source.request_stop();
        },
        on_partial, source.get_token());
    gate.leave();
    return made;
}

Reply answer_images(ImageCall call, const std::vector<Fault>& faults, const Incoming& in,
                    Gate& gate) {
    if (auto instead = faulty_reply(faults, call.stream, in)) return std::move(*instead);
    Reply reply;
    reply.faults = faults;
    if (call.stream) {
        reply.type = "text/event-stream; charset=utf-8";
        reply.headers.emplace_back("cache-control", "no-cache");
        auto kept = std::make_shared<const ImageCall>(std::move(call));
        reply.stream = [kept, faults, gone = in.gone, stop = in.stop, &gate](const Sink& sink) {
            Incoming now;
            now.gone = gone;
            now.stop = stop;
            stream_pictures(*kept, faults, now, gate, sink);
        };
        return reply;
    }
    auto made = make_in_turn(call, faults, gate, {}, in.gone, in.stop);
    if (!made) return error_reply(made.error());
    Json body = described(call, made->size);
    body["created"] = seconds_since_1970();
    body["usage"] = json_of(made->usage);
    // Pixels are appended by hand: they need no escaping, and are large.
    std::string text = dump(body);
    text.pop_back();
    text += ",\"data\":[";
    for (std::size_t i = 0; i < made->pictures.size(); ++i) {
        text += i ? ",{\"b64_json\":\"" : "{\"b64_json\":\"";
        text += provider::encode_base64(made->pictures[i]);
        text += "\"}";
    }
    text += "]}";
    reply.body = std::move(text);
    reply.headers.emplace_back("x-maskwright-did", made->revised_prompt);
    return reply;
}

} // namespace mw::server
