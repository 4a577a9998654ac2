// A picture and how it came about as layers that Krita, GIMP and Photoshop open.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "codec/codec.h"
#include "composite/graft.h"
#include "image/color_space.h"
#include "project/iteration_tree.h"

namespace mw::handoff {

// One edit on the way from the original to the result.
struct Step {
    std::string name; // UTF-8, for people: the prompt
    composite::Patch patch;
    mask::Mask mask;
};

// The iterations from the original (without it) to `id`, and what each laid over its parent.
std::vector<project::IterationId> way_to(const project::IterationTree& tree,
                                         project::IterationId id);
// `after`: one on the way, from which on alone.
std::vector<Step> steps_to(const project::IterationTree& tree, project::IterationId id,
                           project::IterationId after = 0);

struct LayerSource {
    image::ImageRef original, result;
    std::vector<Step> steps; // the first lies over the original, the last gives the result
    codec::Metadata metadata;
    image::DisplayTransform view;
    std::string name = "Original"; // of the lowest layer
};

struct LayersWritten {
    std::uint64_t bytes = 0;
    std::size_t layers = 0;
    std::string note; // how the picture was converted; empty: it was not
};

// Writes `path` as psd or ora (codec::FileFormat): the original, for each step its patch and,
// hidden above it, its mask. Flattened by plain alpha blending of the encoded values the visible
// layers give the result: within one 8-bit step as psd, whose patches have the artist's mask as
// layer mask; to the bit as ora, whose patches are cut out along the pixels that changed. Where the
// picture itself is translucent, what lies below a changed pixel is masked out too. Float pixels
// are written as shown, 16-bit sRGB (noted). Errors: those of codec::write_psd, write_ora and of
// the file; invalid_argument for another format; too_large; cancelled.
Result<LayersWritten> write_layers(const std::filesystem::path& path, codec::FileFormat format,
                                   const LayerSource& source, std::stop_token stop = {});

} // namespace mw::handoff
