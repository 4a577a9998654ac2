// What makes or changes a mask off the UI thread, as values: selections, refinements, the live
// wire.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <variant>
#include <vector>

#include "image/color_space.h"
#include "mask/shapes.h"
#include "mask/undo.h"
#include "select/color_range.h"
#include "select/scissors.h"
#include "select/smart_select.h"
#include "select/wand.h"
#include "worker/ids.h"

namespace mw::worker {

struct RectangleShape {
    mask::RectF box;
};
struct EllipseShape {
    mask::RectF box;
};
struct PolygonShape {
    std::vector<PointF> points; // closed, even-odd; those that are not finite are left out
};
struct GivenShape {
    mask::Mask mask; // a slot's, another iteration's; of the picture's size
};
struct AlphaShape {};
// Asked of a program elsewhere by clicks on the picture.
struct AskedShape {
    struct Click {
        Point at;            // image pixels
        bool belongs = true; // to what is meant
    };
    // Blocks; coverage of the picture's size.
    using Ask = std::function<Result<mask::Mask>(image::ImageView seen, const std::vector<Click>&,
                                                 std::stop_token)>;
    std::vector<Click> clicks;
    Ask ask;
};
// What looks at the picture as it is shown.
using Shape = std::variant<RectangleShape, EllipseShape, PolygonShape, GivenShape, AlphaShape,
                           select::WandParams, select::ColorRangeParams,
                           select::LuminanceRangeParams, select::SmartSelectParams, AskedShape>;

enum class RefineKind {
    grow, // those up to feather, smooth and border: `amount` pixels
    shrink,
    feather,
    smooth,
    border,
    contrast,       // `amount` 0..1
    remove_islands, // of fewer than `amount` pixels
    fill_holes,     // the rest have no amount
    invert,
    fill,
    clear,
};
struct Refinement {
    RefineKind kind = RefineKind::grow;
    double amount = 0;
    bool operator==(const Refinement&) const = default;
};

struct MaskOp {
    std::variant<Shape, Refinement> what;
    mask::CombineMode mode = mask::CombineMode::replace; // of a shape with what is there
};

// What selections in one picture share. Handed on from job to job; only the one that runs looks
// inside.
struct SelectBench {
    image::ImageRef picture;
    image::DisplayTransform view;
    image::ImageRef seen;                     // encoded sRGB, made by the first job that wants it
    std::optional<select::Scissors> scissors; // over `seen`
    std::optional<Point> anchor;              // of the scissors
};

// One operation on `before`. These jobs and WireJobs run one after the other in the order given.
struct MaskJob {
    DocumentId document = 0;
    MaskOp op;
    mask::Mask before;                  // what is changed
    mask::Mask current;                 // what the patch of the answer leads back to
    std::shared_ptr<SelectBench> bench; // null where no picture is looked at
    std::optional<mask::Mask> shape;    // known from an earlier time
};

// The way along edges from one pixel to another.
struct WireJob {
    DocumentId document = 0;
    std::shared_ptr<SelectBench> bench;
    Point from, to;
};

// The bounds and the number of pixels above 0, for a mask that takes longer than a frame.
struct MaskCountJob {
    DocumentId document = 0;
    mask::Mask mask;
};

struct MaskCount {
    Rect bounds;
    std::int64_t pixels = 0;
};
struct MaskMade {
    mask::Mask mask;
    mask::MaskPatch patch; // what turns `mask` into the job's `current`
    MaskCount count;
    std::optional<mask::Mask> shape; // of a selection, before it was combined
    bool found_nothing = false;      // a selection without a pixel
};
struct Wired {
    std::vector<Point> path; // both ends included
};

// A first answer of a MaskJob while it works on a better one.
struct MaskPreview {
    mask::Mask mask;
};

} // namespace mw::worker
