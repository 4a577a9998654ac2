// What became of a request that left, or should have left, this machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mw::edit {

enum class Outcome : std::uint8_t {
    answered,    // and decoded
    not_sent,    // nothing that could be worked on left: costs nothing, may be tried again
    refused,     // the service said no before doing anything: costs nothing
    unknown,     // it left and no whole answer came back: may have been charged
    undecodable, // an answer came, was kept, and is no picture: was probably charged
};
std::string_view to_string(Outcome outcome); // "not sent"
// What may be owed: a sentence for a person.
std::string_view meaning(Outcome outcome);

struct RequestFate {
    Outcome outcome = Outcome::not_sent;
    std::string service_request_id; // the service's own, for its support; empty: none came
    std::string journal_entry;      // where the request and what came back are kept; empty: nowhere
    double most_usd = 0;            // what it may have cost
    std::optional<double> actual_usd;
};

} // namespace mw::edit
