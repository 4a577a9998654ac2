#include "provider/learned_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <new>

#include "inpaint/coverage.h"
#include "inpaint/words.h"
#include "learned/hole_model.h"
#include "provider/local_engine.h"

namespace mw::provider {
namespace {

class LearnedBackend : public edit::EditBackend {
  public:
    explicit LearnedBackend(std::filesystem::path file) : file_(std::move(file)) {}

    std::string_view provider() const override { return "onnx"; }

    std::vector<edit::ModelCapabilities> models() const override {
        edit::ModelCapabilities model;
        model.provider = "onnx";
        model.id = "fill";
        model.label = file_.empty() ? "Learned fill" : "Learned fill: " + file_.stem().string();
        model.size.max_side = 8192;
        model.size.max_area = 64'000'000;
        model.max_prompt_chars = 32'000;
        model.keeps_depth = true;
        model.takes_grey = true;
        model.mask_polarity = edit::MaskPolarity::white_edits;
        model.max_mask_bytes = 0;
        model.context_share = 1;
        model.mask_grow_px = 3;
        model.free = true;
        model.experimental = true;
        model.note =
            "It removes what is masked, by a network of your own; nothing leaves this "
            "machine.";
        return {model};
    }

    Status check(const std::string& prompt, const edit::EditParams& params) const override {
        const auto model = edit::find_model(*this, params.model);
        if (!model) return tl::unexpected(model.error());
        if (const Status ok = edit::check_request(*model, prompt, params); !ok) return ok;
        if (!learned::runtime_built_in())
            return fail(ErrorCode::unsupported,
                        "This program was built without ONNX Runtime, so it runs no learned model; "
                        "use the built-in engine, or see docs/learned-models.md.");
        if (file_.empty())
            return fail(ErrorCode::invalid_argument,
                        "No model is named; point to its ONNX file with --model-file FILE or "
                        "MASKWRIGHT_FILL_MODEL.");
        const auto operations = inpaint::parse_prompt(prompt);
        if (!operations) return tl::unexpected(operations.error());
        if (operations->size() != 1 || !inpaint::removes(*operations))
            return fail(ErrorCode::engine,
                        "A learned fill removes what is masked and does nothing else; say \"remove "
                        "it\", or use the built-in engine for the rest.");
        return {};
    }

    edit::CostEstimate estimate(const edit::CropPlan&, const edit::EditParams&) const override {
        return {};
    }

    Result<edit::EditResult> run(const edit::EditRequest& request,
                                 const edit::EditObserver& observer,
                                 std::stop_token stop) override {
        if (const Status ok = check(request.prompt, request.params); !ok)
            return tl::unexpected(ok.error());
        if (const Status ok = check_pixels(request); !ok) return tl::unexpected(ok.error());
        const auto phase = [&](edit::Phase p) {
            if (observer.on_phase) observer.on_phase(p, std::nullopt);
        };
        try {
            phase(edit::Phase::preparing);
            const auto model = loaded();
            if (!model) return tl::unexpected(model.error());
            if (stop.stop_requested()) return tl::unexpected(stopped_edit());
            phase(edit::Phase::thinking);
            const image::ImageView picture = request.pixels->view(), mask = request.mask->view();
            if (inpaint::covers_all(mask))
                return fail(ErrorCode::invalid_argument,
                            "The mask covers all that the model would see, so there is nothing to "
                            "fill it from; give it more context, or mask less.");
            auto filled = (*model)->fill(picture, mask, stop);
            if (!filled) return tl::unexpected(filled.error());
            if (stop.stop_requested()) return tl::unexpected(stopped_edit());
            edit::EditResult result;
            auto answer = png_answer(*filled, &result.notes);
            if (!answer) return tl::unexpected(answer.error());
            result.answers.push_back(std::move(*answer));
            result.cost.actual_usd = result.cost.estimate_usd = 0.0;
            result.what_was_done = "removed, filled by " + (*model)->name();
            return result;
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::too_large,
                        "There is not enough memory for the model and this request; ask for a "
                        "smaller one.");
        }
    }

  private:
    // The file read once; what was wrong with it is tried again, since it may be repaired.
    Result<std::shared_ptr<const learned::HoleModel>> loaded() {
        const std::lock_guard lock(mutex_);
        if (model_) return model_;
        auto model = learned::HoleModel::load(file_);
        if (!model) return tl::unexpected(model.error());
        model_ = std::make_shared<const learned::HoleModel>(std::move(*model));
        return model_;
    }

    std::filesystem::path file_;
    std::mutex mutex_;
    std::shared_ptr<const learned::HoleModel> model_;
};

} // namespace

std::unique_ptr<edit::EditBackend> make_learned_backend(std::filesystem::path file) {
    return std::make_unique<LearnedBackend>(std::move(file));
}

} // namespace mw::provider
