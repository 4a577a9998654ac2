#include "support/session_driver.h"

#include "codec/codec.h"

namespace mw::test {

image::Image ramp_picture(Size size, image::PixelFormat format) {
    image::Image picture(size, format);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < format.channels; ++c) {
                const int value = (x * 3 + y * 5 + c * 40) % 160;
                if (format.type == image::SampleType::u8)
                    picture.span().pixel<std::uint8_t>(x, y)[c] = static_cast<std::uint8_t>(value);
                else
                    picture.span().pixel<std::uint16_t>(x, y)[c] =
                        static_cast<std::uint16_t>(value * 257 + 11);
            }
    return picture;
}

SessionDriver::SessionDriver(std::filesystem::path state_folder,
                             const std::function<void(session::SessionParams&)>& change) {
    session::SessionParams params;
    params.backends = {backend};
    params.abilities = {"fill"};
    params.state_folder = std::move(state_folder);
    params.wake = [this] {
        const std::lock_guard lock(mutex_);
        ++wakes_;
        woken_.notify_all();
    };
    if (change) change(params);
    session_ = std::make_unique<session::Session>(std::move(params));
}

SessionDriver::~SessionDriver() {
    backend->release_all();
}

bool SessionDriver::until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    for (;;) {
        std::uint64_t seen = 0;
        {
            const std::lock_guard lock(mutex_);
            seen = wakes_;
        }
        session_->pump();
        if (condition()) return true;
        std::unique_lock lock(mutex_);
        if (!woken_.wait_until(lock, deadline, [&] { return wakes_ != seen; })) return false;
    }
}

bool SessionDriver::until_idle() {
    return until([&] { return !session_->busy(); });
}

bool SessionDriver::open(Size size, const std::string& name, image::PixelFormat format) {
    const auto path = folder / name;
    if (!codec::save(path, ramp_picture(size, format).view(), {})) return false;
    const auto before = view().document_id;
    apply(session::OpenFile{path, false, true});
    return until([&] { return view().document_id != before && view().document; });
}

void SessionDriver::paint(double x, double y, double radius) {
    mask::Brush brush;
    brush.radius_px = radius;
    brush.hardness = 1;
    apply(session::SetBrush{brush});
    apply(session::BeginStroke{{x, y, 1, 0}, false});
    apply(session::EndStroke{});
}

void SessionDriver::ask(const std::string& prompt) {
    apply(session::SetPrompt{prompt});
    apply(session::Run{});
}

bool SessionDriver::has_notice(std::string_view part) const {
    for (const auto& notice : view().notices)
        if (notice.text.find(part) != std::string::npos) return true;
    return false;
}

const session::Action* SessionDriver::last_button() const {
    for (auto it = view().notices.rbegin(); it != view().notices.rend(); ++it)
        if (it->action_label) return session_->notice_action(it->id);
    return nullptr;
}

const session::JobView* SessionDriver::job(worker::JobId id) const {
    for (const auto& job : view().jobs)
        if (job.id == id) return &job;
    return nullptr;
}

} // namespace mw::test
