#include "provider/http_watch.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace mw::provider {

HttpWatch::HttpWatch(const HttpLimits& limits, std::stop_token stop)
    : limits_(limits), on_stop_(std::move(stop), [this] { trip(Tripped::cancelled); }) {
    thread_ = std::jthread([this](const std::stop_token& over) { watch(over); });
}

HttpWatch::~HttpWatch() {
    thread_.request_stop();
    thread_.join();
    const std::lock_guard lock(mutex_); // a stop may come in still
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

void HttpWatch::adopt(int socket) {
    const std::lock_guard lock(mutex_);
    if (socket_ >= 0) ::close(socket_);
    socket_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    // Stopped while the name was looked up: what is done with the socket now fails at once.
    if (why_ != Tripped::no) ::shutdown(socket, SHUT_RDWR);
}

void HttpWatch::enter(Stage stage) {
    const std::lock_guard lock(mutex_);
    stage_ = stage;
    stage_begun_ = alive_ = Clock::now();
    changed_.notify_all();
}

void HttpWatch::alive() {
    const std::lock_guard lock(mutex_);
    alive_ = Clock::now(); // later than before: the watcher finds out when it wakes
}

Tripped HttpWatch::tripped() const {
    const std::lock_guard lock(mutex_);
    return why_;
}

void HttpWatch::trip(Tripped why) {
    const std::lock_guard lock(mutex_);
    if (why_ == Tripped::no) why_ = why;
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    changed_.notify_all();
}

HttpWatch::Clock::time_point HttpWatch::deadline(Tripped& why) const {
    const auto total = begun_ + limits_.total;
    auto nearest = total;
    why = Tripped::total;
    const auto consider = [&](Clock::time_point when, Tripped what) {
        if (when < nearest) {
            nearest = when;
            why = what;
        }
    };
    switch (stage_) {
        case Stage::connecting:
            consider(begun_ + limits_.connect, Tripped::connect);
            break;
        case Stage::waiting:
            consider(stage_begun_ + limits_.first_byte, Tripped::first_byte);
            break;
        case Stage::sending:
        case Stage::receiving:
            consider(alive_ + limits_.idle, Tripped::idle);
            break;
    }
    return nearest;
}

void HttpWatch::watch(const std::stop_token& over) {
    std::unique_lock lock(mutex_);
    while (!over.stop_requested()) {
        Tripped why = Tripped::no;
        const auto when = deadline(why);
        if (why_ == Tripped::no && Clock::now() >= when) {
            why_ = why;
            if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
        }
        if (why_ != Tripped::no) {
            changed_.wait(lock, over, [] { return false; });
            return;
        }
        changed_.wait_until(lock, over, when, [&] {
            Tripped now_why = Tripped::no;
            return why_ != Tripped::no || deadline(now_why) != when;
        });
    }
}

} // namespace mw::provider
