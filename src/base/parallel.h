// Data-parallel loops over rows. The split depends on `grain` alone, never on the number of
// threads, so a body that writes only its own rows gives the same bytes on any machine.
#pragma once

#include <functional>

namespace mw {

// Calls body(begin, end) for consecutive chunks of at most `grain` (>= 1) that cover [0, count), on
// the calling thread and on a process-wide pool. Returns when all are done. The body must not
// throw. Nested calls run inline.
void parallel_for(int count, int grain, const std::function<void(int begin, int end)>& body);

// Threads used, the calling one counted. 0 asks for one per core. Takes effect from the next loop;
// meant for start-up and tests, not to be called while a loop runs.
void set_parallel_threads(int threads);
int parallel_threads();

} // namespace mw
