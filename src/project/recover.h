// What a damaged project still holds, in a new one.
#pragma once

#include "project/store.h"

namespace mw::project {

struct Recovered {
    int iterations = 0, answers = 0, undo_steps = 0;
    std::vector<std::string> lost; // sentences; empty: everything was there
};

// Reads a copy of `from` row by row, past what is broken, keeps every part whose SHA-256 is right,
// and writes what hangs together as a new project. `from` is not changed. An iteration whose pixels
// are gone is grafted again from its answer; one that cannot be is left out, and what was made from
// it hangs below its parent. Errors: corrupt when the original picture is gone as well; refused
// when something is at `to`.
Result<Recovered> recover(const std::filesystem::path& from, const std::filesystem::path& to,
                          const OpenParams& params = {}, bool overwrite = false);

} // namespace mw::project
