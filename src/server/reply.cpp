#include "server/reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

namespace mw::server {
namespace {

using Kind = Fault::Kind;

constexpr std::string_view kPage =
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad "
    "Gateway</h1></center><hr><center>rehearsal</center></body></html>";

ApiError error_of(const Fault& fault) {
    ApiError error;
    switch (fault.kind) {
        case Kind::unauthorized:
            error = {401,
                     "Incorrect API key provided (on purpose, by --fault).",
                     "invalid_request_error",
                     "",
                     "invalid_api_key",
                     "",
                     {}};
            break;
        case Kind::server_error:
            error = {static_cast<int>(fault.a),
                     "The server had an error while processing your request (on purpose).",
                     "server_error",
                     "",
                     "",
                     "",
                     {}};
            break;
        case Kind::unavailable:
            error = {503,
                     "The engine is currently overloaded, please try again later (on purpose).",
                     "server_error",
                     "",
                     "",
                     "",
                     {}};
            break;
        case Kind::rate_limit:
            error = {429,
                     "Rate limit reached for images per minute (on purpose).",
                     "requests",
                     "",
                     "rate_limit_exceeded",
                     "",
                     {}};
            break;
        case Kind::quota:
            error = {429,
                     "You exceeded your current quota, please check your plan and billing details "
                     "(on purpose).",
                     "insufficient_quota",
                     "",
                     "insufficient_quota",
                     "",
                     {}};
            break;
        default:
            error = {400,
                     "Your request was rejected as a result of our safety system (on purpose).",
                     "image_generation_user_error",
                     "",
                     "moderation_blocked",
                     fault.at_output ? "output" : "input",
                     {}};
    }
    const bool waits = fault.kind == Kind::rate_limit || fault.kind == Kind::unavailable;
    if (waits && fault.a >= 0) error.retry_after_s = fault.a;
    return error;
}

// Nothing but signs of life: comments of an event stream, or spaces before a document.
Reply heartbeats(double seconds, bool streaming, const Incoming& in) {
    Reply reply;
    if (streaming) reply.type = "text/event-stream; charset=utf-8";
    reply.stream = [seconds, streaming, gone = in.gone, stop = in.stop](const Sink& sink) {
        while (sink(streaming ? ": keep-alive\n\n" : " ") && wait_for(seconds, gone, stop)) {
        }
    };
    return reply;
}

Reply huge_line(double megabytes, bool streaming) {
    Reply reply;
    if (streaming) reply.type = "text/event-stream; charset=utf-8";
    reply.stream = [megabytes, streaming](const Sink& sink) {
        const std::string piece(1 << 20, 'A');
        if (!sink(streaming
                      ? "event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\","
                        "\"b64_json\":\""
                      : "{\"created\":1,\"data\":[{\"b64_json\":\""))
            return;
        for (double sent = 0; sent < megabytes && sink(piece); ++sent) {
        }
    };
    return reply;
}

} // namespace

Reply error_reply(const ApiError& error) {
    Reply reply;
    reply.status = error.status;
    reply.body = json_of(error);
    if (error.retry_after_s)
        reply.headers.emplace_back("retry-after", fmt::format("{:g}", *error.retry_after_s));
    return reply;
}

std::string sse_event(std::string_view type, std::string_view data) {
    std::string text;
    text.reserve(type.size() + data.size() + 20);
    return text.append("event: ").append(type).append("\ndata: ").append(data).append("\n\n");
}

bool wait_for(double seconds, const std::function<bool()>& gone, const std::stop_token& stop) {
    using namespace std::chrono;
    const auto until = steady_clock::now() + duration<double>(seconds);
    for (;;) {
        if (stop.stop_requested() || gone()) return false;
        const auto left = until - steady_clock::now();
        if (left <= left.zero()) return true;
        std::this_thread::sleep_for(std::min<duration<double>>(left, milliseconds(20)));
    }
}

std::optional<Reply> faulty_reply(const std::vector<Fault>& faults, bool streaming,
                                  const Incoming& incoming) {
    for (const Fault& fault : faults)
        if (fault.kind == Kind::delay) wait_for(fault.a, incoming.gone, incoming.stop);
    for (const Fault& fault : faults)
        switch (fault.kind) {
            case Kind::unauthorized:
            case Kind::server_error:
            case Kind::unavailable:
            case Kind::rate_limit:
            case Kind::quota:
            case Kind::moderation:
                return error_reply(error_of(fault));
            case Kind::html: {
                Reply reply;
                reply.status = 502;
                reply.type = "text/html";
                reply.body = kPage;
                return reply;
            }
            case Kind::heartbeat:
                return heartbeats(fault.a, streaming, incoming);
            case Kind::huge_line:
                return huge_line(fault.a, streaming);
            default:
                break;
        }
    return std::nullopt;
}

namespace {

// Twenty pieces a second.
Sink slow_sink(Sink sink, double kilobytes, std::function<bool()> gone, std::stop_token stop) {
    const auto piece = static_cast<std::size_t>(std::max(1.0, kilobytes * 1000 / 20));
    return [sink = std::move(sink), piece, gone = std::move(gone),
            stop = std::move(stop)](std::string_view text) {
        for (std::size_t at = 0; at < text.size(); at += piece) {
            const std::string_view part = text.substr(at, piece);
            if (!sink(part)) return false;
            const double share = static_cast<double>(part.size()) / static_cast<double>(piece);
            if (!wait_for(share / 20, gone, stop)) return false;
        }
        return true;
    };
}

} // namespace

Sink faulty_sink(Sink sink, const std::vector<Fault>& faults, std::size_t size,
                 std::function<bool()> gone, std::stop_token stop) {
    for (const Fault& fault : faults)
        if (fault.kind == Kind::slow) sink = slow_sink(std::move(sink), fault.a, gone, stop);
    const auto at = std::find_if(faults.begin(), faults.end(), [](const Fault& fault) {
        return fault.kind == Kind::cut || fault.kind == Kind::stall;
    });
    if (at == faults.end()) return sink;
    // Half of a stream is not known; a first piece of it is.
    const double most = at->a >= 0 ? at->a : size > 0 ? static_cast<double>(size / 2) : 1000;
    auto left = std::make_shared<std::size_t>(static_cast<std::size_t>(most));
    return [sink = std::move(sink), left, stall = at->kind == Kind::stall, gone = std::move(gone),
            stop = std::move(stop)](std::string_view piece) {
        const std::string_view part = piece.substr(0, *left);
        if (!part.empty() && !sink(part)) return false;
        *left -= part.size();
        if (part.size() == piece.size()) return true;
        while (stall && wait_for(1, gone, stop)) {
        }
        return false;
    };
}

} // namespace mw::server
