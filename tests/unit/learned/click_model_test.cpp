// An encoder and a decoder of a few operators, in the shape of Segment Anything.
#include "learned/click_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/file.h"
#include "support/temp_folder.h"
#include "support/tiny_onnx.h"

namespace mw::learned {
namespace {

using image::Image;
using test::OnnxType;
using test::TinyOnnx;

class ClickModels : public testing::Test {
  protected:
    void SetUp() override {
        if (!runtime_built_in()) GTEST_SKIP() << "built without ONNX Runtime";
    }
    std::filesystem::path write(const char* name, const TinyOnnx& net) {
        const std::filesystem::path path = folder_ / name;
        const std::string bytes = net.file();
        const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
        EXPECT_TRUE(write_file_atomic(path, Bytes(data, data + bytes.size())));
        return path;
    }
    static TinyOnnx encoder() {
        return TinyOnnx()
            .input("picture", OnnxType::f32, {1, 3, 64, 64})
            .output("embedding", OnnxType::f32, {1, 3, 64, 64})
            .node("Identity", {"picture"}, "embedding");
    }
    static TinyOnnx decoder_ports() {
        return TinyOnnx()
            .input("image_embeddings", OnnxType::f32, {1, 3, 64, 64})
            .input("point_coords", OnnxType::f32, {1, -1, 2})
            .input("point_labels", OnnxType::f32, {1, -1})
            .input("mask_input", OnnxType::f32, {1, 1, 16, 16})
            .input("has_mask_input", OnnxType::f32, {1})
            .input("orig_im_size", OnnxType::f32, {2})
            .output("masks", OnnxType::f32, {-1, -1, -1, -1})
            .output("iou_predictions", OnnxType::f32, {-1, 2});
    }
    // Two masks: left and right of the first click. The second has the better prediction.
    static TinyOnnx decoder(float right = 0.9f) {
        return decoder_ports()
            .floats("quality", {1, 2}, {0.5f, right})
            .node("Identity", {"quality"}, "iou_predictions")
            .wholes("two", {1, 2})
            .node("Cast", {"orig_im_size"}, "size", "to", 7)
            .node("Concat", {"two", "size"}, "shape", "axis", 0)
            .node("ConstantOfShape", {"shape"}, "zeros")
            .wholes("n0", {0})
            .wholes("n1", {1})
            .wholes("n2", {2})
            .floats("f0", {}, {0})
            .floats("f1", {}, {1})
            .node("Slice", {"orig_im_size", "n1", "n2", "n0"}, "wide")
            .node("Squeeze", {"wide"}, "width")
            .node("Range", {"f0", "width", "f1"}, "ramp")
            .wholes("from", {0, 0, 0})
            .wholes("upto", {1, 1, 1})
            .wholes("axes", {0, 1, 2})
            .node("Slice", {"point_coords", "from", "upto", "axes"}, "x")
            .node("Sub", {"x", "ramp"}, "left")
            .floats("sides", {1, 2, 1, 1}, {1, -1})
            .node("Add", {"zeros", "left"}, "both")
            .node("Mul", {"both", "sides"}, "masks");
    }
    test::TempFolder folder_;
};

TEST_F(ClickModels, TheBestMaskAndTheClicksPlace) {
    Image picture({64, 40}, image::kRgb8);
    for (const auto& [quality, right] : {std::pair{0.9f, true}, std::pair{0.1f, false}}) {
        const auto model = ClickModel::load(write("encoder.onnx", encoder()),
                                            write("decoder.onnx", decoder(quality)));
        ASSERT_TRUE(model) << model.error().message;
        const auto got = model->select(picture.view(), {{{20, 10}, true}, {{50, 30}, false}}, {});
        ASSERT_TRUE(got) << got.error().message;
        ASSERT_EQ(got->size(), picture.size());
        ASSERT_EQ(got->format(), image::kGray8);
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 64; ++x)
                ASSERT_EQ(*got->view().pixel<std::uint8_t>(x, y), (x > 20) == right ? 255 : 0)
                    << x << "," << y;
    }
}

TEST_F(ClickModels, WhatIsRefused) {
    const auto whole = ClickModel::load(write("e.onnx", encoder()), write("d.onnx", decoder()));
    ASSERT_TRUE(whole) << whole.error().message;
    Image picture({30, 64}, image::kRgba8);
    EXPECT_FALSE(whole->select(picture.view(), {}, {}));
    EXPECT_FALSE(whole->select(picture.view(), {{{3, 3}, false}}, {}));
    EXPECT_FALSE(whole->select(picture.view(), {{{30, 3}, true}}, {}));
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = whole->select(picture.view(), {{{3, 3}, true}}, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
    // The two the wrong way round, one of them missing, a decoder without a name it needs.
    for (const auto& [e, d] : {std::pair{decoder(), encoder()}, std::pair{encoder(), encoder()}}) {
        const auto model = ClickModel::load(write("e.onnx", e), write("d.onnx", d));
        ASSERT_FALSE(model);
        EXPECT_EQ(model.error().code, ErrorCode::unsupported);
    }
    EXPECT_FALSE(ClickModel::load(folder_ / "none.onnx", write("d.onnx", decoder())));
    // Masks of another shape, and of no numbers.
    const TinyOnnx small = decoder_ports()
                               .floats("q", {1, 2}, {1, 1})
                               .node("Identity", {"q"}, "iou_predictions")
                               .floats("m", {1, 2, 3, 3}, std::vector<float>(18, 1))
                               .node("Identity", {"m"}, "masks");
    const auto other = ClickModel::load(write("e.onnx", encoder()), write("d.onnx", small));
    ASSERT_TRUE(other) << other.error().message;
    const auto shape = other->select(picture.view(), {{{3, 3}, true}}, {});
    ASSERT_FALSE(shape);
    EXPECT_EQ(shape.error().code, ErrorCode::engine);
    const TinyOnnx none =
        decoder_ports()
            .floats("q", {1, 2}, {1, 1})
            .node("Identity", {"q"}, "iou_predictions")
            .floats("m", {1, 2, 64, 30}, std::vector<float>(2 * 64 * 30, std::nanf("")))
            .node("Identity", {"m"}, "masks");
    const auto bad = ClickModel::load(write("e.onnx", encoder()), write("d.onnx", none));
    ASSERT_TRUE(bad) << bad.error().message;
    const auto values = bad->select(picture.view(), {{{3, 3}, true}}, {});
    ASSERT_FALSE(values);
    EXPECT_NE(values.error().message.find("no numbers"), std::string::npos);
}

} // namespace
} // namespace mw::learned
