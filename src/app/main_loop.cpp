#include "app/main_loop.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <map>
#include <thread>

#include "app/clipboard_work.h"
#include "app/dialog_work.h"
#include "app/drag_work.h"
#include "app/gui.h"
#include "app/inspect.h"
#include "app/notify_work.h"
#include "app/places.h"
#include "app/services.h"
#include "app/window.h"
#include "base/file.h"
#include "inpaint/words.h"
#include "render/canvas.h"
#include "session/desk.h"
#include "session/pasted.h"
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
// Frames whose time the inspection tells.
constexpr std::size_t kFramesTold = 64;

// What textures may take, and the least of it after contexts were lost; how often a new context is
// tried for.
constexpr std::size_t kTextureBudget = 512u << 20, kLeastTextureBudget = 32u << 20;
constexpr int kRecoveries = 20;
constexpr std::chrono::milliseconds kRecoveryPause{250};

// For the context that is current.
Result<std::unique_ptr<render::CanvasRenderer>> load_canvas(std::size_t texture_budget) {
    const bool loaded = render::load_gl(
        [](const char* name) { return reinterpret_cast<void*>(glfwGetProcAddress(name)); });
    if (!loaded)
        return fail(ErrorCode::engine,
                    "The window needs OpenGL 3.3, which this driver does not offer; update the "
                    "driver, or use the verbs, see maskwright --help.");
    return render::CanvasRenderer::create(texture_budget);
}

class MainLoop {
  public:
    MainLoop(Window& window, std::unique_ptr<render::CanvasRenderer> canvas, session::Desk& desk,
             const WindowOptions& options)
        : window_(window),
          canvas_(std::move(canvas)),
          desk_(desk),
          options_(options),
          gui_(window),
          clipboard_(session::pasted_folder(desk.params().state_folder), Window::wake),
          drags_(cache_folder() / "dragged", Window::wake),
          notices_([this] {
              raise_ = true;
              Window::wake();
          }) {
        if (const char* path = std::getenv("MASKWRIGHT_INSPECT"); path != nullptr && *path != 0)
            inspect_ = path;
    }

    Status run() {
        if (options_.file) desk_.apply(session::OpenFile{*options_.file});
        while (!finished()) {
            own_begun_ = thread_seconds();
            wait();
            take_events();
            if (settle_ > 0) draw();
            if (context_lost())
                if (Status again = recover(); !again) return again;
        }
        window_.hide(); // handing the clipboard on may take a moment
        return {};
    }

  private:
    static double seconds_between(Clock::time_point from, Clock::time_point to) {
        return std::chrono::duration<double>(to - from).count();
    }

    // Asked to close: what would be lost is said first; asked again, it goes.
    bool finished() {
        if (!window_.close_asked()) return false;
        if (desk_.may_quit()) return true;
        window_.keep_open();
        settle_ = kSettle;
        return false;
    }

    // Tests say that it was lost by a file beside the inspection's.
    bool context_lost() const {
        if (window_.context_lost()) return true;
        std::error_code ignored;
        return !inspect_.empty() &&
               std::filesystem::remove(inspect_.string() + ".lose_context", ignored);
    }

    // Everything but textures lives on this side of the driver: a new context shows it again, with
    // less memory, should that have been the reason.
    Status recover() {
        ++contexts_lost_;
        const std::size_t budget = std::max(canvas_->texture_budget() / 2, kLeastTextureBudget);
        for (auto& [tab, shell] : shells_)
            ui::drop_textures(shell);
        canvas_.reset();
        gui_.leave_window();
        Status opened = window_.reopen();
        for (int tries = 1; !opened && tries < kRecoveries;
             ++tries) { // the driver may need a while
            std::this_thread::sleep_for(kRecoveryPause);
            opened = window_.reopen();
        }
        if (!opened) return opened;
        auto canvas = load_canvas(budget);
        if (!canvas) return tl::unexpected(canvas.error());
        canvas_ = std::move(*canvas);
        gui_.enter_window();
        // The button that held a gesture was let go of in a window that is not there any more.
        ui::ShellState& shell = this->shell();
        if (shell.canvas.gesture != ui::Gesture::none) {
            ui::PointerEvent up;
            up.kind = ui::PointerKind::up;
            up.button = shell.canvas.button;
            up.at = {shell.canvas.last.x / shell.canvas.density,
                     shell.canvas.last.y / shell.canvas.density};
            window_.events().pointer.push_back(up);
        }
        settle_ = kSettle;
        return {};
    }

