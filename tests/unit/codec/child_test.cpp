// The decoding child: whatever happens in it costs one picture, in time, and leaves nothing behind.
#include "codec/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <thread>

#include "codec/decoder.h"
#include "codec/early_rows.h"
#include "codec/input_pages.h"
#include "codec/reply.h"
#include "support.h"

namespace mw::codec::test {
namespace {

using namespace std::chrono_literals;

// Decoders that misbehave, known to this program alone. They run in the child, behind the walls.
[[noreturn]] void forever() {
    static volatile int never = 0;
    while (never == 0) {
    }
    std::abort();
}

void say(const Bytes& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::write(kReplyFd, bytes.data() + at, bytes.size() - at);
        if (n <= 0) break;
        at += static_cast<std::size_t>(n);
    }
}

Reply forged(Size size) {
    Reply reply;
    reply.size = size;
    reply.format = image::kRgba8;
    return reply;
}

const bool kRegistered[] = {
    register_test_decoder("TEST-CRASH",
                          [](ByteSpan, Canvas&) -> Result<Decoded> {
                              ::signal(SIGSEGV, SIG_DFL);
                              ::raise(SIGSEGV);
                              // The walls forbid raise(); then a real one.
                              volatile int* nowhere = nullptr;
                              [[maybe_unused]] const int read = *nowhere;
                              return Decoded{};
                          }),
    register_test_decoder("TEST-HANG", [](ByteSpan, Canvas&) -> Result<Decoded> { forever(); }),
    register_test_decoder("TEST-OPEN",
                          [](ByteSpan, Canvas&) -> Result<Decoded> {
                              const int fd = ::open("/etc/passwd", O_RDONLY);
                              return damaged(fd >= 0 ? "opened a file" : "was refused a file");
                          }),
    register_test_decoder("TEST-EXIT", [](ByteSpan, Canvas&) -> Result<Decoded> { std::_Exit(0); }),
    register_test_decoder("TEST-MEMORY",
                          [](ByteSpan, Canvas&) -> Result<Decoded> {
                              std::vector<std::string> hoard;
                              for (;;)
                                  hoard.emplace_back(1u << 20, 'x');
                          }),
    register_test_decoder("TEST-FLOOD",
                          [](ByteSpan, Canvas&) -> Result<Decoded> {
                              for (;;)
                                  say(Bytes(1u << 20));
                          }),
    register_test_decoder("TEST-GARBAGE",
                          [](ByteSpan, Canvas&) -> Result<Decoded> {
                              say(Bytes(100, std::byte{77}));
                              std::_Exit(0);
                          }),
    register_test_decoder("TEST-LIE-BIG",
                          [](ByteSpan, Canvas& canvas) -> Result<Decoded> {
                              (void)canvas.create(4, 4, image::kRgba8);
                              say(pack_reply(forged({100, 100})));
                              std::_Exit(0);
                          }),
    register_test_decoder("TEST-LIE-HUGE",
                          [](ByteSpan, Canvas&) -> Result<Decoded> {
                              say(pack_reply(forged({2'000'000'000, 2'000'000'000})));
                              std::_Exit(0);
                          }),
    register_test_decoder("TEST-SHRINK",
                          [](ByteSpan, Canvas& canvas) -> Result<Decoded> {
                              (void)canvas.create(64, 64, image::kRgba8);
                              if (::ftruncate(kPixelsFd, 1) == 0) say(pack_reply(forged({64, 64})));
                              std::_Exit(0);
                          }),
    // Large, and told of row by row; then with time for somebody to look.
    register_test_decoder("TEST-ROWS",
                          [](ByteSpan, Canvas& canvas) -> Result<Decoded> {
                              auto span = canvas.create(3000, 4000, image::kRgba8);
                              if (!span) return tl::unexpected(span.error());
                              for (int y = 0; y < 4000; ++y) {
                                  for (int x = 0; x < 3000; ++x)
                                      for (int c = 0; c < 4; ++c)
                                          span->pixel<std::uint8_t>(x, y)[c] =
                                              static_cast<std::uint8_t>(x + 3 * y + c);
                                  canvas.rows_done(y + 1);
                              }
                              return Decoded{};
                          }),
    // Says that there are rows where there is no memory, and of a size that is none.
    register_test_decoder("TEST-LIE-ROWS",
                          [](ByteSpan, Canvas& canvas) -> Result<Decoded> {
                              (void)canvas.create(4, 4, image::kRgba8);
                              for (const Size size : {Size{8000, 8000}, Size{4, 4}, Size{0, 7}})
                                  for (const int rows : {1, 4, 8000})
                                      say(pack_early({size, image::kRgba8, rows}));
                              Bytes wild = pack_early({{4, 4}, image::kRgba8, 4});
                              std::fill(wild.begin() + 4, wild.end(), std::byte{0x7f});
                              say(wild);
                              return Decoded{};
                          }),
    // Looks at every page of a large file.
    register_test_decoder("TEST-SWEEP",
                          [](ByteSpan file, Canvas&) -> Result<Decoded> {
                              unsigned sum = 0;
                              for (std::size_t at = 0; at < file.size(); at += 4096) {
                                  sum += std::to_integer<unsigned>(file[at]);
                                  input_went_by(4096);
                              }
                              return damaged("has a sum of " + std::to_string(sum));
                          }),
    register_test_decoder("TEST-TEXT",
                          [](ByteSpan, Canvas&) -> Result<Decoded> {
                              return damaged("says \x1b[31m" + std::string(5000, 'x'));
                          }),
    register_test_decoder("TEST-GOOD",
                          [](ByteSpan, Canvas& canvas) -> Result<Decoded> {
                              auto span = canvas.create(3, 2, image::kGray8);
                              if (!span) return tl::unexpected(span.error());
                              for (int i = 0; i < 6; ++i)
                                  *span->pixel<std::uint8_t>(i % 3, i / 3) =
                                      static_cast<std::uint8_t>(i);
                              return Decoded{};
                          }),
};

ErrorCode code_of(std::string_view magic, const DecodeLimits& limits = {}) {
    const auto p = open(bytes_of(magic), limits);
    EXPECT_FALSE(p);
    if (p) return ErrorCode::io;
    EXPECT_NE(p.error().message.find("test picture"), std::string::npos) << p.error().message;
    return p.error().code;
}

void expect_no_children() {
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

int open_files() {
    int count = 0;
    for (int fd = 0; fd < 200; ++fd)
        count += ::fcntl(fd, F_GETFD) >= 0;
    return count;
}

TEST(Child, PixelsArriveAndMayBeWritten) {
    auto p = open(bytes_of("TEST-GOOD"));
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(*p->pixels.view().pixel<std::uint8_t>(2, 1), 5);
    p->pixels.span().pixel<std::uint8_t>(0, 0)[0] = 200;
    EXPECT_EQ(*p->pixels.view().pixel<std::uint8_t>(0, 0), 200);
}

TEST(Child, ACrashIsAnError) {
    const auto p = open(bytes_of("TEST-CRASH"));
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, ErrorCode::corrupt);
    expect_no_children();
}

TEST(Child, RowsOfALargePictureCanBeLookedAtBeforeItIsWhole) {
    std::vector<PartPicture> parts;
    const auto p = decode_in_child(bytes_of("TEST-ROWS"), "x", {}, {}, nullptr,
                                   [&](PartPicture part) { parts.push_back(std::move(part)); });
    ASSERT_TRUE(p) << p.error().message;
    ASSERT_FALSE(parts.empty());
    for (const PartPicture& part : parts) {
        EXPECT_EQ(part.size, (Size{3000, 4000}));
        ASSERT_EQ(part.step, 4);
        ASSERT_EQ(part.coarse.width(), 750);
        ASSERT_LE(part.coarse.height(), 1000);
        for (int y = 0; y < part.coarse.height(); ++y)
            for (int x = 0; x < 750; ++x)
                ASSERT_EQ(std::memcmp(part.coarse.view().pixel<std::uint8_t>(x, y),
                                      p->pixels.view().pixel<std::uint8_t>(4 * x, 4 * y), 4),
                          0)
                    << x << "," << y;
    }
}

TEST(Child, LiesAreNotBelieved) {
    for (const char* magic :
         {"TEST-EXIT", "TEST-GARBAGE", "TEST-LIE-BIG", "TEST-SHRINK", "TEST-FLOOD"})
        EXPECT_EQ(code_of(magic), ErrorCode::corrupt) << magic;
    EXPECT_EQ(code_of("TEST-LIE-HUGE"), ErrorCode::too_large);
    int looked = 0;
    const auto p = decode_in_child(bytes_of("TEST-LIE-ROWS"), "x", {}, {}, nullptr,
                                   [&](const PartPicture& part) {
                                       ++looked;
                                       EXPECT_EQ(part.size, (Size{4, 4}));
                                   });
    EXPECT_TRUE(p) << p.error().message; // what it said in the end was right
    expect_no_children();
}

TEST(Child, ItsTextIsMadePrintable) {
    const auto p = open(bytes_of("TEST-TEXT"));
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().message.find('\x1b'), std::string::npos);
    EXPECT_LT(p.error().message.size(), 700u);
}

