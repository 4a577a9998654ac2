#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/compare_inputs.h"
#include "report/pictures.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kMaskOption,
    {"--metric", "", 1, "flip|deltae|ssim|psnr|yiq|all", "figures wanted (default: all)"},
    {"--fail-if", "", 1, "EXPR", "exit 1 when EXPR holds, such as outside.changed>0", true},
    {"--fit", "", 1, "scale|crop|pad", "how pictures of other sizes are brought together"},
    {"--nudge", "", 1, "DX,DY", "hold B against A moved by whole pixels"},
    {"--threshold", "", 1, "T", "of what counts as perceptible, 0 .. 1 (default 0.1)"},
    {"--pixels-per-degree", "", 1, "N", "how near the picture is, for FLIP (default 67)"},
    {"--viewing-distance", "", 1, "M", "the same in metres from a 0.7 m wide 4K screen"},
    {"--worst", "", 1, "N", "the N places that differ most"},
    {"--profile", "", 1, "X,Y,X,Y", "both pictures along a line"},
    {"--pixel", "", 1, "X,Y", "both pictures at a pixel"},
    {"--prompt", "", 1, "TEXT", "what was asked: text in quotes is looked for in B"},
    {"--heatmap", "", 1, "OUT.png", "write where and how much the two differ"},
    {"--heatmap-metric", "", 1, "flip|deltae|ssim|absolute", "of the heat map and of --worst"},
    {"--gain", "", 1, "N", "of heat map and difference, 1 .. 64"},
    {"--difference", "", 1, "OUT.png", "write the difference of each channel"},
    {"--threshold-picture", "", 1, "OUT.png", "write which pixels are over the threshold"},
    {"--side-by-side", "", 1, "OUT.png", "write A and B beside each other"},
    {"--contact-sheet", "", 1, "OUT.png", "write all pictures, labelled, on a sheet"},
    {"--flip", "", 1, "OUT.webp|gif", "write an animation of the pictures in turn"},
    {"--report", "", 1, "OUT.html", "write a page with everything, for any browser"},
    {"--title", "", 1, "TEXT", "of report and sheet"},
    {"--csv", "", 1, "OUT.csv", "write the figures as a table, a row for each B"},
    kMegapixelsOption,
    kOverwriteOption,
    kJsonOption,
};

CommandResult run_compare(const ParsedArgs& args) {
    auto wish = compare_wish(args);
    if (!wish) return usage_failure(wish);
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    if (CommandResult ok = check_outputs(args); !ok) return ok;
    auto inputs = load_inputs(args, *wish, *limits);
    if (!inputs) return failure(inputs);

    Json json;
    json["a"] = args.operands[0];
    for (Pair& pair : inputs->pairs) {
        if (Status ok = measure(*inputs, pair, *wish); !ok) return failure(ok);
        if (!pair.texts_left_out.empty()) print_note(pair.texts_left_out);
        Json one = to_json(*inputs, pair, *wish);
        if (inputs->pairs.size() > 1)
            json["candidates"].push_back(std::move(one));
        else
            json.update(one);
    }
    if (Status ok = write_outputs(args, *inputs, *wish, json); !ok) return failure(ok);
    std::string failed;
    for (const Pair& pair : inputs->pairs)
        for (const compare::Gate& gate : wish->gates)
            if (const std::string text = compare::met(gate, pair.stats); !text.empty()) {
                json["failed"].push_back(text);
                failed += fmt::format("{}{}: {}", failed.empty() ? "" : "; ",
                                      display_path(pair.path), text);
            }
    print_result(json, args);
    if (failed.empty()) return {};
    return tl::unexpected(CommandError(Error{ErrorCode::engine, failed + "."}));
}

} // namespace

const Verb kCompareVerb{
    {"compare", "A B [C ...]", 2, static_cast<int>(report::kMostOnSheet),
     "figures inside, on the seam and outside the mask; pictures, reports", kOptions},
    run_compare};

} // namespace mw::cli