    void wait() {
        if (settle_ > 0) return Window::poll();
        const auto now = Clock::now();
        double seconds = wake_at_ ? seconds_between(now, *wake_at_) : kForever;
        if (desk_.busy())
            seconds = std::min(seconds, kBusyPeriod - seconds_between(drawn_at_, now));
        Window::wait(seconds);
    }

    void take_events() {
        WindowEvents& events = window_.events();
        if (events.any) settle_ = kSettle;
        events.any = false;
        for (const auto& file : events.dropped) // a tab each
            desk_.apply(session::OpenFile{file});
        events.dropped.clear();
        if (clipboard_.pump(desk_) | dialogs_.pump(shells_, desk_) | drags_.pump(desk_))
            settle_ = kSettle;
        if (raise_.exchange(false)) window_.raise();
        if (desk_.pump()) settle_ = std::max(settle_, 2);
        notices_.look(desk_, window_.focused(), desk_.view().preferences->notify);
        const auto now = Clock::now();
        if (wake_at_ && now >= *wake_at_) settle_ = std::max(settle_, 1);
        if (desk_.busy() && seconds_between(drawn_at_, now) >= kBusyPeriod)
            settle_ = std::max(settle_, 1);
    }

    void draw() {
        --settle_;
        const Size framebuffer = window_.framebuffer();
        if (framebuffer.empty()) return; // minimised
        const auto begun = Clock::now();
        const double cpu_begun = cpu_seconds();
        ui::ShellState& shell = this->shell();
        gui_.set_scale(
            chosen_scale(options_, desk_.view().preferences->scale, window_.content_scale()));
        gui_.begin_frame(ui::wants_keyboard_navigation(shell));
        dialogs_.prepare(shell, desk_.view().preferences->native_dialogs);
        session::Actions actions;
        ui::draw_shell(desk_.view(), shell, window_.events().pointer, actions);
        window_.events().pointer.clear();
        actions.insert(actions.end(), late_.begin(), late_.end());
        late_.clear();
        for (const session::Action& action : actions)
            desk_.apply(action);
        if (!actions.empty()) settle_ = std::max(settle_, 2);
        const ui::HostWishes wishes = std::exchange(shell.host, {});
        clipboard_.grant(wishes, desk_);
        if (wishes.drag) drags_.begin(*wishes.drag, desk_, window_);
        dialogs_.grant(shell, tab_, window_);

        const double drawing_begun = thread_seconds();
        // After the actions: a stroke is on the screen in the frame of its pointer event.
        drawn_.complete =
            canvas_->draw(ui::canvas_frame(desk_.view(), this->shell().canvas, framebuffer));
        prepare_for_gui(framebuffer);
        gui_.end_frame();
        const double drawing = thread_seconds() - drawing_begun;
        const double own = thread_seconds() - own_begun_;
        window_.swap();
        ++frames_;
        drawn_at_ = Clock::now();
        if (!drawn_.complete || Gui::input_waits()) settle_ = std::max(settle_, 1);
        const double wake = gui_.look().wake_after;
        wake_at_.reset();
        if (!std::isinf(wake))
            wake_at_ = drawn_at_ + std::chrono::duration_cast<Clock::duration>(
                                       std::chrono::duration<double>(wake));
        show_title();
        if (!inspect_.empty()) {
            drawn_.texture_bytes = canvas_->texture_bytes();
            drawn_.texture_budget = canvas_->texture_budget();
            drawn_.mask_texels_uploaded = canvas_->mask_texels_uploaded();
            drawn_.pixels_redrawn = canvas_->pixels_redrawn();
            drawn_.contexts_lost = contexts_lost_;
            drawn_.seconds.push_back(seconds_between(begun, drawn_at_));
            drawn_.cpu_seconds.push_back(cpu_seconds() - cpu_begun);
            drawn_.own_seconds.push_back(own);
            drawn_.drawing_seconds.push_back(drawing);
            for (auto* told : {&drawn_.seconds, &drawn_.cpu_seconds, &drawn_.own_seconds,
                               &drawn_.drawing_seconds})
                if (told->size() > kFramesTold) told->pop_front();
            write_inspection(inspect_, frames_, framebuffer, gui_.scale(), desk_.view(),
                             this->shell(), gui_.look(), drawn_);
        }
    }

