// Networks of a few operators, made here, in the shapes of LaMa and MI-GAN.
#include "learned/hole_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "base/file.h"
#include "image/convert.h"
#include "support/temp_folder.h"
#include "support/tiny_onnx.h"

namespace mw::learned {
namespace {

using image::Image;
using test::OnnxType;
using test::TinyOnnx;

class HoleModels : public testing::Test {
  protected:
    void SetUp() override {
        if (!runtime_built_in()) GTEST_SKIP() << "built without ONNX Runtime";
    }
    std::filesystem::path write(const std::string& bytes, const char* name = "tiny.onnx") {
        const std::filesystem::path path = folder_ / name;
        const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
        EXPECT_TRUE(write_file_atomic(path, Bytes(data, data + bytes.size())));
        return path;
    }
    static Image picture(Size size, image::PixelFormat format) {
        Image out(size, {format.channels, image::SampleType::u8});
        std::uint32_t n = 3;
        for (std::byte& b : out.bytes())
            b = static_cast<std::byte>(60 + ((n = n * 1664525u + 1013904223u) >> 26));
        return image::convert(out.view(), format);
    }
    static Image hole(Size size, const Rect& r) {
        Image out(size, image::kGray8);
        for (int y = r.y; y < r.bottom(); ++y)
            for (int x = r.x; x < r.right(); ++x)
                *out.span().pixel<std::uint8_t>(x, y) = 255;
        return out;
    }
    // Inside, the colour in 8 bits; outside, the picture's own samples.
    static void expect_filled(image::ImageView before, image::ImageView after,
                              image::ImageView mask, std::array<int, 3> color) {
        ASSERT_EQ(before.format, after.format);
        const auto bytes = static_cast<std::size_t>(before.format.bytes());
        const Image eight = image::convert(after, {before.format.channels, image::SampleType::u8});
        for (int y = 0; y < before.size.height; ++y)
            for (int x = 0; x < before.size.width; ++x) {
                const std::size_t at = static_cast<std::size_t>(x) * bytes;
                if (mask.row<std::uint8_t>(y)[x] == 0) {
                    ASSERT_EQ(std::memcmp(before.row_bytes(y) + at, after.row_bytes(y) + at, bytes),
                              0);
                    continue;
                }
                for (int c = 0; c < before.format.color_channels(); ++c)
                    ASSERT_NEAR(eight.view().pixel<std::uint8_t>(x, y)[c],
                                color[static_cast<std::size_t>(c)], 1)
                        << x << "," << y;
            }
    }

