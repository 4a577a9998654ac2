// OpenEXR 2 and 3: scan lines and tiles, half and float, RGB, grey, luminance/chroma. The library
// reads the pixels, without threads; what the headers claim is checked before.
#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfInputPart.h>
#include <OpenEXR/ImfMultiPartInputFile.h>
#include <OpenEXR/ImfRgbaFile.h>
#include <OpenEXR/ImfThreading.h>
#include <fmt/format.h>
#include <new>

#include "codec/decode_exr.h"
#include "codec/exr_samples.h"
#include "codec/exr_stream.h"
#include "codec/linear_space.h"

namespace mw::codec {
namespace {

// Lines read at once: as many as the largest chunk has, so that none is unpacked twice, unless they
// are very long.
constexpr std::int64_t kBandLines = 256, kBandBytes = 64 << 20;

// Where the samples of one channel lie in a row.
struct RowPart {
    const std::byte* at = nullptr; // null: zeros
    std::size_t step = 0;
    ExrSample type = ExrSample::half;

    std::uint32_t bits(std::int64_t x) const {
        if (!at) return 0;
        const std::byte* p = at + static_cast<std::size_t>(x) * step;
        std::uint32_t v = 0;
        std::memcpy(&v, p, exr_sample_bytes(type));
        return type == ExrSample::whole ? exr_bits(static_cast<float>(v), ExrSample::single) : v;
    }
};

// Takes the rows of the data window and puts them where they belong.
class Sorter {
  public:
    Sorter(const ExrHeader& header, const ExrLayout& layout, image::ImageSpan target,
           std::byte* overscan)
        : header_(header), layout_(layout), target_(target), overscan_(overscan) {
        for (std::size_t c = 0; c < layout.main.size(); ++c)
            types_.push_back(layout.type(header, c));
    }

    void row(std::int64_t y, const std::vector<RowPart>& parts) {
        const ExrBox& data = header_.data;
        const ExrBox& display = header_.display;
        const bool inside_y = y >= display.min_y && y <= display.max_y;
        for (std::int64_t i = 0; i < data.width(); ++i) {
            const std::int64_t x = data.min_x + i;
            std::array<std::uint32_t, 4> bits{};
            for (std::size_t c = 0; c < parts.size(); ++c)
                bits[c] = parts[c].bits(i);
            if (inside_y && x >= display.min_x && x <= display.max_x)
                pixel(static_cast<int>(x - display.min_x), static_cast<int>(y - display.min_y),
                      bits);
            else if (overscan_)
                for (std::size_t c = 0; c < parts.size(); ++c) {
                    const std::size_t n = exr_sample_bytes(types_[c]);
                    std::memcpy(overscan_, &bits[c], n);
                    overscan_ += n;
                }
        }
    }
    const std::vector<std::uint32_t>& exact() const { return exact_; }
    bool room_for_more() const { return exact_.size() < kMaxExactWords; }

  private:
    static constexpr std::size_t kMaxExactWords = std::size_t{1} << 30;

    void pixel(int x, int y, const std::array<std::uint32_t, 4>& bits) {
        float* to = target_.pixel<float>(x, y);
        const std::size_t n = layout_.main.size();
        if (!layout_.has_alpha()) {
            for (std::size_t c = 0; c < n; ++c)
                to[c] = exr_value(bits[c], types_[c]);
            return;
        }
        const float alpha = exr_value(bits[n - 1], types_[n - 1]);
        to[n - 1] = alpha;
        bool exact = true;
        for (std::size_t c = 0; c + 1 < n; ++c) {
            to[c] = exr_straight(exr_value(bits[c], types_[c]), alpha);
            exact =
                exact && (alpha == 1 || exr_bits(exr_stored(to[c], alpha), types_[c]) == bits[c]);
        }
        if (exact || !room_for_more()) return;
        exact_.push_back(static_cast<std::uint32_t>(y) *
                             static_cast<std::uint32_t>(target_.size.width) +
                         static_cast<std::uint32_t>(x));
        exact_.insert(exact_.end(), bits.begin(),
                      bits.begin() + static_cast<std::ptrdiff_t>(n - 1));
    }

