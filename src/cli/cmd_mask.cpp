#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/mask_select.h"
#include "mask/brush.h"
#include "mask/cleanup.h"
#include "mask/refine.h"
#include "mask/shapes.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {"--load", "", 1, "F", "the shape is a mask file of the picture's size", true},
    {"--rect", "", 1, "X,Y,W,H", "a rectangle", true},
    {"--ellipse", "", 1, "X,Y,W,H", "the ellipse that touches this rectangle", true},
    {"--polygon", "", kMany, "X,Y X,Y ...", "a closed polygon, even-odd", true},
    {"--stroke", "", kMany, "R X,Y X,Y ...", "a hard brush of radius R along a path", true},
    kSelectOptions[0],
    kSelectOptions[1],
    kSelectOptions[2],
    kSelectOptions[3],
    kSelectOptions[4],
    kSelectOptions[5],
    {"--add", "", 0, "", "the next shape is added (the default)", true},
    {"--subtract", "", 0, "", "the next shape is taken away", true},
    {"--intersect", "", 0, "", "only what the next shape covers stays", true},
    {"--replace", "", 0, "", "the next shape takes the place of what is there", true},
    {"--grow", "", 1, "PX", "by a disc", true},
    {"--shrink", "", 1, "PX", "by a disc", true},
    {"--feather", "", 1, "PX", "soften the edge", true},
    {"--smooth", "", 1, "PX", "round the outline off", true},
    {"--fill-holes", "", 0, "", "what the mask surrounds is edited too", true},
    {"--remove-islands", "", 1, "PX", "clear islands of fewer pixels", true},
    {"--border", "", 1, "PX", "only the edge, PX to each side", true},
    {"--contrast", "", 1, "K", "steepen soft edges, 0 (as they are) .. 1 (hard)", true},
    {"--invert", "", 0, "", "what was kept is edited", true},
    kOutOption,
    kMegapixelsOption,
    kOverwriteOption,
    kJsonOption,
};
static_assert(std::size(kSelectOptions) == 6, "each of them stands in kOptions");

Result<std::vector<PointF>> parse_points(std::string_view option,
                                         std::span<const std::string> texts) {
    std::vector<PointF> points;
    for (const std::string& text : texts) {
        auto pair = parse_numbers(option, text, 2);
        if (!pair) return tl::unexpected(pair.error());
        points.push_back({(*pair)[0], (*pair)[1]});
    }
    return points;
}

Result<mask::Mask> stroke_shape(Size size, std::span<const std::string> values) {
    auto radius = parse_number("--stroke", values[0], 0.5, 4096);
    if (!radius) return tl::unexpected(radius.error());
    auto points = parse_points("--stroke", values.subspan(1));
    if (!points) return tl::unexpected(points.error());
    if (points->empty())
        return fail(ErrorCode::invalid_argument,
                    "--stroke wants a radius and at least one point X,Y.");
    mask::Brush brush;
    brush.radius_px = *radius;
    brush.hardness = 1;
    std::vector<mask::StrokeSample> samples;
    for (const PointF& p : *points)
        samples.push_back({p.x, p.y, 1, 0.01 * double(samples.size())});
    return mask::paint_stroke(mask::Mask(size), brush, samples);
}

// The shape an option names; nothing when it names none.
std::optional<Result<mask::Mask>> shape_of(const ParsedOption& option, Size size) {
    const std::string_view name = option.spec->name;
    if (name == "--rect" || name == "--ellipse") {
        auto n = parse_numbers(name, option.values[0], 4);
        if (!n) return Result<mask::Mask>(tl::unexpected(n.error()));
        const mask::RectF box{(*n)[0], (*n)[1], (*n)[2], (*n)[3]};
        if (box.width <= 0 || box.height <= 0)
            return Result<mask::Mask>(
                fail(ErrorCode::invalid_argument,
                     fmt::format("{} {} has no area; its third and fourth number are the width and "
                                 "the height.",
                                 name, option.values[0])));
        return name == "--rect" ? mask::rectangle(size, box) : mask::ellipse(size, box);
    }
    if (name == "--polygon") {
        auto points = parse_points(name, option.values);
        if (!points) return Result<mask::Mask>(tl::unexpected(points.error()));
        if (points->size() < 3)
            return Result<mask::Mask>(
                fail(ErrorCode::invalid_argument, "--polygon wants at least three points X,Y."));
        return mask::polygon(size, *points);
    }
    if (name == "--stroke") return stroke_shape(size, option.values);
    return std::nullopt;
}

