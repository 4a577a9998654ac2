// Drives a Session as the main loop does: woken by the worker, never by the clock.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "session/session.h"
#include "support/fake_backend.h"
#include "support/temp_folder.h"

namespace mw::test {

// A ramp in both directions, so that every pixel is its own.
image::Image ramp_picture(Size size, image::PixelFormat format = image::kRgb8);

class SessionDriver {
  public:
    // `change` has the last word on the session's parameters (other backends, services).
    explicit SessionDriver(std::filesystem::path state_folder = {},
                           const std::function<void(session::SessionParams&)>& change = {});
    ~SessionDriver();

    session::Session& session() { return *session_; }
    const session::SessionView& view() const { return session_->view(); }
    void apply(const session::Action& action) { session_->apply(action); }
    // Pumps until the condition holds. False when it does not within a minute.
    bool until(const std::function<bool()>& condition);
    // No job is waiting or running.
    bool until_idle();

    // Writes a ramp as PNG into the folder and opens it. False when it does not open.
    bool open(Size size, const std::string& name = "picture.png",
              image::PixelFormat format = image::kRgb8);
    // One dab of a hard brush.
    void paint(double x, double y, double radius = 6);
    void ask(const std::string& prompt = "do it");
    bool has_notice(std::string_view part) const;
    // The button of the newest notice that has one.
    const session::Action* last_button() const;
    worker::JobId last_job() const { return view().jobs.back().id; }
    // Null when it is not listed.
    const session::JobView* job(worker::JobId id) const;
    std::size_t iterations() const { return view().document->tree.size(); }
    void close() { session_.reset(); }

    TempFolder folder;
    std::shared_ptr<FakeBackend> backend = std::make_shared<FakeBackend>();

  private:
    std::mutex mutex_;
    std::condition_variable woken_;
    std::uint64_t wakes_ = 0;
    std::unique_ptr<session::Session> session_; // last: its threads wake us until it is gone
};

} // namespace mw::test
