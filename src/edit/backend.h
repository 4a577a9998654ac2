// One interface for whatever answers a targeted edit. A request contains everything; an answer is
// bytes as received.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "edit/crop_plan.h"
#include "edit/fate.h"
#include "edit/markup.h"
#include "edit/model.h"
#include "edit/prompt_steps.h"
#include "image/color_space.h"
#include "image/image.h"

namespace mw::edit {

inline constexpr int kSmallReference = 192; // of the longer side

// A picture to go by: the file as the artist gave it, cleaned of what is nobody's business.
struct Reference {
    std::string name; // for people
    std::shared_ptr<const Bytes> file;
    std::string media_type; // "image/png"
    Size size;
    image::ImageRef small = nullptr; // to be shown: kRgba8, at most kSmallReference; null: none
    bool operator==(const Reference&) const = default; // the same file in memory
};

struct EditParams {
    std::string model;   // empty: the backend's first
    std::string quality; // empty: the model's own default
    int count = 1;       // candidates, 1 .. max_count
    std::uint64_t seed = 1;
    // Each empty: not sent. Only where the model has the parameter.
    std::string complexity, background, input_fidelity, moderation, format;
    std::optional<int> compression;    // 0 .. 100, of jpeg and webp
    int partials = 0;                  // 0 .. max_partials
    std::vector<Reference> references; // at most max_references
    // Marks over the picture, image pixels: drawn for each request (worker::draw_marks) into
    // `markup`.
    std::vector<Mark> marks;
    // The same as pixels, kRgba8; null: none. Excludes the mask where a model takes it. Its top
    // left corner lies at `markup_at`; it covers at least what of the picture a request shows.
    image::ImageRef markup;
    Point markup_at;
    // Where nothing may be copied from, of the picture's size; null: anywhere. Only where the model
    // copies (ModelCapabilities::copies).
    std::shared_ptr<const mask::Mask> barred;
    bool marked() const { return markup != nullptr || !marks.empty(); }
    std::string project;   // what the cost is booked on in the ledger; empty: on no project
    std::string continues; // the service's id of the answer that this goes on from; empty: none
};

// Immutable once made; crosses threads. Pixels are those of the crop at the request size.
struct EditRequest {
    std::string id; // ours, unique
    std::string prompt;
    EditParams params;
    CropPlan plan;
    image::ImageRef pixels;    // encoded sRGB, u8 or u16, in channels that the model takes
    image::ImageRef mask;      // kGray8, same size: 255 edit, 0 keep (binary)
    image::ImageRef soft_mask; // kGray8, same size: the artist's own coverage
    image::ImageRef markup;    // kRgba8, same size; null: none
    image::ImageRef barred; // kGray8, same size: above 0 is not copied from; null: none. Not kept
    // The picture at the crop moved by EditBackend::source_offset, as `pixels`; null: none. Not
    // kept: the prompt says where it is.
    image::ImageRef beside;
};

enum class Phase { queued, preparing, uploading, thinking, receiving, compositing };
std::string_view to_string(Phase phase);

struct Cost {
    std::optional<double> estimate_usd, actual_usd;
};
struct CostEstimate {
    double low_usd = 0, high_usd = 0; // equal when exact
    // With everything whose billing is disputed (the mask): what a budget is held against. Never
    // below high_usd.
    double most_usd = 0;
};

// One candidate, the backend's bytes untouched (an image file).
struct Answer {
    Bytes bytes;
    std::string media_type; // "image/png"
};
// What a request was answered with, and the part of the artist's mask it was for: an iteration is
// grafted from these alone.
struct AnsweredPart {
    std::shared_ptr<const EditRequest> request;
    mask::Mask mask;
    Answer answer;
};

// How answers are laid into the picture.
enum class Laying : std::uint8_t {
    grafted,  // fitted, faded in: as the artist's settings say
    painted,  // as they are, by the mask's own coverage
    redacted, // what is covered goes for good: composite::GraftParams::redact
};

struct EditResult {
    std::vector<Answer> answers; // at least one
    Cost cost;
    std::string what_was_done; // for people: "recoloured to dark green"
    std::vector<std::string> notes;
    std::string service_id;     // of this answer, for EditParams::continues; empty: none
    std::string revised_prompt; // what the service made of the prompt; empty: not told
    Laying laying = Laying::grafted;
};

// Called on the worker's thread; must return fast and not throw.
struct EditObserver {
    // fraction: 0 .. 1 where the backend knows it, else empty. No invented percentage.
    std::function<void(Phase, std::optional<double> fraction)> on_phase;
    std::function<void(image::ImageRef partial)> on_partial;
    // Once, before run() returns, of a backend whose requests leave this machine.
    std::function<void(const RequestFate&)> on_fate;
};

// Thread-safe: several requests may run at once.
class EditBackend {
  public:
    virtual ~EditBackend() = default;
    virtual std::string_view provider() const = 0;
    virtual std::vector<ModelCapabilities> models() const = 0;
    // What can be said before sending: refuses a prompt or parameters that the backend cannot do.
    virtual Status check(const std::string& prompt, const EditParams& params) const = 0;
    // What is understood of a prompt that check() lets pass, of an engine that follows a grammar;
    // empty: nothing that could be said so. And the prompt for such steps changed: understood() of
    // it gives them again, values brought within their range.
    virtual std::vector<PromptStep> understood(const std::string& /*prompt*/) const { return {}; }
    virtual std::string prompt_of(const std::vector<PromptStep>& /*steps*/) const { return {}; }
    // Where this prompt takes pixels from: what is covered at p goes by the picture at p + offset.
    // Nothing: from the crop alone. invalid_argument when that lies outside the picture.
    virtual Result<std::optional<Point>> source_offset(const std::string& /*prompt*/,
                                                       const mask::Mask& /*mask*/) const {
        return std::optional<Point>();
    }
    virtual CostEstimate estimate(const CropPlan& plan, const EditParams& params) const = 0;
    // Blocks. cancelled soon after stop; engine, unsupported, … otherwise.
    virtual Result<EditResult> run(const EditRequest& request, const EditObserver& observer,
                                   std::stop_token stop) = 0;
    // What RequestFate::journal_entry names is safe elsewhere or not wanted: it may go.
    virtual void delivered(const std::string& /*journal_entry*/) {}
};

// The model named in params, or the backend's first. Errors: invalid_argument, with the ids that
// exist.
Result<ModelCapabilities> find_model(const EditBackend& backend, const std::string& id);

// How this model wants a crop, before the artist says otherwise.
PlanParams default_plan(const ModelCapabilities& model);

// The shared checks before any request: prompt length 1 .. max, count, quality. invalid_argument
// with the numbers.
Status check_request(const ModelCapabilities& model, const std::string& prompt,
                     const EditParams& params);

// invalid_argument naming the rule that the size breaks.
Status check_request_size(const ModelCapabilities& model, Size size);

// Of ours: sorts by time, does not repeat; letters, digits, '.' and '-'.
std::string new_request_id();

// What of the picture a model is shown, as the artist sees it through `view`: encoded sRGB, clipped
// to 0..1, resampled to the request's size before it is rounded. u16 when the picture is deeper
// than 8 bits and the model keeps depth, else u8; grey and alpha as far as the model takes them.
// What that loses (values above white, alpha) is added to `notes`.
image::Image sent_pixels(image::ImageView picture, const image::DisplayTransform& view,
                         const CropPlan& plan, const ModelCapabilities& model,
                         std::vector<std::string>& notes);

// Everything a backend needs for one part, frozen. `plan_params` are those the part was planned
// with; `source_offset` as the backend says. The request's plan has the notes of both. Errors: as
// check_request; too_large.
Result<EditRequest> make_request(image::ImageView picture, const image::DisplayTransform& view,
                                 const PlannedPart& part, const ModelCapabilities& model,
                                 std::string prompt, EditParams params,
                                 const PlanParams& plan_params,
                                 std::optional<Point> source_offset = {});

} // namespace mw::edit
