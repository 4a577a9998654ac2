#include "ui/thumbnails.h"

#include <cmath>

#include "image/convert.h"
#include "image/shrink.h"
#include "ui/look.h"

namespace mw::ui {
namespace {

Rect region_of(const project::IterationTree& tree, project::IterationId id, const Rect& all) {
    if (id == 0) return all;
    const Rect changed = tree.at(id).patch->rect;
    if (changed.empty()) return all;
    return intersect(changed.grown(changed.size().longer_side() / 6 + 8), all);
}

// Every `step`-th pixel of `region` of an iteration, without making its whole picture.
image::Image sampled(const project::IterationTree& tree, project::IterationId id,
                     const Rect& region, int step) {
    const auto original = tree.picture(0);
    std::vector<std::shared_ptr<const composite::Patch>> patches; // newest first
    for (auto at = id; at > 0; at = tree.at(at).parent) {
        // What lies elsewhere is not read from its file for this.
        const Rect& declared = tree.at(at).report.declared;
        if (!declared.empty() && intersect(declared, region).empty()) continue;
        auto patch = tree.at(at).patch.get();
        if (!patch->pixels) continue;
        const bool all_of_it = intersect(patch->rect, region) == region;
        patches.push_back(std::move(patch));
        if (all_of_it) break; // what lies below is not seen
    }
    const Size size{(region.width + step - 1) / step, (region.height + step - 1) / step};
    image::Image out(size, original->format());
    const auto bytes = static_cast<std::size_t>(original->format().bytes());
    for (int y = 0; y < size.height; ++y) {
        std::byte* to = out.span().row_bytes(y);
        const int sy = region.y + y * step;
        for (int x = 0; x < size.width; ++x, to += bytes) {
            const Point p{region.x + x * step, sy};
            image::ImageView from = original->view();
            Point at = p;
            for (const auto& patch : patches) {
                if (!patch->rect.contains(p) || !(patch->pixels->format() == original->format()))
                    continue;
                from = patch->pixels->view();
                at = {p.x - patch->rect.x, p.y - patch->rect.y};
                break;
            }
            std::memcpy(to, from.row_bytes(at.y) + static_cast<std::size_t>(at.x) * bytes, bytes);
        }
    }
    return out;
}

// Room for one more.
void drop_the_oldest(ThumbnailCache& cache) {
    if (cache.made.size() < kMostThumbnails) return;
    const auto oldest = std::ranges::min_element(
        cache.made, {}, [](const auto& entry) { return entry.second.used; });
    if (look().drop_texture) look().drop_texture(oldest->second.texture);
    cache.made.erase(oldest);
}

} // namespace

image::Image thumbnail_image(const project::IterationTree& tree, project::IterationId id, int box,
                             const image::DisplayTransform& view) {
    const Rect region = region_of(tree, id, tree.picture(0)->rect());
    // Three samples a pixel and side are enough for a small picture, however large the original.
    const int step = std::max(1, region.size().longer_side() / (3 * box));
    const image::Image shown =
        view.to_display(sampled(tree, id, region, step).view(), image::SampleType::u8);
    const image::Image rough = image::convert(shown.view(), image::kRgba8);
    return image::shrink_into(rough.view(), box);
}

void drop_thumbnails(ThumbnailCache& cache) {
    for (auto& [id, made] : cache.made)
        if (look().drop_texture) look().drop_texture(made.texture);
    cache.made.clear();
}

const Thumbnail* thumbnail(const session::SessionView& view, ThumbnailCache& cache,
                           project::IterationId id, int box) {
    if (cache.document != view.document_id || cache.box != box) {
        drop_thumbnails(cache);
        cache.document = view.document_id;
        cache.box = box;
    }
    const std::uint64_t patch = view.document->tree.at(id).patch.identity();
    const auto found = cache.made.find(id);
    Thumbnail* const old = found != cache.made.end() ? &found->second : nullptr;
    if (old != nullptr) old->used = ++cache.asked;
    if (old != nullptr && old->patch == patch && old->view == view.display) return old;
    if (!look().make_texture) return nullptr;
    if (look().wake_after <= 0) return old; // one was made in this frame
    if (old == nullptr) drop_the_oldest(cache);
    if (old != nullptr && look().drop_texture) look().drop_texture(old->texture);
    const image::Image small = thumbnail_image(view.document->tree, id, box, view.display);
    cache.made[id] = {look().make_texture(small), small.size(), patch, view.display, ++cache.asked};
    wake_in(0);
    return &cache.made[id];
}

} // namespace mw::ui
