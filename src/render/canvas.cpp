#include "render/canvas.h"

#include <algorithm>
#include <cmath>

#include "render/backing.h"
#include "render/mask_painter.h"
#include "render/pair_painter.h"
#include "render/picture_painter.h"
#include "render/turn_painter.h"

namespace mw::render {
namespace {

constexpr std::chrono::milliseconds kFrameTime{12};
constexpr std::size_t kFrameBytes = 16u << 20;
// More rectangles than this are drawn as one that holds them all.
constexpr std::size_t kMostRects = 48;

using Keep = std::array<double, 3>;

// compare::side_of_a as keep[0] x + keep[1] y + keep[2].
Keep a_side(const Pane& pane) {
    const auto side = [&](double x, double y) {
        return compare::side_of_a(pane.wipe, pane.area, {x, y});
    };
    return {side(1, 0) - side(0, 0), side(0, 1) - side(0, 0), side(0, 0)};
}

// B reaches a little under A, so that no pixel on the line is left out.
Keep b_side(const Keep& a) {
    return {-a[0], -a[1], 1 - a[2]};
}

Placement moved(Placement at, Point by) {
    at.origin.x += by.x * at.zoom;
    at.origin.y += by.y * at.zoom;
    return at;
}

bool same(const std::weak_ptr<const image::Image>& kept, const image::ImageRef& now) {
    return !kept.owner_before(now) && !now.owner_before(kept);
}

// What the backing shows of a layer, without keeping its pixels alive.
struct DrawnLayer {
    std::weak_ptr<const image::Image> picture, patch;
    Point patch_at, nudge;
    image::DisplayTransform view;

    explicit DrawnLayer(const Layer& l)
        : picture(l.picture), patch(l.patch), patch_at(l.patch_at), nudge(l.nudge), view(l.view) {}
    bool shows(const Layer& l) const {
        return same(picture, l.picture) && same(patch, l.patch) && patch_at == l.patch_at &&
               nudge == l.nudge && view == l.view;
    }
};

struct DrawnPairing {
    DrawnLayer a;
    PairMath math;
    double amount;

    explicit DrawnPairing(const Pairing& p) : a(p.a), math(p.math), amount(p.amount) {}
    bool shows(const Pairing& p) const {
        return a.shows(p.a) && math == p.math && amount == p.amount;
    }
};

struct DrawnPane {
    Rect area;
    Viewport view;
    DrawnLayer layer;
    std::optional<DrawnLayer> wipe_layer;
    std::optional<DrawnPairing> pairing;
    Keep wipe;
    std::array<float, 4> color;
    MaskLook look;
    float line_px;
    std::optional<Size> mask_size;
    std::array<float, 3> background;
    std::vector<StandIn> stand_ins;

    DrawnPane(const Pane& p, const std::array<float, 3>& behind)
        : area(p.area),
          view(p.view),
          layer(p.layer),
          wipe(a_side(p)),
          color(p.overlay.color),
          look(p.overlay.look),
          line_px(p.overlay.line_px),
          background(behind) {
        if (p.wipe_layer) wipe_layer.emplace(*p.wipe_layer);
        if (p.pairing) pairing.emplace(*p.pairing);
        if (render::shows(p.overlay)) mask_size = p.overlay.mask->size();
    }
    // All but the mask's coverage, whose changes are known by tile.
    bool shows(const Pane& p, const std::array<float, 3>& behind) const {
        if (area != p.area || view != p.view || !layer.shows(p.layer) || background != behind)
            return false;
        if (wipe_layer.has_value() != p.wipe_layer.has_value()) return false;
        if (p.wipe_layer && (!wipe_layer->shows(*p.wipe_layer) || wipe != a_side(p))) return false;
        if (pairing.has_value() != p.pairing.has_value()) return false;
        if (p.pairing && !pairing->shows(*p.pairing)) return false;
        if (mask_size.has_value() != render::shows(p.overlay)) return false;
        return !mask_size || (*mask_size == p.overlay.mask->size() && color == p.overlay.color &&
                              look == p.overlay.look && line_px == p.overlay.line_px);
    }
};

} // namespace

struct CanvasRenderer::State {
    PicturePainter pictures;
    MaskPainter masks;
    TurnPainter turns;
    PairPainter pairs;
    VertexArray vertex_array;
    Backing backing;
    std::vector<std::optional<DrawnPane>> drawn;
    std::int64_t redrawn = 0;

