#include "render/canvas.h"

#include <cmath>
#include <numbers>

#include "render/mask_window.h"
#include "render/picture_painter.h"

namespace mw::render {
namespace {

constexpr std::chrono::milliseconds kFrameTime{12};
constexpr std::size_t kFrameBytes = 16u << 20;

float f(double v) {
    return static_cast<float>(v);
}

// The A side of the wipe as keep[0] x + keep[1] y + keep[2] >= 0 in framebuffer pixels.
std::array<double, 3> a_side(const Pane& pane) {
    const double angle = pane.wipe.angle_degrees * std::numbers::pi / 180;
    const PointF normal{-std::sin(angle), std::cos(angle)};
    const PointF at{pane.area.x + pane.wipe.point.x * pane.area.width,
                    pane.area.y + pane.wipe.point.y * pane.area.height};
    return {normal.x, normal.y, -(normal.x * at.x + normal.y * at.y)};
}

std::array<double, 3> other_side(const std::array<double, 3>& keep, double overlap_px) {
    return {-keep[0], -keep[1], -keep[2] + overlap_px};
}

} // namespace

struct CanvasRenderer::State {
    PicturePainter pictures;
    Program mask_program;
    Sampler nearest, linear; // wrap round
    VertexArray vertex_array;
    std::vector<MaskWindow> masks; // one per pane
    std::size_t mask_texels = 0;

