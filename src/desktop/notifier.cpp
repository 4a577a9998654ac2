#include "desktop/notifier.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "desktop/session_bus.h"

namespace mw::desktop {
namespace {

constexpr const char* kServer = "org.freedesktop.Notifications";
constexpr const char* kPath = "/org/freedesktop/Notifications";
constexpr std::chrono::seconds kPatience{3};
constexpr std::chrono::hours kLong{24 * 365};

// The text may be taken as markup by the server (section "Markup").
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '&')
            safe += "&amp;";
        else if (c == '<')
            safe += "&lt;";
        else if (c == '>')
            safe += "&gt;";
        else
            safe += c;
    }
    return safe;
}

} // namespace

class Notifier::Thread {
  public:
    explicit Thread(std::function<void()> clicked) : clicked_(std::move(clicked)) {
        thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
    }
    ~Thread() {
        thread_.request_stop();
        wake();
    }

    void tell(Notification notification) {
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(notification));
        }
        wake();
    }

  private:
    void wake() {
        const std::lock_guard lock(mutex_);
        if (bus_) bus_->wake();
        changed_.notify_one();
    }

    bool any() {
        const std::lock_guard lock(mutex_);
        return !waiting_.empty();
    }

    // Opened for the first one, and again for a later one when it broke.
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
            }
            if (stop.stop_requested()) return;
            auto bus = SessionBus::open();
            {
                const std::lock_guard lock(mutex_);
                if (!bus) waiting_.clear();
                bus_ = std::move(bus);
            }
            if (bus_) serve(stop);
            const std::lock_guard lock(mutex_);
            bus_.reset();
        }
    }

    void serve(const std::stop_token& stop) {
        shown_.clear();
        sd_bus_match_signal(bus_->get(), nullptr, nullptr, kPath, kServer, "ActionInvoked",
                            on_action, this);
        for (;;) {
            if (!bus_->run([this] { return any(); }, stop,
                           std::chrono::steady_clock::now() + kLong))
                return;
            if (stop.stop_requested()) return;
            Notification next;
            {
                const std::lock_guard lock(mutex_);
                if (waiting_.empty()) continue;
                next = std::move(waiting_.front());
                waiting_.pop_front();
            }
            if (!send(next)) return; // nobody there: the next one tries anew
        }
    }

    bool send(const Notification& one) {
        sd_bus_message* made = nullptr;
        if (sd_bus_message_new_method_call(bus_->get(), &made, kServer, kPath, kServer, "Notify") <
            0)
            return false;
        const BusMessage message(made);
        if (sd_bus_message_append(made, "susss", "Maskwright", 0u, "maskwright", one.title.c_str(),
                                  escaped(one.text).c_str()) < 0 ||
            sd_bus_message_append(made, "as", 2, "default", "Show") < 0 ||
            sd_bus_message_append(made, "a{sv}", 2, "urgency", "y", one.urgent ? 2 : 1,
                                  "desktop-entry", "s", "maskwright") < 0 ||
            sd_bus_message_append(made, "i", -1) < 0)
            return true; // this one cannot be said; the others can
        const BusMessage reply = bus_->call(made, kPatience);
        std::uint32_t id = 0;
        if (!reply) return false;
        if (sd_bus_message_read(reply.get(), "u", &id) >= 0) shown_.insert(id);
        return true;
    }

    static int on_action(sd_bus_message* m, void* data, sd_bus_error*) {
        auto& self = *static_cast<Thread*>(data);
        std::uint32_t id = 0;
        if (sd_bus_message_read(m, "u", &id) >= 0 && self.shown_.contains(id) && self.clicked_)
            self.clicked_();
        return 0;
    }

    const std::function<void()> clicked_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Notification> waiting_;
    std::unique_ptr<SessionBus> bus_; // written by the thread, under the mutex
    std::set<std::uint32_t> shown_;
    std::jthread thread_;
};

Notifier::Notifier(std::function<void()> clicked) : clicked_(std::move(clicked)) {}
Notifier::~Notifier() = default;

void Notifier::tell(Notification notification) {
    if (!may_have_session_bus()) return;
    if (!thread_) thread_ = std::make_unique<Thread>(clicked_);
    thread_->tell(std::move(notification));
}

} // namespace mw::desktop
