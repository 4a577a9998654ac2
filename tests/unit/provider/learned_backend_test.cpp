#include "provider/learned_backend.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "codec/codec.h"
#include "learned/network.h"
#include "support/temp_folder.h"
#include "support/tiny_onnx.h"

namespace mw::provider {
namespace {

using test::OnnxType;

edit::EditRequest request(Size size, const Rect& hole) {
    edit::EditRequest r;
    r.prompt = "remove it";
    image::Image pixels(size, image::kRgb8), mask(size, image::kGray8);
    for (std::byte& b : pixels.bytes())
        b = std::byte{90};
    for (int y = hole.y; y < hole.bottom(); ++y)
        for (int x = hole.x; x < hole.right(); ++x)
            *mask.span().pixel<std::uint8_t>(x, y) = 255;
    r.pixels = std::make_shared<image::Image>(std::move(pixels));
    r.mask = std::make_shared<image::Image>(std::move(mask));
    return r;
}

TEST(LearnedBackend, WhatIsRefusedBeforeAnythingIsRead) {
    const auto none = make_learned_backend({});
    EXPECT_EQ(none->provider(), "onnx");
    const auto nothing = none->check("remove it", {});
    ASSERT_FALSE(nothing);
    if (!learned::runtime_built_in()) {
        EXPECT_EQ(nothing.error().code, ErrorCode::unsupported);
        return;
    }
    EXPECT_NE(nothing.error().message.find("--model-file"), std::string::npos);
    const auto some = make_learned_backend("some.onnx");
    EXPECT_TRUE(some->check("remove the ball", {}));
    for (const char* prompt : {"blur by 3 px", "remove it, then sharpen by 50 %", "do a thing"})
        EXPECT_FALSE(some->check(prompt, {})) << prompt;
    const auto run = some->run(request({32, 32}, {8, 8, 8, 8}), {}, {});
    ASSERT_FALSE(run);
    EXPECT_NE(run.error().message.find("some.onnx"), std::string::npos) << run.error().message;
}

TEST(LearnedBackend, AFileOfTheArtistsOwnAnswers) {
    if (!learned::runtime_built_in()) GTEST_SKIP() << "built without ONNX Runtime";
    // Everything becomes white; only the hole comes back so.
    const std::string net = test::TinyOnnx()
                                .input("image", OnnxType::f32, {1, 3, -1, -1})
                                .input("mask", OnnxType::f32, {1, 1, -1, -1})
                                .output("out", OnnxType::f32, {1, 3, -1, -1})
                                .floats("one", {1}, {1})
                                .node("Add", {"image", "one"}, "more")
                                .node("Min", {"more", "one"}, "out")
                                .file();
    test::TempFolder folder;
    const auto* data = reinterpret_cast<const std::byte*>(net.data());
    ASSERT_TRUE(write_file_atomic(folder / "white.onnx", Bytes(data, data + net.size())));
    const auto backend = make_learned_backend(folder / "white.onnx");
    const auto asked = request({48, 40}, {8, 8, 12, 10});
    for (int again = 0; again < 2; ++again) {
        const auto done = backend->run(asked, {}, {});
        ASSERT_TRUE(done) << done.error().message;
        ASSERT_EQ(done->answers.size(), 1u);
        EXPECT_NE(done->what_was_done.find("white.onnx"), std::string::npos);
        const auto picture = codec::decode(done->answers[0].bytes, "the answer");
        ASSERT_TRUE(picture) << picture.error().message;
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 48; ++x)
                ASSERT_EQ(picture->pixels.view().pixel<std::uint8_t>(x, y)[0],
                          (Rect{8, 8, 12, 10}.contains(Point{x, y}) ? 255 : 90));
    }
    const auto all = backend->run(request({16, 16}, {0, 0, 16, 16}), {}, {});
    ASSERT_FALSE(all);
    EXPECT_NE(all.error().message.find("covers all"), std::string::npos);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = backend->run(asked, {}, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

} // namespace
} // namespace mw::provider
