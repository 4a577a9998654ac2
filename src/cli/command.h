// What the verbs share: reading pictures and masks, refusing to overwrite, figures as JSON, errors
// as exit codes.
#pragma once

#include <algorithm>
#include <array>
#include <nlohmann/json_fwd.hpp>

#include "cli/args.h"
#include "cli/cli.h"
#include "codec/codec.h"
#include "composite/graft.h"
#include "edit/backend.h"
#include "handoff/export_options.h"
#include "mask/mask.h"
#include "provider/registry.h"
#include "worker/jobs.h"

namespace mw::cli {

using Json = nlohmann::ordered_json;

// A verb's work: prints its own result, gives errors as values. invalid_argument that concerns the
// command line itself is marked by UsageError.
struct UsageError {
    std::string message;
};
struct CommandError {
    int exit_code = kFailed;
    std::string message;
    CommandError(Error error)
        : exit_code(error.code == ErrorCode::refused ? kRefused : kFailed),
          message(std::move(error.message)) {}
    CommandError(UsageError usage) : exit_code(kUsage), message(std::move(usage.message)) {}
};
using CommandResult = tl::expected<void, CommandError>;

// The error of a value given on the command line (exit code 2).
template <class T>
tl::unexpected<CommandError> usage_failure(const Result<T>& result) {
    return tl::unexpected(CommandError(UsageError{result.error().message}));
}
inline tl::unexpected<CommandError> usage_failure(std::string message) {
    return tl::unexpected(CommandError(UsageError{std::move(message)}));
}
// The error of the work (exit code 1, or 3 when it is a refusal).
template <class T>
tl::unexpected<CommandError> failure(const Result<T>& result) {
    return tl::unexpected(CommandError(result.error()));
}

// Options that several verbs have.
inline constexpr OptionSpec kMaskOption{"--mask", "", 1, "MASK",
                                        "8-bit grey PNG, 0 keep, 255 edit"};
inline constexpr OptionSpec kOutOption{"--output", "-o", 1, "OUT", "the file to write"};
inline constexpr OptionSpec kJsonOption{"--json", "", 0, "", "one JSON object on stdout"};
inline constexpr OptionSpec kOverwriteOption{"--overwrite", "", 0, "", "replace files that exist"};
inline constexpr OptionSpec kMegapixelsOption{
    "--max-megapixels", "", 1, "N", "open pictures of up to N million pixels (default 120)"};
inline constexpr OptionSpec kContextOption{"--context", "", 1, "PX",
                                           "context around the mask (default: automatic)"};
inline constexpr OptionSpec kSizeOption{"--size", "", 1, "auto|WxH",
                                        "size of the request (default: that of the crop)"};
inline constexpr OptionSpec kPlanCropOption{
    "--crop", "", 1, "X,Y,W,H", "show this, grown until it is legal and holds the mask"};
inline constexpr OptionSpec kEnlargeOption{
    "--enlarge", "", 1, "K", "show a small part up to K times larger, 1 .. 8 (default 1)"};
inline constexpr OptionSpec kResampleOption{
    "--resample", "", 1, "HOW",
    "of a request of another size: automatic (default), lanczos, area or edges"};
inline constexpr OptionSpec kIslandsOption{
    "--islands", "", 1, "WHICH",
    "automatic (default), together or apart: one request, or one each"};
inline constexpr OptionSpec kExposureOption{
    "--exposure", "", 1, "STOPS", "how a scene-linear picture is shown to the model, -20 .. 20"};
inline constexpr OptionSpec kFeatherOption{"--feather", "", 1, "PX",
                                           "width of the inward fade (default 8)"};
inline constexpr OptionSpec kSeamOption{"--seam", "", 1, "fade|fitting",
                                        "an even fade (default), or a path of least difference"};
inline constexpr OptionSpec kReachOutOption{
    "--reach-out", "", 1, "PX", "let the fade leave the mask by PX, 0 .. 256 (default 0)"};
inline constexpr OptionSpec kLargeMoveOption{"--accept-large-move", "", 0, "",
                                             "move the answer even beyond 8 px or 2 %"};
inline constexpr OptionSpec kNoMembraneOption{"--no-membrane", "", 0, "",
                                              "do not even out what remains at the seam"};
inline constexpr OptionSpec kNoGrainOption{"--no-grain", "", 0, "",
                                           "do not add the picture's grain to the answer"};
inline constexpr OptionSpec kNoDitherOption{"--no-dither", "", 0, "",
                                            "do not dither when an 8-bit answer gets deeper"};
inline constexpr OptionSpec kRedactOption{
    "--redact", "", 0, "", "let nothing of what the mask covers stay; the answer is not looked at"};
inline constexpr OptionSpec kNoRegisterOption{"--no-register", "", 0, "",
                                              "graft the answer where it lies"};
inline constexpr OptionSpec kNoColorOption{"--no-color-match", "", 0, "",
                                           "keep the answer's colours"};
inline constexpr OptionSpec kProviderOption{"--provider", "", 1, "P",
                                            "who answers (default: builtin)"};
inline constexpr OptionSpec kModelOption{"--model", "", 1, "M", "one of the provider's models"};
inline constexpr OptionSpec kModelFileOption{
    "--model-file", "", 1, "FILE",
    "an ONNX network of your own that fills (docs/learned-models.md)"};
inline constexpr OptionSpec kQualityOption{"--quality", "", 1, "Q", "as the model names it"};
inline constexpr OptionSpec kBaseUrlOption{"--base-url", "", 1, "URL",
                                           "where the service is (its key: MASKWRIGHT_API_KEY)"};
inline constexpr OptionSpec kForceHttpOption{"--force-http", "", 0, "",
                                             "speak http to another machine too: anyone on the way "
                                             "can read picture and key"};
inline constexpr OptionSpec kDayBudgetOption{"--day-budget", "", 1, "USD",
                                             "refuse when today's spending may pass it"};
inline constexpr OptionSpec kMaxCostOption{"--max-cost", "", 1, "USD",
                                           "refuse when it may cost more"};
inline constexpr OptionSpec kReferenceOption{"--reference",        "",  1, "FILE",
                                             "a picture to go by", true};
inline constexpr OptionSpec kComplexityOption{"--complexity", "", 1, "C",
                                              "how much the model plans: low, medium, high"};
inline constexpr OptionSpec kBackgroundOption{"--background", "", 1, "B",
                                              "transparent, opaque or auto"};
inline constexpr OptionSpec kFidelityOption{"--input-fidelity", "", 1, "F",
                                            "low or high, of models that have it"};
inline constexpr OptionSpec kModerationOption{"--moderation", "", 1, "M", "auto or low"};
inline constexpr OptionSpec kFormatOption{"--format", "", 1, "F",
                                          "of the answer: png, jpeg or webp"};
inline constexpr OptionSpec kCompressionOption{"--compression", "", 1, "N",
                                               "0 .. 100, of a jpeg or webp answer"};
inline constexpr OptionSpec kPartialsOption{"--partials", "", 1, "N",
                                            "pictures while it works; each costs"};

// How a picture is written, of every verb that writes one.
inline constexpr OptionSpec kDepthOption{
    "--depth", "", 1, "D", "of the file: 8, 16, half or float (default: the picture's own)"};
inline constexpr OptionSpec kOutQualityOption{"--out-quality", "", 1, "N",
                                              "1 .. 100, of a JPEG or a lossy WebP (default 95)"};
inline constexpr OptionSpec kLossyOption{"--lossy", "", 0, "", "write a WebP with loss"};
inline constexpr OptionSpec kSrgbOption{
    "--srgb", "", 0, "", "convert the colours to sRGB instead of keeping the profile"};
inline constexpr OptionSpec kStripMetadataOption{"--strip-metadata", "", 0, "",
                                                 "write no EXIF, XMP or the like"};
inline constexpr OptionSpec kStripLocationOption{"--strip-location", "", 0, "",
                                                 "write nothing of where it was taken"};
inline constexpr OptionSpec kRegionOption{"--region-only", "", 1, "changed|mask",
                                          "write only the rectangle round it"};
inline constexpr OptionSpec kMaskAlphaOption{"--mask-alpha", "", 0, "",
                                             "make the mask the alpha of the file"};
inline constexpr OptionSpec kEditRecordOption{
    "--edit-record", "", 1, "yes|no",
    "write OUT.edit.json (default: where Content Credentials become untrue)"};

// Those of every verb that grafts, and of every verb that writes a picture.
inline constexpr std::array kGraftOptions{kNoRegisterOption, kLargeMoveOption, kNoColorOption,
                                          kNoMembraneOption, kNoGrainOption,   kNoDitherOption,
                                          kSeamOption,       kFeatherOption,   kReachOutOption};
inline constexpr std::array kPictureOptions{
    kDepthOption,         kOutQualityOption,    kLossyOption,  kSrgbOption,
    kStripMetadataOption, kStripLocationOption, kRegionOption, kMaskAlphaOption};

// Lists as one, in this order.
template <std::size_t... N>
constexpr auto joined(const std::array<OptionSpec, N>&... lists) {
    std::array<OptionSpec, (N + ...)> all{};
    auto at = all.begin();
    ((at = std::copy(lists.begin(), lists.end(), at)), ...);
    return all;
}

Result<codec::DecodeLimits> decode_limits(const ParsedArgs& args);
// Prints the picture's warnings to stderr.
Result<codec::Picture> load_picture(const std::string& path, const codec::DecodeLimits& limits);
// A mask file of exactly `size`; what it was read from goes to stderr when it was not plain grey.
Result<mask::Mask> load_mask(const std::string& path, Size size, const codec::DecodeLimits& limits);

// What can be known of a file to be written before the work that makes it: refused when it exists
// and --overwrite was not given; else as write_file_atomic would fail (a folder of that name, no
// such folder, one that cannot be written to).
Status check_output(const std::string& path, const ParsedArgs& args);
// invalid_argument when the name has no ending of a format we write, layered ones included.
Status check_ending(const std::string& out);
// OUT itself for one, else OUT-1 ... OUT-count, before the ending.
std::vector<std::string> output_names(const std::string& out, std::size_t count);
// "edit needs --mask MASK; see ..." when the option is not there.
CommandResult require(const VerbSpec& verb, const ParsedArgs& args,
                      std::initializer_list<std::string_view> names);

Result<composite::GraftParams> graft_params(const ParsedArgs& args);
// The mask and as far beyond it as the graft may reach.
mask::Mask touched_by(const mask::Mask& mask, const composite::GraftParams& params);
// The model's own plan with --context, --size, --crop, --enlarge and --islands over it.
Result<edit::PlanParams> plan_params(const ParsedArgs& args, const edit::ModelCapabilities& model);
struct ModelChoice {
    std::shared_ptr<edit::EditBackend> backend;
    edit::ModelCapabilities model;
};
Result<ModelChoice> choose_model(const ParsedArgs& args);
// --base-url, --force-http, --day-budget.
Result<provider::BackendOptions> backend_options(const ParsedArgs& args);
// --quality, --complexity, --background, --input-fidelity, --moderation, --format, --compression,
// --partials; --reference without a byte of what the files say beside their pixels.
Result<edit::EditParams> model_params(const ParsedArgs& args, const edit::ModelCapabilities& model,
                                      const codec::DecodeLimits& limits);
Result<handoff::ExportOptions> export_options(const ParsedArgs& args); // those options
// file_lossless, file_changed_outside_mask and what else is to tell of a written file; notes to
// stderr.
void add_exported(Json& json, const worker::Exported& exported, const handoff::EditRecord& record);
Result<double> exposure_of(const ParsedArgs& args); // --exposure
// How the picture is shown to a model; a note when the exposure means nothing to it.
image::DisplayTransform view_of(const codec::Picture& picture, double exposure);

Json to_json(const Rect& rect);
Json to_json(Size size);
// crop, request_size, scale, padded, mask_bounds, notes.
Json to_json(const edit::PlannedPart& part);
// Refused when `cost` may pass --max-cost.
Status check_cost(const ParsedArgs& args, const edit::CostEstimate& cost);
// What became of the requests, for people and programs.
Json to_json(const edit::RequestFate& fate);
// Of all parts together.
edit::CostEstimate cost_of(const edit::EditBackend& backend,
                           const std::vector<edit::PlannedPart>& parts,
                           const edit::EditParams& params);
// Every figure of a graft.
void add_report(Json& json, const composite::GraftReport& report);
// To stderr: what the artist should know or decide of it.
void tell_verdicts(const composite::GraftReport& report);
// Non-finite numbers become null: JSON has none.
Json number(double value);

// "name: value" lines of the same object for people, or the object itself with --json.
void print_result(const Json& json, const ParsedArgs& args);
void print_note(std::string_view text); // to stderr, one line
// To stdout. A failure shows in ferror(stdout).
void print_out(std::string_view text);

// Each verb: its table entry and its work.
struct Verb {
    VerbSpec spec;
    CommandResult (*run)(const ParsedArgs& args);
};
extern const Verb kEditVerb, kPlanVerb, kCompositeVerb, kCompareVerb, kMaskVerb, kModelsVerb,
    kGenerateVerb, kJobsVerb, kServeVerb, kExportVerb, kReplayVerb, kProjectVerb, kManualVerb,
    kCompletionsVerb;
// In the order in which people read of them.
std::span<const Verb* const> all_verbs();

} // namespace mw::cli
