// What the canvas remembers between frames, and where things stand on it.
#pragma once

#include <optional>
#include <vector>

#include "mask/outline.h"
#include "render/viewport.h"
#include "session/state.h"
#include "ui/compare_canvas.h"

namespace mw::ui {

enum class Gesture {
    none,
    paint,
    pan,
    brush_shape,
    wipe_move,
    wipe_turn,
    crop,
    select,
    mark,    // one is drawn, or moved
    profile, // a line across the picture
    sheet,   // a press in the contact sheet: a choice, or a pan once it moves
};

// Edges of the crop that follow the pointer; all four: the whole crop moves.
struct CropGrip {
    bool left = false, top = false, right = false, bottom = false;
    bool any() const { return left || top || right || bottom; }
    bool all() const { return left && top && right && bottom; }
    bool operator==(const CropGrip&) const = default;
};

// What a drag with smart select draws; `asked`: a click is for the program that is set up for it.
enum class SmartHand { box, inside, outside, asked };

// A selection being drawn, in image pixels: until the button is up or, of a polygon, until it is
// closed.
struct SelectDraft {
    session::Tool tool = session::Tool::rectangle;
    session::CombineMode mode = session::CombineMode::replace;
    std::vector<PointF> points; // of a marquee: where it was pressed and where the pointer is
    std::vector<mask::StrokeSample> line; // of a scribble
    SmartHand hand = SmartHand::box;
    PointF press; // framebuffer pixels
    bool moved = false;
    // Whether Shift and Alt say something of the shape by now: not while they are still held from
    // the press, where they chose the mode.
    bool shift_free = true, alt_free = true;
    bool square = false, from_centre = false;
};

// What a press with the tool for marks does.
enum class MarkHand { pick, arrow, ellipse, stroke, note };

struct MarkCanvas {
    MarkHand hand = MarkHand::arrow;
    std::optional<edit::Mark> draft; // being drawn, or a note whose words are being written
    int picked = 0;                  // id of the mark that keys and options are about; 0: none
    PointF grab;                     // image pixels, of the picked mark while it is moved
    bool moved = false;
    bool writing = false; // the field for a note's words is open
    bool asked = false;   // it is to be opened
};

// The pointer that the arrows move: see ui/keyboard_pointer.h.
struct KeyboardPointer {
    bool on = false;
    bool held = false;    // its button is down
    bool appears = false; // it was turned on since the last frame
};

struct CanvasState {
    Rect area;          // framebuffer pixels
    double density = 1; // framebuffer pixels per window coordinate

    worker::DocumentId document = 0;
    render::Viewport view;
    bool keep_fitted = true; // until the artist zooms or pans
    bool pixel_grid = true;  // from 800 %

    Gesture gesture = Gesture::none;
    int button = 0;           // that holds the gesture
    PointF last;              // of the pointer, framebuffer pixels
    bool over = false;        // the pointer is over the canvas and nothing lies between
    bool over_handle = false; // of the wipe
    PointF anchor;            // where a gesture began
    mask::Brush brush;        // at the start of brush_shape

    CropGrip crop_grip;              // held, or under the pointer
    Rect crop_start;                 // as planned when the gesture began
    std::optional<Rect> crop_before; // as asked for then
    bool crop_moved = false;
    PointF crop_press; // the last press with the crop tool
    double crop_pressed_at = 0;

    CompareCanvas compare;
    MarkCanvas marks;
    KeyboardPointer keyboard;
    std::optional<SelectDraft> draft;
    std::uint64_t limit_seen = 0; // of limit_outline
    mask::Outline limit_outline;
    std::uint64_t changed_seen = 0; // identity of the mask that changed_outline is of
    mask::Outline changed_outline;
    SmartHand smart_hand = SmartHand::box;
    PointF pressed;        // the last press with a selection tool, framebuffer pixels
    double pressed_at = 0; // seconds
    // Painting with Shift held: where it was pressed, framebuffer pixels, and whether the line goes
    // sideways (not said before the hand has moved).
    std::optional<PointF> straight_from;
    std::optional<bool> straight_across;

    bool hold_original = false; // `\` is down
    bool space = false;
    bool erase_key = false;

    // The mask and the crop give way to a new answer until the artist paints again or asks.
    bool overlay_muted = false;
    project::IterationId shown_seen = 0;
    std::uint64_t mask_seen = 0;
};

// The rows so far of a large picture that is being opened while nothing else is open; null: none.
const composite::Patch* picture_coming(const session::SessionView& view);

// The comparison that is on the canvas now: off while there is nothing to compare with.
session::CompareMode effective_compare(const session::SessionView& view);
// Round a picture that is fitted to its pane, framebuffer pixels.
double fit_margin(const CanvasState& state);
// The panes in framebuffer pixels; a is empty unless two are shown, and of a contact sheet b is the
// first of its cells.
struct Panes {
    Rect a, b;
    std::vector<Rect> cells;
};
Panes panes_of(const session::SessionView& view, const CanvasState& state);
// The pane under a framebuffer point; b when it is in none.
Rect pane_at(const Panes& panes, PointF at);
// The picture point under a framebuffer point, in image pixels.
PointF image_point(const session::SessionView& view, const CanvasState& state, PointF at);

// Of the wipe, in framebuffer pixels.
struct WipeHandles {
    PointF move, turn;
    PointF direction; // unit vector along the line, upwards at 0 degrees
};
WipeHandles wipe_handles(const session::CompareState& compare, const Rect& pane, double scale);

bool overlay_shown(const session::SessionView& view, const CanvasState& state);

} // namespace mw::ui
