// Seeds of fuzzers, and bytes changed in them at random: no crash, no hang, always an answer.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

#include "corpus.h"
#include "support/instrumented.h"

namespace mw::codec::io {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolders[] = {"png", "jpeg", "jpeg_turbo", "webp",
                                    "gif", "bmp",  "tga",        "tiff"};
constexpr unsigned kSeed = 20261122;
constexpr int kMutants = kInstrumented ? 400 : 1200;

std::vector<fs::path> seeds() {
    std::vector<fs::path> all;
    for (const char* folder : kFolders)
        for (const fs::path& file : files_below(std::string("fuzz-seeds/") + folder))
            all.push_back(file);
    return all;
}

struct Tally {
    int opened = 0, refused = 0;
    Worst worst;

    void add(const Bytes& bytes, const fs::path& file, int mutant) {
        ChildUsage usage;
        const auto p = decode_in_child(bytes, file.string(), {}, {}, &usage);
        worst.add(usage, file);
        (p ? opened : refused) += 1;
        if (p) return;
        SCOPED_TRACE(fmt::format("{} mutant {}", file.string(), mutant));
        expect_good_message(p.error(), file);
        EXPECT_EQ(p.error().message.find("was stopped"), std::string::npos) << p.error().message;
    }
};

TEST(Fuzz, Seeds) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    Tally tally;
    for (const fs::path& file : seeds())
        tally.add(read_file(file).value(), file, 0);
    fmt::print("fuzz seeds: {} opened, {} refused; {}\n", tally.opened, tally.refused,
               tally.worst.text());
}

TEST(Fuzz, Mutants) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    std::vector<fs::path> files = seeds();
    for (const fs::path& file : files_below("formats"))
        if (fs::file_size(file) < 30'000 && file.extension() != ".icc") files.push_back(file);
    std::mt19937 random(kSeed);
    const auto below = [&](std::size_t n) { return random() % static_cast<unsigned>(n); };
    Tally tally;
    for (int i = 0; i < kMutants; ++i) {
        const fs::path& file = files[below(files.size())];
        Bytes bytes = read_file(file).value();
        if (bytes.empty()) continue;
        for (unsigned n = 1 + below(4); n > 0; --n) // the first bytes matter most: headers
            bytes[below(below(2) ? bytes.size() : std::min<std::size_t>(bytes.size(), 64))] =
                std::byte(random() & 255);
        if (below(8) == 0) bytes.resize(below(bytes.size()) + 1);
        tally.add(bytes, file, i);
    }
    fmt::print("mutants (seed {}): {} opened, {} refused; {}\n", kSeed, tally.opened, tally.refused,
               tally.worst.text());
}

} // namespace
} // namespace mw::codec::io
