// The picture's part of a frame, and the line of facts below it.
#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "base/file.h"
#include "compare/readout.h"
#include "ui/canvas_panel.h"
#include "ui/compare_words.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::SessionView;

std::string pixel_words(image::ImageView picture, Point at) {
    std::string words;
    for (int c = 0; c < picture.format.channels; ++c) {
        if (c > 0) words += ' ';
        switch (picture.format.type) {
            case image::SampleType::u8:
                words += fmt::format("{}", picture.pixel<std::uint8_t>(at.x, at.y)[c]);
                break;
            case image::SampleType::u16:
                words += fmt::format("{}", picture.pixel<std::uint16_t>(at.x, at.y)[c]);
                break;
            case image::SampleType::f32:
                words += fmt::format("{:.4g}", picture.pixel<float>(at.x, at.y)[c]);
                break;
        }
    }
    return words;
}

std::string format_words(const SessionView& view) {
    const image::PixelFormat f = view.shown->format();
    const char* depth = f.type == image::SampleType::u8    ? "8-bit"
                        : f.type == image::SampleType::u16 ? "16-bit"
                                                           : "float";
    const char* channels[] = {"grey", "grey + alpha", "RGB", "RGBA"};
    // A profile may have any name.
    const std::string color =
        view.document->color ? shown_name(view.document->color->name).substr(0, 40) : "sRGB";
    return fmt::format("{} × {} · {} {} · {} · {}", view.shown->width(), view.shown->height(),
                       depth, channels[f.channels - 1], color,
                       codec::name_of(view.document->format));
}

// Both pictures' samples under the pointer and how far they are apart as shown.
std::string pair_words(const SessionView& view, Point at) {
    const session::ComparisonView& pair = view.comparison;
    const Point in_b{at.x - view.compare.nudge.x, at.y - view.compare.nudge.y};
    const std::string b = pair.b.picture->rect().contains(in_b)
                              ? pixel_words(pair.b.picture->view(), in_b)
                              : std::string("–");
    std::string words =
        fmt::format("{}, {}   A {}   B {}", at.x, at.y, pixel_words(pair.a.picture->view(), at), b);
    const auto read = compare::readout(pair.a.picture->view(), pair.b.picture->view(), at,
                                       {pair.a.display, pair.b.display}, view.compare.nudge);
    if (read) words += fmt::format("   ΔE {:.2f}", read->delta_e);
    return words;
}

// While nothing is open: what is on its way, and how far.
std::string opening_words(const SessionView& view) {
    for (const session::JobView& job : view.jobs) {
        if (job.kind != session::JobKind::open || job.state != session::JobState::running) continue;
        std::string words = fmt::format("Opening {}", job.label);
        if (job.partial && !job.partial->rect.empty()) {
            const Size size = job.partial->rect.size(), part = job.partial->pixels->size();
            // The copy's rows are as far apart as its columns.
            const double share = double(part.height) * size.width / part.width / size.height;
            words += fmt::format(" · {} × {} · {:.0f} %", size.width, size.height,
                                 100 * std::min(1.0, share));
        }
        return words;
    }
    return "No picture is open";
}

// Where the whole picture will be, drawn from the coarse copy of its first rows.
render::Pane coming_pane(const composite::Patch& part, const CanvasState& state) {
    int step = 1;
    while ((part.rect.width + step - 1) / step > part.pixels->width())
        step *= 2;
    render::Pane pane;
    pane.area = state.area;
    pane.view = render::fitted(part.rect.size(), state.area, fit_margin(state));
    pane.view.center = {pane.view.center.x / step, pane.view.center.y / step};
    pane.view.zoom *= step;
    pane.layer.picture = part.pixels;
    return pane;
}

} // namespace

const composite::Patch* picture_coming(const SessionView& view) {
    if (view.document != nullptr) return nullptr;
    for (const session::JobView& job : view.jobs)
        if (job.kind == session::JobKind::open && job.partial && !job.partial->rect.empty())
            return &*job.partial;
    return nullptr;
}

