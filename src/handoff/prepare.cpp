#include "handoff/prepare.h"

#include <fmt/format.h>
#include <algorithm>
#include <new>

#include "image/convert.h"

namespace mw::handoff {
namespace {

using codec::FileFormat;
using image::Image;
using image::ImageRef;
using image::ImageView;
using image::SampleType;

// The rectangle round every pixel that differs.
Rect changed_bounds(ImageView a, ImageView b) {
    Rect bounds;
    const auto bytes = static_cast<std::size_t>(a.format.bytes());
    const auto row_bytes = static_cast<std::size_t>(a.size.width) * bytes;
    for (int y = 0; y < a.size.height; ++y) {
        const std::byte *p = a.row_bytes(y), *q = b.row_bytes(y);
        if (std::memcmp(p, q, row_bytes) == 0) continue;
        int first = 0, last = a.size.width - 1;
        const auto same = [&](int x) {
            const std::size_t at = static_cast<std::size_t>(x) * bytes;
            return std::memcmp(p + at, q + at, bytes) == 0;
        };
        while (same(first))
            ++first;
        while (same(last))
            --last;
        bounds = unite(bounds, {first, y, last - first + 1, 1});
    }
    return bounds;
}

Result<Rect> region_of(const ExportSource& source, Region region) {
    const Rect whole = source.picture->rect();
    if (region == Region::whole) return whole;
    const Rect found = region == Region::mask || source.redacted
                           ? intersect(source.touched.bounds(), whole)
                           : changed_bounds(source.original->view(), source.picture->view());
    if (!found.empty()) return found;
    return fail(ErrorCode::invalid_argument,
                region == Region::mask
                    ? "The mask is empty, so there is no region to cut out; nothing was written. "
                      "Export the whole picture, or give a mask."
                    : "Nothing differs from the original, so there is no region to cut out; "
                      "nothing was written. Export the whole picture.");
}

class Preparer {
  public:
    Preparer(const ExportSource& source, FileFormat format, const ExportOptions& options)
        : source_(source), format_(format), options_(options) {}

    Result<Prepared> run() {
        out_.picture = source_.picture;
        out_.original = source_.original;
        out_.touched = source_.touched;
        out_.encode = options_.encode;
        out_.metadata = codec::kept_metadata(source_.metadata, options_.metadata);
        if (source_.redacted) out_.metadata = codec::metadata_of_redacted(out_.metadata);
        auto region = region_of(source_, options_.region);
        if (!region) return tl::unexpected(region.error());
        out_.region = *region;
        if (*region != source_.picture->rect()) cut();
        if (Status s = convert_colors(); !s) return tl::unexpected(s.error());
        if (Status s = convert_depth(); !s) return tl::unexpected(s.error());
        if (Status s = add_mask_alpha(); !s) return tl::unexpected(s.error());
        return std::move(out_);
    }

  private:
    template <class Convert>
    void convert_both(Convert convert) {
        const bool same = out_.picture == out_.original;
        out_.picture = std::make_shared<const Image>(convert(out_.picture->view()));
        out_.original =
            same ? out_.picture : std::make_shared<const Image>(convert(out_.original->view()));
    }

    void cut() {
        const Rect r = out_.region;
        convert_both([&](ImageView v) { return image::clone(v.sub(r)); });
        mask::Mask part(r.size());
        part.write(Rect::of(r.size()), source_.touched.read(r).view());
        out_.touched = std::move(part);
        // Windows, other channels and overscan are those of the whole.
        out_.metadata.exr_header.clear();
        out_.metadata.exr_beside.reset();
    }

    bool floating() const { return out_.picture->format().type == SampleType::f32; }

    Status convert_colors() {
        const image::ColorSpaceRef& space = source_.view.space();
        const bool scene_linear = space && space->scene_linear && floating();
        const bool exr = format_ == FileFormat::exr, tiff = format_ == FileFormat::tiff;
        const bool to_integers = options_.depth == Depth::u8 || options_.depth == Depth::u16;
        if (scene_linear && ((!exr && !tiff) || options_.to_srgb || to_integers)) {
            if (exr && options_.to_srgb) return to_linear_srgb();
            // Light has no place there: what is seen is written.
            const bool deep = format_ == FileFormat::png || format_ == FileFormat::tiff;
            const SampleType type = options_.depth == Depth::u8 || !deep ? SampleType::u8
                                    : options_.depth == Depth::f32       ? SampleType::f32
                                                                         : SampleType::u16;
            show(type);
            out_.notes.push_back(fmt::format(
                "{}, so the picture is written as it is shown: sRGB at an exposure of {:+.4g}. "
                "OpenEXR and TIFF keep the light itself.",
                tiff || exr ? "Light above white was not asked for"
                            : fmt::format("{} holds no light above white", codec::name_of(format_)),
                source_.view.exposure_stops()));
            return {};
        }
        if (scene_linear && tiff && out_.metadata.icc.empty())
            out_.metadata.icc = codec::profile_of(*space, out_.picture->format().color_channels());
        if (exr && !scene_linear &&
            (floating() || options_.depth == Depth::f32 || options_.depth == Depth::half))
            return to_light();
        if (options_.to_srgb && space && !scene_linear) {
            show(out_.picture->format().type);
            out_.notes.push_back(fmt::format(
                "The colours were converted from {} to sRGB; what lies outside it is clipped.",
                space->name.empty() ? "the picture's profile" : space->name));
        }
        return {};
    }

