// Pictures with an edit whose outcome is known.
#pragma once

#include <string>
#include <vector>

#include "graft/drift.h"
#include "mask/mask.h"

namespace mw::bench {

struct Scene {
    std::string name;
    image::Image source, ideal, answer; // 8-bit RGB, the crop's size
    mask::Mask mask;
    Drift drift;
};

struct SceneOptions {
    bool drifts = true;       // else only softer and noisier
    double changed_share = 0; // of the context, repainted by the model
    // megapixel: a crop of 1024 x 1024, a disc of a quarter of it.
    enum class Shape { any, touches_border, most, megapixel } shape = Shape::any;
};

// The photographs a scene can be cut from.
std::vector<std::string> photo_names();

// Number `index` of photograph `photo` (into photo_names): always the same.
Scene make_scene(int photo, int index, const SceneOptions& options);

// Scenes made here, drifting: "sky" (a soft gradient), "tiles" (a texture that repeats), "stripes".
Scene make_hard_scene(const std::string& kind, int index);

inline constexpr int kMargin = 32; // of picture around a crop

// The edit begins this far inside the mask: the fade every contestant shares costs nothing.
inline constexpr double kEditInset = 9;

// Finishes a scene from a wide picture and wide content (both 8-bit RGB with kMargin): ideal,
// answer.
void finish(Scene& scene, const image::Image& wide, const image::Image& content,
            const SceneOptions& options, std::mt19937& random);

} // namespace mw::bench
