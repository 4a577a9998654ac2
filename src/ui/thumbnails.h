// Small pictures of iterations, made once and kept as textures.
#pragma once

#include <imgui.h>

#include <map>

#include "session/state.h"

namespace mw::ui {

struct Thumbnail {
    ImTextureID texture = nullptr;
    Size size;
    std::uint64_t patch = 0;      // identity of what it was made of
    image::DisplayTransform view; // and how shown
    std::uint64_t used = 0;       // when it was asked for last, in the cache's own count
};

// The textures a cache keeps; those asked for longest ago go first.
inline constexpr std::size_t kMostThumbnails = 256;

struct ThumbnailCache {
    worker::DocumentId document = 0;
    int box = 0; // side they fit into, device pixels
    std::uint64_t asked = 0;
    std::map<project::IterationId, Thumbnail> made;
};

// Gives every texture back when the document or the size changed, one when its iteration was
// grafted again or the exposure changed, and makes at most one a frame.
// Null: not yet (the frame is drawn again).
const Thumbnail* thumbnail(const session::SessionView& view, ThumbnailCache& cache,
                           project::IterationId id, int box);
// To be called when nothing is open.
void drop_thumbnails(ThumbnailCache& cache);

// The region an iteration changed (the whole picture for the original), with some of its
// surroundings, as displayed, RGBA8 no larger than `box` on its longer side.
image::Image thumbnail_image(const project::IterationTree& tree, project::IterationId id, int box,
                             const image::DisplayTransform& view);

} // namespace mw::ui
