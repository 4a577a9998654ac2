#include "ui/options_bar.h"

#include <fmt/format.h>
#include <imgui.h>

#include <array>

#include "embedded/icons.h"
#include "ui/brush_options.h"
#include "ui/markup_options.h"
#include "ui/mask_look.h"
#include "ui/select_options.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::SessionView;
using session::Tool;

void divider() {
    ImGui::SameLine(0, px(10));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddLine({at.x, at.y + px(2)}, {at.x, at.y + px(26)}, colors().line,
                                        px(1));
    ImGui::Dummy({px(1), px(28)});
    ImGui::SameLine(0, px(10));
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
    text_cut("Drag the crop or its edges", room - width - px(8), colors().text_second);
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

void draw_options_bar(const SessionView& view, CanvasState& canvas, session::Actions& out) {
    const bool open = view.document != nullptr;
    const float room = ImGui::GetContentRegionAvail().x;
    const bool roomy = room >= px(1180), named = room >= px(1360);
    const float unit = px(room >= px(1600) ? 124 : named ? 104 : roomy ? 88 : 76);
    if (button("open", named ? "Open" : "", {.icon = icons::kFolderOpen})) ask(Command::open);
    tooltip(Command::open);
    ImGui::SameLine(0, px(4));
    if (button("export", named ? "Export" : "", {.icon = icons::kSaveAlt, .enabled = open}))
        ask(Command::export_);
    tooltip(Command::export_);
    if (open) {
        divider();
        if (view.tool == Tool::pan)
            text("Drag to move the picture", colors().text_second);
        else if (view.tool == Tool::crop)
            draw_crop_options(view, 4 * unit + px(90), out);
        else if (view.tool == Tool::markup)
            draw_markup_options(view, canvas.marks, unit, out);
        else if (session::is_selecting(view.tool))
            draw_select_options(view, canvas, {unit, 4 * unit + px(90), roomy}, out);
        else
            draw_brush_options(view, unit, out);
        divider();
        draw_mask_look(view, canvas, named ? unit : 0, out);
        divider();
        draw_compare_options(view, out);
        if (view.document->color && view.document->color->scene_linear) {
            divider();
            draw_exposure(view, unit, out);
        }
    }
    // In a narrow window the preferences are left to their key and to the list of commands.
    const bool wide = room >= px(1040);
    ImGui::SameLine(ImGui::GetContentRegionMax().x -
                    px(28 + 4 + 68 + 4 + 28 + (wide ? 4 + 28 : 0)));
    command_button("history", Command::toggle_history, false, open, 28);
    ImGui::SameLine(0, px(4));
    draw_zoom(canvas, open);
    ImGui::SameLine(0, px(4));
    if (wide) {
        command_button("preferences", Command::preferences, false, true, 28);
        ImGui::SameLine(0, px(4));
    }
    command_button("help", Command::help, false, true, 28);
}

} // namespace mw::ui
