#include "ui/select_options.h"

#include <imgui.h>

#include "embedded/icons.h"
#include "ui/live_slider.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::CombineMode;
using session::SelectSettings;
using session::SessionView;
using session::Tool;

// What happened to the settings in this frame.
struct Change {
    bool tried = false, kept = false, dropped = false;
    void add(const Live& live) {
        tried |= live.tried;
        kept |= live.kept;
        dropped |= live.dropped;
    }
};

void next() {
    ImGui::SameLine(0, px(4));
}

Live number(const char* name, const char* label, double& value, float high, float unit,
            const char* format = "%.0f", float low = 0) {
    float shown = static_cast<float>(value);
    const Live live = live_slider(name, label, shown, low, high, {.width = unit, .format = format});
    if (live.tried) value = static_cast<double>(shown);
    return live;
}

// The tools of a group beside each other; the key goes from one to the next.
void draw_kinds(const SessionView& view, session::Actions& out) {
    std::optional<int> chosen;
    Tool first = Tool::rectangle;
    const auto at = [&](Tool from) {
        first = from;
        return static_cast<int>(view.tool) - static_cast<int>(from);
    };
    switch (view.tool) {
        case Tool::rectangle:
        case Tool::ellipse:
            chosen = choices({{"select.rectangle", icons::kCropDin, "Rectangle", "M"},
                              {"select.ellipse", icons::kPanoramaFishEye, "Ellipse", "M again"}},
                             at(Tool::rectangle));
            break;
        case Tool::lasso:
        case Tool::polygon:
        case Tool::scissors:
            chosen =
                choices({{"select.lasso", icons::kGesture, "Lasso", "L"},
                         {.name = "select.polygon",
                          .icon = icons::kPolyline,
                          .label = "Polygon",
                          .key = "L again",
                          .detail = "Double click, Enter or a click on the first corner closes, "
                                    "Backspace takes one back."},
                         {.name = "select.scissors",
                          .icon = icons::kContentCut,
                          .label = "Follow an edge",
                          .key = "L again",
                          .detail = "Click along an edge; the line finds its way between. Double "
                                    "click or Enter closes, Backspace takes one back."}},
                        at(Tool::lasso));
            break;
        case Tool::wand:
        case Tool::color_range:
        case Tool::luminance_range:
            chosen = choices({{"select.wand", icons::kAutoFixHigh, "Magic wand", "W"},
                              {"select.color_range", icons::kColorize, "Colour range", "W again"},
                              {"select.luminance", icons::kTonality, "Luminance range", "W again"}},
                             at(Tool::wand));
            break;
        default:
            return;
    }
    if (chosen)
        out.push_back(session::SetTool{static_cast<Tool>(static_cast<int>(first) + *chosen)});
    ImGui::SameLine(0, px(8));
}

// The square whose mean is sampled: 1, 3, 5 in turn.
bool draw_sample(SelectSettings& s) {
    const char* words = s.sample_side == 1 ? "1 px" : s.sample_side == 3 ? "3 × 3" : "5 × 5";
    const bool pressed = button("select.sample", words, {.width = px(56)});
    tooltip("Sampled square", {}, "The mean of so many pixels is what others are compared with.");
    if (pressed) s.sample_side = s.sample_side == 1 ? 3 : s.sample_side == 3 ? 5 : 1;
    return pressed;
}

Change draw_wand(SelectSettings& s, float unit) {
    Change change;
    const bool levels = s.measure == select::ColorMeasure::rgb;
    change.add(number("select.tolerance", "Tolerance", s.wand_tolerance, levels ? 255 : 60, unit,
                      levels ? "%.0f" : "%.1f"));
    tooltip("Tolerance", {},
            levels ? "The largest difference of a channel, 0 to 255."
                   : "How far a colour may lie from the one sampled, as the eye sees it (ΔE).");
    next();
    if (button("select.measure", levels ? "RGB" : "ΔE", {.width = px(44)})) {
        s.measure = levels ? select::ColorMeasure::delta_e : select::ColorMeasure::rgb;
        s.wand_tolerance = levels ? 10 : 32;
        change.kept = true;
    }
    tooltip("How colours are compared", {},
            "ΔE: CIEDE2000, as the eye sees it. RGB: plain levels of the channels.");
    next();
    change.kept |= draw_sample(s);
    next();
    if (icon_button("select.contiguous", s.contiguous ? icons::kLink : icons::kLinkOff,
                    s.contiguous, true, 28)) {
        s.contiguous = !s.contiguous;
        change.kept = true;
    }
    tooltip(
        "Only what is connected", {},
        s.contiguous ? "Press to select the colour anywhere in the picture." : "Off: anywhere.");
    return change;
}

Change draw_color_range(SelectSettings& s, float unit) {
    Change change;
    change.add(number("select.tolerance", "Tolerance", s.color_tolerance, 60, unit, "%.1f", 0.5f));
    tooltip("Tolerance", {}, "The difference (ΔE) at which a pixel is half selected.");
    next();
    double percent = 100 * s.color_softness;
    const Live soft = number("select.softness", "Soft", percent, 100, unit, "%.0f %%");
    if (soft.tried) s.color_softness = percent / 100;
    change.add(soft);
    tooltip("Softness", {}, "How slowly the selection fades with the difference.");
    next();
    change.kept |= draw_sample(s);
    return change;
}

