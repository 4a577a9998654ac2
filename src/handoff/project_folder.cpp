#include "handoff/project_folder.h"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <ctime>
#include <map>

#include "base/hash.h"
#include "codec/privacy.h"
#include "handoff/edit_record.h"
#include "handoff/json.h"
#include "handoff/layers.h"
#include "image/resample.h"
#include "project/redaction.h"
#include "report/pictures.h"

namespace mw::handoff {
namespace fs = std::filesystem;
namespace {

using project::Iteration;
using project::IterationId;

// Lossless, and able to say what the numbers mean.
std::string ending_for(const image::Image& pixels, const image::ColorSpaceRef& color) {
    if (pixels.format().type != image::SampleType::f32) return ".png";
    return color && color->scene_linear ? ".exr" : ".tif";
}

std::string answer_ending(const std::string& media_type) {
    if (media_type == "image/png") return ".png";
    if (media_type == "image/jpeg") return ".jpg";
    if (media_type == "image/webp") return ".webp";
    return ".bin";
}

std::string_view name_of(project::Standing standing) {
    switch (standing) {
        case project::Standing::proposed:
            return "proposed";
        case project::Standing::accepted:
            return "accepted";
        case project::Standing::rejected:
            return "rejected";
    }
    return "";
}

Json params_json(const edit::EditParams& p) {
    Json json = Json::object();
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) json[name] = value;
    };
    add("model", p.model);
    add("quality", p.quality);
    json["count"] = p.count;
    json["seed"] = p.seed;
    add("complexity", p.complexity);
    add("background", p.background);
    add("input_fidelity", p.input_fidelity);
    add("moderation", p.moderation);
    add("format", p.format);
    if (p.compression) json["compression"] = *p.compression;
    add("continues", p.continues);
    if (!p.references.empty()) {
        json["references"] = Json::array();
        for (const edit::Reference& r : p.references)
            json["references"].push_back(
                {{"name", r.name}, {"sha256", r.file ? sha256_hex(*r.file) : std::string()}});
    }
    return json;
}

