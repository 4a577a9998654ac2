// Draws pictures, masks and comparisons with OpenGL 3.3 core from plain frames. Only the UI thread
// calls it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "compare/wipe.h"
#include "image/image.h"
#include "mask/mask.h"
#include "render/viewport.h"

namespace mw::render {

// A picture to draw and, over it, a rectangle of newer pixels (a partial answer).
struct Layer {
    image::ImageRef picture; // null: nothing
    image::ImageRef patch;   // null: none
    Point patch_at;
};

struct MaskOverlay {
    const mask::Mask* mask = nullptr; // same size as the picture; null: none
    std::uint64_t revision = 0;       // same revision, same coverage: nothing is uploaded again
    std::array<float, 4> color{1, 0.18f, 0.25f, 0.5f};
};

// What is drawn in one pane. In a wipe, `layer` shows on the B side and `wipe_layer` on the A side.
struct Pane {
    Rect area; // framebuffer pixels, y down from the top left of the window
    Viewport view;
    Layer layer;
    std::optional<Layer> wipe_layer;
    compare::WipeLine wipe; // in pane-relative units, see compare/wipe.h
    MaskOverlay overlay;
};

struct CanvasFrame {
    Size framebuffer;
    std::array<float, 3> background{0.18f, 0.18f, 0.18f}; // sRGB
    std::vector<Pane> panes;                              // one; two side by side
};

// Textures are tiles with mip levels, made on demand for what is visible and dropped least recently
// used first, within a budget. Nearest filter from 200 %, linear between mips below.
class CanvasRenderer {
  public:
    // Needs a current GL 3.3 core context with loaded functions (see load_gl). Errors: engine, with
    // the driver's log.
    static Result<std::unique_ptr<CanvasRenderer>> create(std::size_t texture_budget_bytes = 512u
                                                                                             << 20);
    ~CanvasRenderer();

    // Draws into the bound framebuffer inside each pane's area; leaves scissor, blend and program
    // state undefined. False when tiles are still missing (bytes uploaded a frame are bounded):
    // draw another frame soon.
    bool draw(const CanvasFrame& frame);

    std::size_t texture_bytes() const;

  private:
    struct State;
    explicit CanvasRenderer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Loads GL through the window library's loader, once per context. False: the context is older
// than 3.3.
bool load_gl(void* (*get_proc_address)(const char* name));

} // namespace mw::render