render::CanvasFrame canvas_frame(const SessionView& view, const CanvasState& state,
                                 Size framebuffer) {
    render::CanvasFrame frame;
    frame.framebuffer = framebuffer;
    const float grey = static_cast<float>(colors().canvas & 0xff) / 255.0f;
    frame.background = {grey, grey, grey};
    const composite::Patch* const coming = picture_coming(view);
    if (coming != nullptr && !state.area.empty())
        frame.panes.push_back(coming_pane(*coming, state));
    if (view.shown == nullptr || state.area.empty()) return frame;

    render::Layer shown{view.shown, nullptr, {}};
    if (view.preview) {
        shown.picture = view.preview_under;
        shown.patch = view.preview->pixels;
        shown.patch_at = {view.preview->rect.x, view.preview->rect.y};
    }
    if (state.hold_original) shown = {view.original, nullptr, {}};
    shown.view = view.display;
    render::MaskOverlay overlay;
    if (overlay_shown(view, state) && view.mask != nullptr) {
        const auto& c = view.mask_style.color;
        overlay = {view.mask, view.mask_revision, {c[0], c[1], c[2], view.mask_style.opacity}};
        switch (view.mask_style.look) {
            case session::MaskLook::rubylith:
                overlay.look = render::MaskLook::rubylith;
                break;
            case session::MaskLook::matte:
                overlay.look = render::MaskLook::matte;
                break;
            case session::MaskLook::outline:
                overlay.look = render::MaskLook::outline;
                overlay.line_px = static_cast<float>(
                    std::max(1.0, std::round(static_cast<double>(look().scale) * state.density)));
                break;
            default:
                break;
        }
    }
    const CompareMode mode = effective_compare(view);
    if (mode != CompareMode::off) add_comparison_panes(view, state, frame);
    if (mode == CompareMode::off || state.hold_original) {
        const Panes panes = panes_of(view, state);
        // With the key held the original is seen where B was, and A stays where it has a place.
        frame.panes.resize(panes.a.empty() ? 0 : 1);
        render::Pane pane;
        pane.area = panes.cells.empty() ? panes.b : state.area;
        pane.view = state.view;
        pane.layer = shown;
        frame.panes.push_back(std::move(pane));
    }
    for (render::Pane& pane : frame.panes) {
        // A colour over a difference would be one.
        if (pane.pairing && pane.pairing->math != render::PairMath::onion) continue;
        if (mode != CompareMode::heat || state.hold_original) pane.overlay = overlay;
    }
    return frame;
}

void draw_status_line(const SessionView& view, const CanvasState& state) {
    if (view.document == nullptr || view.shown == nullptr) {
        text(opening_words(view), colors().text_second, look().fonts.small);
        return;
    }
    std::string facts = format_words(view);
    if (const render::Turn& turn = state.view.turn; !turn.none()) {
        if (turn.degrees != 0) facts += fmt::format(" · turned {:g}°", turn.degrees);
        if (turn.mirrored) facts += " · mirrored";
    }
    std::string where;
    if (state.over) {
        const PointF p = image_point(view, state, state.last);
        const Point at{static_cast<int>(std::floor(p.x)), static_cast<int>(std::floor(p.y))};
        if (view.shown->rect().contains(at)) {
            where = fmt::format("{}, {}   {}", at.x, at.y, pixel_words(view.shown->view(), at));
            const CompareMode mode = effective_compare(view);
            if (mode != CompareMode::off && mode != CompareMode::sheet)
                where = pair_words(view, at);
        }
    }
    ImFont* small = look().fonts.small;
    const float room = ImGui::GetContentRegionAvail().x;
    const auto width = [small](const std::string& s) {
        return small->CalcTextSizeA(small->FontSize, 1e9f, 0, s.c_str()).x;
    };
    const float right = width(where), middle = width(facts);
    float name_room = std::max(px(80), room - right - middle - px(48));
    const float start = ImGui::GetCursorPosX();
    const session::ProjectView& project = view.project;
    if (project.read_only || !project.trouble.empty()) {
        const std::string words = project.read_only ? "Read-only" : "Not on disk yet";
        text(words, colors().warning, small);
        name_item("project.badge");
        tooltip(words, {},
                project.read_only ? "What is changed here is in memory alone. Save the "
                                    "project under another name to keep it."
                                  : project.trouble);
        ImGui::SameLine(0, px(12));
        name_room = std::max(px(60), name_room - width(words) - px(12));
    }
    text_cut(shown_name(view.title.empty() ? view.document->path.filename().native() : view.title),
             name_room, colors().text, small);
    ImGui::SameLine(0, px(16));
    text(facts, colors().text_second, small);
    if (!where.empty()) {
        ImGui::SameLine(start + room - right);
        text(where, colors().text_second, small);
    }
}

} // namespace mw::ui
