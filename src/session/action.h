// What a person can do, as values. Panels, keys and tests append them; Session applies them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "codec/codec.h"
#include "mask/brush.h"
#include "project/iteration_tree.h"
#include "session/state.h"

namespace mw::session {

// clang-format off
struct OpenFile { std::filesystem::path path; bool raise_limit = false; bool discard = false; }; // discard: drop iterations never exported
struct CloseDocument { bool discard = false; };
struct SetTool { Tool tool; };
struct SetBrush { mask::Brush brush; };
struct BeginStroke { mask::StrokeSample sample; bool erase = false; };
struct ExtendStroke { mask::StrokeSample sample; };
struct EndStroke {};
struct AbortStroke {};            // as if it had not begun
struct ClearMask {};
struct FillMask {};
struct InvertMask {};
struct GrowMask { double px = 0; };    // negative shrinks
struct FeatherMask { double px = 0; };
struct LoadMask { std::filesystem::path path; };
struct SaveMask { std::filesystem::path path; bool overwrite = false; };
struct Undo {};
struct Redo {};
struct SetPrompt { std::string text; };
struct SetRequest { RequestSettings settings; };
struct PrepareGraft {};            // soon the shown result may be grafted again
struct TryGraft { composite::GraftParams params; }; // of the shown result, while a slider is dragged
struct SetGraft { composite::GraftParams params; }; // for good and, as the default, for the next request
struct DropGraftTrial {};                           // back to the graft it has
struct GrowAndRegraft {};                           // the mask of the shown result takes in what is cut off
struct Run {};
struct CancelJob { worker::JobId job = 0; };
struct DismissJob { worker::JobId job = 0; };
struct ShowIteration { project::IterationId id = 0; }; // an accepted one becomes the base, else its parent does
struct AcceptIteration { project::IterationId id = 0; };
struct RejectIteration { project::IterationId id = 0; };
struct SetCompare { CompareState compare; };
struct OpenToCompare { std::filesystem::path path; bool as_b = false; }; // beside the document
struct DropCompareFile { int number = 0; };
struct ExportReview { std::filesystem::path path; bool overwrite = false; }; // what it is, its ending says
struct SetMaskStyle { MaskStyle style; };
struct SetExposure { double stops = 0; }; // -20 .. 20, of scene-linear pictures; not undone
struct Export { std::filesystem::path path; codec::EncodeOptions options; bool overwrite = false; };
struct DismissNotice { std::uint64_t id = 0; };
// clang-format on

using Action =
    std::variant<OpenFile, CloseDocument, SetTool, SetBrush, BeginStroke, ExtendStroke, EndStroke,
                 AbortStroke, ClearMask, FillMask, InvertMask, GrowMask, FeatherMask, LoadMask,
                 SaveMask, Undo, Redo, SetPrompt, SetRequest, PrepareGraft, TryGraft, SetGraft,
                 DropGraftTrial, GrowAndRegraft, Run, CancelJob, DismissJob, ShowIteration,
                 AcceptIteration, RejectIteration, SetCompare, OpenToCompare, DropCompareFile,
                 ExportReview, SetMaskStyle, SetExposure, Export, DismissNotice>;
using Actions = std::vector<Action>;

} // namespace mw::session
