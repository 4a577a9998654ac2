// How much work one frame may do before it must be shown.
#pragma once

#include <chrono>
#include <cstddef>

namespace mw::render {

// The first piece of work of a frame is always allowed, so that a slow machine gets on as well.
struct FrameBudget {
    std::chrono::steady_clock::time_point deadline;
    std::size_t bytes_left = 0;
    bool worked = false;

    bool spent() const {
        return worked && (bytes_left == 0 || std::chrono::steady_clock::now() >= deadline);
    }
    void spend(std::size_t bytes) {
        worked = true;
        bytes_left -= bytes < bytes_left ? bytes : bytes_left;
    }
};

} // namespace mw::render
