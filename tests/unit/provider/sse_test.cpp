#include "provider/sse.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "base/file.h"

namespace mw::provider {
namespace {

struct Event {
    std::string type, data;
    bool operator==(const Event&) const = default;
};

struct Reading {
    std::vector<Event> events;
    bool failed = false, unfinished = false;
    int comments = 0;
    bool operator==(const Reading&) const = default;
};

class Reader {
  public:
    explicit Reader(std::size_t max_line = 1 << 22)
        : parser_({[this](std::string_view piece) {
                       data_ += piece;
                       return Status{};
                   },
                   [this](std::string_view type) {
                       reading_.events.push_back({std::string(type), std::move(data_)});
                       data_.clear();
                       return Status{};
                   },
                   [this] { ++reading_.comments; }},
                  max_line) {}
    void feed(std::string_view bytes) {
        if (!reading_.failed) reading_.failed = !parser_.feed(bytes);
    }
    Reading done() {
        reading_.unfinished = parser_.unfinished();
        return reading_;
    }

  private:
    Reading reading_;
    std::string data_;
    SseParser parser_;
};

Reading read(std::string_view bytes) {
    Reader reader;
    reader.feed(bytes);
    return reader.done();
}

TEST(Sse, FollowsTheStandard) {
    EXPECT_EQ(read("data: a\n\n").events, (std::vector<Event>{{"message", "a"}}));
    EXPECT_EQ(read("event: e\ndata:a\ndata: b\n\ndata\n\n").events,
              (std::vector<Event>{{"e", "a\nb"}, {"message", ""}}));
    EXPECT_EQ(read("data:  two\r\rdata: x\r\n\r\n").events,
              (std::vector<Event>{{"message", " two"}, {"message", "x"}}));
    EXPECT_EQ(read("\xEF\xBB\xBF"
                   "data: a\n\n")
                  .events.size(),
              1u);
    EXPECT_TRUE(read("\xEF\xBB\xBF\xEF\xBB\xBF"
                     "data: a\n\n")
                    .events.empty());
    EXPECT_TRUE(read("event: x\n\n").events.empty()); // without data there is no event
    EXPECT_TRUE(read("data: a\n").events.empty());
    EXPECT_TRUE(read("data: a\n").unfinished);
    EXPECT_TRUE(read("data: a").unfinished);
    EXPECT_FALSE(read("data: a\n\n").unfinished);
    EXPECT_EQ(
        read(std::string_view(": hello\n:\ndatas: x\nretry: 9\nid: \0\ndata: y\n\n", 43)).events,
        (std::vector<Event>{{"message", "y"}}));
    EXPECT_EQ(read("event: a\nevent\ndata: y\n\n").events, (std::vector<Event>{{"message", "y"}}));
    EXPECT_EQ(read("data\ndata\n\n").events, (std::vector<Event>{{"message", "\n"}}));
}

TEST(Sse, ALineHasALimit) {
    Reader reader(1000);
    for (int i = 0; i < 100; ++i)
        reader.feed("data: 12345\n");
    EXPECT_FALSE(reader.done().failed);
    for (const char* start : {"data: ", "event: ", ": ", "", "x"}) {
        Reader endless(1000);
        endless.feed(start);
        for (int i = 0; i < 1100; ++i)
            endless.feed("y");
        EXPECT_TRUE(endless.done().failed) << start;
    }
}

// Every file of the shared corpus, a byte at a time and at every single split: the same events.
TEST(Sse, EverySplitGivesTheSameEvents) {
    const std::filesystem::path folder = std::filesystem::path(MW_SHARED_IMAGES_DIR) / "api/sse";
    if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no shared corpus";
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto bytes = read_file(entry.path());
        ASSERT_TRUE(bytes);
        const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
        const Reading whole = read(text);
        Reader single;
        for (std::size_t i = 0; i < text.size(); ++i)
            single.feed(text.substr(i, 1));
        EXPECT_EQ(single.done(), whole) << entry.path();
        const std::size_t step = text.size() > 50000 ? 997 : text.size() > 5000 ? 3 : 1;
        for (std::size_t i = 0; i < text.size(); i += step) {
            Reader split;
            split.feed(text.substr(0, i));
            split.feed(text.substr(i));
            ASSERT_EQ(split.done(), whole) << entry.path() << " at " << i;
        }
        std::mt19937 random(7);
        for (int turn = 0; turn < 20; ++turn) {
            Reader pieces;
            for (std::size_t i = 0; i < text.size();) {
                const std::size_t n = 1 + random() % 700;
                pieces.feed(text.substr(i, n));
                i += n;
            }
            ASSERT_EQ(pieces.done(), whole) << entry.path();
        }
        if (entry.path().filename().string().starts_with("ok_"))
            EXPECT_GE(whole.events.size(), 1u) << entry.path();
        ++files;
    }
    EXPECT_GE(files, 20);
}

} // namespace
} // namespace mw::provider