    bool draw_layer(const Pane& pane, const Layer& layer, Placement at, FrameBudget& budget);
    bool draw_overlay(const Pane& pane, const Placement& at, MaskWindow& window,
                      FrameBudget& budget);
    void draw_runs(const MaskOverlay& overlay, const Placement& at, const MaskWindow& window,
                   int level, const Rect& tiles);
    std::size_t mask_bytes() const {
        std::size_t bytes = 0;
        for (const MaskWindow& window : masks)
            bytes += window.bytes();
        return bytes;
    }
};

CanvasRenderer::CanvasRenderer(std::unique_ptr<State> state) : state_(std::move(state)) {}
CanvasRenderer::~CanvasRenderer() = default;

Result<std::unique_ptr<CanvasRenderer>> CanvasRenderer::create(std::size_t texture_budget_bytes) {
    auto pictures = PicturePainter::create(texture_budget_bytes);
    if (!pictures) return tl::unexpected(pictures.error());
    auto mask_program = make_program("canvas.vert", "mask.frag");
    if (!mask_program) return tl::unexpected(mask_program.error());
    GLuint vertex_array = 0;
    glGenVertexArrays(1, &vertex_array);
    auto state = std::make_unique<State>(State{std::move(*pictures),
                                               std::move(*mask_program),
                                               make_sampler(GL_NEAREST, GL_REPEAT),
                                               make_sampler(GL_LINEAR, GL_REPEAT),
                                               VertexArray(vertex_array),
                                               {},
                                               0});
    return std::unique_ptr<CanvasRenderer>(new CanvasRenderer(std::move(state)));
}

bool CanvasRenderer::State::draw_layer(const Pane& pane, const Layer& layer, Placement at,
                                       FrameBudget& budget) {
    bool complete = pictures.draw(layer.picture, at, budget);
    if (layer.patch) {
        at.origin.x += layer.patch_at.x * pane.view.zoom;
        at.origin.y += layer.patch_at.y * pane.view.zoom;
        complete = pictures.draw(layer.patch, at, budget) && complete;
    }
    return complete;
}

void CanvasRenderer::State::draw_runs(const MaskOverlay& overlay, const Placement& at,
                                      const MaskWindow& window, int level, const Rect& tiles) {
    const double scale = at.zoom * std::exp2(level), side = mask::kTileSide * scale;
    const bool sharp = sampling_for(at.zoom, scale, at.origin) == Sampling::sharp;
    glUseProgram(mask_program.name.get());
    glBindSampler(0, sharp ? nearest.get() : linear.get());
    glBindTexture(GL_TEXTURE_2D, window.texture());
    glEnable(GL_BLEND);
    glBlendEquation(GL_FUNC_ADD);
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    glUniform1f(mask_program.texels, f(1 / scale));
    glUniform2f(mask_program.size, f(window.texture_size().width), f(window.texture_size().height));
    glUniform4fv(mask_program.color, 1, overlay.color.data());
    const Size size = overlay.mask->size(), texels = level_size(size, level);
    for (int ty = tiles.y; ty < tiles.bottom(); ++ty) {
        for (int tx = tiles.x; tx < tiles.right(); ++tx) {
            if (!window.has_coverage(tx, ty)) continue;
            int end = tx + 1;
            while (end < tiles.right() && window.has_coverage(end, ty))
                ++end;
            const double left = at.origin.x + tx * side, top = at.origin.y + ty * side;
            const int x = tx * mask::kTileSide, y = ty * mask::kTileSide;
            const Point base = window.slot_texel(tx, ty);
            glUniform2f(mask_program.origin, f(left), f(top));
            glUniform4f(mask_program.limits, f(0.5 - x), f(0.5 - y), f(texels.width - 0.5 - x),
                        f(texels.height - 0.5 - y));
            glUniform2f(mask_program.base, f(base.x), f(base.y));
            draw_rect(mask_program, at, left, top,
                      std::min(at.origin.x + size.width * at.zoom, at.origin.x + end * side),
                      std::min(at.origin.y + size.height * at.zoom, top + side));
            tx = end;
        }
    }
    glDisable(GL_BLEND);
}

bool CanvasRenderer::State::draw_overlay(const Pane& pane, const Placement& at, MaskWindow& window,
                                         FrameBudget& budget) {
    const mask::Mask* mask = pane.overlay.mask;
    if (!mask || mask->size().empty() || !(pane.overlay.color[3] > 0)) {
        window = {};
        return true;
    }
    // The level whose texels are at least a pixel of the screen: none is skipped.
    int level = std::clamp(static_cast<int>(std::ceil(std::log2(1 / at.zoom) - 1e-9)), 0,
                           MaskWindow::kMaxLevel);
    for (; level <= MaskWindow::kMaxLevel; ++level) {
        const double side = mask::kTileSide * at.zoom * std::exp2(level);
        const Size texels = level_size(mask->size(), level);
        const Rect all{0, 0, (texels.width + mask::kTileSide - 1) / mask::kTileSide,
                       (texels.height + mask::kTileSide - 1) / mask::kTileSide};
        // A texel more on each side is what filtering looks at.
        const double margin = at.zoom * std::exp2(level);
        const auto tile = [&](double pixel, double origin) {
            return static_cast<int>(std::floor(std::clamp((pixel - origin) / side, -1e6, 1e6)));
        };
        const Rect tiles =
            intersect(all, Rect::from_edges(tile(pane.area.x - margin, at.origin.x),
                                            tile(pane.area.y - margin, at.origin.y),
                                            tile(pane.area.right() + margin, at.origin.x) + 1,
                                            tile(pane.area.bottom() + margin, at.origin.y) + 1));
        if (tiles.empty()) return true;
        const bool complete = window.update(*mask, level, tiles, budget);
        mask_texels += window.uploaded();
        if (window.allocated()) {
            draw_runs(pane.overlay, at, window, level, tiles);
            return complete;
        }
        // No memory for it: make room, and do with a coarser overlay.
        pictures.cache().shrink();
    }
    return true;
}

bool CanvasRenderer::draw(const CanvasFrame& frame) {
    State& s = *state_;
    FrameBudget budget{std::chrono::steady_clock::now() + kFrameTime, kFrameBytes};
    s.pictures.begin_frame();
    s.masks.resize(frame.panes.size());
    s.mask_texels = 0;
    s.pictures.cache().set_pinned(s.mask_bytes());

    glViewport(0, 0, frame.framebuffer.width, frame.framebuffer.height);
    for (const GLenum off : {GL_DEPTH_TEST, GL_STENCIL_TEST, GL_CULL_FACE, GL_BLEND,
                             GL_FRAMEBUFFER_SRGB, GL_PRIMITIVE_RESTART})
        glDisable(off);
    glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    glPolygonMode(GL_FRONT_AND_BACK, GL_FILL);
    glEnable(GL_SCISSOR_TEST);
    glBindVertexArray(s.vertex_array.get());
    glActiveTexture(GL_TEXTURE0);

    bool complete = true;
    for (std::size_t i = 0; i < frame.panes.size(); ++i) {
        const Pane& pane = frame.panes[i];
        const Rect area = intersect(pane.area, Rect::of(frame.framebuffer));
        if (area.empty()) continue;
        glScissor(area.x, frame.framebuffer.height - area.bottom(), area.width, area.height);
        glClearColor(frame.background[0], frame.background[1], frame.background[2], 1);
        glClear(GL_COLOR_BUFFER_BIT);
        Placement at{frame.framebuffer, pane.area, drawn_origin(pane.view, pane.area),
                     pane.view.zoom};
        if (!pane.wipe_layer) {
            complete = s.draw_layer(pane, pane.layer, at, budget) && complete;
        } else {
            // B reaches a little under A, so that no pixel on the line is left out.
            glEnable(GL_CLIP_DISTANCE0);
            at.keep = other_side(a_side(pane), 1);
            complete = s.draw_layer(pane, pane.layer, at, budget) && complete;
            at.keep = a_side(pane);
            complete = s.draw_layer(pane, *pane.wipe_layer, at, budget) && complete;
            glDisable(GL_CLIP_DISTANCE0);
            at.keep = {0, 0, 1};
        }
        complete = s.draw_overlay(pane, at, s.masks[i], budget) && complete;
    }
    s.pictures.cache().set_pinned(s.mask_bytes());
    glBindSampler(0, 0);
    glBindTexture(GL_TEXTURE_2D, 0);
    glBindVertexArray(0);
    glUseProgram(0);
    glDisable(GL_SCISSOR_TEST);
    return complete;
}

std::size_t CanvasRenderer::texture_bytes() const {
    return state_->pictures.cache().bytes() + state_->mask_bytes();
}

std::size_t CanvasRenderer::mask_texels_uploaded() const {
    return state_->mask_texels;
}

bool load_gl(void* (*get_proc_address)(const char* name)) {
    return gladLoadGL(reinterpret_cast<GLADloadfunc>(get_proc_address)) >= GLAD_MAKE_VERSION(3, 3);
}

} // namespace mw::render
