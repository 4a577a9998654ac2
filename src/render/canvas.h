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
#include "image/color_space.h"
#include "mask/mask.h"
#include "render/viewport.h"

namespace mw::render {

// What shows through transparent pixels: squares of this side in framebuffer pixels from the pane's
// corner, the corner one light; encoded grey values 0..255.
inline constexpr int kCheckSide = 8, kCheckLight = 153, kCheckDark = 102;

// A picture to draw and, over it, a rectangle of newer pixels (a partial answer). Textures are kept
// by pointer: the same ImageRef costs nothing the next time.
struct Layer {
    image::ImageRef picture; // null: nothing
    image::ImageRef patch;   // null: none
    Point patch_at;
    image::DisplayTransform view = {}; // how both are shown; a change makes their tiles again
    Point nudge = {};                  // both moved by so many image pixels
};

// Two layers shown as one, pixel of the canvas by pixel, from what the screen would show of each.
// Where neither picture reaches, the background is left.
enum class PairMath {
    onion,      // A + (B - A) * amount, amount 0..1
    difference, // |A - B| * amount in every channel, amount 1..64, cut off at white
    absolute, // the largest channel of |A - B| on compare's heat ramp, full at `amount` (> 0) of 1
    delta_e,  // CIEDE2000 of A and B on the same ramp, full at `amount` (> 0)
};
struct Pairing {
    Layer a; // B is the pane's layer
    PairMath math = PairMath::difference;
    double amount = 1;
};

// How coverage is drawn: as a colour over what it covers, or over what it does not; as grey in the
// picture's place; as a line of black and white dashes, inside the edge between coverage >= 128 and
// less (of what a canvas pixel shows).
enum class MaskLook { overlay, rubylith, matte, outline };

struct MaskOverlay {
    const mask::Mask* mask = nullptr; // same size as the picture; null: none
    // Not needed: mask tiles are compared by pointer, and only those that differ are uploaded.
    std::uint64_t revision = 0;
    // Straight alpha, encoded: result = picture + (color - picture) * alpha * coverage / 255 (of a
    // rubylith 255 - coverage).
    std::array<float, 4> color{1, 0.18f, 0.25f, 0.5f};
    MaskLook look = MaskLook::overlay;
    float line_px = 1; // width of an outline, whole framebuffer pixels >= 1
};

// What is drawn in one pane. In a wipe, `layer` shows on the B side and `wipe_layer` on the A side;
// the line itself and its handle are the UI's.
struct Pane {
    Rect area; // framebuffer pixels, y down from the top left of the window
    Viewport view;
    Layer layer;
    std::optional<Layer> wipe_layer;
    compare::WipeLine wipe;         // in pane-relative units, see compare/wipe.h
    std::optional<Pairing> pairing; // instead of wipe_layer
    MaskOverlay overlay;
};

struct CanvasFrame {
    Size framebuffer;
    std::array<float, 3> background{0.18f, 0.18f, 0.18f}; // sRGB
    std::vector<Pane> panes;                              // one; two side by side; a sheet of them
};

// Textures are tiles with mip levels, made on demand for what is visible and dropped least recently
// used first, within a budget. Nearest filter from 200 % and wherever pixels match the screen's
// exactly, smooth in between. Encoded sRGB values, which is what Layer::view makes of a picture's,
// go to the screen as they are (GL_FRAMEBUFFER_SRGB is off).
class CanvasRenderer {
  public:
    // Needs a current GL 3.3 core context with loaded functions (see load_gl), current again for
    // every call and the destructor. Errors: engine, with the driver's log.
    static Result<std::unique_ptr<CanvasRenderer>> create(std::size_t texture_budget_bytes = 512u
                                                                                             << 20);
    ~CanvasRenderer();

    // Draws into the bound framebuffer, which has frame.framebuffer's size and no multisampling,
    // inside each pane's area; leaves scissor, blend, program, texture unit 0 and its sampler, and
    // the vertex array undefined. The canvas is kept: a frame redraws only what differs from the
    // last one (new tiles, changed mask tiles) and copies the rest. False when tiles are still
    // missing (work a frame is bounded; something coarser stands in): draw another frame soon. When
    // the driver is out of memory, the budget is halved and drawing goes on.
    bool draw(const CanvasFrame& frame);

    // All tiles, masks included; at most the budget unless the masks on the screen alone exceed
    // it.
    std::size_t texture_bytes() const;
    // What the textures may take now; less than was given after the driver ran out of memory.
    std::size_t texture_budget() const;
    // Mask texels uploaded by the last draw.
    std::size_t mask_texels_uploaded() const;
    // Canvas pixels drawn again by the last draw.
    std::int64_t pixels_redrawn() const;

  private:
    struct State;
    explicit CanvasRenderer(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Loads GL through the window library's loader, once per context. False: the context is older
// than 3.3.
bool load_gl(void* (*get_proc_address)(const char* name));

} // namespace mw::render
