#include "ui/options_bar.h"

#include <fmt/format.h>
#include <imgui.h>

#include <array>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::SessionView;
using session::Tool;

void divider() {
    ImGui::SameLine(0, px(10));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddLine({at.x, at.y + px(2)}, {at.x, at.y + px(26)}, palette::kLine,
                                        px(1));
    ImGui::Dummy({px(1), px(28)});
    ImGui::SameLine(0, px(10));
}

void draw_brush_options(const SessionView& view, float unit, session::Actions& out) {
    mask::Brush brush = view.brush;
    float size = static_cast<float>(2 * brush.radius_px);
    float hardness = static_cast<float>(100 * brush.hardness);
    float opacity = static_cast<float>(100 * brush.opacity);
    bool changed = slider("brush.size", "Size", size, 1, 2000,
                          {.width = unit, .logarithmic = true, .format = "%.0f px"});
    tooltip("Brush size", "[  ]", "Alt + right drag on the canvas: size and hardness.");
    ImGui::SameLine(0, px(4));
    changed |=
        slider("brush.hardness", "Hard", hardness, 0, 100, {.width = unit, .format = "%.0f %%"});
    tooltip("Hardness", "Shift+[  ]");
    ImGui::SameLine(0, px(4));
    changed |=
        slider("brush.opacity", "Opacity", opacity, 1, 100, {.width = unit, .format = "%.0f %%"});
    tooltip("Opacity", {}, "How much of the edit shows through what you paint.");
    if (!changed) return;
    brush.radius_px = size / 2;
    brush.hardness = hardness / 100;
    brush.opacity = opacity / 100;
    out.push_back(session::SetBrush{brush});
}

void draw_crop_options(const SessionView& view, float room, session::Actions& out) {
    const float width = px(96);
    if (button("crop.auto", "Automatic",
               {.width = width, .enabled = view.request.crop.has_value()})) {
        session::RequestSettings next = view.request;
        next.crop.reset();
        out.push_back(session::SetRequest{next});
    }
    tooltip("Automatic crop", {}, "The crop follows the mask again. Also by a double click in it.");
    ImGui::SameLine(0, px(8));
    gap(5);
    text_cut("Drag the crop or its edges", room - width - px(8), palette::kTextSecond);
}

void draw_overlay_options(const SessionView& view, const CanvasState& canvas, float unit,
                          session::Actions& out) {
    session::MaskStyle style = view.mask_style;
    const bool shown = overlay_shown(view, canvas);
    if (icon_button("overlay.visible", shown ? icons::kVisibility : icons::kVisibilityOff, false,
                    true, 28))
        ask(Command::toggle_overlay);
    tooltip(Command::toggle_overlay,
            canvas.overlay_muted ? "Hidden while you judge the result." : "");
    ImGui::SameLine(0, px(4));
    ImVec4 color{style.color[0], style.color[1], style.color[2], 1};
    if (ImGui::ColorButton("##overlay", color, ImGuiColorEditFlags_NoTooltip, px(28, 28)))
        ImGui::OpenPopup("overlay color");
    name_item("overlay.color");
    tooltip("Colour of the mask");
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(12, 12));
    if (ImGui::BeginPopup("overlay color")) {
        constexpr float kPresets[][3] = {{1, 0.18f, 0.25f}, {0.1f, 0.85f, 0.35f}, {0.15f, 0.55f, 1},
                                         {1, 0.8f, 0.1f},   {1, 0.2f, 0.9f},      {0, 0, 0},
                                         {1, 1, 1}};
        int index = 0;
        for (const auto& c : kPresets) {
            if (index > 0) ImGui::SameLine(0, px(4));
            ImGui::PushID(index++);
            if (ImGui::ColorButton("##c", {c[0], c[1], c[2], 1}, ImGuiColorEditFlags_NoTooltip,
                                   px(28, 28)))
                style.color = {c[0], c[1], c[2]};
            ImGui::PopID();
        }
        ImGui::SetNextItemWidth(px(220));
        ImGui::ColorPicker3("##pick", style.color.data(),
                            ImGuiColorEditFlags_NoSidePreview | ImGuiColorEditFlags_NoLabel |
                                ImGuiColorEditFlags_NoInputs);
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
    ImGui::SameLine(0, px(4));
    float percent = style.opacity * 100;
    if (slider("overlay.opacity", "Mask", percent, 5, 100, {.width = unit, .format = "%.0f %%"}))
        style.opacity = percent / 100;
    tooltip("Opacity of the mask's colour");
    if (!(style == view.mask_style)) out.push_back(session::SetMaskStyle{style});
}