    bool prepare(const Layer& layer, const Placement& at, FrameBudget& budget);
    void paint(const Layer& layer, const Placement& at, std::vector<StandIn>& stand_ins);
    void paint(const Pane& pane, std::size_t index, Placement at,
               const std::array<float, 3>& background);
    void paint_pair(const Pane& pane, std::size_t index, const Placement& at);
    bool draw_pane(const Pane& pane, std::size_t index, Size canvas,
                   const std::array<float, 3>& background, FrameBudget& budget);
    bool draw_turned(const CanvasFrame& frame, std::size_t index, FrameBudget& budget);
};

CanvasRenderer::CanvasRenderer(std::unique_ptr<State> state) : state_(std::move(state)) {}
CanvasRenderer::~CanvasRenderer() = default;

Result<std::unique_ptr<CanvasRenderer>> CanvasRenderer::create(std::size_t texture_budget_bytes) {
    auto pictures = PicturePainter::create(texture_budget_bytes);
    if (!pictures) return tl::unexpected(pictures.error());
    auto masks = MaskPainter::create();
    if (!masks) return tl::unexpected(masks.error());
    auto turns = TurnPainter::create();
    if (!turns) return tl::unexpected(turns.error());
    auto pairs = PairPainter::create();
    if (!pairs) return tl::unexpected(pairs.error());
    GLuint vertex_array = 0;
    glGenVertexArrays(1, &vertex_array);
    auto state = std::make_unique<State>(State{std::move(*pictures),
                                               std::move(*masks),
                                               std::move(*turns),
                                               std::move(*pairs),
                                               VertexArray(vertex_array),
                                               {},
                                               {},
                                               0});
    return std::unique_ptr<CanvasRenderer>(new CanvasRenderer(std::move(state)));
}

bool CanvasRenderer::State::prepare(const Layer& layer, const Placement& at, FrameBudget& budget) {
    const Placement own = moved(at, layer.nudge);
    const bool complete = pictures.prepare({layer.picture, layer.view}, own, budget);
    return pictures.prepare({layer.patch, layer.view}, moved(own, layer.patch_at), budget) &&
           complete;
}

void CanvasRenderer::State::paint(const Layer& layer, const Placement& at,
                                  std::vector<StandIn>& stand_ins) {
    const Placement own = moved(at, layer.nudge);
    pictures.paint({layer.picture, layer.view}, own, stand_ins);
    pictures.paint({layer.patch, layer.view}, moved(own, layer.patch_at), stand_ins);
}

void CanvasRenderer::State::paint(const Pane& pane, std::size_t index, Placement at,
                                  const std::array<float, 3>& background) {
    redrawn += at.clip.area();
    glScissor(at.clip.x, at.clip.y, at.clip.width, at.clip.height);
    // Whole 8-bit values: a part's clear and a whole screen's may round halves differently.
    const auto value = [&](std::size_t c) { return std::round(background[c] * 255) / 255; };
    glClearColor(value(0), value(1), value(2), 1);
    glClear(GL_COLOR_BUFFER_BIT);
    if (pane.pairing) {
        paint_pair(pane, index, at);
    } else if (!pane.wipe_layer) {
        paint(pane.layer, at, drawn[index]->stand_ins);
    } else {
        glEnable(GL_CLIP_DISTANCE0);
        const Keep a = a_side(pane);
        at.keep = b_side(a);
        paint(pane.layer, at, drawn[index]->stand_ins);
        at.keep = a;
        paint(*pane.wipe_layer, at, drawn[index]->stand_ins);
        at.keep = {0, 0, 1};
        glDisable(GL_CLIP_DISTANCE0);
    }
    masks.paint(index, pane.overlay, at);
}

void CanvasRenderer::State::paint_pair(const Pane& pane, std::size_t index, const Placement& at) {
    const Pairing& pairing = *pane.pairing;
    GLint target = 0;
    glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &target);
    // What was cleared is the background of both.
    for (const PairSide side : {PairSide::a, PairSide::b}) {
        if (!pairs.bind(side, at.canvas)) {
            glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(target));
            // Without memory for two canvases B alone is shown, and less is kept for the next try.
            pictures.cache().shrink();
            return paint(pane.layer, at, drawn[index]->stand_ins);
        }
        glClear(GL_COLOR_BUFFER_BIT);
        paint(side == PairSide::a ? pairing.a : pane.layer, at, drawn[index]->stand_ins);
    }
    glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(target));
    const auto lay = [&](const Layer& layer) {
        pairs.paint(pairing, moved(at, layer.nudge), layer.picture->size());
    };
    const Layer &a = pairing.a, &b = pane.layer;
    if (a.picture) lay(a);
    if (b.picture && !(a.picture && a.picture->size() == b.picture->size() && a.nudge == b.nudge))
        lay(b); // where A does not reach; the rest comes out the same again
}

