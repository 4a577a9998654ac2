#include "ui/palette.h"

#include "ui/look.h"

namespace mw::ui {
namespace {

constexpr ImU32 grey(int value) {
    return IM_COL32(value, value, value, 255);
}

constexpr Palette kDark = {
    .edge = grey(20),
    .field = grey(30),
    .field_hover = grey(36),
    .canvas = grey(38),
    .panel = grey(46),
    .card = grey(56),
    .raised_off = grey(52),
    .raised = grey(60),
    .hover = grey(72),
    .press = grey(84),
    .line = grey(68),
    .text = grey(232),
    .text_second = grey(190),
    .text_off = grey(164),
    .icon_off = grey(118),
    .part_quiet = grey(90),
    .part = grey(120),
    .part_strong = grey(150),
    .knob = grey(190),
    .accent = IM_COL32(42, 104, 214, 255),
    .accent_hover = IM_COL32(58, 114, 214, 255),
    .accent_press = IM_COL32(34, 88, 186, 255),
    .accent_line = IM_COL32(140, 187, 255, 255),
    .on_accent = grey(255),
    .selected_text = IM_COL32(42, 104, 214, 165),
    .shade = IM_COL32(0, 0, 0, 120),
    .good = IM_COL32(126, 204, 152, 255),
    .warning = IM_COL32(232, 190, 96, 255),
    .error = IM_COL32(255, 150, 140, 255),
};

// Not white: beside a bright window a picture looks darker than it is. The canvas stays a grey.
constexpr Palette kLight = {
    .edge = grey(150),
    .field = grey(246),
    .field_hover = grey(255),
    .canvas = grey(204),
    .panel = grey(228),
    .card = grey(238),
    .raised_off = grey(220),
    .raised = grey(212),
    .hover = grey(198),
    .press = grey(184),
    .line = grey(178),
    .text = grey(24),
    .text_second = grey(66),
    .text_off = grey(84),
    .icon_off = grey(138),
    .part_quiet = grey(168),
    .part = grey(122),
    .part_strong = grey(104),
    .knob = grey(72),
    .accent = IM_COL32(42, 104, 214, 255),
    .accent_hover = IM_COL32(34, 92, 196, 255),
    .accent_press = IM_COL32(28, 78, 170, 255),
    .accent_line = IM_COL32(14, 66, 164, 255),
    .on_accent = grey(255),
    .selected_text = IM_COL32(120, 170, 255, 150),
    .shade = IM_COL32(60, 60, 60, 120),
    .good = IM_COL32(16, 92, 46, 255),
    .warning = IM_COL32(112, 66, 0, 255),
    .error = IM_COL32(160, 24, 24, 255),
};

} // namespace

const Palette& palette_of(Theme theme) {
    return theme == Theme::light ? kLight : kDark;
}

const Palette& colors() {
    return palette_of(look().theme);
}

} // namespace mw::ui
