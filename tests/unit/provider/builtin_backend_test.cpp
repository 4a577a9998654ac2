#include "provider/builtin_backend.h"

#include <gtest/gtest.h>

#include <cstring>

#include "codec/codec.h"
#include "provider/registry.h"

namespace mw::provider {
namespace {

using image::Image;

// A checked wall in any format, with a disc of another colour in the middle.
Image wall_with_disc(Size size, image::PixelFormat format) {
    Image picture(size, format);
    const int colors = format.color_channels();
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const int dx = x - size.width / 2, dy = y - size.height / 2;
            const bool disc = dx * dx + dy * dy < 10 * 10;
            for (int c = 0; c < format.channels; ++c) {
                const double v = c >= colors ? 1.0
                                 : disc      ? (c == 0 ? 0.9 : 0.1)
                                             : (x / 4 + y / 4) % 2 * 0.5 + 0.2 + 0.05 * c;
                switch (format.type) {
                    case image::SampleType::u8:
                        picture.span().pixel<std::uint8_t>(x, y)[c] =
                            static_cast<std::uint8_t>(v * 255);
                        break;
                    case image::SampleType::u16:
                        picture.span().pixel<std::uint16_t>(x, y)[c] =
                            static_cast<std::uint16_t>(v * 65535);
                        break;
                    case image::SampleType::f32:
                        picture.span().pixel<float>(x, y)[c] = static_cast<float>(v * 1.5);
                        break;
                }
            }
        }
    }
    return picture;
}

edit::EditRequest request_for(std::string prompt, image::PixelFormat format = image::kRgb8) {
    const Size size{64, 48};
    edit::EditRequest request;
    request.id = "test";
    request.prompt = std::move(prompt);
    request.plan.crop = Rect::of(size);
    request.plan.request_size = size;
    request.pixels = std::make_shared<const Image>(wall_with_disc(size, format));
    Image mask(size, image::kGray8);
    for (int y = 12; y < 36; ++y)
        for (int x = 20; x < 44; ++x)
            *mask.span().pixel<std::uint8_t>(x, y) = 255;
    request.mask = std::make_shared<const Image>(std::move(mask));
    request.soft_mask = request.mask;
    return request;
}

// Width, height, bits and colour type out of a PNG's header.
struct Header {
    int width, height, bits, type;
    bool operator==(const Header&) const = default;
};
Header header_of(const edit::Answer& answer) {
    const auto byte = [&](std::size_t i) { return static_cast<int>(answer.bytes.at(i)); };
    return {byte(18) << 8 | byte(19), byte(22) << 8 | byte(23), byte(24), byte(25)};
}

TEST(BuiltinBackend, AnswersEveryOperationWithAPngOfTheRequestsSize) {
    const auto backend = make_builtin_backend();
    for (const char* prompt : {"remove the disc", "make it green", "blur", "blur 3 px", "pixelate",
                               "brighten", "make it black and white"}) {
        const auto result = backend->run(request_for(prompt), {}, {});
        ASSERT_TRUE(result) << prompt << ": " << result.error().message;
        ASSERT_EQ(result->answers.size(), 1u);
        EXPECT_EQ(result->answers[0].media_type, "image/png");
        EXPECT_EQ(header_of(result->answers[0]), (Header{64, 48, 8, 2})) << prompt;
        EXPECT_EQ(result->cost.actual_usd, 0.0);
        EXPECT_FALSE(result->what_was_done.empty());
        EXPECT_TRUE(result->notes.empty());
    }
}

// Were the surroundings changed too, matching them back would undo what was asked.
TEST(BuiltinBackend, AnswersDifferFromWhatWasSentUnderTheMaskAlone) {
    const auto backend = make_builtin_backend();
    for (const char* prompt : {"remove the disc", "make it green", "blur 3 px", "pixelate",
                               "brighten", "darken", "make it black and white"}) {
        const edit::EditRequest request = request_for(prompt);
        const auto result = backend->run(request, {}, {});
        ASSERT_TRUE(result) << prompt;
        const auto answer = codec::decode(result->answers.at(0).bytes, "answer");
        ASSERT_TRUE(answer) << answer.error().message;
        int inside = 0, outside = 0;
        for (int y = 0; y < 48; ++y)
            for (int x = 0; x < 64; ++x) {
                const bool differs =
                    std::memcmp(answer->pixels.view().pixel<std::uint8_t>(x, y),
                                request.pixels->view().pixel<std::uint8_t>(x, y), 3) != 0;
                (*request.mask->view().pixel<std::uint8_t>(x, y) ? inside : outside) += differs;
            }
        EXPECT_EQ(outside, 0) << prompt;
        EXPECT_GT(inside, 0) << prompt;
    }
}

