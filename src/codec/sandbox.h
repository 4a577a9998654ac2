// The walls around the decoding child. Each call makes them closer, none opens them again.
#pragma once

#include <cstdint>

namespace mw::codec {

// Before the first byte of the file is looked at: no privileges, no core dump, death with the
// parent, only the descriptors of child.h plus `keep_fd`, at most `max_bytes` of address space in
// the end, of which `bytes_now` may be used at once, `seconds` of CPU, and only the system calls
// that memory and the reply need. False when the parent is gone or a wall could not be built.
struct Walls {
    int keep_fd = -1;
    std::uint64_t bytes_now = 0, max_bytes = 0, max_file_bytes = 0;
    double seconds = 60;
    int parent = 0; // process id
};
bool enter_sandbox(const Walls& walls);

// Once the size of the picture is known and allowed: address space and CPU seconds for that much.
void resize_sandbox(std::uint64_t bytes, double cpu_seconds);

} // namespace mw::codec
