#include "edit/backend.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <random>

#include "edit/legal_size.h"
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

} // namespace

// Milliseconds since 1970 and 64 random bits.
std::string new_request_id() {
    using namespace std::chrono;
    const auto now = floor<milliseconds>(system_clock::now());
    const auto ms = now.time_since_epoch().count() % 1000;
    static thread_local std::random_device device;
    const std::uint64_t random = (std::uint64_t{device()} << 32) | device();
    return fmt::format("{:%Y%m%dT%H%M%S}.{:03}-{:016x}",
                       fmt::gmtime(system_clock::to_time_t(floor<seconds>(now))), ms, random);
}

Status check_request_size(const ModelCapabilities& model, Size size) {
    return check_size(size, model.size);
}

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

namespace {

Status check_value(const ModelCapabilities& model, std::string_view name,
                   const std::vector<std::string>& known, const std::string& value) {
    if (value.empty() || std::find(known.begin(), known.end(), value) != known.end()) return {};
    if (known.empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} has no {}; leave \"{}\" out.", model.id, name, value));
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} has no {} \"{}\"; it has: {}.", model.id, name, value,
                            fmt::join(known, ", ")));
}

Status check_parameters(const ModelCapabilities& model, const EditParams& params) {
    const std::pair<std::string_view,
                    std::pair<const std::vector<std::string>*, const std::string*>>
        values[] = {{"complexity", {&model.complexities, &params.complexity}},
                    {"background", {&model.backgrounds, &params.background}},
                    {"input fidelity", {&model.input_fidelities, &params.input_fidelity}},
                    {"moderation", {&model.moderations, &params.moderation}},
                    {"answer format", {&model.formats, &params.format}}};
    for (const auto& [name, pair] : values)
        if (const Status ok = check_value(model, name, *pair.first, *pair.second); !ok) return ok;
    if (params.background == "transparent" && params.format == "jpeg")
        return fail(ErrorCode::invalid_argument,
                    "A transparent background needs png or webp, not jpeg.");
    if (params.compression && (*params.compression < 0 || *params.compression > 100 ||
                               (params.format != "jpeg" && params.format != "webp")))
        return fail(ErrorCode::invalid_argument,
                    "A compression of 0 to 100 goes with the formats jpeg and webp alone.");
    if (params.partials < 0 || params.partials > model.max_partials)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} partial pictures were asked for, but {} sends at most {}.",
                                params.partials, model.id, model.max_partials));
    // The marked picture takes a reference's place.
    const bool marked_reference = params.marked() && !model.takes_markup;
    if (params.references.size() + (marked_reference && !params.references.empty() ? 1 : 0) >
        static_cast<std::size_t>(std::max(model.max_references, 0)))
        return fail(ErrorCode::invalid_argument,
                    model.max_references > 0
                        ? fmt::format("{} references were given{}, but {} takes at most {}.",
                                      params.references.size(),
                                      marked_reference ? " besides the marked picture" : "",
                                      model.id, model.max_references)
                        : fmt::format("{} takes no references; leave them out.", model.id));
    for (const Reference& reference : params.references)
        if (model.max_image_bytes > 0 && reference.file &&
            reference.file->size() > static_cast<std::size_t>(model.max_image_bytes))
            return fail(ErrorCode::too_large,
                        fmt::format("The reference {} has {:.1f} MB, but {} takes at most {:.1f}; "
                                    "make it smaller.",
                                    reference.name, double(reference.file->size()) / 1e6, model.id,
                                    double(model.max_image_bytes) / 1e6));
    if (params.marked() && !model.takes_markup && model.max_references < 1)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} takes no markup; paint a mask instead.", model.id));
    if (params.barred && !model.copies)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("{} cannot be told what not to copy from; leave that out.", model.id));
    return {};
}

} // namespace

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
    if (const Status ok = check_parameters(model, params); !ok) return ok;
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
                                 const PlanParams& plan_params,
                                 std::optional<Point> source_offset) {
    if (const Status ok = check_request(model, prompt, params); !ok)
        return tl::unexpected(ok.error());
    EditRequest request;
    request.id = new_request_id();
    request.prompt = std::move(prompt);
    request.params = std::move(params);
    if (request.params.model.empty()) request.params.model = model.id;
    request.plan = part.plan;
    const Point at = request.params.markup_at;
    const Rect drawn =
        request.params.markup ? request.params.markup->rect().translated(at.x, at.y) : Rect{};
    if (const auto& markup = request.params.markup;
        markup && (markup->format() != image::kRgba8 || !picture.rect().contains(drawn) ||
                   !drawn.contains(intersect(part.plan.crop, picture.rect()))))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The markup has {} x {} pixels, the picture {} x {}; draw it over "
                                "the picture itself.",
                                markup->width(), markup->height(), picture.size.width,
                                picture.size.height));
    if (request.params.barred && request.params.barred->size() != picture.size)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The mask of what must not be copied has {} x {} pixels, the "
                        "picture {} x {}; paint it over the picture itself.",
                        request.params.barred->size().width, request.params.barred->size().height,
                        picture.size.width, picture.size.height));
    try {
        request.pixels = std::make_shared<image::Image>(
            sent_pixels(picture, view, part.plan, model, request.plan.notes));
        if (source_offset) {
            CropPlan there = part.plan;
            there.crop = there.crop.translated(source_offset->x, source_offset->y);
            std::vector<std::string> told_already;
            request.beside = std::make_shared<image::Image>(
                sent_pixels(picture, view, there, model, told_already));
        }
        request.mask =
            std::make_shared<image::Image>(extract_sent_mask(part.mask, part.plan, plan_params));
        image::Image soft = extract_coverage(part.mask, part.plan);
        if (soft.size() != request.plan.request_size)
            soft = image::resample(soft.view(), request.plan.request_size, image::Filter::area);
        request.soft_mask = std::make_shared<image::Image>(std::move(soft));
        if (request.params.barred) {
            PlanParams as_it_is;
            as_it_is.mask_grow_px = 0;
            request.barred = std::make_shared<image::Image>(
                extract_sent_mask(*request.params.barred, part.plan, as_it_is));
            request.params.barred.reset(); // a request has its own
        }
        if (request.params.markup) {
            CropPlan there = part.plan;
            there.crop = there.crop.translated(-at.x, -at.y);
            request.markup =
                std::make_shared<image::Image>(extract_crop(request.params.markup->view(), there));
        }
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    fmt::format("Not enough memory for a request of {} x {} pixels; nothing was "
                                "sent. Close other pictures or mark a smaller part.",
                                request.plan.request_size.width, request.plan.request_size.height));
    }
    return request;
}

} // namespace mw::edit