    const ExrHeader& header_;
    const ExrLayout& layout_;
    image::ImageSpan target_;
    std::byte* overscan_;
    std::vector<ExrSample> types_;
    std::vector<std::uint32_t> exact_;
};

Imf::PixelType library_type(ExrSample type) {
    return type == ExrSample::half ? Imf::HALF : type == ExrSample::whole ? Imf::UINT : Imf::FLOAT;
}

Imath::Box2i box(const ExrBox& b) {
    return {Imath::V2i(static_cast<int>(b.min_x), static_cast<int>(b.min_y)),
            Imath::V2i(static_cast<int>(b.max_x), static_cast<int>(b.max_y))};
}

// The other channels go where they are kept, whole planes.
void insert_others(Imf::FrameBuffer& frame, const ExrHeader& header, const ExrLayout& layout,
                   const ExrBesideMap& map, std::byte* beside) {
    for (std::size_t i = 0; i < map.planes.size(); ++i) {
        const ExrChannel& c = header.channels[static_cast<std::size_t>(layout.others[i])];
        const std::size_t step = exr_sample_bytes(c.type);
        const auto columns = static_cast<std::size_t>(
            exr_samples(header.data.min_x, header.data.max_x, c.x_sampling));
        frame.insert(
            c.name, Imf::Slice::Make(library_type(c.type), beside + map.planes[i], box(header.data),
                                     step, step * columns, c.x_sampling, c.y_sampling));
    }
}

// Each row of the data window to `take(y, parts)` until it says false; the other channels to where
// they are kept.
template <class Take>
void read_bands(ByteSpan file, const ExrChoice& choice, const ExrBesideMap& map, std::byte* beside,
                Take take) {
    const ExrHeader& header = choice.header;
    ExrInput input(file);
    Imf::MultiPartInputFile whole(input, 0);
    Imf::InputPart part(whole, choice.part);
    const auto width = static_cast<std::size_t>(header.data.width());
    const bool colors = choice.layout.kind != ExrLayout::Kind::luma_chroma;
    std::vector<Bytes> planes(choice.layout.main.size());
    std::vector<RowPart> parts(planes.size());
    const std::int64_t lines = std::clamp<std::int64_t>(
        kBandBytes / (header.data.width() * 4 * choice.layout.channels()) / 32 * 32, 32,
        kBandLines);
    for (std::int64_t top = header.data.min_y; top <= header.data.max_y; top += lines) {
        const std::int64_t bottom = std::min(top + lines - 1, header.data.max_y);
        Imf::FrameBuffer frame;
        insert_others(frame, header, choice.layout, map, beside);
        for (std::size_t c = 0; colors && c < planes.size(); ++c) {
            const int index = choice.layout.main[c];
            if (index < 0) continue;
            const ExrChannel& channel = header.channels[static_cast<std::size_t>(index)];
            const std::size_t step = exr_sample_bytes(channel.type);
            planes[c].resize(width * step * static_cast<std::size_t>(lines));
            parts[c] = {planes[c].data(), step, channel.type};
            frame.insert(channel.name,
                         Imf::Slice::Make(
                             library_type(channel.type), planes[c].data(),
                             Imath::V2i(static_cast<int>(header.data.min_x), static_cast<int>(top)),
                             header.data.width(), bottom - top + 1, step, step * width));
        }
        part.setFrameBuffer(frame);
        part.readPixels(static_cast<int>(top), static_cast<int>(bottom));
        for (std::int64_t y = top; colors && y <= bottom; ++y) {
            std::vector<RowPart> row = parts;
            for (RowPart& p : row)
                if (p.at) p.at += static_cast<std::size_t>(y - top) * width * p.step;
            if (!take(y, row)) return;
        }
    }
}

// 0 everywhere, though there are colours. Looks no further than the first pixel that is there.
bool alpha_means_nothing(ByteSpan file, const ExrChoice& choice) {
    bool transparent = true, colored = false;
    read_bands(file, choice, {}, nullptr, [&](std::int64_t, const std::vector<RowPart>& parts) {
        for (std::int64_t x = 0; transparent && x < choice.header.data.width(); ++x) {
            transparent = (parts.back().bits(x) & 0x7fffffff) == 0; // plus or minus 0
            for (std::size_t c = 0; !colored && c + 1 < parts.size(); ++c)
                colored = parts[c].bits(x) != 0;
        }
        return transparent;
    });
    return transparent && colored;
}

void read_luma_chroma(ByteSpan file, const ExrChoice& choice, Sorter& sorter) {
    const ExrBox& data = choice.header.data;
    ExrInput input(file);
    Imf::RgbaInputFile rgba(input, 0);
    const auto width = static_cast<std::size_t>(data.width());
    std::vector<Imf::Rgba> pixels(width * static_cast<std::size_t>(data.height()));
    rgba.setFrameBuffer(pixels.data() - data.min_x - data.min_y * data.width(), 1, width);
    rgba.readPixels(static_cast<int>(data.min_y), static_cast<int>(data.max_y));
    std::vector<RowPart> row(choice.layout.main.size());
    for (std::int64_t y = data.min_y; y <= data.max_y; ++y) {
        const auto* first = reinterpret_cast<const std::byte*>(
            pixels.data() + static_cast<std::size_t>(y - data.min_y) * width);
        for (std::size_t c = 0; c < row.size(); ++c)
            row[c] = {first + 2 * c, sizeof(Imf::Rgba), ExrSample::half};
        sorter.row(y, row);
    }
}

// Memory for what is kept beside the picture; less of it when the limit is reached, which is told.
std::byte* keep_beside(const ExrChoice& choice, Canvas& canvas, ExrBesideHead& head,
                       ExrBesideMap& map, Decoded& out) {
    const auto& [header, layout, part] = choice;
    const bool overscan = !header.display.contains(header.data), others = !layout.others.empty();
    map = {};
    if (!overscan && !others && !layout.has_alpha()) return nullptr;
    std::byte* memory = nullptr;
    for (const auto& [planes, outside] :
         {std::pair(others, overscan), std::pair(false, overscan), std::pair(false, false)}) {
        const ExrBesideMap wanted = exr_beside_map(header, layout, planes, outside);
        memory = canvas.beside(wanted.first_piece);
        if (!memory) continue;
        map = wanted;
        head.has_planes = planes;
        head.has_overscan = outside;
        break;
    }
    if (others && !head.has_planes)
        out.warnings.push_back(
            fmt::format("The other channels need more memory than allowed and are not kept: {}.",
                        exr_names(choice)));
    else if (layout.others.size() > head.alpha_is_other)
        out.warnings.push_back(
            fmt::format("Channels beside the colours are not shown; they are kept as they are: {}.",
                        exr_names(choice)));
    if (overscan && !head.has_overscan)
        out.warnings.emplace_back(
            "The pixels outside the display window need more memory than allowed and are not "
            "kept.");
    return memory;
}

Result<Decoded> decode(ByteSpan file, Canvas& canvas) {
    Decoded out;
    auto choice = choose_exr_part(file, canvas, out);
    if (!choice) return tl::unexpected(choice.error());
    ExrBesideHead head;
    for (const ExrBox& b : {choice->header.data, choice->header.display})
        if (Status s = canvas.expect(b.width(), b.height(),
                                     {choice->layout.channels(), image::SampleType::f32});
            !s)
            return tl::unexpected(s.error());
    if (choice->layout.has_alpha() && choice->layout.kind != ExrLayout::Kind::luma_chroma &&
        alpha_means_nothing(file, *choice)) {
        choice->layout = choice->layout.without_alpha();
        head.alpha_is_other = 1;
        out.warnings.emplace_back(
            "The transparency (A) is 0 everywhere, so nothing would be seen; the picture is shown "
            "opaque, and A is kept as it is.");
    }
    const auto& [header, layout, part] = *choice;
    auto target = canvas.create(header.display.width(), header.display.height(),
                                {layout.channels(), image::SampleType::f32});
    if (!target) return tl::unexpected(target.error());
    ExrBesideMap map;
    std::byte* beside = keep_beside(*choice, canvas, head, map, out);
    Sorter sorter(header, layout, *target,
                  beside && head.has_overscan ? beside + map.overscan : nullptr);
    if (layout.kind == ExrLayout::Kind::luma_chroma) {
        read_luma_chroma(file, *choice, sorter);
        if (!map.planes.empty())
            read_bands(file, *choice, map, beside, [](auto&&...) { return true; });
    } else
        read_bands(file, *choice, map, beside,
                   [&](std::int64_t y, const std::vector<RowPart>& parts) {
                       sorter.row(y, parts);
                       return true;
                   });

    const auto& exact = sorter.exact();
    if (!exact.empty()) {
        std::byte* memory = beside ? canvas.beside(exact.size() * sizeof exact[0]) : nullptr;
        if (memory) {
            std::memcpy(memory, exact.data(), exact.size() * sizeof exact[0]);
            head.exact_entries = exact.size() / map.entry_words;
        }
        if (!memory || !sorter.room_for_more())
            out.warnings.emplace_back(
                "Some colours in transparent places need more memory than allowed; they may change "
                "in their last bit when the picture is written.");
    }
    if (beside) std::memcpy(beside, &head, sizeof head);
    describe_exr(*choice, out);
    return out;
}

} // namespace

Result<Decoded> decode_exr(ByteSpan file, Canvas& canvas) {
    try {
        Imf::setGlobalThreadCount(0);
        return decode(file, canvas);
    } catch (const std::bad_alloc&) {
        throw; // told by the caller
    } catch (const std::exception& e) {
        std::string why = e.what();
        if (why.size() > 200) why.resize(200);
        while (!why.empty() && (why.back() == '.' || why.back() == '\n'))
            why.pop_back();
        return damaged(fmt::format("is a damaged OpenEXR ({})", why));
    }
}

} // namespace mw::codec
