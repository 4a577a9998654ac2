#include "project/stored.h"

#include <atomic>

namespace mw::project {
namespace {
std::atomic<std::uint64_t> last{0};
} // namespace

std::uint64_t next_identity() {
    return ++last;
}

void skip_identities(std::uint64_t number) {
    std::uint64_t now = last;
    while (now < number && !last.compare_exchange_weak(now, number))
        ;
}

} // namespace mw::project