    void show(SampleType type) {
        convert_both([&](ImageView v) {
            return type == SampleType::f32 ? source_.view.to_display(v)
                                           : source_.view.to_display(v, type);
        });
        out_.metadata.icc.clear();
        shown_ = true;
    }

    // sRGB as linear light, which OpenEXR holds.
    Status to_light() {
        static const image::DisplayTransform light = [] {
            image::ColorSpace linear;
            linear.scene_linear = true;
            return image::DisplayTransform(
                std::make_shared<const image::ColorSpace>(std::move(linear)));
        }();
        convert_both([&](ImageView v) {
            Image seen = source_.view.to_display(v);
            light.from_display(seen.span());
            return seen;
        });
        out_.metadata.icc.clear();
        out_.notes.emplace_back(
            "OpenEXR holds light, so the picture is written as linear light with the primaries of "
            "Rec. 709; it looks the same.");
        return {};
    }
    Status to_linear_srgb() {
        if (Status s = to_light(); !s) return s;
        out_.metadata.exr_header.clear(); // names other primaries
        out_.metadata.exr_beside.reset();
        return {};
    }

    Status convert_depth() {
        const Depth depth = options_.depth;
        if (depth == Depth::source) return {};
        if (!holds(format_, depth))
            return fail(
                ErrorCode::unsupported,
                fmt::format("{} cannot hold {}; nothing was written. {}", codec::name_of(format_),
                            words(depth),
                            format_ == FileFormat::exr
                                ? "OpenEXR takes half or float."
                                : "PNG and TIFF take 8 and 16 bits, TIFF and OpenEXR float, "
                                  "OpenEXR half."));
        const SampleType had = out_.picture->format().type;
        if (format_ == FileFormat::exr) {
            out_.encode.exr_half = depth == Depth::half;
            if (source_.metadata.exr_beside)
                out_.notes.emplace_back(
                    "With a depth of its own the file is written without the other channels and "
                    "the overscan of the one that was opened.");
            if (depth == Depth::half)
                out_.notes.emplace_back(
                    "Half floats keep 11 significant bits; samples that need more are rounded.");
            return {};
        }
        const SampleType wanted = depth == Depth::u8    ? SampleType::u8
                                  : depth == Depth::u16 ? SampleType::u16
                                                        : SampleType::f32;
        if (had == wanted) return {};
        convert_both([&](ImageView v) { return image::convert(v, {v.format.channels, wanted}); });
        if (had == SampleType::f32 && !shown_)
            out_.notes.push_back(fmt::format(
                "Floating-point samples were rounded to {}; what lay outside black and white is "
                "clipped.",
                words(depth)));
        if (had == SampleType::u16 && wanted == SampleType::u8)
            out_.notes.emplace_back(
                "16 bits were rounded to 8: 256 steps instead of 65536. Every sample of the file "
                "is rounded alike.");
        return {};
    }
    static std::string_view words(Depth depth) {
        switch (depth) {
            case Depth::u8:
                return "8 bits";
            case Depth::u16:
                return "16 bits";
            case Depth::half:
                return "half floats";
            default:
                return "32-bit floats";
        }
    }

    template <class T>
    static void set_alpha(image::ImageSpan pixels, ImageView coverage, double max) {
        const int channels = pixels.format.channels;
        for (int y = 0; y < pixels.size.height; ++y) {
            T* p = pixels.row<T>(y) + channels - 1;
            for (int x = 0; x < pixels.size.width; ++x, p += channels) {
                const double alpha = *p * (coverage.row<std::uint8_t>(y)[x] / 255.0);
                *p = static_cast<T>(max > 1 ? alpha + 0.5 : alpha);
            }
        }
    }
    Status add_mask_alpha() {
        if (!options_.mask_alpha) return {};
        if (out_.touched.empty())
            return fail(ErrorCode::invalid_argument,
                        "The mask is empty, so it cannot be the alpha; nothing was written. Give a "
                        "mask, or leave the alpha out.");
        const Image coverage = out_.touched.read(out_.picture->rect());
        convert_both([&](ImageView v) {
            Image out = image::convert(v, {v.format.color_channels() + 1, v.format.type});
            if (v.format.type == SampleType::u8)
                set_alpha<std::uint8_t>(out.span(), coverage.view(), 255);
            else if (v.format.type == SampleType::u16)
                set_alpha<std::uint16_t>(out.span(), coverage.view(), 65535);
            else
                set_alpha<float>(out.span(), coverage.view(), 1);
            return out;
        });
        out_.metadata.exr_beside.reset();
        return {};
    }

    const ExportSource& source_;
    FileFormat format_;
    const ExportOptions& options_;
    Prepared out_;
    bool shown_ = false;
};

} // namespace

bool holds(FileFormat format, Depth depth) {
    switch (depth) {
        case Depth::source:
            return true;
        case Depth::u8:
            return format == FileFormat::png || format == FileFormat::jpeg ||
                   format == FileFormat::webp || format == FileFormat::tiff;
        case Depth::u16:
            return format == FileFormat::png || format == FileFormat::tiff;
        case Depth::half:
            return format == FileFormat::exr;
        case Depth::f32:
            return format == FileFormat::tiff || format == FileFormat::exr;
    }
    return false;
}

Result<Prepared> prepare_export(const ExportSource& source, FileFormat format,
                                const ExportOptions& options) {
    try {
        return Preparer(source, format, options).run();
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "There is not enough memory to convert the picture for this format; nothing "
                    "was written. Close other pictures or programs and try again.");
    }
}

} // namespace mw::handoff
