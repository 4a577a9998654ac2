#include "composite/combine.h"

#include <fmt/format.h>

#include <cstring>

#include "composite/proof.h"

namespace mw::composite {
namespace {

constexpr int kBand = 128; // rows of coverage held at a time

// Row by row; both regions hold more than nothing somewhere in `rect`.
class Choice {
  public:
    Choice(image::ImageView base, const Region& a, const Region& b, const Rect& rect)
        : base_(base), a_(a), b_(b), rect_(rect) {}

    image::Image run(std::int64_t& overlap, const std::stop_token& stop) const {
        image::Image out(rect_.size(), base_.format);
        for (int y = rect_.y; y < rect_.bottom() && !stop.stop_requested(); y += kBand) {
            const Rect band{rect_.x, y, rect_.width, std::min(kBand, rect_.bottom() - y)};
            fill(band, out.span(), overlap);
        }
        return out;
    }

  private:
    void fill(const Rect& band, image::ImageSpan out, std::int64_t& overlap) const {
        const image::Image wide_a = a_.declared->read(band), wide_b = b_.declared->read(band);
        const image::Image own_a = a_.coverage->read(band), own_b = b_.coverage->read(band);
        const auto pixel = static_cast<std::size_t>(base_.format.bytes());
        for (int row = 0; row < band.height; ++row) {
            const auto cover = [row](const image::Image& of) {
                return reinterpret_cast<const std::uint8_t*>(of.view().row_bytes(row));
            };
            const std::uint8_t *in_a = cover(wide_a), *in_b = cover(wide_b);
            const std::uint8_t *much_a = cover(own_a), *much_b = cover(own_b);
            const std::size_t at = static_cast<std::size_t>(band.x) * pixel;
            const std::byte* from_base = base_.row_bytes(band.y + row) + at;
            const std::byte* from_a = a_.picture.row_bytes(band.y + row) + at;
            const std::byte* from_b = b_.picture.row_bytes(band.y + row) + at;
            std::byte* to = out.row_bytes(band.y + row - rect_.y);
            for (int x = 0; x < band.width; ++x) {
                const std::size_t offset = static_cast<std::size_t>(x) * pixel;
                const bool both = in_a[x] > 0 && in_b[x] > 0;
                overlap += both;
                const bool take_b = in_b[x] > 0 && (!both || much_b[x] >= much_a[x]);
                const std::byte* from = take_b ? from_b : in_a[x] > 0 ? from_a : from_base;
                std::memcpy(to + offset, from + offset, pixel);
            }
        }
    }

    image::ImageView base_;
    const Region &a_, &b_;
    Rect rect_;
};

bool alike(image::ImageView a, image::ImageView b) {
    return a.size == b.size && a.format == b.format;
}

} // namespace

Result<Graft> combine(image::ImageView base, const Region& a, const Region& b,
                      std::stop_token stop) {
    for (const Region* region : {&a, &b})
        if (!alike(base, region->picture) || region->declared->size() != base.size ||
            region->coverage->size() != base.size)
            return fail(ErrorCode::invalid_argument,
                        "The two results are not pictures of one size and depth, so they cannot be "
                        "combined; nothing was changed.");
    if (a.declared->empty() || b.declared->empty())
        return fail(ErrorCode::invalid_argument,
                    "One of the two results changed nothing, so there is nothing to combine; "
                    "nothing was changed.");
    mask::Mask declared = *a.declared;
    mask::combine(declared, *b.declared, mask::CombineMode::add);
    Graft made;
    made.patch.rect = declared.bounds();
    std::int64_t overlap = 0;
    made.patch.pixels = std::make_shared<const image::Image>(
        Choice(base, a, b, made.patch.rect).run(overlap, stop));
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "Cancelled; nothing was changed.");
    made.report.declared = made.patch.rect;
    Proof(base, std::move(declared)).prove(made.patch, made.report);
    if (overlap > 0)
        made.report.notes.push_back(
            fmt::format("the two regions share {} pixels; of each the one was taken whose mask "
                        "covers it more",
                        overlap));
    return made;
}

} // namespace mw::composite