std::string time_text(std::int64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm utc{};
    char text[32];
    if (!::gmtime_r(&seconds, &utc) ||
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return {};
    return text;
}

class FolderWriter {
  public:
    FolderWriter(const project::Document& document, fs::path root, const FolderParams& params,
                 std::stop_token stop)
        : document_(document), root_(std::move(root)), params_(params), stop_(std::move(stop)) {}

    Result<FolderWritten> run() {
        recipe_ = {{"format", "maskwright-recipe"},
                   {"version", 1},
                   {"program", "maskwright " MASKWRIGHT_VERSION}};
        if (Status s = write_original(); !s) return tl::unexpected(s.error());
        recipe_["iterations"] = Json::array();
        const auto count = static_cast<IterationId>(document_.tree.size());
        for (IterationId id = 1; id < count; ++id) {
            if (stop_.stop_requested()) return fail(ErrorCode::cancelled, "Cancelled.");
            if (!document_.tree.contains(id)) continue;
            if (Status s = write_iteration(document_.tree.at(id)); !s)
                return tl::unexpected(s.error());
            ++written_.iterations;
        }
        if (Status s = write_masks(); !s) return tl::unexpected(s.error());
        if (Status s = write_sheets(); !s) return tl::unexpected(s.error());
        recipe_["base"] = document_.base;
        recipe_["shown"] = document_.shown;
        const std::string text = text_of(recipe_);
        if (Status s = write("recipe.json", std::as_bytes(std::span(text))); !s)
            return tl::unexpected(s.error());
        return std::move(written_);
    }

  private:
    Status write(const std::string& name, std::span<const std::byte> bytes) {
        const fs::path path = root_ / name;
        std::error_code error;
        fs::create_directories(path.parent_path(), error);
        if (Status s = write_file_atomic(path, bytes); !s) return s;
        ++written_.files;
        return {};
    }
    // Writes and describes it.
    Status write_file(Json& json, const std::string& name, std::span<const std::byte> bytes) {
        if (Status s = write(name, bytes); !s) return s;
        json["file"] = name;
        json["sha256"] = sha256_hex(bytes);
        return {};
    }
    Status write_picture(Json& json, const std::string& stem, image::ImageView pixels,
                         const codec::Metadata& metadata, const std::string& ending) {
        const std::string name = stem + ending;
        auto bytes = codec::encode(pixels, metadata, codec::format_for_path(name));
        if (!bytes) return tl::unexpected(bytes.error());
        return write_file(json, name, *bytes);
    }
    Status write_mask(Json& json, const std::string& stem, const mask::Mask& mask) {
        if (Status s = write_picture(json, stem, mask.read(mask.rect()).view(), {}, ".png"); !s)
            return s;
        json["coverage_sha256"] = mask_sha256(mask);
        return {};
    }

    // What each picture of the project carries.
    codec::Metadata whole_metadata() const {
        return codec::kept_metadata(document_.metadata, codec::KeepMetadata::all);
    }
    codec::Metadata part_metadata() const {
        codec::Metadata color;
        color.icc = document_.metadata.icc;
        return color;
    }

    Status write_original() {
        const image::ImageRef picture = document_.tree.picture(0);
        ending_ = ending_for(*picture, document_.color);
        Json json;
        const fs::path name = document_.path.filename();
        const std::string stem = safe_name(name.stem().string());
        Status s;
        if (params_.original) {
            const std::string ending =
                name.has_extension() ? "." + safe_name(name.extension().string().substr(1)) : "";
            s = write_file(json, "original/" + stem + ending, *params_.original);
            json["as_opened"] = true;
        } else {
            s = write_picture(json, "original/" + stem, picture->view(), whole_metadata(), ending_);
            json["as_opened"] = false;
            written_.notes.emplace_back(
                "The file that was opened is not at hand; its pixels were written instead.");
        }
        if (!s) return s;
        if (project::has_redaction(document_.tree))
            written_.notes.push_back(fmt::format("Something was redacted in this project. {}",
                                                 project::keeps_the_original()));
        if (codec::has_location(document_.metadata))
            written_.notes.emplace_back(
                "The original and the results say where the picture was taken; export a picture "
                "without its location before you pass it on.");
        json["size"] = size_json(picture->size());
        json["channels"] = picture->format().channels;
        json["bits"] = 8 * image::sample_bytes(picture->format().type);
        files_[0] = json["file"];
        recipe_["original"] = std::move(json);
        return {};
    }

    Status write_parts(Json& json, const Iteration& i, const std::string& folder) {
        json["parts"] = Json::array();
        const auto parts = i.parts.get();
        for (std::size_t k = 0; k < parts->size(); ++k) {
            const edit::AnsweredPart& part = (*parts)[k];
            Json answer, mask, entry;
            if (Status s = write_file(answer,
                                      fmt::format("{}/answer-{}{}", folder, k + 1,
                                                  answer_ending(part.answer.media_type)),
                                      part.answer.bytes);
                !s)
                return s;
            answer["media_type"] = part.answer.media_type;
            const RecordedAnswer told = recorded(part);
            answer["content_credentials"] = told.provenance;
            if (Status s = write_mask(mask, fmt::format("{}/mask-{}", folder, k + 1), part.mask);
                !s)
                return s;
            entry["answer"] = std::move(answer);
            entry["mask"] = std::move(mask);
            entry["crop"] = rect_json(told.crop);
            entry["request_size"] = size_json(told.request_size);
            if (part.request) {
                entry["request_id"] = part.request->id;
                entry["prompt"] = part.request->prompt;
                entry["params"] = params_json(part.request->params);
            }
            json["parts"].push_back(std::move(entry));
        }
        return {};
    }

    // What `maskwright composite` is told to make this result from its parent's.
    Json command_of(const Iteration& i, const Json& json, const std::string& out) const {
        if (json["parts"].empty()) return nullptr;
        Json words = Json::array({"maskwright", "composite", files_.at(i.parent)});
        for (const Json& part : json["parts"]) {
            const Json& c = part["crop"];
            for (const std::string& word :
                 {std::string("--part"), part["answer"]["file"].get<std::string>(),
                  part["mask"]["file"].get<std::string>(),
                  fmt::format("{},{},{},{}", c[0].get<int>(), c[1].get<int>(), c[2].get<int>(),
                              c[3].get<int>())})
                words.push_back(word);
        }
        for (const auto& [name, value] : json["graft"].items()) {
            words.push_back("--" + name);
            if (value.is_string()) words.push_back(value);
            if (value.is_number()) words.push_back(value.dump());
        }
        if (i.view.exposure_stops() != 0) {
            words.push_back("--exposure");
            words.push_back(fmt::format("{}", i.view.exposure_stops()));
        }
        words.push_back("-o");
        words.push_back(out);
        return words;
    }

    Status write_iteration(const Iteration& i) {
        const std::string label = i.marks.name.empty() ? i.prompt : i.marks.name;
        const std::string folder = fmt::format("{:03}-{}", i.id, safe_name(label));
        Json json{{"id", i.id}, {"parent", i.parent}};
        if (!i.marks.name.empty()) json["name"] = i.marks.name;
        if (!i.marks.note.empty()) json["note"] = i.marks.note;
        json["standing"] = name_of(i.standing);
        json["starred"] = i.marks.starred;
        json["trashed"] = !document_.tree.alive(i.id);
        json["prompt"] = i.prompt;
        json["what_was_done"] = i.what_was_done;
        if (!i.provider.empty()) json["provider"] = i.provider;
        if (!i.model.empty()) json["model"] = i.model;
        if (i.created_ms > 0) json["created"] = time_text(i.created_ms);
        json["cost_usd"] = {
            {"estimate", i.cost.estimate_usd ? Json(*i.cost.estimate_usd) : Json(nullptr)},
            {"actual", i.cost.actual_usd ? Json(*i.cost.actual_usd) : Json(nullptr)}};
        json["seconds"] = number(i.seconds);
        if (i.combined) json["combined"] = Json::array({i.combined->a, i.combined->b});
        Json mask, patch, result;
        if (Status s = write_mask(mask, folder + "/mask", *i.mask); !s) return s;
        json["mask"] = std::move(mask);
        if (Status s = write_parts(json, i, folder); !s) return s;
        json["graft"] = graft_json(i.graft);
        json["exposure"] = number(i.view.exposure_stops());
        if (const composite::Patch laid = *i.patch; laid.pixels) {
            if (Status s = write_picture(patch, folder + "/patch", laid.pixels->view(),
                                         part_metadata(), ending_);
                !s)
                return s;
            patch["rect"] = rect_json(laid.rect);
            json["patch"] = std::move(patch);
        }
        const image::ImageRef picture = document_.tree.picture(i.id);
        if (Status s = write_picture(result, folder + "/result", picture->view(), whole_metadata(),
                                     ending_);
            !s)
            return s;
        result["pixels_sha256"] = sha256_hex(picture->bytes());
        files_[i.id] = result["file"];
        json["result"] = std::move(result);
        json["report"] = {{"changed_outside_mask", i.report.changed_outside_mask},
                          {"changed_inside_mask", i.report.changed_inside_mask},
                          {"outside_sha256", i.report.outside_sha256},
                          {"outside_sha256_before", i.report.outside_sha256_before}};
        json["command"] = command_of(i, json, "again" + ending_);
        add_to_sheet(i, label, *picture);
        recipe_["iterations"].push_back(std::move(json));
        return {};
    }

    Status write_masks() {
        recipe_["masks"] = Json::array();
        const auto add = [&](const std::string& name, const std::string& stem,
                             const mask::Mask& mask) -> Status {
            Json json{{"name", name}};
            if (Status s = write_mask(json, "masks/" + stem, mask); !s) return s;
            recipe_["masks"].push_back(std::move(json));
            return {};
        };
        if (!document_.mask.empty())
            if (Status s = add("", "current", document_.mask); !s) return s;
        for (const project::MaskSlot& slot : document_.slots)
            if (Status s =
                    add(slot.name, fmt::format("{}-{}", slot.id, safe_name(slot.name)), slot.mask);
                !s)
                return s;
        return {};
    }

    // Small, so that hundreds of large pictures cost little.
    void add_to_sheet(const Iteration& i, const std::string& label, const image::Image& picture) {
        if (!document_.tree.alive(i.id)) return;
        constexpr int kSide = 900;
        const double scale = std::min(1.0, double(kSide) / picture.size().longer_side());
        const Size size{std::max(1, static_cast<int>(picture.width() * scale + 0.5)),
                        std::max(1, static_cast<int>(picture.height() * scale + 0.5))};
        image::Image shown = i.view.to_display(picture.view(), image::SampleType::u8);
        if (size != picture.size())
            shown = image::resample(shown.view(), size, image::Filter::area);
        small_.push_back({std::move(shown), fmt::format("{}  {}", i.id, label),
                          std::string(name_of(i.standing))});
    }

    Status write_sheets() {
        recipe_["contact_sheets"] = Json::array();
        for (std::size_t first = 0; first < small_.size(); first += report::kMostOnSheet) {
            std::vector<report::LabelledPicture> pictures;
            for (std::size_t k = first; k < std::min(small_.size(), first + report::kMostOnSheet);
                 ++k)
                pictures.push_back(
                    {small_[k].picture.view(), {}, small_[k].label, small_[k].detail});
            auto sheet = report::contact_sheet(pictures, {.title = document_.path.stem().string()});
            if (!sheet) return tl::unexpected(sheet.error());
            Json json;
            const std::string stem =
                small_.size() <= report::kMostOnSheet
                    ? "contact-sheet"
                    : fmt::format("contact-sheet-{}", first / report::kMostOnSheet + 1);
            if (Status s = write_picture(json, stem, sheet->view(), {}, ".png"); !s) return s;
            recipe_["contact_sheets"].push_back(json["file"]);
        }
        return {};
    }

    struct Small {
        image::Image picture;
        std::string label, detail;
    };

    const project::Document& document_;
    fs::path root_;
    const FolderParams& params_;
    std::stop_token stop_;
    Json recipe_;
    std::string ending_;
    std::map<IterationId, std::string> files_; // of results, by iteration
    std::vector<Small> small_;
    FolderWritten written_;
};

} // namespace