TEST(BuiltinBackend, KeepsDepthAndChannelsAsFarAsPngCan) {
    const auto backend = make_builtin_backend();
    using enum image::SampleType;
    const std::pair<image::PixelFormat, Header> cases[] = {
        {{1, u8}, {64, 48, 8, 0}},   {{2, u8}, {64, 48, 8, 4}},   {{4, u8}, {64, 48, 8, 6}},
        {{3, u16}, {64, 48, 16, 2}}, {{1, u16}, {64, 48, 16, 0}}, {{4, f32}, {64, 48, 16, 6}}};
    for (const auto& [format, header] : cases) {
        const auto result = backend->run(request_for("remove", format), {}, {});
        ASSERT_TRUE(result) << result.error().message;
        EXPECT_EQ(header_of(result->answers.at(0)), header);
        EXPECT_EQ(result->notes.size(), format.type == f32 ? 1u : 0u);
    }
}

TEST(BuiltinBackend, CandidatesOfARemovalDifferAndRepeatForASeed) {
    const auto backend = make_builtin_backend();
    edit::EditRequest request = request_for("remove");
    Image noisy = image::clone(request.pixels->view());
    for (std::size_t i = 0; i < noisy.byte_count(); ++i)
        noisy.bytes()[i] ^= static_cast<std::byte>(i * i * 2654435761u >> 27);
    request.pixels = std::make_shared<const Image>(std::move(noisy));
    request.params.count = 3;
    const auto first = backend->run(request, {}, {}), second = backend->run(request, {}, {});
    ASSERT_TRUE(first && second);
    ASSERT_EQ(first->answers.size(), 3u);
    EXPECT_NE(first->answers[0].bytes, first->answers[1].bytes);
    EXPECT_NE(first->answers[1].bytes, first->answers[2].bytes);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(first->answers[i].bytes, second->answers[i].bytes);
    // Candidate 1 of seed 1 is candidate 0 of seed 2.
    request.params.seed = 2;
    request.params.count = 1;
    const auto other = backend->run(request, {}, {});
    ASSERT_TRUE(other);
    EXPECT_EQ(other->answers[0].bytes, first->answers[1].bytes);
}

TEST(BuiltinBackend, OneAnswerAndANoteWhereAllWouldBeTheSame) {
    edit::EditRequest request = request_for("blur");
    request.params.count = 4;
    const auto result = make_builtin_backend()->run(request, {}, {});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->answers.size(), 1u);
    ASSERT_EQ(result->notes.size(), 1u);
    EXPECT_NE(result->notes[0].find("4 candidates"), std::string::npos);
}

TEST(BuiltinBackend, AmountsInPixelsFollowTheScaleOfTheRequest) {
    edit::EditRequest request = request_for("pixelate by 16 px"),
                      half = request_for("pixelate by 8 px");
    request.plan.scale = 0.5;
    const auto backend = make_builtin_backend();
    const auto a = backend->run(request, {}, {}), b = backend->run(half, {}, {});
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->answers[0].bytes, b->answers[0].bytes);
}

TEST(BuiltinBackend, PhasesGoForwardAndPreviewsShowTheRequest) {
    const auto backend = make_builtin_backend();
    edit::EditRequest request = request_for("remove");
    request.params.count = 2;
    std::vector<edit::Phase> phases;
    double last = 0;
    int previews = 0;
    edit::EditObserver observer;
    observer.on_phase = [&](edit::Phase phase, std::optional<double> fraction) {
        if (phases.empty() || phases.back() != phase) phases.push_back(phase);
        if (!fraction) return;
        EXPECT_GE(*fraction, last);
        EXPECT_LE(*fraction, 1.0);
        last = *fraction;
    };
    observer.on_partial = [&](const image::ImageRef& partial) {
        EXPECT_EQ(partial->size(), request.pixels->size());
        ++previews;
    };
    ASSERT_TRUE(backend->run(request, observer, {}));
    EXPECT_EQ(phases, (std::vector{edit::Phase::preparing, edit::Phase::thinking}));
    EXPECT_EQ(last, 1.0);
    EXPECT_GE(previews, 2);
}