#ifndef MASKWRIGHT_SANITIZED
TEST(Child, AFileAsLargeAsItsPictureDoesNotCostItsSize) {
    const Scratch folder;
    std::filesystem::path path = folder / "large";
    ASSERT_TRUE(write_file_atomic(path, bytes_of("TEST-SWEEP")));
    std::filesystem::resize_file(path, 160u << 20); // zeros, which take no disk
    const auto file = open_file(path);
    ASSERT_TRUE(file);
    ChildUsage usage;
    const auto p = decode_in_child(*file, path, {}, {}, &usage);
    ASSERT_FALSE(p);
    EXPECT_NE(p.error().message.find("has a sum of 84"), std::string::npos) << p.error().message;
    EXPECT_GT(usage.peak_kib, 0);
    EXPECT_LT(usage.peak_kib, 80 << 10);
}

TEST(Child, AFileThatIsCutWhileItIsReadCostsTheFileAlone) {
    const Scratch folder;
    std::filesystem::path path = folder / "cut";
    ASSERT_TRUE(write_file_atomic(path, bytes_of("TEST-SWEEP")));
    std::filesystem::resize_file(path, 1u << 20);
    const auto file = open_file(path);
    ASSERT_TRUE(file);
    std::filesystem::resize_file(path, 20);
    const auto p = decode_in_child(*file, path, {}, {});
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, ErrorCode::io) << p.error().message;
    EXPECT_NE(p.error().message.find("changed while it was read"), std::string::npos);
    expect_no_children();
}