    // Of the tab that is looked at. One that is new looks like the one before.
    ui::ShellState& shell() {
        const session::TabId tab = desk_.shown_tab();
        const auto found = shells_.find(tab);
        ui::ShellState& shell = found != shells_.end() ? found->second : new_shell(tab);
        if (tab != tab_) {
            if (const auto before = shells_.find(tab_); before != shells_.end()) {
                shell.panels = before->second.panels;
                shell.history.open = before->second.history.open;
                shell.files.last_folder = before->second.files.last_folder;
            }
            tab_ = tab;
            forget_closed_tabs();
        }
        shell.tabs = {desk_.tabs(), tab};
        return shell;
    }

    ui::ShellState& new_shell(session::TabId tab) {
        ui::ShellState& shell = shells_[tab];
        shell.sample = sample_picture();
        shell.request.service.set_key = set_key;
        shell.notice_action = [this](std::uint64_t id) {
            if (const session::Action* action = desk_.notice_action(id)) late_.push_back(*action);
            late_.push_back(session::DismissNotice{id});
        };
        return shell;
    }

    void forget_closed_tabs() {
        const auto& tabs = desk_.tabs();
        for (auto item = shells_.begin(); item != shells_.end();) {
            const session::TabId tab = item->first;
            const bool open =
                tab == tab_ || std::any_of(tabs.begin(), tabs.end(),
                                           [tab](const auto& one) { return one.id == tab; });
            if (!open) ui::drop_textures(item->second);
            item = open ? std::next(item) : shells_.erase(item);
        }
    }

    static double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

    // Of the calling thread: what others render meanwhile does not count.
    static double thread_seconds() {
        std::timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
    }

    static void prepare_for_gui(Size framebuffer) {
        glDisable(GL_SCISSOR_TEST);
        glViewport(0, 0, framebuffer.width, framebuffer.height);
    }

    void show_title() {
        const session::SessionView& view = desk_.view();
        const std::string title =
            view.document != nullptr ? ui::shown_name(view.title) + " - Maskwright" : "Maskwright";
        if (title == title_) return;
        title_ = title;
        window_.set_title(title);
    }

    Window& window_;
    std::unique_ptr<render::CanvasRenderer> canvas_;
    session::Desk& desk_;
    const WindowOptions& options_;
    Gui gui_;
    std::atomic<bool> raise_ = false; // a notification was clicked
    ClipboardWork clipboard_;
    DialogWork dialogs_{Window::wake};
    DragWork drags_;
    NotifyWork notices_;
    std::map<session::TabId, ui::ShellState> shells_; // how each tab's window looks
    session::TabId tab_ = 0;                          // of the newest frame
    session::Actions late_; // of notices' buttons, applied after the frame
    std::filesystem::path inspect_;
    std::string title_;
    int settle_ = kSettle;
    DrawFigures drawn_;
    double own_begun_ = 0; // of thread_seconds, when the frame's events were taken
    int contexts_lost_ = 0;
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
    auto canvas = load_canvas(kTextureBudget);
    if (!canvas) return report(canvas.error());
    session::Desk desk(session_params());
    const Status ended = MainLoop(**window, std::move(*canvas), desk, options).run();
    return ended ? 0 : report(ended.error());
}

} // namespace mw::app
