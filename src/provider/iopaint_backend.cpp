#include "provider/iopaint_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "codec/codec.h"
#include "image/convert.h"

namespace mw::provider {
namespace {

using Json = nlohmann::json;

class IopaintBackend final : public ServiceBackend {
  public:
    using ServiceBackend::ServiceBackend;

  protected:
    Result<edit::EditResult> answer(const Job& job) override {
        const auto setting = [&](const char* name) { return job.model.setting(name); };
        const Json body{{"image", as_base64(job.picture.bytes)},
                        {"mask", as_base64(job.mask.bytes)},
                        {"prompt", job.request.prompt},
                        {"negative_prompt", ""},
                        {"sd_steps", setting("steps").value_or(50)},
                        {"sd_guidance_scale", setting("cfg_scale").value_or(7.5)},
                        {"sd_strength", setting("denoising_strength").value_or(1)},
                        {"sd_mask_blur", setting("mask_blur").value_or(11)},
                        {"sd_seed", job.request.params.seed},
                        // We graft ourselves, and have made the crop already.
                        {"sd_keep_unmasked_area", true},
                        {"sd_match_histograms", false},
                        {"use_croper", false},
                        {"use_extender", false}};
        job.phase(edit::Phase::thinking);
        auto reply = call(
            service(), "POST", "/api/v1/inpaint",
            RequestBody::json(body.dump(-1, ' ', false, Json::error_handler_t::replace)), job.stop);
        if (!reply) return tl::unexpected(reply.error());
        edit::EditResult result;
        result.answers.push_back({std::move(reply->body), {}});
        result.what_was_done = fmt::format("repainted by {}", service().label);
        result.cost.estimate_usd = result.cost.actual_usd = 0.0;
        return result;
    }
};

} // namespace

std::unique_ptr<edit::EditBackend> make_iopaint_backend(ProviderFacts facts, Service service) {
    return std::make_unique<IopaintBackend>(std::move(facts), std::move(service));
}

Result<image::Image> select_by_clicks(const Service& service, image::ImageView picture,
                                      const std::vector<Click>& clicks, std::stop_token stop) {
    if (std::none_of(clicks.begin(), clicks.end(), [](const Click& c) { return c.belongs; }))
        return fail(ErrorCode::invalid_argument, "Click on the thing that is meant first.");
    const image::Image rgb = image::convert(picture, image::kRgb8);
    const auto file = codec::encode(rgb.view(), {}, codec::FileFormat::png);
    if (!file) return tl::unexpected(file.error());
    Json points = Json::array();
    for (const Click& click : clicks)
        points.push_back({click.at.x, click.at.y, click.belongs ? 1 : 0});
    const Json body{{"name", "InteractiveSeg"}, {"image", as_base64(*file)}, {"clicks", points}};
    auto reply =
        call(service, "POST", "/api/v1/run_plugin_gen_mask", RequestBody::json(body.dump()), stop);
    if (!reply) return tl::unexpected(reply.error());
    auto mask = codec::decode(reply->body, "IOPaint's mask", {}, stop);
    if (!mask) return tl::unexpected(mask.error());
    if (mask->pixels.size() != picture.size)
        return fail(
            ErrorCode::corrupt,
            fmt::format("IOPaint answered a mask of {} x {} pixels for a picture of {} x {}; "
                        "the selection is as it was.",
                        mask->pixels.width(), mask->pixels.height(), picture.size.width,
                        picture.size.height));
    // A translucent colour over what was found, and nothing elsewhere.
    const image::Image rgba = image::convert(mask->pixels.view(), image::kRgba8);
    image::Image coverage(picture.size, image::kGray8);
    for (int y = 0; y < picture.size.height; ++y)
        for (int x = 0; x < picture.size.width; ++x) {
            const auto* at = rgba.view().pixel<std::uint8_t>(x, y);
            const bool found = at[3] > 0 && (at[0] > 0 || at[1] > 0 || at[2] > 0);
            *coverage.span().pixel<std::uint8_t>(x, y) = found ? 255 : 0;
        }
    return coverage;
}

} // namespace mw::provider
