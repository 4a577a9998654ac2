// What a person can do, as values. Panels, keys and tests append them; Session applies them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "codec/codec.h"
#include "handoff/export_options.h"
#include "mask/brush.h"
#include "project/iteration_tree.h"
#include "session/state.h"

namespace mw::session {

// clang-format off
struct OpenFile { std::filesystem::path path; bool raise_limit = false; bool discard = false; bool recovers = false; }; // a picture or a project; discard: drop iterations never saved
struct CloseDocument { bool discard = false; TabId tab = 0; }; // 0: what is looked at
struct SelectTab { TabId tab = 0; };
struct StepTab { int by = 1; };
struct SaveProjectAs { std::filesystem::path path; bool overwrite = false; };
struct ReadRecentPictures {}; // of view.recent_files
struct GlanceAt { std::vector<std::filesystem::path> files; }; // small pictures of files in a folder, in this order; what was asked for before and has not begun is dropped
struct KeepCanvasView { project::CanvasView canvas; };         // where the canvas was left
struct SetTool { Tool tool; };
struct SetBrush { mask::Brush brush; };
struct BeginStroke { mask::StrokeSample sample; bool erase = false; bool join = false; }; // join: straight on from the last stroke's end
struct ExtendStroke { mask::StrokeSample sample; };
struct EndStroke {};
struct AbortStroke {};            // as if it had not begun
struct ClearMask {};
struct FillMask {};
struct InvertMask {};
// Selections and refinements are made in the background, in the order given; each is one step of undo.
struct Select { worker::Shape shape; CombineMode mode = CombineMode::replace; }; // the tools' settings fill in the shape's own
struct SetSelect { SelectSettings settings; bool held = false; }; // a selection that follows them does: live while held
struct ScribbleObject { std::vector<mask::StrokeSample> line; double radius_px = 8; bool outside = false; CombineMode mode = CombineMode::replace; }; // tells smart select more
struct TryRefine { Refinement how; };                        // live, while a slider is dragged
struct RefineMask { Refinement how; bool anew = false; };    // anew: also where the last thing done was of this kind
struct CancelMaskWork {};                                    // what is pending, tried or drawn by wire
struct WireTo { Point at; };                                 // the live way to the pointer
struct WireAnchor { Point at; };                             // the first begins
struct WireBack {};                                          // takes the last anchor away
struct WireClose { CombineMode mode = CombineMode::replace; }; // selects what it encloses
struct SetPaintLimit { bool on = false; };                   // painting is held to the mask as it is now
struct SaveSlot { std::string name; };                       // a copy of the mask; empty: a name is found
struct RestoreSlot { MaskSlot slot; };                       // one that was deleted
struct RecallSlot { int id = 0; CombineMode mode = CombineMode::replace; };
struct RenameSlot { int id = 0; std::string name; };
struct DeleteSlot { int id = 0; };
struct CopyMask { project::IterationId from = 0; CombineMode mode = CombineMode::replace; }; // the mask a result was made with
struct Reselect {};                                          // the mask that was cleared last
struct LoadMask { std::filesystem::path path; };
struct SaveMask { std::filesystem::path path; bool overwrite = false; };
struct SetMarkStyle { MarkStyle style; };                    // of the marks to come
struct AddMark { edit::Mark mark; };                         // gets an id; what says nothing is none
struct ChangeMark { edit::Mark mark; bool held = false; };   // the one of its id; held: one step of undo while a slider or the mark is dragged
struct RemoveMark { int id = 0; };
struct ClearMarks {};
struct ShowMarks { bool shown = true; };                     // what is hidden is not sent; not undone
struct Undo {};
struct Redo {};
struct SetPrompt { std::string text; };
struct SetPromptSteps { std::vector<edit::PromptStep> steps; }; // view.understood changed: makes the prompt
struct SetCloneSource { Point at; };                         // of the strokes to come with clone and heal
struct SetRequest { RequestSettings settings; };
struct PrepareGraft {};            // soon the shown result may be grafted again
struct TryGraft { composite::GraftParams params; }; // of the shown result, while a slider is dragged
struct SetGraft { composite::GraftParams params; }; // for good and, as the default, for the next request
struct DropGraftTrial {};                           // back to the graft it has
struct GrowAndRegraft {};                           // the mask of the shown result takes in what is cut off
struct AddReference { std::filesystem::path path; }; // a picture for the model to go by
struct RemoveReference { std::size_t index = 0; };
struct AskCatalogue {};            // which models the service offers now
struct BeginConversation { bool anew = true; }; // the next request goes on from nothing; false: it goes on after all
struct ClickSelect { std::vector<worker::AskedShape::Click> clicks; CombineMode mode = CombineMode::replace; }; // asks the program for it
struct ServicesChanged {};         // a key was given or forgotten
struct ForgetLeftOver { std::string entry; };
struct Run {};
struct CancelJob { worker::JobId job = 0; };
struct DismissJob { worker::JobId job = 0; };
struct ShowIteration { project::IterationId id = 0; }; // an accepted one becomes the base, else its parent does
struct AcceptIteration { project::IterationId id = 0; };
struct RejectIteration { project::IterationId id = 0; };
struct MarkIteration { project::IterationId id = 0; std::optional<bool> starred, collapsed; std::optional<std::string> name, note; };
struct PruneIteration { project::IterationId id = 0; };   // into the trash, with what was made from it
struct RestoreIteration { project::IterationId id = 0; }; // with what it was made from
struct EmptyTrash { bool sure = false; };                 // for good; not sure: asks
struct CombineIterations { project::IterationId a = 0, b = 0; }; // the regions of both in one
struct SetCompare { CompareState compare; };
struct OpenToCompare { std::filesystem::path path; bool as_b = false; }; // beside the document
struct DropCompareFile { int number = 0; };
struct ExportReview { std::filesystem::path path; bool overwrite = false; bool shows_redacted = false; }; // what it is, its ending says
struct SetMaskStyle { MaskStyle style; };
struct SetExposure { double stops = 0; }; // -20 .. 20, of scene-linear pictures; not undone
struct Export { std::filesystem::path path; handoff::ExportOptions options; bool overwrite = false; };
struct SetPreferences { Preferences preferences; bool held = false; }; // of the program; held: a panel's edge is being dragged
struct DismissNotice { std::uint64_t id = 0; };
// clang-format on

using Action = std::variant<
    OpenFile, CloseDocument, SetTool, SetBrush, BeginStroke, ExtendStroke, EndStroke, AbortStroke,
    ClearMask, FillMask, InvertMask, Select, SetSelect, ScribbleObject, TryRefine, RefineMask,
    CancelMaskWork, WireTo, WireAnchor, WireBack, WireClose, SetPaintLimit, SaveSlot, RestoreSlot,
    RecallSlot, RenameSlot, DeleteSlot, CopyMask, Reselect, LoadMask, SaveMask, SetMarkStyle,
    AddMark, ChangeMark, RemoveMark, ClearMarks, ShowMarks, Undo, Redo, SetPrompt, SetPromptSteps,
    SetCloneSource, SetRequest, PrepareGraft, TryGraft, SetGraft, DropGraftTrial, GrowAndRegraft,
    AddReference, RemoveReference, ServicesChanged, ForgetLeftOver, AskCatalogue, BeginConversation,
    ClickSelect, Run, CancelJob, DismissJob, ShowIteration, AcceptIteration, RejectIteration,
    MarkIteration, PruneIteration, RestoreIteration, EmptyTrash, CombineIterations, SelectTab,
    StepTab, SaveProjectAs, ReadRecentPictures, GlanceAt, KeepCanvasView, SetCompare, OpenToCompare,
    DropCompareFile, ExportReview, SetMaskStyle, SetExposure, Export, SetPreferences,
    DismissNotice>;
using Actions = std::vector<Action>;

} // namespace mw::session
