// Redaction, tested by search and by non-interference: two pictures that differ in nothing but what
// is covered (and in what their files say of it) give the same bytes in every format.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/file.h"
#include "image/convert.h"
#include "mask/shapes.h"
#include "project/store.h"
#include "provider/builtin_backend.h"
#include "support/temp_folder.h"
#include "worker/work.h"

namespace mw {
namespace {

using codec::FileFormat;
using image::Image;
using image::ImageRef;
using image::PixelFormat;
using image::SampleType;

constexpr Size kSize{180, 140};

void put(std::string& out, std::uint32_t v, int bytes) {
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(v >> 8 * i);
}

// EXIF with a camera's name, a maker note, a comment, and a second directory with a thumbnail, all
// of which tell the secret.
Bytes exif_with_previews(const std::string& secret) {
    std::string t = "II";
    put(t, 42, 2);
    put(t, 8, 4);
    const std::string camera = "Test Cam";
    // First directory: make, description, EXIF pointer, next. Values behind everything.
    const std::uint32_t first = 8, count = 3, exif = first + 2 + 12 * count + 4,
                        second = exif + 2 + 12 * 2 + 4, values = second + 2 + 12 * 2 + 4;
    std::string tail;
    const auto entry = [&](std::uint16_t tag, std::uint16_t type, const std::string& value) {
        put(t, tag, 2);
        put(t, type, 2);
        put(t, static_cast<std::uint32_t>(value.size()), 4);
        put(t, values + static_cast<std::uint32_t>(tail.size()), 4);
        tail += value;
    };
    put(t, count, 2);
    entry(270, 2, "shows " + secret);
    entry(271, 2, camera);
    put(t, 0x8769, 2), put(t, 4, 2), put(t, 1, 4), put(t, exif, 4);
    put(t, second, 4);
    put(t, 2, 2);
    entry(37500, 7, "maker " + secret + secret);
    entry(37510, 7, std::string("ASCII\0\0\0", 8) + secret);
    put(t, 0, 4);
    put(t, 2, 2);
    put(t, 0x201, 2), put(t, 4, 2), put(t, 1, 4),
        put(t, values + static_cast<std::uint32_t>(tail.size()), 4);
    put(t, 0x202, 2), put(t, 4, 2), put(t, 1, 4),
        put(t, static_cast<std::uint32_t>(secret.size()), 4);
    put(t, 0, 4);
    t += tail + "\xff\xd8\xff" + secret;
    const auto bytes = std::as_bytes(std::span(t));
    return {bytes.begin(), bytes.end()};
}

std::string secret_text(std::uint32_t seed) {
    std::mt19937 random(seed);
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += static_cast<char>('A' + random() % 26);
    return text;
}

// Two islands, one with a soft edge, and pixels with the least coverage there is.
mask::Mask covered() {
    mask::Mask mask = mask::ellipse(kSize, {30, 30, 60, 50});
    Image soft = mask.read({20, 20, 80, 70});
    for (int y = 0; y < 70; ++y)
        for (int x = 0; x < 80; ++x)
            if (auto& m = *soft.span().pixel<std::uint8_t>(x, y); m == 0 && x % 7 == 0 && y > 30)
                m = 1;
    mask.write({20, 20, 80, 70}, soft.view());
    mask::combine(mask, mask::ellipse(kSize, {130, 90, 24, 30}), mask::CombineMode::add);
    return mask;
}

struct Opened {
    ImageRef picture;
    codec::Metadata metadata;
    std::string secret; // of its metadata
};

// The same around `mask` for every seed; in it noise of the full range, in alpha too.
Opened picture_with(std::uint32_t seed, PixelFormat format, const mask::Mask& mask) {
    Image floats(kSize, {format.channels, SampleType::f32});
    std::mt19937 around(7), inside(seed);
    const Image coverage = mask.read(mask.rect());
    const int colors = format.color_channels();
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            for (int c = 0; c < format.channels; ++c) {
                const double wall = 0.35 + 0.2 * std::sin(x / 31.0 + c) + 0.15 * (y / 140.0) +
                                    0.02 * (double(around() % 1000) / 1000 - 0.5);
                const double hidden = double(inside() % 65536) / 65535;
                floats.span().pixel<float>(x, y)[c] =
                    static_cast<float>(*coverage.view().pixel<std::uint8_t>(x, y) != 0 ? hidden
                                       : c < colors                                    ? wall
                                                    : 0.9 + 0.1 * (x % 2));
            }
    Opened out;
    out.picture = std::make_shared<const Image>(image::convert(floats.view(), format));
    out.secret = secret_text(seed);
    out.metadata.exif = exif_with_previews(out.secret);
    const std::string xmp =
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description xmp:Thumbnails='" + out.secret +
        "'/></x:xmpmeta>";
    const auto bytes = std::as_bytes(std::span(xmp));
    out.metadata.xmp.assign(bytes.begin(), bytes.end());
    const auto other = std::as_bytes(std::span(out.secret));
    out.metadata.exr_beside = std::make_shared<const Bytes>(other.begin(), other.end());
    return out;
}

Result<worker::Edited> edited(const Opened& opened, const mask::Mask& mask,
                              const std::string& prompt, std::optional<Rect> crop = {}) {
    worker::EditJob job;
    job.backend = provider::make_builtin_backend();
    job.model = job.backend->models().front();
    job.prompt = prompt;
    job.params.model = job.model.id;
    job.plan = edit::default_plan(job.model);
    job.plan.crop = crop;
    if (!crop) job.plan.islands = edit::Islands::apart;
    job.source = opened.picture;
    job.mask = mask;
    return worker::run_edit(job, [](const worker::JobProgress&) {}, {});
}

struct Way {
    const char* file;
    handoff::ExportOptions options;
};

std::vector<Way> ways() {
    std::vector<Way> all;
    for (const char* file : {"a.png", "a.jpg", "a.webp", "a.tif", "a.exr", "a.psd", "a.ora"}) {
        all.push_back({file, {}});
        all.back().options.record = handoff::RecordChoice::always;
        Way cleaned{file, {}};
        cleaned.options.metadata = codec::KeepMetadata::no_location;
        all.push_back(cleaned);
        if (std::string_view(file).ends_with("psd") || std::string_view(file).ends_with("ora"))
            continue;
        for (const handoff::Region region : {handoff::Region::changed, handoff::Region::mask}) {
            Way part{file, {}};
            part.options.region = region;
            part.options.mask_alpha =
                region == handoff::Region::mask && !std::string_view(file).ends_with("jpg");
            all.push_back(part);
        }
        Way other{file, {}};
        other.options.to_srgb = true;
        other.options.encode.jpeg_quality = 60;
        other.options.encode.webp_lossless = false;
        all.push_back(other);
    }
    all.push_back({"a.png", {}});
    all.back().options.depth = handoff::Depth::u16;
    all.push_back({"a.tif", {}});
    all.back().options.depth = handoff::Depth::f32;
    all.push_back({"a.exr", {}});
    all.back().options.depth = handoff::Depth::half;
    return all;
}

// The file, and the record beside it where there is one.
Result<std::string> exported(const Way& way, const Opened& opened, const mask::Mask& mask,
                             const worker::Edited& edited, const test::TempFolder& folder) {
    const auto source = folder / "photo.jpg";
    if (!write_file_atomic(source, std::as_bytes(std::span(opened.secret))))
        return fail(ErrorCode::io, "no file");
    const composite::Graft& graft = edited.candidates.front().graft;
    worker::ExportJob job;
    job.path = folder / way.file;
    job.original = opened.picture;
    job.picture =
        std::make_shared<const Image>(composite::apply(opened.picture->view(), graft.patch));
    if (edited.graft.redact)
        job.redacted = job.picture;
    else
        job.steps.push_back({"edit", graft.patch, mask});
    job.touched = mask;
    job.metadata = opened.metadata;
    job.options = way.options;
    handoff::RecordedEdit told{"redact",
                               edited.what_was_done,
                               mask,
                               edited.graft,
                               0,
                               graft.report.outside_sha256,
                               graft.report.outside_sha256_before,
                               {}};
    for (const edit::AnsweredPart& part : edited.candidates.front().parts)
        told.answers.push_back(handoff::recorded(part));
    job.record = {source, false, {told}};
    auto done = worker::export_picture(job, {});
    if (!done) return tl::unexpected(done.error());
    const auto bytes = read_file(job.path);
    std::string all(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    if (!done->record.empty()) {
        const auto record = read_file(done->record);
        all.append(reinterpret_cast<const char*>(record->data()), record->size());
    }
    return all;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        ma += a[i], mb += b[i];
    ma /= double(a.size()), mb /= double(b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        ab += (a[i] - ma) * (b[i] - mb), aa += (a[i] - ma) * (a[i] - ma),
            bb += (b[i] - mb) * (b[i] - mb);
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

// Of what was covered with what an 8-bit file of the whole picture shows there.
double correlation(const Image& before, const Image& after, const mask::Mask& mask) {
    const Image a = image::convert(before.view(), image::kGray8),
                b = image::convert(after.view(), image::kGray8);
    const Image coverage = mask.read(mask.rect());
    std::vector<double> was, is;
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            if (*coverage.view().pixel<std::uint8_t>(x, y) != 0) {
                was.push_back(*a.view().pixel<std::uint8_t>(x, y));
                is.push_back(*b.view().pixel<std::uint8_t>(x, y));
            }
    return correlation(was, is);
}

class Redaction : public testing::TestWithParam<PixelFormat> {};

TEST_P(Redaction, TwoSecretsGiveTheSameBytesInEveryFormat) {
    const mask::Mask mask = covered();
    const Opened one = picture_with(1, GetParam(), mask), two = picture_with(2, GetParam(), mask);
    ASSERT_FALSE(image::identical(one.picture->view(), two.picture->view()));
    const auto first = edited(one, mask, "redact the faces"),
               second = edited(two, mask, "censor them");
    ASSERT_TRUE(first) << first.error().message;
    ASSERT_TRUE(second);
    ASSERT_TRUE(first->graft.redact);
    ASSERT_GE(first->candidates.front().parts.size(), 2u) << "islands of their own";
    EXPECT_EQ(first->candidates.front().graft.report.changed_outside_mask, 0);
    int written = 0;
    const std::vector<Way> all = ways();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Way& way = all[i];
        // Each option once, each format with every kind of pixels.
        const bool first_of_format = i == 0 || std::string_view(all[i - 1].file) != way.file;
        if (GetParam() != image::kRgb8 && !first_of_format && !way.options.mask_alpha) continue;
        const test::TempFolder here, there;
        const auto a = exported(way, one, mask, *first, here),
                   b = exported(way, two, mask, *second, there);
        ASSERT_EQ(a.has_value(), b.has_value()) << way.file;
        if (!a) { // what a format cannot hold
            EXPECT_EQ(a.error().code, ErrorCode::unsupported) << way.file << a.error().message;
            continue;
        }
        ++written;
        EXPECT_TRUE(*a == *b) << way.file << " differs by what was covered";
        EXPECT_EQ(a->find(one.secret), a->npos) << way.file;
        EXPECT_EQ(a->find("xmpmeta"), a->npos) << way.file;
        if (std::string_view(way.file) == "a.jpg") {
            EXPECT_NE(a->find("Test Cam"), a->npos) << "the camera tells nothing";
        }
        EXPECT_EQ(a->find("maker "), a->npos) << way.file;
    }
    EXPECT_GE(written, 8);
}

INSTANTIATE_TEST_SUITE_P(Formats, Redaction,
                         testing::Values(image::kRgb8, image::kRgba8, image::kGray8,
                                         PixelFormat{3, SampleType::u16},
                                         PixelFormat{4, SampleType::u16},
                                         PixelFormat{3, SampleType::f32},
                                         PixelFormat{4, SampleType::f32}));

// The search itself finds what a mosaic leaves, and what a plain export carries along.
TEST(Redaction, TheSearchFindsWhatOtherEditsLeave) {
    const mask::Mask mask = covered();
    const Opened one = picture_with(1, image::kRgb8, mask),
                 two = picture_with(2, image::kRgb8, mask);
    const auto redacted = edited(one, mask, "black it out"),
               mosaic = edited(one, mask, "pixelate by 4 px"),
               other = edited(two, mask, "pixelate by 4 px");
    ASSERT_TRUE(redacted);
    ASSERT_TRUE(mosaic);
    const auto shown = [&](const worker::Edited& e) {
        return composite::apply(one.picture->view(), e.candidates.front().graft.patch);
    };
    const double left = correlation(*one.picture, shown(*redacted), mask),
                 mosaic_left = correlation(*one.picture, shown(*mosaic), mask);
    RecordProperty("redacted", std::to_string(left));
    RecordProperty("mosaic", std::to_string(mosaic_left));
    EXPECT_LT(std::abs(left), 0.06) << "4 / sqrt of the samples";
    EXPECT_GT(mosaic_left, 0.12);
    const test::TempFolder here, there;
    for (const char* file : {"a.jpg", "a.png", "a.psd"}) {
        const auto a = exported({file, {}}, one, mask, *mosaic, here),
                   b = exported({file, {}}, two, mask, *other, there);
        ASSERT_TRUE(a && b);
        EXPECT_FALSE(*a == *b) << file;
        EXPECT_NE(a->find(one.secret), a->npos) << file << ": metadata goes along";
    }
}

// What lies within the mask but not in the crop of a request goes all the same.
TEST(Redaction, GoesAsFarAsTheMaskWhateverTheCropIs) {
    const mask::Mask mask = covered();
    const Opened one = picture_with(1, image::kRgb8, mask),
                 two = picture_with(2, image::kRgb8, mask);
    const auto a = edited(one, mask, "redact", Rect{20, 20, 60, 60}),
               b = edited(two, mask, "redact");
    ASSERT_TRUE(a) << a.error().message;
    ASSERT_TRUE(b);
    EXPECT_TRUE(image::identical(
        composite::apply(one.picture->view(), a->candidates.front().graft.patch).view(),
        composite::apply(two.picture->view(), b->candidates.front().graft.patch).view()));
}

} // namespace
} // namespace mw