bool CanvasRenderer::State::draw_pane(const Pane& pane, std::size_t index, Size canvas,
                                      const std::array<float, 3>& background, FrameBudget& budget) {
    const Rect area = intersect(pane.area, Rect::of(canvas));
    if (area.empty()) return true;
    Placement at{canvas, pane.area, area, drawn_origin(pane.view, pane.area), pane.view.zoom};
    // The mask first: it follows the hand.
    std::vector<Rect> changed;
    bool complete = masks.prepare(index, pane.overlay, at, budget, changed);
    pictures.cache().set_pinned(masks.bytes());
    complete = prepare(pane.layer, at, budget) && complete;
    if (pane.wipe_layer) complete = prepare(*pane.wipe_layer, at, budget) && complete;
    if (pane.pairing) complete = prepare(pane.pairing->a, at, budget) && complete;

    std::optional<DrawnPane>& was = drawn[index];
    if (!was || !was->shows(pane, background)) {
        was.emplace(pane, background);
        changed = {area};
    }
    // Tiles that came since, for this pane or for another one that shows the same picture.
    std::erase_if(was->stand_ins, [&](const StandIn& s) {
        if (!pictures.cache().find(s.tile)) return false;
        changed.push_back(s.pixels);
        return true;
    });
    if (changed.size() > kMostRects) {
        Rect all;
        for (const Rect& r : changed)
            all = unite(all, r);
        changed = {all};
    }
    for (const Rect& r : changed) {
        at.clip = intersect(r, area);
        if (!at.clip.empty()) paint(pane, index, at, background);
    }
    return complete;
}

bool CanvasRenderer::State::draw_turned(const CanvasFrame& frame, std::size_t index,
                                        FrameBudget& budget) {
    const Pane& pane = frame.panes[index];
    const Pane flat = upright(pane);
    bool fresh = false, complete = false;
    const bool there = turns.bind(index, flat.area.size(), fresh);
    if (fresh) drawn[index].reset();
    if (there) {
        complete = draw_pane(flat, index, flat.area.size(), frame.background, budget);
    } else {
        pictures.cache().shrink(); // there may be room in the next frame
    }
    backing.bind();
    if (there) turns.paint(index, pane, frame.framebuffer);
    glViewport(0, 0, frame.framebuffer.width, frame.framebuffer.height);
    return complete;
}

bool CanvasRenderer::draw(const CanvasFrame& frame) {
    State& s = *state_;
    FrameBudget budget{std::chrono::steady_clock::now() + kFrameTime, kFrameBytes};
    GLint target = 0;
    glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &target);
    s.redrawn = 0;
    s.pictures.begin_frame();
    s.masks.begin_frame(frame.panes.size());
    s.turns.begin_frame(frame.panes.size());
    if (std::none_of(frame.panes.begin(), frame.panes.end(),
                     [](const Pane& pane) { return pane.pairing.has_value(); }))
        s.pairs.release();
    if (frame.framebuffer.empty()) return true;

    s.drawn.resize(frame.panes.size());
    if (s.backing.size() != frame.framebuffer) {
        for (auto& pane : s.drawn)
            pane.reset();
        while (!s.backing.resize(frame.framebuffer)) {
            if (s.pictures.cache().shrink()) continue;
            glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(target));
            return false;
        }
    }
    s.backing.bind();
    glViewport(0, 0, frame.framebuffer.width, frame.framebuffer.height);
    for (const GLenum off : {GL_DEPTH_TEST, GL_STENCIL_TEST, GL_CULL_FACE, GL_BLEND,
                             GL_FRAMEBUFFER_SRGB, GL_PRIMITIVE_RESTART, GL_CLIP_DISTANCE0})
        glDisable(off);
    glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
    glPolygonMode(GL_FRONT_AND_BACK, GL_FILL);
    glEnable(GL_SCISSOR_TEST);
    glBindVertexArray(s.vertex_array.get());
    glActiveTexture(GL_TEXTURE0);

    bool complete = true;
    for (std::size_t i = 0; i < frame.panes.size(); ++i) {
        const Pane& pane = frame.panes[i];
        if (!pane.view.turn.none() && !pane.area.empty()) {
            complete = s.draw_turned(frame, i, budget) && complete;
            continue;
        }
        s.turns.release(i);
        complete = s.draw_pane(pane, i, frame.framebuffer, frame.background, budget) && complete;
    }

    glDisable(GL_SCISSOR_TEST);
    for (const Pane& pane : frame.panes) {
        const Rect area = intersect(pane.area, Rect::of(frame.framebuffer));
        if (!area.empty()) s.backing.copy_to(static_cast<GLuint>(target), area);
    }
    glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(target));
    glBindSampler(0, 0);
    glBindTexture(GL_TEXTURE_2D, 0);
    glBindVertexArray(0);
    glUseProgram(0);
    return complete;
}

std::size_t CanvasRenderer::texture_bytes() const {
    return state_->pictures.cache().bytes() + state_->masks.bytes();
}

std::size_t CanvasRenderer::texture_budget() const {
    return state_->pictures.cache().budget();
}

std::size_t CanvasRenderer::mask_texels_uploaded() const {
    return state_->masks.texels_uploaded();
}

std::int64_t CanvasRenderer::pixels_redrawn() const {
    return state_->redrawn;
}

bool load_gl(void* (*get_proc_address)(const char* name)) {
    return gladLoadGL(reinterpret_cast<GLADloadfunc>(get_proc_address)) >= GLAD_MAKE_VERSION(3, 3);
}

} // namespace mw::render