std::string safe_name(std::string_view label, std::size_t most) {
    std::string out;
    for (const char c : label) {
        const bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
        if (fine && !(c == '.' && out.empty()))
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
        if (out.size() >= most) break;
    }
    while (!out.empty() && (out.back() == '-' || out.back() == '.'))
        out.pop_back();
    return out.empty() ? "unnamed" : out;
}

Result<FolderWritten> export_folder(const project::Document& document, const fs::path& folder,
                                    const FolderParams& params, std::stop_token stop) {
    std::error_code error;
    const fs::path target = folder.has_filename() ? folder : folder.parent_path();
    const bool exists = fs::exists(fs::symlink_status(target, error));
    if (exists && !fs::is_directory(target, error))
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("{} is a file; name a folder to write into.", display_path(target)));
    const bool full = exists && !fs::is_empty(target, error);
    if (full && !params.overwrite)
        return fail(ErrorCode::refused,
                    fmt::format("The folder {} holds something already; nothing was written. Name "
                                "another, or allow it to be written into.",
                                display_path(target)));
    const fs::path parent = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (!fs::is_directory(parent, error))
        return fail(ErrorCode::not_found,
                    fmt::format("There is no folder {} to put it in; create it first or choose "
                                "another.",
                                display_path(parent)));
    if (full) return FolderWriter(document, target, params, stop).run();

    const fs::path temporary = parent / fmt::format(".maskwright-{}-{}.tmp", ::getpid(),
                                                    safe_name(target.filename().string()));
    if (!fs::create_directory(temporary, error))
        return fail(code_from_errno(error.value()),
                    fmt::format("Cannot write into the folder {}: {}. Choose another folder.",
                                display_path(parent), text_from_errno(error.value())));
    auto written = FolderWriter(document, temporary, params, stop).run();
    if (written) {
        fs::rename(temporary, target, error);
        if (!error) return written;
        written = fail(code_from_errno(error.value()),
                       fmt::format("Cannot write {}: {}.", display_path(target),
                                   text_from_errno(error.value())));
    }
    fs::remove_all(temporary, error);
    return written;
}

} // namespace mw::handoff
