// Misbehaving on purpose, so that people and clients can rehearse what services really do.
//
//   SPEC  = RULE { ";" RULE }
//   RULE  = [ WHICH ":" ] FAULT { "+" FAULT }
//   WHICH = N | N-M | N- | "*" | P%         request numbers from 1 (requests for pictures), or
//   chance FAULT = NAME [ "=" VALUE { "," VALUE } ]
//
// The first rule with a WHICH that fits decides. Else the rules without one take turns: the first
// request gets the first, the next the second, and so on from the beginning; "none" is one of them.
//
//   none                 behave
//   401 500 502          that status with the service's error body
//   503[=SECONDS] 429[=SECONDS]   with retry-after (default 1; "x" for none)
//   quota                429 that no waiting helps
//   moderation[=input|output]     400 moderation_blocked
//   html                 502 with a web page, as a proxy in between answers
//   delay=SECONDS        think longer, silently
//   cut[=BYTES|random]   close after that many bytes of the body (default: half)
//   stall[=BYTES]        say nothing more after that many bytes (default 0), and keep the line open
//   heartbeat[=SECONDS]  nothing but signs of life, that far apart (default 1)
//   slow[=KB/S]          a slow line (default 50 kilobytes a second)
//   huge-line[=MB]       one endless line instead of the answer (default 100)
//   wrong-size[=WxH]     a picture of another size (default: half)
//   drift[=DX,DY]        the picture moved by pixels (default 3,-2) and a little brighter
//   dropped-mask         the whole frame redrawn, as where a gateway loses the mask
//   svg                  a drawing where a picture was asked for
//
//   --fault "1:429=2; 2:cut=4000"    --fault "500; none"    --fault "20%:cut=random"
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mw::server {

struct Fault {
    enum class Kind {
        unauthorized, // 401
        server_error, // 500 or 502
        unavailable,  // 503
        rate_limit,   // 429
        quota,
        moderation,
        html,
        delay,
        cut,
        stall,
        heartbeat,
        slow,
        huge_line,
        wrong_size,
        drift,
        dropped_mask,
        svg,
    };
    Kind kind;
    // By kind: status; seconds (negative: none given); bytes (negative: half of the body);
    // megabytes; width and height (0: half); dx and dy.
    double a = 0, b = 0;
    bool at_output = false; // moderation
    std::string text;       // as written
};

class FaultPlan {
  public:
    // Errors: invalid_argument, with the part that is not understood and what there is.
    static Result<FaultPlan> parse(std::string_view spec, std::uint64_t seed);
    // What happens to the request of this number, from 1, asked in any order, once each. Chance and
    // random places come from the seed and the number.
    std::vector<Fault> faults_of(int number) const;
    bool empty() const { return rules_.empty(); }

  private:
    struct Rule {
        bool numbered = false;
        int from = 1, to = 0; // to 0: open
        double chance = 1;
        std::vector<Fault> faults;
    };
    std::vector<Rule> rules_;
    std::uint64_t seed_ = 1;
};

} // namespace mw::server