TEST(Child, MayNotOpenFiles) {
    const auto p = open(bytes_of("TEST-OPEN"));
    ASSERT_FALSE(p);
    EXPECT_NE(p.error().message.find("must not"), std::string::npos) << p.error().message;
}

TEST(Child, HasAllTheMemoryOfItsPictureAndNoMore) {
    EXPECT_EQ(code_of("TEST-MEMORY"), ErrorCode::too_large);
}

TEST(Child, IsStoppedAfterTwoSecondsOfWorkOnNothing) {
    ChildUsage usage;
    const auto p = decode_in_child(bytes_of("TEST-HANG"), "x", {}, {}, &usage);
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, ErrorCode::too_large);
    EXPECT_LT(usage.cpu_seconds, 3.5);
}
#endif

TEST(Child, IsStoppedWhenTimeIsUp) {
    DecodeLimits limits;
    limits.max_seconds = 0.3;
    EXPECT_EQ(code_of("TEST-HANG", limits), ErrorCode::too_large);
    expect_no_children();
}

TEST(Child, CancelStopsItAtOnce) {
    std::stop_source source;
    std::jthread canceller([&] {
        std::this_thread::sleep_for(100ms);
        source.request_stop();
    });
    ChildUsage usage;
    const auto p = decode_in_child(bytes_of("TEST-HANG"), "x", {}, source.get_token(), &usage);
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, ErrorCode::cancelled);
    EXPECT_EQ(decode(bytes_of("TEST-GOOD"), "x", {}, source.get_token()).error().code,
              ErrorCode::cancelled);
    expect_no_children();
}

TEST(Child, ManyAtOnceFromManyThreads) {
    const int before = open_files();
    std::vector<std::jthread> threads;
    std::atomic<int> good = 0;
    for (int t = 0; t < 6; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 5; ++i) {
                if ((t + i) % 3 == 0)
                    good += !open(bytes_of("TEST-CRASH"));
                else
                    good += open(bytes_of("TEST-GOOD")).has_value();
            }
        });
    threads.clear();
    EXPECT_EQ(good, 30);
    EXPECT_EQ(open_files(), before);
    expect_no_children();
}

TEST(Child, WorksWithoutStandardStreams) {
    // The pipe and memory files then get the numbers that the child uses.
    const int saved[] = {::dup(0), ::dup(1)};
    ::close(0);
    ::close(1);
    const bool good = open(bytes_of("TEST-GOOD")).has_value();
    ::dup2(saved[0], 0);
    ::dup2(saved[1], 1);
    ::close(saved[0]);
    ::close(saved[1]);
    EXPECT_TRUE(good);
}

TEST(Child, NoFreeDescriptorsIsAnError) {
    struct rlimit old {};
    ::getrlimit(RLIMIT_NOFILE, &old);
    const struct rlimit few { 4, old.rlim_max };
    ::setrlimit(RLIMIT_NOFILE, &few);
    const auto p = open(bytes_of("TEST-GOOD"));
    ::setrlimit(RLIMIT_NOFILE, &old);
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, ErrorCode::io);
}

TEST(Child, TheMarkerWithoutItsFilesIsHarmless) {
    char name[] = "x", marker[] = "--maskwright-decoder-process", other[] = "--help";
    char* two[] = {name, marker, nullptr};
    EXPECT_TRUE(run_as_decoder(2, two).has_value());
    char* normal[] = {name, other, nullptr};
    EXPECT_FALSE(run_as_decoder(2, normal).has_value());
    EXPECT_FALSE(run_as_decoder(1, normal).has_value());
}

} // namespace
} // namespace mw::codec::test
