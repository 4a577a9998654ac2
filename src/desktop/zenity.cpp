#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "desktop/choosers.h"

extern char** environ;

namespace mw::desktop {
namespace {

constexpr std::size_t kMostPrinted = 4u << 20;
constexpr int kLookMs = 50;   // between looks whether somebody still waits
constexpr int kStopMs = 1000; // that it has to end in when it is asked to
// No path holds two slashes in a row, so three of them are the end of one and the next's begin.
constexpr const char* kSeparator = "//";

class Child {
  public:
    static std::optional<Child> start(std::vector<std::string> words) {
        int out[2] = {-1, -1};
        if (::pipe2(out, O_CLOEXEC) != 0) return std::nullopt;
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        std::vector<char*> argv;
        for (std::string& word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        Child child;
        const int failed =
            ::posix_spawnp(&child.pid_, argv[0], &actions, nullptr, argv.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(out[1]);
        child.out_ = out[0];
        if (failed == 0) return child;
        ::close(out[0]);
        return std::nullopt;
    }

    // All it prints until it closes its output; false: stopped, or too much.
    bool read(std::string& printed, const std::stop_token& stop) const {
        while (!stop.stop_requested()) {
            pollfd ready{out_, POLLIN, 0};
            if (::poll(&ready, 1, kLookMs) <= 0) continue;
            char buffer[4096];
            const ssize_t got = ::read(out_, buffer, sizeof buffer);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return true;
            if (printed.size() + static_cast<std::size_t>(got) > kMostPrinted) return false;
            printed.append(buffer, static_cast<std::size_t>(got));
        }
        return false;
    }

    // Its exit code, -1 when a signal ended it.
    int end(bool at_once) {
        ::close(out_);
        int status = 0;
        if (at_once) {
            ::kill(pid_, SIGTERM);
            for (int waited = 0; waited < kStopMs; waited += kLookMs / 5) {
                if (::waitpid(pid_, &status, WNOHANG) == pid_) return -1;
                std::this_thread::sleep_for(std::chrono::milliseconds(kLookMs / 5));
            }
            ::kill(pid_, SIGKILL);
        }
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    pid_t pid_ = -1;
    int out_ = -1;
};

} // namespace

std::vector<std::string> zenity_words(const FileQuestion& question, const std::string& program) {
    std::vector<std::string> words{program, "--file-selection", "--title=" + question.title};
    std::string begin = question.folder.native();
    if (!begin.ends_with('/')) begin += '/';
    if (question.saves) begin += question.name;
    words.push_back("--filename=" + begin);
    if (question.saves) {
        words.emplace_back("--save");
        words.emplace_back("--confirm-overwrite");
    }
    if (question.several) {
        words.emplace_back("--multiple");
        words.push_back(std::string("--separator=") + kSeparator);
    }
    if (!question.kind.empty()) {
        std::string filter = "--file-filter=" + question.kind + " |";
        for (const std::string& glob : question.globs)
            filter += " " + glob;
        words.push_back(std::move(filter));
        if (!question.saves) words.emplace_back("--file-filter=All files | *");
    }
    return words;
}

std::vector<std::filesystem::path> zenity_paths(std::string printed, bool several) {
    if (printed.ends_with('\n')) printed.pop_back(); // its own; one more is the name's
    std::vector<std::filesystem::path> paths;
    std::size_t from = 0;
    while (several) {
        const auto cut = printed.find("///", from);
        if (cut == std::string::npos) break;
        paths.emplace_back(printed.substr(from, cut - from));
        from = cut + 2;
    }
    if (from < printed.size()) paths.emplace_back(printed.substr(from));
    for (const std::filesystem::path& path : paths)
        if (!path.is_absolute() || path.native().find('\0') != std::string::npos) return {};
    return paths;
}

FileAnswer ask_zenity(const FileQuestion& question, std::stop_token stop,
                      const std::string& program) {
    auto child = Child::start(zenity_words(question, program));
    if (!child) return {};
    std::string printed;
    const bool whole = child->read(printed, stop);
    const int code = child->end(!whole);
    FileAnswer answer;
    answer.asked = true;
    if (stop.stop_requested() || code == 1) return answer;        // nobody waits, or cancelled
    if (code == 127 || (code != 0 && printed.empty())) return {}; // it could not show anything
    answer.paths = zenity_paths(std::move(printed), question.several);
    if (!whole || code != 0 || answer.paths.empty()) {
        answer.paths.clear();
        answer.problem =
            "The file dialog (zenity) gave an answer that makes no sense; nothing was "
            "done. Try again, or choose the built-in dialog in the preferences.";
    }
    return answer;
}

} // namespace mw::desktop
