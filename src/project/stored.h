// A value that weighs (pixels, tiles, answers): in memory, or in the project's file until somebody
// asks for it. Copies share it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace mw::project {

// Never the same twice in a process, ascending.
std::uint64_t next_identity();
// Those that next_identity() gives from now on are above `number`.
void skip_identities(std::uint64_t number);

// The values below are safe to use from any thread, each copy from one at a time.
template <class T>
class Stored {
  public:
    // Gives null when the file does not give the value back; who made it tells of that.
    using Load = std::function<std::shared_ptr<const T>()>;

    Stored() = default; // T{}
    Stored(T value) : Stored(std::make_shared<const T>(std::move(value))) {}
    // `value` must not be null.
    explicit Stored(std::shared_ptr<const T> value) : cell_(std::make_shared<Cell>()) {
        cell_->held = std::move(value);
    }
    // In the file of `owner` under `key`.
    Stored(Load load, const void* owner, std::int64_t key) : cell_(std::make_shared<Cell>()) {
        cell_->load = std::move(load);
        cell_->owner = owner;
        cell_->key = key;
    }

    // Nothing was ever put in. Asks no file.
    bool empty() const { return !cell_; }
    // The same for copies, another for every other value, 0 when empty. Asks no file.
    std::uint64_t identity() const { return cell_ ? cell_->identity : 0; }

    // Never null. May read the file (some milliseconds); T{} where the file does not give it back.
    std::shared_ptr<const T> get() const {
        static const auto nothing = std::make_shared<const T>();
        if (!cell_) return nothing;
        const std::lock_guard lock(cell_->mutex);
        if (cell_->held) return cell_->held;
        if (auto seen = cell_->seen.lock()) return seen;
        auto loaded = cell_->load ? cell_->load() : nullptr;
        if (!loaded) return nothing;
        cell_->seen = loaded;
        return loaded;
    }
    T operator*() const { return *get(); } // a copy, so that it outlives the moment
    std::shared_ptr<const T> operator->() const { return get(); }

    // The value when it is nowhere but in memory; null when a file has it, too.
    std::shared_ptr<const T> only_here() const {
        if (!cell_) return nullptr;
        const std::lock_guard lock(cell_->mutex);
        return cell_->held;
    }

    // --- for who writes the file
    // The key in the file of `owner`; negative when it is not there.
    std::int64_t key_in(const void* owner) const {
        if (!cell_) return -1;
        const std::lock_guard lock(cell_->mutex);
        return cell_->owner == owner ? cell_->key : -1;
    }
    // From now on the file of `owner` has it, and memory need not.
    void settle(Load load, const void* owner, std::int64_t key) const {
        if (!cell_) return;
        const std::lock_guard lock(cell_->mutex);
        cell_->load = std::move(load);
        cell_->owner = owner;
        cell_->key = key;
        if (cell_->held) cell_->seen = cell_->held;
        cell_->held = nullptr;
    }

  private:
    struct Cell {
        std::mutex mutex;
        std::shared_ptr<const T> held; // until a file has it
        std::weak_ptr<const T> seen;   // while somebody still has it
        Load load;
        const void* owner = nullptr;
        std::int64_t key = -1;
        const std::uint64_t identity = next_identity();
    };
    std::shared_ptr<Cell> cell_;
};

} // namespace mw::project
