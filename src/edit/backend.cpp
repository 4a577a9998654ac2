#include "edit/backend.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <random>

#include "image/resample.h"

namespace mw::edit {
namespace {

// Unicode code points of UTF-8 text: every byte that does not continue one.
std::size_t code_points(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

bool blank(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
}

// Sorts by time and does not repeat: milliseconds since 1970 and 64 random bits.
std::string unique_id() {
    using namespace std::chrono;
    const auto now = floor<milliseconds>(system_clock::now());
    const auto ms = now.time_since_epoch().count() % 1000;
    static thread_local std::random_device device;
    const std::uint64_t random = (std::uint64_t{device()} << 32) | device();
    return fmt::format("{:%Y%m%dT%H%M%S}.{:03}-{:016x}",
                       fmt::gmtime(system_clock::to_time_t(floor<seconds>(now))), ms, random);
}

} // namespace

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::queued:
            return "queued";
        case Phase::preparing:
            return "preparing";
        case Phase::uploading:
            return "uploading";
        case Phase::thinking:
            return "thinking";
        case Phase::receiving:
            return "receiving";
        case Phase::compositing:
            return "compositing";
    }
    return "unknown";
}

Result<ModelCapabilities> find_model(const EditBackend& backend, const std::string& id) {
    const std::vector<ModelCapabilities> models = backend.models();
    if (models.empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The provider \"{}\" offers no model; choose another provider.",
                                backend.provider()));
    if (id.empty()) return models.front();
    std::string known;
    for (const ModelCapabilities& m : models) {
        if (m.id == id) return m;
        known += (known.empty() ? "" : ", ") + m.id;
    }
    return fail(ErrorCode::invalid_argument,
                fmt::format("The provider \"{}\" has no model \"{}\"; it has: {}.",
                            backend.provider(), id, known));
}

PlanParams default_plan(const ModelCapabilities& model) {
    PlanParams plan;
    plan.context_share = model.context_share;
    plan.mask_grow_px = model.mask_grow_px;
    return plan;
}

Status check_request(const ModelCapabilities& model, const std::string& prompt,
                     const EditParams& params) {
    const std::size_t length = code_points(prompt);
    const auto most = static_cast<std::size_t>(std::max(model.max_prompt_chars, 1));
    if (blank(prompt))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The prompt is empty (0 characters of 1 to {}); say in a few words "
                                "what should happen under the mask.",
                                most));
    if (length > most)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The prompt has {} characters, but {} takes at most {}; shorten it "
                                "by {}.",
                                length, model.id, most, length - most));
    if (params.count < 1 || params.count > model.max_count)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} candidates were asked for, but {} makes 1 to {} at once.",
                                params.count, model.id, model.max_count));
    if (params.quality.empty()) return {};
    if (model.qualities.empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} has no choice of quality, so \"{}\" cannot be asked for; leave "
                                "the quality out.",
                                model.id, params.quality));
    const auto& known = model.qualities;
    if (std::find(known.begin(), known.end(), params.quality) == known.end())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} has no quality \"{}\"; it has: {}.", model.id, params.quality,
                                fmt::join(known, ", ")));
    return {};
}

Result<EditRequest> make_request(image::ImageView picture, const image::DisplayTransform& view,
                                 const PlannedPart& part, const ModelCapabilities& model,
                                 std::string prompt, EditParams params,
                                 const PlanParams& plan_params) {
    if (const Status ok = check_request(model, prompt, params); !ok)
        return tl::unexpected(ok.error());
    EditRequest request;
    request.id = unique_id();
    request.prompt = std::move(prompt);
    request.params = std::move(params);
    if (request.params.model.empty()) request.params.model = model.id;
    request.plan = part.plan;
    try {
        request.pixels = std::make_shared<image::Image>(
            sent_pixels(picture, view, part.plan, model, request.plan.notes));
        request.mask =
            std::make_shared<image::Image>(extract_sent_mask(part.mask, part.plan, plan_params));
        image::Image soft = extract_coverage(part.mask, part.plan);
        if (soft.size() != request.plan.request_size)
            soft = image::resample(soft.view(), request.plan.request_size, image::Filter::area);
        request.soft_mask = std::make_shared<image::Image>(std::move(soft));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    fmt::format("Not enough memory for a request of {} x {} pixels; nothing was "
                                "sent. Close other pictures or mark a smaller part.",
                                request.plan.request_size.width, request.plan.request_size.height));
    }
    return request;
}

} // namespace mw::edit
