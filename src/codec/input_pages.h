// How much a decoder holds in memory beside the picture it makes.
#pragma once

#include <cstddef>
#include <span>

namespace mw::codec {

// The file as it was mapped, read-only, in a process that only decodes. Until this is called, and
// for bytes from anywhere else, what follows does nothing.
void set_input_pages(std::span<const std::byte> mapping);

// Decoders tell here how many bytes, of the file or of the picture, went by. Every 16 MiB all pages
// of the file leave the process; those that are looked at again come back from the file. So a file
// as large as its picture does not cost memory beside it.
void input_went_by(std::size_t bytes);

// Memory of ours whose content is not needed any more, from its end downwards, before it is freed.
class GivenBack {
  public:
    // `memory` is private and writable, as malloc gives it.
    GivenBack(std::byte* memory, std::size_t bytes);
    // What lies from `offset` on goes back to the system, some megabytes at a time; reading it then
    // gives anything.
    void down_to(std::size_t offset);

  private:
    std::byte* memory_;
    std::size_t end_;
};

} // namespace mw::codec
