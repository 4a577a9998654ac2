// A connection of its own to the session's message bus (D-Bus), for one thread: sd-bus, made to
// wait for no longer than it is told and to stop when asked.
#pragma once

#include <systemd/sd-bus.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace mw::desktop {

// An address is given or the usual socket is there. Quick; whether anybody answers is another
// thing.
bool may_have_session_bus();

struct CloseBus {
    void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
};
struct FreeMessage {
    void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using BusMessage = std::unique_ptr<sd_bus_message, FreeMessage>;

class SessionBus {
  public:
    // Null: there is no bus, or it does not answer within some seconds.
    static std::unique_ptr<SessionBus> open();
    ~SessionBus();
    SessionBus(const SessionBus&) = delete;
    SessionBus& operator=(const SessionBus&) = delete;

    sd_bus* get() const { return bus_.get(); }
    // Somebody owns the name, or would be started for it.
    bool has(const std::string& name);
    // Sends and waits; null when it failed, and `error` says why.
    BusMessage call(sd_bus_message* message, std::chrono::milliseconds patience,
                    std::string* error = nullptr);
    // Works off what comes until `done`, `stop`, or the time; false when the connection is gone.
    // wake() ends one wait.
    bool run(const std::function<bool()>& done, const std::stop_token& stop,
             std::chrono::steady_clock::time_point until);
    void wake() const; // from any thread

  private:
    SessionBus(sd_bus* bus, int wake_fd) : bus_(bus), wake_fd_(wake_fd) {}
    std::unique_ptr<sd_bus, CloseBus> bus_;
    int wake_fd_;
};

} // namespace mw::desktop
