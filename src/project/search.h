// Finding iterations by what is known of them: a small query, as it is typed.
//
// Terms are divided by spaces and all must hold; a minus before a term turns it round; "..." holds
// spaces together. A word alone is looked for in name, note, prompt and what was done, whatever
// its case (ASCII). The others:
//
//   star:yes star:no              state:accepted state:rejected state:proposed state:combined
//   name:TEXT note:TEXT prompt:TEXT model:TEXT    (of provider or model)      #12 (the number)
//   cost>0.05  cost<=1  cost=0    dollars as reported, else as estimated
//   date:2026-11-27  date>=2026-11-01  date:today    days where this machine is
//   area>5000  area<2%            pixels of the changed rectangle, or of the picture's
//   at:820,400                    the changed rectangle holds this pixel
//   seconds>60                    from the request to the graft
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "project/iteration_tree.h"

namespace mw::project {

class Query {
  public:
    // Everything matches.
    Query() = default;
    // `now_ms` since 1970, UTC, for date:today. Errors: invalid_argument, a sentence about the
    // first term that cannot be understood, with what can.
    static Result<Query> parse(std::string_view text, std::int64_t now_ms);

    bool empty() const { return terms_.empty(); }
    // `picture`: size of the document's.
    bool matches(const Iteration& iteration, Size picture) const;

  private:
    using Term = std::function<bool(const Iteration&, Size)>;
    std::vector<Term> terms_;
};

} // namespace mw::project