// The usual ways; the bar over the canvas has them all while there is a comparison.
void draw_compare_options(const SessionView& view, session::Actions& out) {
    const bool can = view.comparison.possible();
    constexpr std::array kOffered{CompareMode::off, CompareMode::side_by_side, CompareMode::wipe,
                                  CompareMode::difference};
    int selected = -1;
    for (std::size_t i = 0; i < kOffered.size(); ++i)
        if (kOffered[i] == effective_compare(view)) selected = static_cast<int>(i);
    const auto chosen =
        choices({{"compare.off", icons::kImage, "One picture", "Esc"},
                 {"compare.side_by_side", icons::kVerticalSplit, "Side by side", "Shift+Y", can},
                 {"compare.wipe", icons::kCompare, "Wipe", "F6", can},
                 {"compare.difference", icons::kContrast, "Difference", "F9", can}},
                selected);
    if (chosen) {
        session::CompareState next = view.compare;
        next.mode = kOffered[static_cast<std::size_t>(*chosen)];
        out.push_back(session::SetCompare{next});
    }
    ImGui::SameLine(0, px(4));
    command_button("compare.figures", Command::toggle_figures, view.compare.figures, true, 28);
}

// Of light without an upper end: where the screen's white lies is the artist's choice.
void draw_exposure(const SessionView& view, float unit, session::Actions& out) {
    auto stops = static_cast<float>(view.display.exposure_stops());
    bool changed =
        slider("view.exposure", "EV", stops, -10, 10, {.width = unit, .format = "%+.2f"});
    tooltip("Exposure of the view, in stops", "Shift+,  Shift+.",
            "How bright the picture is shown, and sent to a model. The file's numbers stay.");
    ImGui::SameLine(0, px(4));
    if (button("view.exposure_reset", "0",
               {.kind = ButtonKind::quiet, .width = px(24), .enabled = stops != 0})) {
        stops = 0;
        changed = true;
    }
    tooltip(Command::exposure_reset);
    if (changed) out.push_back(session::SetExposure{stops});
}

void draw_zoom(const CanvasState& canvas, bool open) {
    const std::string zoom =
        open ? fmt::format("{:.{}f} %", 100 * canvas.view.zoom, canvas.view.zoom < 0.1 ? 1 : 0)
             : "–";
    if (button("view.zoom", zoom, {.kind = ButtonKind::quiet, .width = px(68), .enabled = open}))
        ImGui::OpenPopup("zoom");
    tooltip("Zoom", {}, "Mouse wheel zooms at the pointer.");
    if (ImGui::BeginPopup("zoom")) {
        for (const Command c :
             {Command::fit, Command::zoom_to_mask, Command::zoom_100, Command::zoom_200,
              Command::zoom_in, Command::zoom_out, Command::turn_right, Command::turn_left,
              Command::mirror_view, Command::upright, Command::toggle_pixel_grid}) {
            if (c == Command::turn_right) ImGui::Separator();
            const bool on = (c == Command::mirror_view && canvas.view.turn.mirrored) ||
                            (c == Command::toggle_pixel_grid && canvas.pixel_grid);
            if (ImGui::MenuItem(info(c).name, first_key(c).c_str(), on)) ask(c);
        }
        ImGui::EndPopup();
    }
}

} // namespace

void draw_options_bar(const SessionView& view, const CanvasState& canvas, session::Actions& out) {
    const bool open = view.document != nullptr;
    const float room = ImGui::GetContentRegionAvail().x;
    const bool wide = room >= px(1250);
    const float unit = px(room >= px(1360) ? 136 : wide ? 112 : 92);
    const bool named = room >= px(1180);
    if (button("open", named ? "Open" : "", {.icon = icons::kFolderOpen})) ask(Command::open);
    tooltip(Command::open);
    ImGui::SameLine(0, px(4));
    if (button("export", named ? "Export" : "", {.icon = icons::kSaveAlt, .enabled = open}))
        ask(Command::export_);
    tooltip(Command::export_);
    if (open) {
        divider();
        if (view.tool == Tool::pan)
            text("Drag to move the picture", palette::kTextSecond);
        else if (view.tool == Tool::crop)
            draw_crop_options(view, 3 * unit + px(8), out);
        else
            draw_brush_options(view, unit, out);
        divider();
        draw_overlay_options(view, canvas, unit, out);
        divider();
        draw_compare_options(view, out);
        if (view.document->color && view.document->color->scene_linear) {
            divider();
            draw_exposure(view, unit, out);
        }
    }
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(68 + 4 + 28));
    draw_zoom(canvas, open);
    ImGui::SameLine(0, px(4));
    command_button("help", Command::help, false, true, 28);
}

} // namespace mw::ui
