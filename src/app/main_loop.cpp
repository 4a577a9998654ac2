#include "app/main_loop.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "app/gui.h"
#include "app/inspect.h"
#include "app/places.h"
#include "app/services.h"
#include "app/window.h"
#include "base/file.h"
#include "inpaint/words.h"
#include "render/canvas.h"
#include "session/session.h"
#include "ui/canvas_panel.h"
#include "ui/shell.h"
#include "ui/widgets.h"

// clang-format off
#include <glad/gl.h>
#include <GLFW/glfw3.h>
// clang-format on

namespace mw::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kForever = std::numeric_limits<double>::infinity();
// Frames after an input until hover, focus and layout have settled.
constexpr int kSettle = 3;
// How often the elapsed time of a running job is drawn, in seconds.
constexpr double kBusyPeriod = 0.2;

class MainLoop {
  public:
    MainLoop(Window& window, std::unique_ptr<render::CanvasRenderer> canvas,
             session::Session& session, const WindowOptions& options)
        : window_(window),
          canvas_(std::move(canvas)),
          session_(session),
          options_(options),
          gui_(window) {
        if (const char* path = std::getenv("MASKWRIGHT_INSPECT"); path != nullptr && *path != 0)
            inspect_ = path;
        shell_.sample = sample_picture();
        shell_.request.service.set_key = set_key;
        shell_.notice_action = [this](std::uint64_t id) {
            if (const session::Action* action = session_.notice_action(id))
                late_.push_back(*action);
            late_.push_back(session::DismissNotice{id});
        };
    }

    void run() {
        gui_.set_scale(chosen_scale(options_, window_.content_scale()));
        if (options_.file) session_.apply(session::OpenFile{*options_.file});
        while (!finished()) {
            wait();
            take_events();
            if (settle_ > 0) draw();
        }
    }

  private:
    static double seconds_between(Clock::time_point from, Clock::time_point to) {
        return std::chrono::duration<double>(to - from).count();
    }

    // Asked to close: work that was never exported is offered first; asked again, it goes.
    bool finished() {
        if (!window_.close_asked()) return false;
        if (close_refused_ || session_.view().document == nullptr) return true;
        session_.apply(session::CloseDocument{});
        if (session_.view().document == nullptr) return true;
        close_refused_ = true;
        window_.keep_open();
        settle_ = kSettle;
        return false;
    }

    void wait() {
        if (settle_ > 0) return Window::poll();
        const auto now = Clock::now();
        double seconds = wake_at_ ? seconds_between(now, *wake_at_) : kForever;
        if (session_.busy())
            seconds = std::min(seconds, kBusyPeriod - seconds_between(drawn_at_, now));
        Window::wait(seconds);
    }

    void take_events() {
        WindowEvents& events = window_.events();
        if (events.any) settle_ = kSettle;
        events.any = false;
        if (events.scale_changed) gui_.set_scale(chosen_scale(options_, window_.content_scale()));
        events.scale_changed = false;
        // One picture at a time is on the desk: the first of several is taken.
        if (!events.dropped.empty()) session_.apply(session::OpenFile{events.dropped.front()});
        events.dropped.clear();
        if (session_.pump()) settle_ = std::max(settle_, 2);
        const auto now = Clock::now();
        if (wake_at_ && now >= *wake_at_) settle_ = std::max(settle_, 1);
        if (session_.busy() && seconds_between(drawn_at_, now) >= kBusyPeriod)
            settle_ = std::max(settle_, 1);
    }

    void draw() {
        --settle_;
        const Size framebuffer = window_.framebuffer();
        if (framebuffer.empty()) return; // minimised
        gui_.begin_frame(ui::wants_keyboard_navigation(shell_));
        session::Actions actions;
        ui::draw_shell(session_.view(), shell_, window_.events().pointer, actions);
        window_.events().pointer.clear();
        actions.insert(actions.end(), late_.begin(), late_.end());
        late_.clear();
        for (const session::Action& action : actions)
            session_.apply(action);
        if (!actions.empty()) settle_ = std::max(settle_, 2);

        // After the actions: a stroke is on the screen in the frame of its pointer event.
        const bool complete =
            canvas_->draw(ui::canvas_frame(session_.view(), shell_.canvas, framebuffer));
        prepare_for_gui(framebuffer);
        gui_.end_frame();
        window_.swap();
        ++frames_;
        drawn_at_ = Clock::now();
        if (!complete || Gui::input_waits()) settle_ = std::max(settle_, 1);
        const double wake = gui_.look().wake_after;
        wake_at_.reset();
        if (!std::isinf(wake))
            wake_at_ = drawn_at_ + std::chrono::duration_cast<Clock::duration>(
                                       std::chrono::duration<double>(wake));
        show_title();
        if (!inspect_.empty())
            write_inspection(inspect_, frames_, framebuffer, gui_.scale(), session_.view(), shell_,
                             gui_.look());
    }

    static void prepare_for_gui(Size framebuffer) {
        glDisable(GL_SCISSOR_TEST);
        glViewport(0, 0, framebuffer.width, framebuffer.height);
    }

    void show_title() {
        const session::SessionView& view = session_.view();
        const std::string title =
            view.document != nullptr
                ? ui::shown_name(view.document->path.filename().native()) + " - Maskwright"
                : "Maskwright";
        if (title == title_) return;
        title_ = title;
        window_.set_title(title);
    }

    Window& window_;
    std::unique_ptr<render::CanvasRenderer> canvas_;
    session::Session& session_;
    const WindowOptions& options_;
    Gui gui_;
    ui::ShellState shell_;
    session::Actions late_; // of notices' buttons, applied after the frame
    std::filesystem::path inspect_;
    std::string title_;
    int settle_ = kSettle;
    bool close_refused_ = false;
    std::uint64_t frames_ = 0;
    Clock::time_point drawn_at_ = Clock::now();
    std::optional<Clock::time_point> wake_at_;
};

session::SessionParams session_params() {
    session::SessionParams params;
    add_services(params);
    params.abilities = inpaint::abilities();
    params.state_folder = state_folder();
    params.wake = Window::wake;
    return params;
}

int report(const Error& error) {
    std::fprintf(stderr, "maskwright: %s\n", error.message.c_str());
    return 1;
}

} // namespace

int run_window(const WindowOptions& options) {
    auto window = Window::open(options.size.value_or(Size{}), "Maskwright");
    if (!window) return report(window.error());
    const bool loaded = render::load_gl(
        [](const char* name) { return reinterpret_cast<void*>(glfwGetProcAddress(name)); });
    if (!loaded)
        return report({ErrorCode::engine,
                       "The window needs OpenGL 3.3, which this driver does not offer; update the "
                       "driver, or use the verbs, see maskwright --help."});
    auto canvas = render::CanvasRenderer::create();
    if (!canvas) return report(canvas.error());
    session::Session session(session_params());
    MainLoop(**window, std::move(*canvas), session, options).run();
    return 0;
}

} // namespace mw::app
