// What the application is, without a toolkit: read by panels, changed only by Session.
#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compare/stats.h"
#include "composite/graft.h"
#include "edit/backend.h"
#include "mask/brush.h"
#include "project/document.h"
#include "session/compare_state.h"
#include "session/preferences.h"
#include "session/selection.h"
#include "session/service.h"
#include "worker/jobs.h"

namespace mw::session {

enum class Tool {
    brush,
    eraser,
    pan,
    crop,
    markup, // marks for the model
    // Strokes that are answered at once, from elsewhere in the picture.
    clone,
    heal,
    // of selection
    rectangle,
    ellipse,
    lasso,
    polygon,
    scissors, // the edge-following lasso
    wand,
    color_range,
    luminance_range,
    smart,
};
inline bool is_selecting(Tool tool) {
    return tool >= Tool::rectangle;
}

// How the mask is shown. Rubylith lies over what is kept; a matte is the coverage itself.
enum class MaskLook { overlay, rubylith, matte, outline, off };
struct MaskStyle {
    std::array<float, 3> color{1.0f, 0.18f, 0.25f}; // sRGB 0..1; of overlay and rubylith
    float opacity = 0.5f;                           // 0..1
    bool visible = true;                            // hidden and shown again without another look
    MaskLook look = MaskLook::overlay;
    bool operator==(const MaskStyle&) const = default;
};

struct RequestSettings {
    std::string provider = "builtin", model;
    std::optional<int> context_px; // absent: automatic
    std::optional<Rect> crop;      // dragged by the artist, image pixels; absent: automatic
    double enlarge = 1;            // 1 .. 8
    std::optional<Size> size;      // of what is sent and comes back; absent: the crop's own
    edit::Islands islands = edit::Islands::automatic;
    edit::Resampling resampling = edit::Resampling::automatic;
    composite::GraftParams graft; // of the answers to come
    int count = 1;
    std::uint64_t seed = 1;
    // Of models that have them; empty: the model's own choice.
    std::string quality, complexity, background, input_fidelity, format;
    std::optional<int> compression; // 0 .. 100, of jpeg and webp
    int partials = 0;               // pictures while it works
    std::vector<edit::Reference> references;
    int not_from = 0; // MaskSlot::id; engines that copy take nothing from there; 0: from anywhere
    bool operator==(const RequestSettings&) const = default;
};

// One of the documents that are open; see Desk.
using TabId = std::uint64_t;
struct TabView {
    TabId id = 0;
    std::string title;          // for people; empty: nothing is open in it
    std::filesystem::path file; // the project, else the picture
    bool busy = false;          // something is being made in it
    bool read_only = false;
    bool trouble = false; // its project cannot be written
    bool operator==(const TabView&) const = default;
};

// Where the document is written down, all the time.
struct ProjectView {
    std::filesystem::path path; // empty: nowhere, it lives in memory alone
    bool named = false;         // the artist gave it a place; else it lies in the recovery folder
    bool read_only = false;     // nothing is written; edits live in memory alone
    std::string why_read_only;  // a sentence
    std::string trouble;        // why the newest changes are in memory alone; a sentence, or empty
    bool saving = false;        // changes are on their way
};

// What becomes of the marks when the request is sent to the chosen model.
enum class MarkupUse {
    none,            // there are none, or they are hidden
    instead_of_mask, // the model takes them as such; then it gets no mask
    reference,       // the marked picture goes along as one more reference
    no_room,         // the references take all the places
    unseen,          // this model has no way to be shown them
};
// What new marks look like.
struct MarkStyle {
    std::array<std::uint8_t, 3> color = edit::Mark().color;
    double width_px = edit::Mark().width_px; // image pixels
    bool operator==(const MarkStyle&) const = default;
};
struct MarkupView {
    MarkStyle style;
    MarkupUse use = MarkupUse::none;
    bool operator==(const MarkupView&) const = default;
};

inline bool is_cloning(Tool tool) {
    return tool == Tool::clone || tool == Tool::heal;
}
// Where strokes with clone and heal take the picture from: chosen as a point, and from the first
// stroke on as a distance that stays (aligned).
struct CloneSource {
    std::optional<Point> point, offset; // image pixels; offset: source - stroke
};

enum class JobState { waiting, running, finished, failed, cancelled };
enum class JobKind {
    open,
    edit,
    export_,
    mask_file,
    figures,
    regraft,
    plan,
    compare,
    reference,
    mask,
    combine,
    project, // writing it down
    catalogue,
};

// Work of these kinds comes and goes unseen.
inline bool is_quiet(JobKind kind) {
    return kind == JobKind::figures || kind == JobKind::regraft || kind == JobKind::plan ||
           kind == JobKind::compare || kind == JobKind::reference || kind == JobKind::mask ||
           kind == JobKind::project || kind == JobKind::catalogue;
}

struct JobView {
    worker::JobId id = 0;
    JobKind kind = JobKind::edit;
    JobState state = JobState::waiting;
    std::string label; // "remove the ball"
    edit::Phase phase = edit::Phase::queued;
    std::optional<double> fraction;
    int part = 0, parts = 1; // of the mask: which is asked for, from 0
    std::chrono::steady_clock::time_point submitted, ended;
    bool cancel_asked = false;
    std::string error;                        // when failed
    std::vector<worker::UnusedAnswer> unused; // of an edit: bytes that no iteration holds
    project::IterationId parent = 0;
    // What a running edit was answered so far; or of a large picture that is being opened the rows
    // that are there: the rectangle is the whole picture's, the pixels those of worker::OpenJob.
    std::optional<composite::Patch> partial;
    bool paid = false;                     // it costs money,
    bool can_stop = false;                 // and cancelling stops the service
    std::optional<double> usual_s;         // what such a request took here before, seconds
    std::optional<edit::RequestFate> fate; // of its newest request
};

// The shown result grafted with other settings: what is asked for and what came of it so far.
struct GraftTrial {
    project::IterationId iteration = 0;
    composite::GraftParams params;
    bool held = false;                            // a slider is still being dragged
    bool growing = false;                         // with a larger mask
    std::optional<composite::Patch> patch;        // of the newest preview
    std::optional<composite::GraftReport> report; // the same, nothing proved
};

// What was said with a service that remembers, up to the iteration the next request starts from.
struct Turn {
    project::IterationId iteration = 0;
    std::string asked;
    std::string understood; // what the service made of the words; empty: not told
};
struct ConversationView {
    std::vector<Turn> turns; // oldest first
    bool anew = false;       // the next request begins another one
};

enum class Severity { info, warning, error };
struct Notice {
    std::uint64_t id = 0;
    Severity severity = Severity::info;
    std::string text;
    // The way out, offered as a button: raise the limit and open, overwrite and go on.
    std::optional<std::string> action_label;
};

// Const and valid until the next apply() or pump(). Nothing in it is copied from the document.
struct SessionView {
    const project::Document* document = nullptr; // null: nothing is open
    worker::DocumentId document_id = 0;          // another for every document of the program
    std::string title;                           // what the document is called
    ProjectView project;
    image::ImageRef shown; // the picture on the canvas; null without a document
    image::ImageRef original;
    // Over `preview_under`: of the trial (then that is the parent's picture) or of the newest
    // running edit (then it is `shown`).
    std::optional<composite::Patch> preview;
    image::ImageRef preview_under;
    image::DisplayTransform display;  // of the document's pictures, at the chosen exposure
    std::optional<GraftTrial> trial;  // of the shown iteration
    const mask::Mask* mask = nullptr; // live, with the stroke being painted or what is previewed
    std::uint64_t mask_revision = 0;  // grows with every change of *mask

