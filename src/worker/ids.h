// What jobs and documents are known by.
#pragma once

#include <cstdint>

namespace mw::worker {

using JobId = std::uint64_t;
using DocumentId = std::uint64_t; // which opened document a job belongs to

} // namespace mw::worker
