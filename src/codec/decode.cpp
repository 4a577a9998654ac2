// The parent's end: starts the child, watches it, believes it only after checks.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <new>

#include "codec/child.h"
#include "codec/early_rows.h"
#include "codec/reply.h"

namespace mw::codec {
namespace {

using Clock = std::chrono::steady_clock;

class Fd {
  public:
    Fd() = default;
    // Moved above the child's fixed numbers, so that putting one in place closes no other.
    explicit Fd(int fd) : fd_(fd) {
        if (fd_ < 0 || fd_ > kReplyFd) return;
        fd_ = ::fcntl(fd, F_DUPFD_CLOEXEC, kReplyFd + 1);
        ::close(fd);
    }
    ~Fd() { reset(); }
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    void reset() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
    int get() const { return fd_; }

  private:
    int fd_ = -1;
};

tl::unexpected<Error> system_failure(std::string_view label, int error) {
    const bool memory = error == ENOMEM || error == ENOSPC;
    return fail(memory ? ErrorCode::too_large : ErrorCode::io,
                fmt::format("{} cannot be opened: the decoder process could not be started ({}). "
                            "Close other programs and try again.",
                            label, text_from_errno(error)));
}

// The file's bytes where the child can map them and nobody can change them.
int make_input(ByteSpan bytes, Fd& out) {
    out = Fd(::memfd_create("maskwright-file", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (out.get() < 0) return errno;
    while (!bytes.empty()) {
        const ssize_t n = ::write(out.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return errno;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    ::fcntl(out.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
    return 0;
}

// Never outlives its owner: an exception between start and reap must not leave it behind.
struct Child {
    pid_t pid = -1;
    Fd reply, pixels;

    Child() = default;
    ~Child() {
        if (pid <= 0) return;
        ::kill(pid, SIGKILL);
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
};

// In the child's environment. Found in our own, this process was meant to be a decoder, but its
// main() does not call run_as_decoder: starting another would never end.
constexpr const char* kInsideName = "MASKWRIGHT_DECODER";

// Nothing of the environment but what the loader and sanitizers need: a decoder has no use for
// keys.
std::vector<char*> child_environment() {
    std::vector<char*> kept;
    for (char** e = environ; e && *e; ++e)
        for (const std::string_view name : {"LD_LIBRARY_PATH=", "LD_PRELOAD=", "ASAN_OPTIONS=",
                                            "UBSAN_OPTIONS=", "TSAN_OPTIONS=", "LSAN_OPTIONS="})
            if (std::string_view(*e).starts_with(name)) kept.push_back(*e);
    static char inside[] = "MASKWRIGHT_DECODER=1";
    kept.push_back(inside);
    kept.push_back(nullptr);
    return kept;
}

// What is to be decoded: all of its bytes, or a file and the first of its bytes.
struct Source {
    ByteSpan bytes;
    const InputFile* file = nullptr;
    std::uint64_t size() const { return file ? file->size() : bytes.size(); }
};

int start(const Source& source, const DecodeLimits& limits, Child& child) {
    Fd input;
    if (source.file)
        input = Fd(::fcntl(source.file->fd(), F_DUPFD_CLOEXEC, kReplyFd + 1));
    else if (const int error = make_input(source.bytes, input))
        return error;
    if (input.get() < 0) return errno;
    child.pixels = Fd(::memfd_create("maskwright-pixels", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (child.pixels.get() < 0) return errno;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
    child.reply = Fd(ends[0]);
    const Fd reply_end(ends[1]);

    std::vector<std::string> words{"maskwright-decoder",
                                   std::string(kChildMarker),
                                   std::to_string(::getpid()),
                                   std::to_string(source.size()),
                                   std::to_string(limits.max_side),
                                   std::to_string(limits.max_pixels),
                                   std::to_string(limits.max_decoded_bytes),
                                   fmt::format("{:.0f}", std::ceil(limits.max_seconds))};
    std::vector<char*> argv;
    for (std::string& w : words)
        argv.push_back(w.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&files, input.get(), kInputFd);
    posix_spawn_file_actions_adddup2(&files, child.pixels.get(), kPixelsFd);
    posix_spawn_file_actions_adddup2(&files, reply_end.get(), kReplyFd);
    posix_spawn_file_actions_addclosefrom_np(&files, kReplyFd + 1);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
#ifndef MASKWRIGHT_SANITIZED // their reports go to standard error
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
#endif
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const std::vector<char*> environment = child_environment();
    const int error = ::posix_spawn(&child.pid, "/proc/self/exe", &files, &attributes, argv.data(),
                                    environment.data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error;
}

enum class Ending { exited, cancelled, timed_out, talked_too_much };

// Reads what the child says until it closes the pipe, which it does at its end at the latest.
Ending listen(const Child& child, Clock::time_point deadline, std::stop_token stop,
              EarlyView& early, Bytes& said) {
    const Fd bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::stop_callback ring(stop, [&] { ::eventfd_write(bell.get(), 1); });
    Bytes part(64 * 1024);
    for (;;) {
        pollfd waits[2] = {{child.reply.get(), POLLIN, 0}, {bell.get(), POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (stop.stop_requested()) return Ending::cancelled;
        if (left.count() <= 0) return Ending::timed_out;
        // At most 50 ms at a time, should the bell be missing.
        const auto nap = std::min<std::int64_t>(left.count(), bell.get() < 0 ? 50 : 60'000);
        if (::poll(waits, 2, static_cast<int>(nap)) <= 0 || waits[0].revents == 0) continue;
        const ssize_t n = ::read(child.reply.get(), part.data(), part.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return Ending::exited;
        said.insert(said.end(), part.begin(), part.begin() + n);
        early.take(said);
        if (said.size() > kMaxReply) return Ending::talked_too_much;
    }
}

// Waits for the end, killing first unless it comes by itself within 2 s of closing the pipe.
int reap(Child& child, bool kill_now, struct rusage& usage) {
    const pid_t pid = std::exchange(child.pid, -1);
    int status = 0;
    if (!kill_now)
        for (int naps = 0; naps < 2000; ++naps) {
            const pid_t got = ::wait4(pid, &status, WNOHANG, &usage);
            if (got == pid) return status;
            if (got < 0 && errno != EINTR) return -1;
            ::usleep(naps < 20 ? 50 : 1000);
        }
    ::kill(pid, SIGKILL);
    pid_t got = -1;
    do
        got = ::wait4(pid, &status, 0, &usage);
    while (got < 0 && errno == EINTR);
    return got == pid ? status : -1;
}

Error stopped(std::string_view label, int status) {
    constexpr auto kSafe =
        "The decoder ran apart from the program: nothing else is touched. Open the file in another "
        "program and export it again.";
    if (status == -1)
        return {ErrorCode::io, fmt::format("{} cannot be opened: the decoder process was lost. Try "
                                           "again.",
                                           label)};
    if (!WIFSIGNALED(status))
        return {WEXITSTATUS(status) == 3 ? ErrorCode::io : ErrorCode::corrupt,
                fmt::format("{} cannot be opened: its decoder gave up (exit {}). {}", label,
                            WEXITSTATUS(status), kSafe)};
    switch (WTERMSIG(status)) {
        case SIGXCPU:
        case SIGKILL:
        case SIGXFSZ:
            return {ErrorCode::too_large,
                    fmt::format("{} was stopped: it costs far more time or memory than a picture "
                                "of its size should. {}",
                                label, kSafe)};
        case SIGBUS:
            return {ErrorCode::io,
                    fmt::format("{} changed while it was read, or its disk failed; nothing else is "
                                "touched. Try again.",
                                label)};
        case SIGSYS:
            return {ErrorCode::corrupt,
                    fmt::format("{} made its decoder do something that a decoder must not; it was "
                                "stopped. {}",
                                label, kSafe)};
        default:
            return {ErrorCode::corrupt, fmt::format("{} made its decoder crash (signal {}); the "
                                                    "file is damaged. {}",
                                                    label, WTERMSIG(status), kSafe)};
    }
}

struct Mapping {
    void* memory;
    std::size_t bytes;
    ~Mapping() { ::munmap(memory, bytes); }
};

// The child is gone, so nobody else writes here; seals keep the size, so touching it cannot fail.
Result<image::Image> take_pixels(const Child& child, Reply& reply, const Canvas& limits,
                                 std::string_view label) {
    if (Status s = limits.check(reply.size.width, reply.size.height, reply.format); !s)
        return fail(s.error().code, fmt::format("{} {}.", label, s.error().message));
    const std::size_t bytes = static_cast<std::size_t>(reply.size.area()) *
                              static_cast<std::size_t>(reply.format.bytes());
    const std::uint64_t beside_offset = Canvas::beside_offset(bytes);
    if (reply.beside_bytes > limits.limits().max_decoded_bytes)
        return fail(ErrorCode::corrupt,
                    fmt::format("{} cannot be opened: its decoder made more than it may.", label));
    const std::uint64_t all = reply.beside_bytes ? beside_offset + reply.beside_bytes : bytes;
    struct stat info {};
    const bool sealed =
        ::fcntl(child.pixels.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
    if (!sealed || ::fstat(child.pixels.get(), &info) != 0 ||
        info.st_size != static_cast<off_t>(all))
        return fail(ErrorCode::corrupt,
                    fmt::format("{} cannot be opened: its decoder gave another number of pixels "
                                "than it said.",
                                label));
    if (reply.beside_bytes) {
        void* memory = ::mmap(nullptr, reply.beside_bytes, PROT_READ, MAP_SHARED,
                              child.pixels.get(), static_cast<off_t>(beside_offset));
        if (memory == MAP_FAILED) return system_failure(label, errno);
        const Mapping mapping{memory, reply.beside_bytes};
        const auto* first = static_cast<const std::byte*>(memory);
        reply.decoded.metadata.exr_beside =
            std::make_shared<const Bytes>(first, first + reply.beside_bytes);
    }
    void* memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, child.pixels.get(), 0);
    if (memory == MAP_FAILED) return system_failure(label, errno);
    return image::Image(reply.size, reply.format, static_cast<std::byte*>(memory),
                        [bytes](std::byte* p) { ::munmap(p, bytes); });
}

// A file of so many bytes has max_seconds, one twice as large twice that.
constexpr double kSizeForTime = 200e6;

double seconds_of(const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

Result<Picture> decode_source(const Source& source, std::string_view raw_label,
                              const DecodeLimits& asked, std::stop_token stop, ChildUsage* usage,
                              const DecodeWatch& watch) {
    const std::string label = display_path(std::filesystem::path(raw_label));
    DecodeLimits limits = asked;
    if (limits.max_decoded_bytes == 0) limits.max_decoded_bytes = default_decode_budget();
    limits.max_seconds *= 1 + std::floor(double(source.size()) / kSizeForTime);
    if (source.size() > limits.max_file_bytes)
        return fail(
            ErrorCode::too_large,
            fmt::format("{} has {:.4g} MB; the limit for a picture file is {:.4g} MB.", label,
                        double(source.size()) / 1e6, double(limits.max_file_bytes) / 1e6));
    const Sniffed kind = sniff(source.bytes);
    if (!kind.decode)
        return fail(kind.refusal.code, fmt::format("{} {}.", label, kind.refusal.message));
    if (stop.stop_requested())
        return fail(ErrorCode::cancelled, fmt::format("Opening {} was cancelled.", label));

    if (std::getenv(kInsideName))
        return fail(ErrorCode::io,
                    "A decoder process cannot start another; main() must call "
                    "run_as_decoder first.");
    const auto begin = Clock::now();
    Child child;
    if (const int error = start(source, limits, child)) return system_failure(label, error);
    Bytes said;
    const auto allowed = std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(std::clamp(limits.max_seconds, 0.0, 1e6)));
    EarlyView early(child.pixels.get(), limits, watch);
    const Ending ending = listen(child, begin + allowed, stop, early, said);
    struct rusage cost {};
    const int status = reap(child, ending != Ending::exited, cost);
    Reply reply;
    const bool replied = status == 0 && unpack_reply(said, reply);
    if (usage)
        *usage = {seconds_of(cost.ru_utime) + seconds_of(cost.ru_stime),
                  std::chrono::duration<double>(Clock::now() - begin).count(), reply.peak_kib,
                  true};
    if (ending == Ending::cancelled)
        return fail(ErrorCode::cancelled, fmt::format("Opening {} was cancelled.", label));
    if (ending == Ending::timed_out)
        return fail(ErrorCode::too_large,
                    fmt::format("{} was not read within {:.4g} s, the limit; its decoder was "
                                "stopped. The program is safe; try a smaller copy of the file.",
                                label, limits.max_seconds));
    if (!replied) return tl::unexpected(stopped(label, ending == Ending::exited ? status : SIGSYS));
    if (!reply.error.message.empty())
        return fail(reply.error.code, fmt::format("{} {}.", label, reply.error.message));
    auto pixels = take_pixels(child, reply, Canvas(limits, {}), label);
    if (!pixels) return tl::unexpected(pixels.error());
    return Picture{std::move(*pixels),
                   std::move(reply.decoded.metadata),
                   kind.format,
                   reply.decoded.source_bits,
                   std::move(reply.decoded.warnings),
                   std::move(reply.decoded.color),
                   reply.decoded.provenance};
}

// Whether the child will be able to map it: not every file system can.
bool can_be_mapped(const InputFile& file) {
    if (file.size() == 0 || file.size() > SIZE_MAX) return false;
    const auto size = static_cast<std::size_t>(file.size());
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd(), 0);
    if (memory == MAP_FAILED) return false;
    ::munmap(memory, size);
    return true;
}

tl::unexpected<Error> short_of_memory(std::string_view label) {
    return fail(ErrorCode::too_large,
                fmt::format("There is not enough memory to open {}; close other pictures or "
                            "programs and try again.",
                            display_path(std::filesystem::path(label))));
}

// What sniff() looks at.
constexpr std::uint64_t kHead = 64u << 10;

} // namespace

Result<Picture> decode_in_child(ByteSpan bytes, std::string_view label, const DecodeLimits& limits,
                                std::stop_token stop, ChildUsage* usage, const DecodeWatch& watch) {
    return decode_source({bytes}, label, limits, std::move(stop), usage, watch);
}

Result<Picture> decode_in_child(const InputFile& file, const std::filesystem::path& path,
                                const DecodeLimits& limits, std::stop_token stop, ChildUsage* usage,
                                const DecodeWatch& watch) {
    const bool mapped = can_be_mapped(file);
    const auto bytes = read_start(file, mapped ? kHead : file.size(), path);
    if (!bytes) return tl::unexpected(bytes.error());
    return decode_source({*bytes, mapped ? &file : nullptr}, path.string(), limits, std::move(stop),
                         usage, watch);
}

Result<Picture> decode(ByteSpan bytes, std::string_view label, const DecodeLimits& limits,
                       std::stop_token stop) {
    try {
        return decode_in_child(bytes, label, limits, std::move(stop));
    } catch (const std::bad_alloc&) {
        return short_of_memory(label);
    }
}

Result<Picture> decode_file(const std::filesystem::path& path, const DecodeLimits& limits,
                            std::stop_token stop, const DecodeWatch& watch) {
    try {
        const auto file = open_file(path, limits.max_file_bytes);
        if (!file) return tl::unexpected(file.error());
        return decode_in_child(*file, path, limits, std::move(stop), nullptr, watch);
    } catch (const std::bad_alloc&) {
        return short_of_memory(path.string());
    }
}

} // namespace mw::codec
