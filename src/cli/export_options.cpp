// How a picture is written: the options that every verb has which writes one.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"

namespace mw::cli {
namespace {

template <class T>
Result<T> one_of(std::string_view option, const std::string& word,
                 std::initializer_list<std::pair<std::string_view, T>> choices) {
    std::string names;
    for (const auto& [name, value] : choices) {
        if (word == name) return value;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    }
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} wants one of {}, not \"{}\".", option, names, word.substr(0, 80)));
}

} // namespace

Result<handoff::ExportOptions> export_options(const ParsedArgs& args) {
    using handoff::Depth;
    handoff::ExportOptions options;
    if (const auto word = args.value("--depth")) {
        auto depth = one_of<Depth>(
            "--depth", *word,
            {{"8", Depth::u8}, {"16", Depth::u16}, {"half", Depth::half}, {"float", Depth::f32}});
        if (!depth) return tl::unexpected(depth.error());
        options.depth = *depth;
    }
    if (const auto text = args.value("--out-quality")) {
        auto quality = parse_integer("--out-quality", *text, 1, 100);
        if (!quality) return tl::unexpected(quality.error());
        options.encode.jpeg_quality = *quality;
    }
    options.encode.webp_lossless = !args.has("--lossy");
    options.to_srgb = args.has("--srgb");
    if (args.has("--strip-location")) options.metadata = codec::KeepMetadata::no_location;
    if (args.has("--strip-metadata")) options.metadata = codec::KeepMetadata::none;
    if (const auto word = args.value("--region-only")) {
        auto region = one_of<handoff::Region>(
            "--region-only", *word,
            {{"changed", handoff::Region::changed}, {"mask", handoff::Region::mask}});
        if (!region) return tl::unexpected(region.error());
        options.region = *region;
    }
    options.mask_alpha = args.has("--mask-alpha");
    if (const auto word = args.value("--edit-record")) {
        auto record = one_of<handoff::RecordChoice>(
            "--edit-record", *word,
            {{"yes", handoff::RecordChoice::always}, {"no", handoff::RecordChoice::never}});
        if (!record) return tl::unexpected(record.error());
        options.record = *record;
    }
    return options;
}

void add_exported(Json& json, const worker::Exported& exported, const handoff::EditRecord& record) {
    json["file_lossless"] = exported.lossless;
    json["file_changed_outside_mask"] = exported.changed_outside;
    if (exported.layers > 0) json["layers"] = exported.layers;
    json["region"] = to_json(exported.region);
    bool answered = false;
    for (const handoff::RecordedEdit& e : record.edits)
        for (const handoff::RecordedAnswer& a : e.answers)
            answered = answered || a.provenance;
    json["content_credentials"] = {{"source", record.source_provenance}, {"answer", answered}};
    if (!exported.record.empty()) json["edit_record"] = exported.record.string();
    for (const std::string& note : exported.notes) {
        print_note(note);
        json["file_notes"].push_back(note);
    }
}

} // namespace mw::cli
