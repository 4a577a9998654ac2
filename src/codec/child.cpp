// The child's end: the program started again as a decoder.
#include "codec/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "codec/early_rows.h"
#include "codec/input_pages.h"
#include "codec/provenance.h"
#include "codec/reply.h"
#include "codec/sandbox.h"

namespace mw::codec {
namespace {

// Address space beside the picture: stacks, tables, the libraries' rows.
constexpr std::uint64_t kSlack = 160u << 20;
// The picture, the unturned picture, a progressive JPEG's coefficients, libwebp's 32-bit pixels.
constexpr std::uint64_t kCopies = 8;

std::uint64_t mapped_now() {
    unsigned long pages = 0;
    if (FILE* f = std::fopen("/proc/self/statm", "re")) {
        if (std::fscanf(f, "%lu", &pages) != 1) pages = 0;
        std::fclose(f);
    }
    return pages ? std::uint64_t{pages} * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))
                 : std::uint64_t{1} << 30;
}

// "VmHWM:    1234 kB" of a status file opened before the walls went up.
std::int64_t peak_kib(int status_fd) {
    char text[4096];
    const ssize_t n = ::pread(status_fd, text, sizeof text - 1, 0);
    if (n <= 0) return 0;
    text[n] = 0;
    const char* at = std::strstr(text, "VmHWM:");
    return at ? std::strtoll(at + 6, nullptr, 10) : 0;
}

// The file that the parent maps: pixels, and what goes beside them. Limits follow the largest thing
// asked for.
class Output {
  public:
    explicit Output(std::uint64_t base) : base_(base) {}

    void expect(std::uint64_t bytes) {
        most_ = std::max(most_, bytes);
        resize_sandbox(base_ + kSlack + kCopies * most_, 2 + double(most_) / 20e6);
    }
    std::byte* map(std::size_t offset, std::size_t bytes) {
        const std::uint64_t all = offset + bytes;
        expect(all);
        if (::ftruncate(kPixelsFd, static_cast<off_t>(all)) != 0) return nullptr;
        void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, kPixelsFd,
                              static_cast<off_t>(offset));
        return memory == MAP_FAILED ? nullptr : static_cast<std::byte*>(memory);
    }

  private:
    std::uint64_t base_, most_ = 0;
};

bool send(ByteSpan bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(kReplyFd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return true;
}

// Tells the parent of the rows of a large picture, not too often.
class RowTeller {
  public:
    explicit RowTeller(Canvas& canvas) {
        canvas.on_rows([this, &canvas](int rows) { tell(canvas.picture(), rows); });
    }

  private:
    void tell(const image::ImageSpan& picture, int rows) {
        const auto row = static_cast<std::size_t>(picture.stride);
        if (row * static_cast<std::size_t>(picture.size.height) < kEarlyPicture) return;
        if (row * static_cast<std::size_t>(rows - told_) < kEarlyStep) return;
        told_ = rows;
        // Nobody listening is no reason to stop.
        (void)send(pack_early({picture.size, picture.format, rows}));
    }
    int told_ = 0;
};

Reply decode_here(ByteSpan file, const DecodeLimits& limits, std::uint64_t base) {
    Reply reply;
    Output output(base);
    Canvas canvas(
        limits, [&](std::size_t bytes) { return output.map(0, bytes); },
        [&](std::size_t offset, std::size_t bytes) { return output.map(offset, bytes); },
        [&](std::size_t bytes) { output.expect(bytes); });
    const RowTeller teller(canvas);
    const Sniffed kind = sniff(file);
    if (!kind.decode) {
        reply.error = kind.refusal;
        return reply;
    }
    try {
        auto decoded = kind.decode(file, canvas);
        if (decoded)
            if (Status s = canvas.finish(); !s) decoded = tl::unexpected(s.error());
        if (decoded) {
            reply.decoded = std::move(*decoded);
            if (carries_provenance(file)) {
                reply.decoded.provenance = true;
                reply.decoded.warnings.emplace_back(provenance_warning());
            }
            reply.size = canvas.picture().size;
            reply.format = canvas.picture().format;
            reply.beside_bytes = canvas.beside_bytes();
        } else
            reply.error = decoded.error();
    } catch (const std::bad_alloc&) {
        reply.error = {ErrorCode::too_large,
                       "needs more memory to be read than a picture of its size should"};
    }
    return reply;
}

} // namespace

// argv: program, marker, parent, file bytes, side, pixels, decoded bytes, seconds.
std::optional<int> run_as_decoder(int argc, char** argv) {
    if (argc < 2 || argv[1] != kChildMarker) return std::nullopt;
    if (argc != 8) return 2;
    const auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
    const std::size_t size = number(3);
    DecodeLimits limits;
    limits.max_side = static_cast<int>(number(4));
    limits.max_pixels = static_cast<std::int64_t>(number(5));
    limits.max_decoded_bytes = number(6);
    limits.max_seconds = static_cast<double>(number(7));

    const void* input = nullptr;
    if (size > 0) {
        input = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, kInputFd, 0);
        if (input == MAP_FAILED) return 2;
        set_input_pages({static_cast<const std::byte*>(input), size});
    }
    const int status_fd = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    const std::uint64_t base = mapped_now();
    Walls walls;
    walls.keep_fd = status_fd;
    walls.bytes_now = base + kSlack;
    walls.max_bytes = base + kSlack + kCopies * limits.max_decoded_bytes;
    walls.max_file_bytes = limits.max_decoded_bytes;
    walls.seconds = limits.max_seconds;
    walls.parent = static_cast<int>(number(2));
    if (!enter_sandbox(walls)) return 3;

    Reply reply = decode_here({static_cast<const std::byte*>(input), size}, limits, base);
    reply.peak_kib = peak_kib(status_fd);
    // No destructors: the parent waits, and nothing of ours outlives the process.
    std::_Exit(send(pack_reply(reply)) ? 0 : 4);
}

} // namespace mw::codec
