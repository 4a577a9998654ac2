#include "desktop/file_chooser.h"

#include <cstdlib>
#include <mutex>
#include <string_view>

#include "desktop/choosers.h"
#include "desktop/session_bus.h"

namespace mw::desktop {
namespace {

bool on_path(const std::string& program) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "";
    while (!rest.empty()) {
        const auto colon = rest.find(':');
        const std::filesystem::path file = std::filesystem::path(rest.substr(0, colon)) / program;
        rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
        std::error_code ignored;
        if (file.is_absolute() && std::filesystem::is_regular_file(file, ignored)) return true;
    }
    return false;
}

FileAnswer ask(const FileQuestion& question, Dialogs which, const std::stop_token& stop) {
    FileAnswer answer;
    if (which == Dialogs::automatic || which == Dialogs::portal) {
        answer = ask_portal(question, stop);
        if (answer.asked || stop.stop_requested()) return answer;
    }
    if (which == Dialogs::automatic || which == Dialogs::zenity)
        answer = ask_zenity(question, stop);
    return answer;
}

} // namespace

Dialogs dialogs_of_environment() {
    const char* value = std::getenv("MASKWRIGHT_DIALOGS");
    const std::string_view word = value != nullptr ? value : "";
    if (word == "portal") return Dialogs::portal;
    if (word == "zenity") return Dialogs::zenity;
    return word == "builtin" ? Dialogs::none : Dialogs::automatic;
}

bool may_have_dialogs(Dialogs which) {
    const bool portal = which == Dialogs::automatic || which == Dialogs::portal;
    const bool zenity = which == Dialogs::automatic || which == Dialogs::zenity;
    return (portal && may_have_session_bus()) || (zenity && on_path("zenity"));
}

// Outlives the chooser while its thread ends by itself.
struct FileChooser::Shared {
    std::mutex mutex;
    std::optional<FileAnswer> answer;
    std::function<void()> wake;
};

FileChooser::FileChooser(FileQuestion question, Dialogs which, std::function<void()> wake)
    : shared_(std::make_shared<Shared>()) {
    shared_->wake = std::move(wake);
    thread_ = std::jthread(
        [shared = shared_, question = std::move(question), which](std::stop_token stop) {
            FileAnswer answer = ask(question, which, stop);
            const std::lock_guard lock(shared->mutex);
            if (stop.stop_requested()) return; // nobody waits for it
            shared->answer = std::move(answer);
            if (shared->wake) shared->wake();
        });
}

FileChooser::~FileChooser() = default;

std::optional<FileAnswer> FileChooser::answer() {
    const std::lock_guard lock(shared_->mutex);
    return std::exchange(shared_->answer, std::nullopt);
}

} // namespace mw::desktop