    Tool tool = Tool::brush;
    mask::Brush brush;
    SelectionView selection;
    MarkupView markup;
    MaskStyle mask_style;
    CompareState compare;
    ComparisonView comparison;
    CloneSource clone;
    std::string prompt;
    std::vector<edit::PromptStep> understood; // of the prompt, by an engine with a grammar
    RequestSettings request;
    std::vector<edit::ModelCapabilities> models;
    std::vector<std::string> abilities; // what the engine can do, a line each
    ServiceInfo service;                // of request.provider
    std::string model_warning;          // of request.model; empty: none
    Catalogue catalogue;                // of request.provider's service
    bool lists_models = false;          // it can be asked for one
    bool can_click_select = false;      // a program that selects by clicks is set up
    ConversationView conversation;

    std::vector<edit::PlannedPart> plan; // what would be sent now, a request each; empty: nothing
    std::optional<edit::CostEstimate> cost;
    std::string cannot_run; // empty: Run is possible; else the reason, a sentence

    std::vector<JobView> jobs; // newest last
    std::vector<Notice> notices;
    std::optional<compare::DiffStats> figures; // shown against its parent
    bool figures_pending = false;
    std::vector<std::filesystem::path> recent_files; // newest first
    // Of those that were asked for and have one, kRgba8.
    std::map<std::filesystem::path, image::ImageRef> recent_pictures;
    // Of files that were glanced at, kRgba8; null: it has none that could be made in a moment.
    std::map<std::filesystem::path, image::ImageRef> glances;
    std::string undo_name, redo_name;                        // empty: none
    const Preferences* preferences = &default_preferences(); // never null; outlives the view
};

} // namespace mw::session