    test::TempFolder folder_;
};

// image * (1 - mask) + color * mask: the network's hole is the mask's, or nothing comes out right.
TinyOnnx lama(int side, float level) {
    const float k = level;
    return TinyOnnx()
        .input("image", OnnxType::f32, {1, 3, side, side})
        .input("mask", OnnxType::f32, {1, 1, side, side})
        .output("output", OnnxType::f32, {1, 3, side, side})
        .floats("one", {1}, {1})
        .floats("scale", {1}, {k})
        .floats("color", {1, 3, 1, 1}, {0.8f * k, 0.4f * k, 0.2f * k})
        .node("Sub", {"one", "mask"}, "known")
        .node("Mul", {"image", "known"}, "kept")
        .node("Mul", {"kept", "scale"}, "scaled")
        .node("Mul", {"color", "mask"}, "made")
        .node("Add", {"scaled", "made"}, "output");
}

TEST_F(HoleModels, LamaOfAnySizeAndOfAFixedOne) {
    for (const int side : {-1, 64})
        for (const float level : {1.0f, 255.0f})
            for (const image::PixelFormat format :
                 {image::kRgb8, image::kRgba8, image::kRgbF,
                  image::PixelFormat{3, image::SampleType::u16}}) {
                const auto model = HoleModel::load(write(lama(side, level).file()));
                ASSERT_TRUE(model) << model.error().message;
                EXPECT_EQ(model->kind(), HoleKind::lama);
                EXPECT_EQ(model->fixed().empty(), side < 0);
                // Smaller than the network, as large, much larger; odd; the hole at a border.
                for (const auto& [size, r] : {std::pair{Size{40, 33}, Rect{10, 12, 9, 8}},
                                              std::pair{Size{64, 64}, Rect{20, 20, 20, 20}},
                                              std::pair{Size{301, 203}, Rect{0, 163, 30, 40}}}) {
                    const Image p = picture(size, format), m = hole(size, r);
                    const auto out = model->fill(p.view(), m.view(), {});
                    ASSERT_TRUE(out) << out.error().message;
                    expect_filled(p.view(), out->view(), m.view(), {204, 102, 51});
                }
            }
}

TEST_F(HoleModels, AHoleLargerThanTheNetworkIsScaled) {
    const auto model = HoleModel::load(write(lama(64, 1).file()));
    ASSERT_TRUE(model);
    const Image p = picture({400, 300}, image::kRgb8), m = hole({400, 300}, {100, 60, 200, 180});
    const auto out = model->fill(p.view(), m.view(), {});
    ASSERT_TRUE(out) << out.error().message;
    // At the hole's rim known pixels and new ones were one on the way; inside it is the colour.
    EXPECT_NEAR(out->view().pixel<std::uint8_t>(200, 150)[0], 204, 1);
    EXPECT_NEAR(out->view().pixel<std::uint8_t>(200, 150)[2], 51, 1);
    EXPECT_EQ(out->view().pixel<std::uint8_t>(99, 150)[0],
              p.view().pixel<std::uint8_t>(99, 150)[0]);
}

TEST_F(HoleModels, MiganPipelineTakesBytesAndAZeroIsTheHole) {
    // where(mask > 127, image, color)
    const std::string file = TinyOnnx()
                                 .input("image", OnnxType::u8, {1, 3, -1, -1})
                                 .input("mask", OnnxType::u8, {1, 1, -1, -1})
                                 .output("result", OnnxType::u8, {1, 3, -1, -1})
                                 .floats("half", {1}, {127})
                                 .bytes("color", {1, 3, 1, 1}, "\xcc\x66\x33")
                                 .node("Cast", {"mask"}, "level", "to", 1)
                                 .node("Greater", {"level", "half"}, "known")
                                 .node("Where", {"known", "image", "color"}, "result")
                                 .file();
    const auto model = HoleModel::load(write(file));
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->kind(), HoleKind::pipeline);
    const Image p = picture({100, 70}, image::kRgb8), m = hole({100, 70}, {30, 20, 25, 25});
    const auto out = model->fill(p.view(), m.view(), {});
    ASSERT_TRUE(out) << out.error().message;
    expect_filled(p.view(), out->view(), m.view(), {204, 102, 51});
}

TEST_F(HoleModels, MiganGeneratorTakesFourChannels) {
    // picture + color * (0.5 - known), -1..1: 0.6 is 204, -0.2 is 102, -0.6 is 51.
    const std::string file = TinyOnnx()
                                 .input("x", OnnxType::f32, {1, 4, 64, 64})
                                 .output("y", OnnxType::f32, {1, 3, 64, 64})
                                 .wholes("parts", {1, 3})
                                 .floats("half", {1}, {0.5f})
                                 .floats("color", {1, 3, 1, 1}, {0.6f, -0.2f, -0.6f})
                                 .node("Split", {"x", "parts"}, "known", "axis", 1)
                                 .file();
    // Split has two outputs, which the small writer does not make: slices instead.
    const std::string sliced = TinyOnnx()
                                   .input("x", OnnxType::f32, {1, 4, 64, 64})
                                   .output("y", OnnxType::f32, {1, 3, 64, 64})
                                   .wholes("zero", {0})
                                   .wholes("first", {1})
                                   .wholes("last", {4})
                                   .floats("half", {1}, {0.5f})
                                   .floats("color", {1, 3, 1, 1}, {0.6f, -0.2f, -0.6f})
                                   .node("Slice", {"x", "zero", "first", "first"}, "known")
                                   .node("Slice", {"x", "first", "last", "first"}, "seen")
                                   .node("Sub", {"half", "known"}, "open")
                                   .node("Mul", {"color", "open"}, "made")
                                   .node("Add", {"seen", "made"}, "y")
                                   .file();
    EXPECT_FALSE(HoleModel::load(write(file))); // an output that nothing makes
    const auto model = HoleModel::load(write(sliced));
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->kind(), HoleKind::generator);
    EXPECT_EQ(model->fixed(), (Size{64, 64}));
    const Image p = picture({90, 80}, image::kRgb8), m = hole({90, 80}, {30, 20, 25, 25});
    const auto out = model->fill(p.view(), m.view(), {});
    ASSERT_TRUE(out) << out.error().message;
    expect_filled(p.view(), out->view(), m.view(), {204, 102, 51});
}

TEST_F(HoleModels, WhatIsNoSuchNetworkIsSaid) {
    const auto refused = [&](const TinyOnnx& net, const char* says) {
        const auto model = HoleModel::load(write(net.file()));
        ASSERT_FALSE(model);
        EXPECT_EQ(model.error().code, ErrorCode::unsupported);
        EXPECT_NE(model.error().message.find(says), std::string::npos) << model.error().message;
    };
    refused(TinyOnnx()
                .input("words", OnnxType::i64, {1, 77})
                .output("out", OnnxType::i64, {1, 77})
                .node("Identity", {"words"}, "out"),
            "\"words\" of int64 1 x 77");
    refused(TinyOnnx()
                .input("image", OnnxType::f32, {1, 3, 64, 64})
                .output("out", OnnxType::f32, {1, 3, 64, 64})
                .node("Identity", {"image"}, "out"),
            "no network that fills holes");
    refused(TinyOnnx()
                .input("image", OnnxType::f32, {1, 3, 64, 64})
                .input("mask", OnnxType::u8, {1, 1, 64, 64})
                .output("out", OnnxType::f32, {1, 3, 64, 64})
                .node("Identity", {"image"}, "out"),
            "byte");
    refused(TinyOnnx()
                .input("image", OnnxType::f32, {1, 3, 2, 2})
                .input("mask", OnnxType::f32, {1, 1, 2, 2})
                .output("out", OnnxType::f32, {1, 3, 2, 2})
                .node("Identity", {"image"}, "out"),
            "2 x 2");
}

