// What comes in and what goes out, without the library that carries it.
#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/api_error.h"
#include "server/fault.h"
#include "server/image_call.h"

namespace mw::server {

struct Incoming {
    std::string method, path; // "POST", "/v1/images/edits"
    std::map<std::string, std::string> query;
    bool is_form = false;
    std::vector<FormPart> form;
    std::string body;
    std::function<bool()> gone = [] { return false; }; // the client has left; valid until answered
    std::stop_token stop;                              // the server ends
};

// Takes a piece of the body; false when nobody takes more of it.
using Sink = std::function<bool(std::string_view)>;

struct Reply {
    int status = 200;
    std::string type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    // Instead of a body: called on the connection's thread, writes until it returns.
    std::function<void(const Sink&)> stream;
    std::vector<Fault> faults; // those that concern the wire

    static Reply json(std::string body) {
        Reply reply;
        reply.body = std::move(body);
        return reply;
    }
};
Reply error_reply(const ApiError& error);
// One event of a stream, "event:" and "data:".
std::string sse_event(std::string_view type, std::string_view data);

// The answer that a fault puts in the place of the real one, if one does. A delay is waited for
// first. `streaming`: the client asked for events.
std::optional<Reply> faulty_reply(const std::vector<Fault>& faults, bool streaming,
                                  const Incoming& incoming);

// The sink through which a body of `size` bytes (0: not known beforehand) goes out under these
// faults: slow spreads it over time, cut ends it early, stall holds the line until the client or
// the server goes.
Sink faulty_sink(Sink sink, const std::vector<Fault>& faults, std::size_t size,
                 std::function<bool()> gone, std::stop_token stop);

// Waits, a little at a time; false when the client left or the server ends before.
bool wait_for(double seconds, const std::function<bool()>& gone, const std::stop_token& stop);

} // namespace mw::server