// What changes the mask as a whole. False when the option is none of that.
Result<bool> refine_with(const ParsedOption& option, mask::Mask& mask) {
    const std::string_view name = option.spec->name;
    if (name == "--invert" || name == "--fill-holes") {
        mask = name == "--invert" ? mask::inverted(mask) : mask::fill_holes(mask);
        return true;
    }
    if (name == "--remove-islands") {
        auto area = parse_number(name, option.values[0], 0, 1e12);
        if (!area) return tl::unexpected(area.error());
        mask = mask::remove_islands(mask, static_cast<std::int64_t>(std::ceil(*area)));
        return true;
    }
    if (name == "--contrast") {
        auto amount = parse_number(name, option.values[0], 0, 1);
        if (!amount) return tl::unexpected(amount.error());
        mask = mask::contrast(mask, *amount);
        return true;
    }
    constexpr std::string_view kLengths[] = {"--grow", "--shrink", "--feather", "--smooth",
                                             "--border"};
    if (std::find(std::begin(kLengths), std::end(kLengths), name) == std::end(kLengths))
        return false;
    auto px = parse_number(name, option.values[0], 0, 4096);
    if (!px) return tl::unexpected(px.error());
    if (name == "--border")
        mask = mask::border(mask, *px, *px);
    else if (*px > 0)
        mask = name == "--grow"      ? mask::grow(mask, *px)
               : name == "--shrink"  ? mask::shrink(mask, *px)
               : name == "--feather" ? mask::feather(mask, *px)
                                     : mask::smooth(mask, *px);
    return true;
}

// What a prefix says of the next shape; nothing when it is no prefix.
std::optional<mask::CombineMode> mode_of(std::string_view name) {
    if (name == "--add") return mask::CombineMode::add;
    if (name == "--subtract") return mask::CombineMode::subtract;
    if (name == "--intersect") return mask::CombineMode::intersect;
    if (name == "--replace") return mask::CombineMode::replace;
    return std::nullopt;
}

CommandResult run_mask(const ParsedArgs& args) {
    if (auto ok = require(kMaskVerb.spec, args, {"--output"}); !ok) return ok;
    const std::string out = *args.value("--output");
    if (codec::format_for_path(out) != codec::FileFormat::png)
        return usage_failure(
            fmt::format("A mask is written as PNG; give {} the ending .png.", display_path(out)));
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    if (Status ok = check_output(out, args); !ok) return failure(ok);
    auto picture = load_picture(args.operands[0], *limits);
    if (!picture) return failure(picture);
    const Size size = picture->pixels.size();

    mask::Mask mask(size);
    SeenPicture seen(*picture);
    std::optional<mask::CombineMode> next;
    for (const ParsedOption& option : args.options) {
        const std::string_view name = option.spec->name;
        if (const auto mode = mode_of(name)) {
            if (next)
                return usage_failure(fmt::format("{}: the prefix before it has no shape.", name));
            next = mode;
            continue;
        }
        std::optional<mask::Mask> shape;
        if (name == "--load") {
            auto loaded = load_mask(option.values[0], size, *limits);
            if (!loaded) return failure(loaded);
            shape = std::move(*loaded);
        } else if (auto made = shape_of(option, size)) {
            if (!*made) return usage_failure(*made);
            shape = std::move(**made);
        } else if (auto found = selected(option, seen)) {
            if (!*found && found->error().code == ErrorCode::invalid_argument)
                return usage_failure(*found);
            if (!*found) return failure(*found);
            shape = std::move(**found);
        }
        if (shape) {
            mask::combine(mask, *shape, next.value_or(mask::CombineMode::add));
            next.reset();
            continue;
        }
        auto refined = refine_with(option, mask);
        if (!refined) return usage_failure(refined);
        if (*refined && next)
            return usage_failure(
                fmt::format("{} is no shape; the prefix before it needs one.", name));
    }
    if (next) return usage_failure("A prefix such as --subtract at the end has no shape after it.");
    if (mask.empty())
        print_note(fmt::format("{} marks nothing: an edit needs at least one pixel above 0.",
                               display_path(out)));
    const image::Image coverage = mask.read(mask.rect());
    if (Status saved = codec::save(out, coverage.view(), {}); !saved) return failure(saved);
    print_result(Json{{"output", out},
                      {"size", to_json(size)},
                      {"bounds", to_json(mask.bounds())},
                      {"pixels", mask.support_area()},
                      {"coverage_pixels", mask.coverage_area()}},
                 args);
    return {};
}

} // namespace

const Verb kMaskVerb{
    {"mask", "IMAGE", 1, 1, "make and refine masks, operations in order", kOptions}, run_mask};

} // namespace mw::cli
