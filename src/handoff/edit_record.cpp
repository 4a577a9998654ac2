#include "handoff/edit_record.h"

#include <unistd.h>
#include <algorithm>
#include <cerrno>

#include "base/file.h"
#include "base/hash.h"
#include "codec/provenance.h"
#include "handoff/json.h"

namespace mw::handoff {
namespace {

Json answer_json(const RecordedAnswer& a) {
    Json json{{"sha256", a.sha256},
              {"media_type", a.media_type},
              {"content_credentials", a.provenance},
              {"crop", rect_json(a.crop)},
              {"request_size", size_json(a.request_size)}};
    if (!a.model.empty()) json["model"] = a.model;
    if (!a.request_id.empty()) json["request_id"] = a.request_id;
    return json;
}

Json edit_json(const RecordedEdit& e) {
    Json json{{"prompt", e.prompt}};
    if (!e.what_was_done.empty()) json["what_was_done"] = e.what_was_done;
    json["mask_sha256"] = mask_sha256(e.mask);
    json["mask_bounds"] = rect_json(e.mask.bounds());
    json["graft"] = graft_json(e.graft);
    json["changed_outside_mask"] = e.changed_outside_mask;
    json["outside_sha256"] = e.outside_sha256;
    json["outside_sha256_before"] = e.outside_sha256_before;
    json["answers"] = Json::array();
    for (const RecordedAnswer& a : e.answers)
        json["answers"].push_back(answer_json(a));
    return json;
}

// Of an edit up to the last redaction only where it was: prompts, hashes, masks and answers of what
// was there before could be used to try guesses at it.
Json hidden_edit_json(const RecordedEdit& e) {
    Json json{{"redacted", e.graft.redact}};
    if (e.graft.redact) json["what_was_done"] = e.what_was_done;
    json["mask_bounds"] = rect_json(e.mask.bounds());
    return json;
}

Json hash_json(const std::filesystem::path& path) {
    const auto hash = file_sha256(path);
    return hash ? Json(*hash) : Json(nullptr);
}

} // namespace

bool EditRecord::provenance() const {
    const auto answered = [](const RecordedEdit& e) {
        return std::ranges::any_of(e.answers, &RecordedAnswer::provenance);
    };
    return source_provenance || std::ranges::any_of(edits, answered);
}

RecordedAnswer recorded(const edit::AnsweredPart& part) {
    RecordedAnswer out{sha256_hex(part.answer.bytes),
                       part.answer.media_type,
                       codec::carries_provenance(part.answer.bytes),
                       {},
                       {},
                       {},
                       {}};
    if (part.request) {
        out.model = part.request->params.model;
        out.request_id = part.request->id;
        out.crop = part.request->plan.crop;
        out.request_size = part.request->plan.request_size;
    }
    return out;
}

RecordedEdit recorded(const project::Iteration& i) {
    RecordedEdit out{i.prompt,
                     i.what_was_done,
                     *i.mask,
                     i.graft,
                     i.report.changed_outside_mask,
                     i.report.outside_sha256,
                     i.report.outside_sha256_before,
                     {}};
    const auto parts = i.parts.get();
    for (const edit::AnsweredPart& part : *parts)
        out.answers.push_back(recorded(part));
    return out;
}

std::filesystem::path record_path(const std::filesystem::path& exported) {
    return exported.parent_path() / (exported.filename().string() + ".edit.json");
}

std::string record_text(const EditRecord& record, const std::filesystem::path& exported) {
    Json json{{"format", "maskwright-edit-record"},
              {"version", 1},
              {"program", "maskwright " MASKWRIGHT_VERSION}};
    json["result"] = {{"file", exported.filename().string()}, {"sha256", hash_json(exported)}};
    const auto last = std::find_if(record.edits.rbegin(), record.edits.rend(),
                                   [](const RecordedEdit& e) { return e.graft.redact; });
    const auto hidden = static_cast<std::size_t>(record.edits.rend() - last);
    json["source"] = {{"file", record.source.filename().string()},
                      {"sha256", hidden > 0 ? Json(nullptr) : hash_json(record.source)},
                      {"content_credentials", record.source_provenance}};
    json["edits"] = Json::array();
    for (std::size_t i = 0; i < record.edits.size(); ++i)
        json["edits"].push_back(i < hidden ? hidden_edit_json(record.edits[i])
                                           : edit_json(record.edits[i]));
    if (record.provenance())
        json["note"] =
            "Content Credentials (C2PA) of the source or of an answer do not vouch for this "
            "result and were not copied into it; an answer as received keeps its own.";
    return text_of(json);
}

std::string mask_sha256(const mask::Mask& mask) {
    Sha256 hash;
    constexpr int kRows = 256;
    for (int y = 0; y < mask.size().height; y += kRows) {
        const int rows = std::min(kRows, mask.size().height - y);
        hash.update(mask.read({0, y, mask.size().width, rows}).bytes());
    }
    return hash.finish_hex();
}

Result<std::string> file_sha256(const std::filesystem::path& path) {
    const auto file = open_file(path, UINT64_MAX);
    if (!file) return tl::unexpected(file.error());
    Sha256 hash;
    Bytes piece(1u << 20);
    std::uint64_t at = 0;
    for (;;) {
        const ssize_t n = ::pread(file->fd(), piece.data(), piece.size(), static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0)
            return fail(code_from_errno(errno),
                        "Cannot read " + display_path(path) + ": " + text_from_errno(errno) + ".");
        if (n == 0) return hash.finish_hex();
        hash.update(std::span(piece).first(static_cast<std::size_t>(n)));
        at += static_cast<std::uint64_t>(n);
    }
}

} // namespace mw::handoff