Change draw_luminance(const SessionView& view, SelectSettings& s, float unit,
                      session::Actions& out) {
    Change change;
    const double low = s.low, high = s.high;
    change.add(number("select.low", "From", s.low, 100, unit));
    tooltip("Darkest", {}, "Lightness L*, 0 black to 100 white. A click samples it.");
    next();
    change.add(number("select.high", "To", s.high, 100, unit));
    tooltip("Lightest");
    // The slider pulled pushes the other one.
    if (s.low != low) s.high = std::max(s.high, s.low);
    if (s.high != high) s.low = std::min(s.low, s.high);
    next();
    change.add(number("select.softness", "Soft", s.lum_softness, 50, unit));
    tooltip("Softness", {}, "Over so many L* the selection fades on either side.");
    next();
    if (button("select.apply", "Select", {.width = px(64)}))
        out.push_back(
            session::Select{select::LuminanceRangeParams{}, view.selection.settings.mode});
    tooltip("Select this range of lightness", {}, "Or click a place that is as light.");
    return change;
}

Change draw_smart(const SessionView& view, SelectSettings& s, CanvasState& canvas) {
    Change change;
    const Choice box{.name = "select.box",
                     .icon = icons::kHighlightAlt,
                     .label = "Box",
                     .key = nullptr,
                     .detail = "Drag a box around the object, or click on it."};
    const Choice inside{.name = "select.inside",
                        .icon = icons::kAdd,
                        .label = "This belongs to it",
                        .key = nullptr,
                        .detail = "Scribble on what is missing."};
    const Choice outside{.name = "select.outside",
                         .icon = icons::kRemove,
                         .label = "This does not",
                         .key = nullptr,
                         .detail = "Scribble on what is too much; the right button always does."};
    const Choice asked{.name = "select.iopaint",
                       .icon = icons::kAutoAwesome,
                       .label = "Ask IOPaint",
                       .key = nullptr,
                       .detail =
                           "Click on a thing; IOPaint selects it. More clicks add to it, the "
                           "right button says what does not belong to it."};
    if (!view.can_click_select && canvas.smart_hand == SmartHand::asked)
        canvas.smart_hand = SmartHand::box;
    const int at = static_cast<int>(canvas.smart_hand);
    const auto chosen = view.can_click_select ? choices({box, inside, outside, asked}, at)
                                              : choices({box, inside, outside}, at);
    if (chosen) canvas.smart_hand = static_cast<SmartHand>(*chosen);
    if (canvas.smart_hand == SmartHand::asked) return change; // it has no soft edge
    ImGui::SameLine(0, px(8));
    change.kept = toggle("select.soft_edge", "Soft edge", s.soft_edge);
    tooltip("Soft edge", {}, "Hair and blurred edges are covered in part.");
    return change;
}

const char* hint_of(Tool tool) {
    switch (tool) {
        case Tool::rectangle:
        case Tool::ellipse:
            return "Shift: even sides · Alt: from centre";
        case Tool::lasso:
            return "Draw around it";
        case Tool::polygon:
            return "Click corners · Enter closes";
        case Tool::scissors:
            return "Click along it · Enter closes";
        default:
            return nullptr;
    }
}

} // namespace

void draw_mode_choice(const char* const (&names)[4], CombineMode& mode) {
    const auto chosen =
        choices({{names[0], icons::kSquare, "Replace what is there", nullptr},
                 {names[1], icons::kAddBox, "Add", "Shift"},
                 {names[2], icons::kIndeterminateCheckBox, "Subtract", "Alt"},
                 {names[3], icons::kJoinInner, "Keep only what both have", "Shift+Alt"}},
                static_cast<int>(mode));
    if (chosen) mode = static_cast<CombineMode>(*chosen);
}

void draw_select_options(const SessionView& view, CanvasState& canvas,
                         const SelectOptionsRoom& room, session::Actions& out) {
    const float unit = room.unit;
    const float start = ImGui::GetCursorPosX();
    SelectSettings s = view.selection.settings;
    Change change;
    if (room.kinds) draw_kinds(view, out);
    draw_mode_choice({"select.replace", "select.add", "select.subtract", "select.intersect"},
                     s.mode);
    ImGui::SameLine(0, px(8));
    switch (view.tool) {
        case Tool::wand:
            change = draw_wand(s, unit);
            break;
        case Tool::color_range:
            change = draw_color_range(s, unit);
            break;
        case Tool::luminance_range:
            change = draw_luminance(view, s, unit, out);
            break;
        case Tool::smart:
            change = draw_smart(view, s, canvas);
            break;
        default: {
            gap(5);
            const float left = room.all - (ImGui::GetCursorPosX() - start);
            text_cut(hint_of(view.tool), std::max(px(40), left), colors().text_second);
        }
    }
    if (change.dropped) return out.push_back(session::CancelMaskWork{});
    const bool held = change.tried && !change.kept;
    if (change.kept || held || !(s == view.selection.settings))
        out.push_back(session::SetSelect{s, held});
}

} // namespace mw::ui
