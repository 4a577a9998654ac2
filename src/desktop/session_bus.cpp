#include "desktop/session_bus.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace mw::desktop {
namespace {

constexpr std::uint64_t kPatienceUs = 5'000'000; // of calls that only ask the bus itself

} // namespace

bool may_have_session_bus() {
    if (const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
        address != nullptr && *address != 0)
        return true;
    const char* folder = std::getenv("XDG_RUNTIME_DIR");
    std::error_code ignored;
    return folder != nullptr && *folder == '/' &&
           std::filesystem::exists(std::filesystem::path(folder) / "bus", ignored);
}

std::unique_ptr<SessionBus> SessionBus::open() {
    if (!may_have_session_bus()) return nullptr;
    sd_bus* bus = nullptr;
    if (sd_bus_open_user(&bus) < 0) return nullptr;
    sd_bus_set_method_call_timeout(bus, kPatienceUs);
    auto made =
        std::unique_ptr<SessionBus>(new SessionBus(bus, ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
    // The first call is answered by the bus alone: a socket behind which nobody lives is found out.
    sd_bus_message* reply = nullptr;
    const int asked = sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                         "org.freedesktop.DBus", "GetId", nullptr, &reply, "");
    sd_bus_message_unref(reply);
    return asked < 0 ? nullptr : std::move(made);
}

SessionBus::~SessionBus() {
    if (wake_fd_ >= 0) ::close(wake_fd_);
}

bool SessionBus::has(const std::string& name) {
    for (const char* list : {"ListNames", "ListActivatableNames"}) {
        sd_bus_message* reply = nullptr;
        if (sd_bus_call_method(get(), "org.freedesktop.DBus", "/org/freedesktop/DBus",
                               "org.freedesktop.DBus", list, nullptr, &reply, "") < 0)
            continue;
        const BusMessage owned(reply);
        if (sd_bus_message_enter_container(reply, 'a', "s") < 0) continue;
        const char* one = nullptr;
        while (sd_bus_message_read(reply, "s", &one) > 0)
            if (name == one) return true;
    }
    return false;
}

BusMessage SessionBus::call(sd_bus_message* message, std::chrono::milliseconds patience,
                            std::string* error) {
    sd_bus_error problem = SD_BUS_ERROR_NULL;
    sd_bus_message* reply = nullptr;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(patience).count();
    if (sd_bus_call(get(), message, static_cast<std::uint64_t>(us), &problem, &reply) < 0 &&
        error != nullptr)
        *error = problem.message != nullptr ? problem.message : "no answer";
    sd_bus_error_free(&problem);
    return BusMessage(reply);
}

void SessionBus::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

bool SessionBus::run(const std::function<bool()>& done, const std::stop_token& stop,
                     std::chrono::steady_clock::time_point until) {
    using std::chrono::steady_clock;
    const std::stop_callback on_stop(stop, [this] { wake(); });
    while (!done() && !stop.stop_requested()) {
        const int worked = sd_bus_process(get(), nullptr);
        if (worked < 0) return false;
        if (worked > 0) continue;
        const auto now = steady_clock::now();
        if (now >= until) return true;
        std::uint64_t their_us = UINT64_MAX; // an absolute time
        sd_bus_get_timeout(get(), &their_us);
        auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
        if (their_us != UINT64_MAX) left = std::min<std::int64_t>(left, 1000); // and look again
        pollfd fds[2] = {{sd_bus_get_fd(get()), static_cast<short>(sd_bus_get_events(get())), 0},
                         {wake_fd_, POLLIN, 0}};
        ::poll(fds, 2, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
        std::uint64_t ignored = 0;
        if (fds[1].revents != 0) {
            [[maybe_unused]] const auto got = ::read(wake_fd_, &ignored, sizeof ignored);
        }
    }
    return true;
}

} // namespace mw::desktop