TEST(BuiltinBackend, ACancelledRequestAnswersCancelled) {
    const auto backend = make_builtin_backend();
    for (const char* prompt : {"remove", "blur", "make it red"}) {
        std::stop_source stop;
        edit::EditObserver observer;
        observer.on_phase = [&](edit::Phase phase, std::optional<double>) {
            if (phase == edit::Phase::thinking) stop.request_stop();
        };
        const auto result = backend->run(request_for(prompt), observer, stop.get_token());
        ASSERT_FALSE(result) << prompt;
        EXPECT_EQ(result.error().code, ErrorCode::cancelled);
    }
}

TEST(BuiltinBackend, RefusesWhatItCannotDoBeforeSending) {
    const auto backend = make_builtin_backend();
    const auto code = [&](const std::string& prompt, edit::EditParams params = {}) {
        const auto status = backend->check(prompt, params);
        return status ? "fine" : std::string(to_string(status.error().code));
    };
    const std::string engine(to_string(ErrorCode::engine)),
        invalid(to_string(ErrorCode::invalid_argument));
    EXPECT_EQ(code("remove the ball"), "fine");
    EXPECT_EQ(code("paint a cat"), engine);
    EXPECT_EQ(code(""), invalid);
    EXPECT_EQ(code(std::string(40'000, 'a')), invalid);
    edit::EditParams params;
    params.count = 5;
    EXPECT_EQ(code("remove", params), invalid);
    params = {};
    params.model = "no-such-model";
    EXPECT_EQ(code("remove", params), invalid);
    const auto estimate = backend->estimate({}, {});
    EXPECT_EQ(estimate.low_usd, 0);
    EXPECT_EQ(estimate.high_usd, 0);

    edit::EditRequest request = request_for("remove");
    request.mask = std::make_shared<const Image>(Size{64, 48}, image::kGray8);
    EXPECT_EQ(backend->run(request, {}, {}).error().code, ErrorCode::invalid_argument);
    request.mask = std::make_shared<const Image>(Size{64, 47}, image::kGray8);
    EXPECT_EQ(backend->run(request, {}, {}).error().code, ErrorCode::invalid_argument);
    request.mask = nullptr;
    EXPECT_EQ(backend->run(request, {}, {}).error().code, ErrorCode::invalid_argument);
    request.pixels = nullptr;
    EXPECT_EQ(backend->run(request, {}, {}).error().code, ErrorCode::invalid_argument);
}

TEST(Registry, MakesWhatItNames) {
    ASSERT_EQ(provider_names().at(0), "builtin");
    ASSERT_GE(provider_names().size(), 3u);
    for (const std::string& name : provider_names()) {
        const auto backend = make_backend(name);
        ASSERT_TRUE(backend);
        EXPECT_EQ((*backend)->provider(), name);
        EXPECT_FALSE((*backend)->models().empty());
    }
    const auto none = make_backend("nobody");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(none.error().message.find("builtin"), std::string::npos);
}

TEST(BuiltinBackend, RemovesWithoutCopyingFromWhereItIsBarred) {
    // Grey on the left, red on the right and nearer to the middle of the hole.
    edit::EditRequest request = request_for("remove it");
    Image picture(request.pixels->size(), image::kRgb8), barred(picture.size(), image::kGray8);
    for (int y = 0; y < 48; ++y)
        for (int x = 0; x < 64; ++x) {
            std::uint8_t* p = picture.span().pixel<std::uint8_t>(x, y);
            p[0] = p[1] = p[2] = static_cast<std::uint8_t>(100 + (x * 7 + y * 11) % 40);
            if (x < 28) continue;
            p[0] = 255;
            *barred.span().pixel<std::uint8_t>(x, y) = 255;
        }
    request.pixels = std::make_shared<const Image>(std::move(picture));
    const auto reds = [&] {
        const auto result = make_builtin_backend()->run(request, {}, {});
        EXPECT_TRUE(result);
        const auto answer = codec::decode(result->answers[0].bytes, "answer.png");
        EXPECT_TRUE(answer);
        int n = 0;
        for (int y = 16; y < 32; ++y)
            for (int x = 24; x < 40; ++x)
                n += answer->pixels.view().pixel<std::uint8_t>(x, y)[0] > 250;
        return n;
    };
    const int free = reds();
    request.barred = std::make_shared<const Image>(std::move(barred));
    EXPECT_GT(free, 50);
    EXPECT_EQ(reds(), 0);
}

} // namespace
} // namespace mw::provider
