#include "mask/tile_pool.h"

#include <array>
#include <cstddef>
#include <mutex>
#include <new>

namespace mw::mask {
namespace {

#ifdef MASKWRIGHT_SANITIZED
constexpr std::size_t kMostWaiting = 0; // a late use of freed memory is to be seen
#else
constexpr std::size_t kMostWaiting = 500;
#endif

// Never destroyed: masks with static lifetime give their tiles back after main.
struct Pool {
    std::mutex mutex;
    std::array<void*, kMostWaiting + 1> waiting{};
    std::size_t count = 0;
    std::size_t block_bytes = 0; // all blocks are of one size: tile and count together
};
Pool& pool() {
    alignas(Pool) static std::byte place[sizeof(Pool)];
    static Pool* const made = new (place) Pool;
    return *made;
}

template <class T>
struct PoolAllocator {
    using value_type = T;
    static constexpr std::align_val_t kAlign{alignof(T) > 64 ? alignof(T) : 64};

    PoolAllocator() = default;
    template <class U>
    explicit(false) PoolAllocator(const PoolAllocator<U>&) {}

    T* allocate(std::size_t n) {
        const std::size_t bytes = n * sizeof(T);
        Pool& p = pool();
        {
            const std::lock_guard lock(p.mutex);
            if (p.count > 0 && bytes == p.block_bytes) return static_cast<T*>(p.waiting[--p.count]);
        }
        return static_cast<T*>(::operator new(bytes, kAlign));
    }
    void deallocate(T* at, std::size_t n) {
        Pool& p = pool();
        {
            const std::lock_guard lock(p.mutex);
            if (p.block_bytes == 0) p.block_bytes = n * sizeof(T);
            if (p.count < kMostWaiting && p.block_bytes == n * sizeof(T)) {
                p.waiting[p.count++] = at; // the last in, still in the cache, is the first out
                return;
            }
        }
        ::operator delete(at, kAlign);
    }
    template <class U>
    bool operator==(const PoolAllocator<U>&) const {
        return true;
    }
};

} // namespace

std::shared_ptr<MaskTile> new_tile() {
    return std::allocate_shared_for_overwrite<MaskTile>(PoolAllocator<MaskTile>());
}

} // namespace mw::mask
