#include "provider/keyring.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <vector>

extern char** environ;

namespace mw::provider {
namespace {

constexpr std::size_t kMaxKey = 4096;
constexpr std::chrono::seconds kPatience{60};

// Runs the tool with `input` on its standard input; its output when it ends with 0.
std::optional<std::string> run_tool(std::vector<std::string> words, std::string_view input) {
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    if (::pipe2(in, O_CLOEXEC) != 0) return {};
    if (::pipe2(out, O_CLOEXEC) != 0) {
        ::close(in[0]);
        ::close(in[1]);
        return {};
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t child = -1;
    const int failed = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    std::string output;
    if (failed != 0) {
        ::close(in[1]);
        ::close(out[0]);
        return {};
    }
    // A key fits into a pipe's buffer at once. A tool that is gone must not end the program.
    sigset_t pipe_signal, before;
    ::sigemptyset(&pipe_signal);
    ::sigaddset(&pipe_signal, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    const bool written =
        input.empty() || ::write(in[1], input.data(), input.size()) == ssize_t(input.size());
    const timespec now{};
    ::sigtimedwait(&pipe_signal, nullptr, &now);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::close(in[1]);
    const auto until = std::chrono::steady_clock::now() + kPatience;
    bool in_time = true;
    output.reserve(kMaxKey + 1); // never moved: a copy would stay behind
    while (output.size() <= kMaxKey) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        pollfd ready{out[0], POLLIN, 0};
        const int n = left.count() <= 0 ? 0 : ::poll(&ready, 1, static_cast<int>(left.count()));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            in_time = false;
            break;
        }
        char buffer[512];
        const ssize_t got =
            ::read(out[0], buffer, std::min(sizeof buffer, kMaxKey + 1 - output.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        output.append(buffer, static_cast<std::size_t>(got));
        wipe(buffer, sizeof buffer);
    }
    ::close(out[0]);
    if (!in_time || output.size() > kMaxKey) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!in_time || !written || output.size() > kMaxKey || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        wipe(output.data(), output.size());
        return {};
    }
    return output;
}

std::vector<std::string> about(const std::string& origin) {
    return {"application", "maskwright", "origin", origin};
}

std::vector<std::string> command(std::vector<std::string> words, const std::string& origin) {
    words.insert(words.begin(), "secret-tool");
    for (std::string& word : about(origin))
        words.push_back(std::move(word));
    return words;
}

} // namespace

Secret keyring_lookup(const std::string& origin) {
    auto output = run_tool(command({"lookup"}, origin), {});
    if (!output) return {};
    while (!output->empty() && (output->back() == '\n' || output->back() == '\r'))
        output->pop_back();
    return Secret(std::move(*output));
}

Status keyring_store(const std::string& origin, const Secret& key) {
    if (run_tool(command({"store", "--label=Maskwright " + origin}, origin), key.reveal()))
        return {};
    return fail(ErrorCode::engine,
                "The desktop's keyring did not take the key (is one running and unlocked, and "
                "secret-tool installed?); the key is kept until the program ends.");
}

Status keyring_clear(const std::string& origin) {
    if (run_tool(command({"clear"}, origin), {})) return {};
    return fail(ErrorCode::engine, "The desktop's keyring has no such key or is not running.");
}

} // namespace mw::provider
