#include "render/mask_painter.h"

#include <cmath>

#include "render/levels.h"

namespace mw::render {
namespace {

using mask::kTileSide;

float f(double v) {
    return static_cast<float>(v);
}

int texels_beyond(const MaskOverlay& overlay, double texel) {
    if (overlay.look != MaskLook::outline) return 1;
    return 1 + static_cast<int>(std::ceil(overlay.line_px / texel));
}

} // namespace

bool shows(const MaskOverlay& overlay) {
    if (overlay.mask == nullptr || overlay.mask->size().empty()) return false;
    const bool coloured = overlay.look == MaskLook::overlay || overlay.look == MaskLook::rubylith;
    return !coloured || overlay.color[3] > 0;
}

Result<MaskPainter> MaskPainter::create() {
    MaskPainter painter;
    for (const auto& [look, word] : {std::pair{MaskLook::overlay, ""},
                                     {MaskLook::rubylith, "RUBYLITH"},
                                     {MaskLook::matte, "MATTE"},
                                     {MaskLook::outline, "OUTLINE"}}) {
        auto program = make_program("canvas.vert", "mask.frag", word);
        if (!program) return tl::unexpected(program.error());
        painter.programs_[static_cast<std::size_t>(look)] = std::move(*program);
    }
    painter.nearest_ = make_sampler(GL_NEAREST, GL_REPEAT);
    painter.linear_ = make_sampler(GL_LINEAR, GL_REPEAT);
    return painter;
}

void MaskPainter::begin_frame(std::size_t panes) {
    panes_.resize(panes);
    uploaded_ = 0;
}

std::size_t MaskPainter::bytes() const {
    std::size_t bytes = 0;
    for (const PaneMask& pane : panes_)
        bytes += pane.window.bytes();
    return bytes;
}

bool MaskPainter::prepare(std::size_t pane, const MaskOverlay& overlay, const Placement& at,
                          FrameBudget& budget, std::vector<Rect>& changed) {
    PaneMask& p = panes_[pane];
    if (!shows(overlay)) {
        p = {};
        return true;
    }
    // The level whose texels are at least a pixel of the screen: none is skipped.
    p.level = std::clamp(static_cast<int>(std::ceil(std::log2(1 / at.zoom) - 1e-9)), 0,
                         MaskWindow::kMaxLevel);
    for (; p.level <= MaskWindow::kMaxLevel; ++p.level) {
        const double texel = at.zoom * std::exp2(p.level);
        const Size size = level_size(overlay.mask->size(), p.level);
        // Texels more on each side are looked at: one by filtering, and an outline's width.
        const int reach = texels_beyond(overlay, texel);
        const Rect clip = at.clip.grown(static_cast<int>(std::ceil(texel * reach)));
        p.tiles = intersect(units_touching(clip, at.origin, texel * kTileSide),
                            {0, 0, (size.width + kTileSide - 1) / kTileSide,
                             (size.height + kTileSide - 1) / kTileSide});
        if (p.tiles.empty()) return true;
        std::vector<Rect> texels;
        const bool complete = p.window.update(*overlay.mask, p.level, p.tiles, budget, texels);
        uploaded_ += p.window.uploaded();
        for (const Rect& r : texels)
            changed.push_back(pixels_touching(r.grown(reach), at.origin, texel));
        if (p.window.allocated()) return complete;
    }
    p.tiles = {};
    return true;
}

void MaskPainter::paint(std::size_t pane, const MaskOverlay& overlay, const Placement& at) {
    const PaneMask& p = panes_[pane];
    if (!shows(overlay) || p.tiles.empty()) return;
    const double scale = at.zoom * std::exp2(p.level), side = kTileSide * scale;
    const Rect tiles = intersect(units_touching(at.clip, at.origin, side), p.tiles);
    const bool sharp = sampling_for(at.zoom, scale, at.origin) == Sampling::sharp;
    const Size window = p.window.texture_size(), size = overlay.mask->size();
    const Size texels = level_size(size, p.level);
    const Program& program = programs_[static_cast<std::size_t>(overlay.look)];
    // Where nothing is covered there is nothing of an overlay and of an outline.
    const bool everywhere = overlay.look == MaskLook::rubylith || overlay.look == MaskLook::matte;
    const auto drawn = [&](int tx, int ty) {
        return everywhere ? p.window.holds(tx, ty) : p.window.has_coverage(tx, ty);
    };
    glUseProgram(program.name.get());
    glBindSampler(0, sharp ? nearest_.get() : linear_.get());
    glBindTexture(GL_TEXTURE_2D, p.window.texture());
    glEnable(GL_BLEND);
    glBlendEquation(GL_FUNC_ADD);
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    glUniform1f(program.texels, f(1 / scale));
    glUniform2f(program.size, f(window.width), f(window.height));
    glUniform4fv(program.color, 1, overlay.color.data());
    glUniform1f(program.scale, overlay.line_px);
    for (int ty = tiles.y; ty < tiles.bottom(); ++ty) {
        for (int tx = tiles.x; tx < tiles.right(); ++tx) {
            if (!drawn(tx, ty)) continue;
            int end = tx + 1;
            while (end < tiles.right() && drawn(end, ty))
                ++end;
            const double left = at.origin.x + tx * side, top = at.origin.y + ty * side;
            const int x = tx * kTileSide, y = ty * kTileSide;
            const Point base = p.window.slot_texel(tx, ty);
            glUniform2f(program.origin, f(left), f(top));
            glUniform4f(program.limits, f(0.5 - x), f(0.5 - y), f(texels.width - 0.5 - x),
                        f(texels.height - 0.5 - y));
            glUniform2f(program.base, f(base.x), f(base.y));
            draw_rect(program, at, left, top,
                      std::min(at.origin.x + size.width * at.zoom, at.origin.x + end * side),
                      std::min(at.origin.y + size.height * at.zoom, top + side));
            tx = end;
        }
    }
    glDisable(GL_BLEND);
}

} // namespace mw::render
