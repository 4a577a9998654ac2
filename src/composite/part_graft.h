// One answer on its way into the picture: the steps in order, each kept until a setting it depends
// on changes. Private to the room.
#pragma once

#include <optional>
#include <stop_token>

#include "composite/context.h"
#include "composite/graft.h"
#include "composite/grain.h"
#include "composite/membrane.h"
#include "composite/unchanged.h"

namespace mw::composite {

class PartGraft {
  public:
    // Source and answer must outlive this. Errors as Grafter::create.
    static Result<PartGraft> create(image::ImageView source, image::ImageView answer,
                                    mask::Mask mask, const edit::CropPlan& plan,
                                    const image::DisplayTransform& view);

    // The mask grown by reach_out_px.
    const mask::Mask& declared(double reach_out_px);
    // What a patch for this part covers: the declared region's bounds within picture and crop.
    Rect rect(double reach_out_px) { return intersect(declared(reach_out_px).bounds(), visible_); }
    std::int64_t area() const { return support_.area(); }

    // Lays the answer onto `patch`, the picture's own samples of `patch_rect`, which holds
    // rect(reach_out_px). `fresh`: they are still the source's there. cancelled when stopped.
    Status lay(const GraftParams& params, const Rect& patch_rect, image::ImageSpan patch,
               bool fresh, GraftReport& report, std::stop_token stop);

  private:
    // What the settings say that the corrected answer depends on.
    struct Corrections {
        bool aligned = false, colored = false;
        int margin = 0;
        bool operator==(const Corrections&) const = default;
    };
    PartGraft() = default;
    void prepare(double reach_out_px);
    void correct(const GraftParams& params, GraftReport& report);
    // The answer as it is to be seen at full weight, of `area`.
    void finish(const GraftParams& params, const Rect& area, GraftReport& report);
    const image::Image& weights(const SeamParams& params);
    bool deeper_than_answer() const {
        return image::sample_bytes(answer_.format.type) < image::sample_bytes(source_.format.type);
    }

    image::ImageView source_, answer_;
    image::Image resampled_; // answer_ looks here when it had another size
    mask::Mask mask_;
    edit::CropPlan plan_;
    image::DisplayTransform view_;
    Rect support_, visible_; // of the mask within the picture; of the crop
    std::vector<std::string> notes_;

    double reach_ = 0; // of declared_
    mask::Mask declared_;
    int margin_ = -1; // of context_
    Context context_;
    std::optional<double> mean_outside_;
    std::optional<Registration> registration_;
    std::array<std::optional<ColorMatch>, 2> color_match_; // of the answer as it came, and aligned
    std::optional<Corrections> corrections_;
    image::Image corrected_, opacity_; // of context_.window
    Blocks blocks_;
    UsualDifference usual_;
    std::optional<GrainRecipe> grain_;
    Respect respect_;
    CutOff cut_off_;
    std::optional<MembraneField> membrane_; // of membrane_area_
    Rect membrane_area_;
    struct Finish {
        Corrections corrections;
        Rect area;
        bool membrane = false, keep = false, grain = false;
        bool operator==(const Finish&) const = default;
    };
    std::optional<Finish> finish_, weights_of_;
    image::Image finished_, share_; // of finish_->area; the answer's share, empty: 1
    Unchanged unchanged_;
    std::optional<SeamParams> seam_;
    Rect weights_rect_;
    image::Image weights_;
};

} // namespace mw::composite
