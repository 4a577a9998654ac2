// What Session remembers of the work on the mask that goes on in the background.
#pragma once

#include <deque>
#include <map>

#include "mask/brush.h"
#include "session/selection.h"
#include "worker/jobs.h"

namespace mw::session {

// The settings as they can be used.
SelectSettings sane(SelectSettings settings);
// Whether this kind of selection changes when the tools' settings do.
bool follows_settings(const worker::Shape& shape);
// The shape with what the settings say of its kind.
worker::Shape with_settings(worker::Shape shape, const SelectSettings& settings);
// Whether the two settings make different selections of it.
bool differ_for(const worker::Shape& shape, const SelectSettings& a, const SelectSettings& b);
// "Magic wand", "Grow mask": of a step of undo.
std::string name_of(const worker::MaskOp& op);
// Whether `amount` means anything.
bool has_amount(RefineKind kind);

// What an operation starts from.
enum class Basis {
    fresh,     // the mask there is
    adjusts,   // what was there before the last step, in whose place it comes
    continues, // what was there before the last step, as a step of its own
};

// One operation on its way to be a step of undo. The first in the queue is worked on.
struct MaskTask {
    worker::MaskOp op;
    Basis basis = Basis::fresh;
    bool held = false; // a slider is being dragged: seen, not kept; `op` may change
    std::uint64_t serial = 0;
    std::chrono::steady_clock::time_point asked = std::chrono::steady_clock::now();

    worker::JobId job = 0; // 0: none is on its way
    std::uint64_t job_serial = 0;
    mask::Mask seen; // the document's mask when the job was sent
    Basis job_basis = Basis::fresh;
    mask::Mask before; // what the operation works on
    mask::Mask back;   // what undo will lead back to

    std::optional<worker::MaskMade> made;
    std::uint64_t made_serial = 0;
    std::optional<mask::Mask> preview; // a first answer of the job
};

// The last step of undo, when it was an operation that can be adjusted or gone on with.
struct LastMaskStep {
    worker::MaskOp op;
    mask::Mask before, back, after;         // as in a task; what came of it
    const project::Command* step = nullptr; // as long as it is the newest
};

struct MaskWork {
    std::deque<MaskTask> tasks; // only the last one may be held
    std::optional<LastMaskStep> last;
    std::shared_ptr<worker::SelectBench> bench;
    bool run_after = false; // the request was asked for meanwhile
    worker::JobId count_job = 0;
    std::uint64_t count_revision = 0;
    std::optional<mask::Mask> cleared; // the last one, for Reselect
    mask::StrokeSample stroke_last;

    // Of the wire: the stretch each job is to find; -1: the live way.
    std::map<worker::JobId, int> wire_jobs;
    std::optional<Point> wire_next; // where the pointer has gone meanwhile
    CombineMode wire_mode = CombineMode::replace;
};

} // namespace mw::session
