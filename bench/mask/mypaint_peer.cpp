#include "peers.h"
#include "table.h"

#ifdef MW_BENCH_MYPAINT
#include <mypaint-brush.h>
#include <mypaint-fixed-tiled-surface.h>

#include <algorithm>
#include <cmath>

namespace mw::bench {

struct MypaintSurface::State {
    MyPaintFixedTiledSurface* fixed = nullptr;
    MyPaintSurface* surface = nullptr;
};

namespace {

MyPaintBrush* new_brush(const mask::Brush& b) {
    MyPaintBrush* brush = mypaint_brush_new();
    mypaint_brush_from_defaults(brush);
    const auto set = [&](MyPaintBrushSetting id, double v) {
        mypaint_brush_set_base_value(brush, id, static_cast<float>(v));
    };
    set(MYPAINT_BRUSH_SETTING_RADIUS_LOGARITHMIC, std::log(b.radius_px));
    set(MYPAINT_BRUSH_SETTING_HARDNESS, std::max(b.hardness, 0.05)); // at 0 it paints nothing
    set(MYPAINT_BRUSH_SETTING_OPAQUE, b.opacity);
    set(MYPAINT_BRUSH_SETTING_DABS_PER_ACTUAL_RADIUS, 2);
    set(MYPAINT_BRUSH_SETTING_DABS_PER_BASIC_RADIUS, 0);
    set(MYPAINT_BRUSH_SETTING_DABS_PER_SECOND, 0);
    return brush;
}

void stroke_to(MyPaintBrush* brush, MyPaintSurface* surface, const mask::StrokeSample& s,
               double dt) {
    mypaint_brush_stroke_to(brush, surface, static_cast<float>(s.x), static_cast<float>(s.y), 1, 0,
                            0, dt);
}

} // namespace

MypaintSurface::MypaintSurface(Size size) : state_(std::make_unique<State>()) {
    state_->fixed = mypaint_fixed_tiled_surface_new(size.width, size.height);
    state_->surface = mypaint_fixed_tiled_surface_interface(state_->fixed);
}
MypaintSurface::~MypaintSurface() {
    mypaint_surface_unref(state_->surface);
}
bool MypaintSurface::available() {
    return true;
}

void MypaintSurface::stroke(const mask::Brush& b, const std::vector<mask::StrokeSample>& samples) {
    MyPaintBrush* brush = new_brush(b);
    mypaint_surface_begin_atomic(state_->surface);
    stroke_to(brush, state_->surface, samples.front(), 10); // puts the pen down
    for (const auto& s : samples)
        stroke_to(brush, state_->surface, s, 1.0 / 120);
    MyPaintRectangle changed;
    mypaint_surface_end_atomic(state_->surface, &changed);
    mypaint_brush_unref(brush);
}

void MypaintSurface::time_samples(const mask::Brush& b,
                                  const std::vector<mask::StrokeSample>& samples,
                                  std::vector<double>& seconds) {
    MyPaintBrush* brush = new_brush(b);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double start = now();
        mypaint_surface_begin_atomic(state_->surface);
        stroke_to(brush, state_->surface, samples[i], i == 0 ? 10 : 1.0 / 120);
        MyPaintRectangle changed;
        mypaint_surface_end_atomic(state_->surface, &changed);
        seconds[i] = now() - start;
    }
    mypaint_brush_unref(brush);
}

} // namespace mw::bench
#else
namespace mw::bench {

struct MypaintSurface::State {};
MypaintSurface::MypaintSurface(Size) {}
MypaintSurface::~MypaintSurface() = default;
bool MypaintSurface::available() {
    return false;
}
void MypaintSurface::stroke(const mask::Brush&, const std::vector<mask::StrokeSample>&) {}
void MypaintSurface::time_samples(const mask::Brush&, const std::vector<mask::StrokeSample>&,
                                  std::vector<double>&) {}

} // namespace mw::bench
#endif
