// A closable queue of values between threads (many senders, many receivers).
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace mw {

template <class T>
class Channel {
  public:
    // False, and the value dropped, once closed.
    bool send(T value) {
        {
            const std::lock_guard lock(mutex_);
            if (closed_) return false;
            queue_.push_back(std::move(value));
        }
        ready_.notify_one();
        return true;
    }

    // Waits for a value. Empty when the channel is closed and drained, or when stop was requested.
    std::optional<T> receive(std::stop_token stop = {}) {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, stop, [&] { return closed_ || !queue_.empty(); });
        if (stop.stop_requested()) {
            // The wake-up may have been meant for a value: pass it on.
            if (!queue_.empty()) ready_.notify_one();
            return std::nullopt;
        }
        if (queue_.empty()) return std::nullopt;
        return take();
    }

    std::optional<T> try_receive() {
        const std::lock_guard lock(mutex_);
        if (queue_.empty()) return std::nullopt;
        return take();
    }

    // Takes out, in order, every value for which the predicate holds, so that a cancelled job never
    // starts.
    template <class Predicate>
    std::deque<T> remove_if(Predicate predicate) {
        std::deque<T> kept, removed;
        const std::lock_guard lock(mutex_);
        for (T& value : queue_)
            (predicate(std::as_const(value)) ? removed : kept).push_back(std::move(value));
        queue_ = std::move(kept);
        return removed;
    }

    void close() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        ready_.notify_all();
    }

  private:
    std::optional<T> take() {
        std::optional<T> value(std::move(queue_.front()));
        queue_.pop_front();
        return value;
    }

    std::mutex mutex_;
    std::condition_variable_any ready_;
    std::deque<T> queue_;
    bool closed_ = false;
};

} // namespace mw
