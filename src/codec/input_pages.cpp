#include "codec/input_pages.h"

#include <sys/mman.h>
#include <unistd.h>
#include <cstdint>

namespace mw::codec {
namespace {

constexpr std::size_t kStep = 16u << 20;

std::span<const std::byte> input;
std::size_t since = 0;

} // namespace

void set_input_pages(std::span<const std::byte> mapping) {
    input = mapping;
}

void input_went_by(std::size_t bytes) {
    if (input.empty()) return;
    since += bytes;
    if (since < kStep) return;
    since = 0;
    // Never written, so nothing is lost: the file, or the parent's sealed memory, still has it.
    ::madvise(const_cast<std::byte*>(input.data()), input.size(), MADV_DONTNEED);
}

GivenBack::GivenBack(std::byte* memory, std::size_t bytes) : memory_(memory), end_(bytes) {}

void GivenBack::down_to(std::size_t offset) {
    if (end_ - offset < kStep) return;
    // Whole pages between the two alone.
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first =
        (reinterpret_cast<std::uintptr_t>(memory_ + offset) + page - 1) / page * page;
    const auto last = reinterpret_cast<std::uintptr_t>(memory_ + end_) / page * page;
    if (first >= last) return;
    ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
    end_ = static_cast<std::size_t>(first - reinterpret_cast<std::uintptr_t>(memory_));
}

} // namespace mw::codec