TEST_F(HoleModels, WrongAnswersAreErrors) {
    const Image p = picture({64, 64}, image::kRgb8), m = hole({64, 64}, {20, 20, 20, 20});
    const auto answer = [&](const TinyOnnx& rest) {
        const auto model = HoleModel::load(write(rest.file()));
        EXPECT_TRUE(model) << model.error().message;
        if (!model) return std::string();
        const auto out = model->fill(p.view(), m.view(), {});
        EXPECT_FALSE(out);
        if (out) return std::string();
        EXPECT_EQ(out.error().code, ErrorCode::engine);
        return out.error().message;
    };
    const auto base = [] {
        return TinyOnnx()
            .input("image", OnnxType::f32, {1, 3, -1, -1})
            .input("mask", OnnxType::f32, {1, 1, -1, -1});
    };
    // 0 / 0
    EXPECT_NE(answer(base()
                         .output("out", OnnxType::f32, {1, 3, -1, -1})
                         .floats("zero", {1}, {0})
                         .node("Mul", {"image", "zero"}, "nothing")
                         .node("Div", {"nothing", "nothing"}, "out"))
                  .find("no numbers"),
              std::string::npos);
    // The mask itself: one channel.
    EXPECT_NE(
        answer(
            base().output("out", OnnxType::f32, {1, -1, -1, -1}).node("Identity", {"mask"}, "out"))
            .find("1 x 1 x 64 x 64"),
        std::string::npos);
    // Smaller.
    EXPECT_NE(answer(base()
                         .output("out", OnnxType::f32, {1, 3, -1, -1})
                         .node("GlobalAveragePool", {"image"}, "out"))
                  .find("1 x 3 x 1 x 1"),
              std::string::npos);
    // Another type.
    EXPECT_NE(answer(base()
                         .output("out", OnnxType::u8, {1, 3, -1, -1})
                         .node("Cast", {"image"}, "out", "to", 2))
                  .find("byte"),
              std::string::npos);
    // Shapes that do not go together, found only while it runs.
    EXPECT_FALSE(answer(base()
                            .output("out", OnnxType::f32, {1, 3, -1, -1})
                            .floats("seven", {1, 3, 7, 7}, std::vector<float>(147, 1))
                            .node("Add", {"image", "seven"}, "out"))
                     .empty());
}

TEST_F(HoleModels, DamagedFilesAreErrors) {
    const std::string whole = lama(64, 1).file();
    EXPECT_FALSE(HoleModel::load(folder_.path() / "not there.onnx"));
    EXPECT_FALSE(HoleModel::load(folder_.path())); // a folder
    EXPECT_FALSE(HoleModel::load(write("")));
    EXPECT_FALSE(HoleModel::load(write("this is no network")));
    int refused = 0;
    for (std::size_t length = 0; length < whole.size(); length += 7)
        refused += !HoleModel::load(write(whole.substr(0, length)));
    EXPECT_GT(refused, static_cast<int>(whole.size() / 7) * 9 / 10);
    const Image p = picture({64, 64}, image::kRgb8), m = hole({64, 64}, {20, 20, 20, 20});
    for (std::size_t at = 0; at < whole.size(); at += 5) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x5a);
        // Whatever it is now, it is said or it is run; nothing falls over.
        if (const auto model = HoleModel::load(write(bytes)))
            (void)model->fill(p.view(), m.view(), {});
    }
}

TEST_F(HoleModels, NoHoleAndAStop) {
    const auto model = HoleModel::load(write(lama(64, 1).file()));
    ASSERT_TRUE(model);
    const Image p = picture({64, 64}, image::kRgb8);
    const auto none = model->fill(p.view(), hole({64, 64}, {}).view(), {});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::invalid_argument);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped =
        model->fill(p.view(), hole({64, 64}, {5, 5, 9, 9}).view(), stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

TEST(LearnedWithoutRuntime, IsSaid) {
    if (runtime_built_in()) GTEST_SKIP() << "built with ONNX Runtime";
    const auto model = HoleModel::load("some.onnx");
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::unsupported);
    EXPECT_NE(model.error().message.find("some.onnx"), std::string::npos);
}

} // namespace
} // namespace mw::learned
