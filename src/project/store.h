// A project's file (.mwr): one SQLite database that holds everything a document is made of. The
// tables are in docs/project-file.md.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "project/recorder.h"

namespace mw::project {

// A request as it is written before it leaves: one for each part of the mask.
struct RequestRecord {
    std::shared_ptr<const edit::EditRequest> request; // pixels are not kept: they can be made again
    std::string edit;                                 // id of the first part's request
    int part = 0, parts = 1;
    std::int64_t number = 0;          // Iteration::request
    mask::Mask part_mask, whole_mask; // the artist's
    IterationId parent = 0;
    std::string provider;
    composite::GraftParams graft;
    image::DisplayTransform view;
};

// Answered requests that no iteration holds: the program ended between answer and graft.
struct Unfinished {
    struct Part {
        std::shared_ptr<const edit::EditRequest> request; // without pixels
        mask::Mask mask;
        std::vector<edit::Answer> answers;
    };
    std::string edit, provider;
    std::int64_t number = 0;
    IterationId parent = 0;
    mask::Mask mask;
    composite::GraftParams graft;
    image::DisplayTransform view;
    edit::EditResult result; // of the first part, without answers; cost of all
    std::vector<Part> parts; // those that were answered
};

class Store;

struct OpenedProject {
    std::shared_ptr<Store> store;
    std::unique_ptr<Document> document; // path: the original's name, or where the link leads
    std::vector<Unfinished> unfinished;
    // Sentences for a person: why it is read-only, requests that were sent and never answered,
    // parts that are damaged, a link whose file is gone.
    std::vector<std::string> notes;
};

struct OpenParams {
    bool read_only = false;     // asked for; see Store::read_only
    codec::DecodeLimits limits; // of the original
    // Of a linked original. A link out of the project's own folder is followed only when this says
    // so; `original` is where the file is now. Either way its SHA-256 decides.
    bool follow_outside_link = false;
    std::filesystem::path original = {};
    std::stop_token stop = {};
};

struct CreateParams {
    // The original stays where it is; the project has its place, size and SHA-256.
    bool link_original = false;
    codec::DecodeLimits limits;
    bool overwrite = false; // what is at the path; it is replaced when the new file is whole
};

// What a document is drawn from and written to. Safe from any thread; a call waits for the one
// before it. write() and save_as() belong on the I/O lane: they sync. What is read later (patches,
// answers, undo) comes through the document's Stored values.
class Store {
  public:
    // A new file with the whole document. The original's bytes are read from document.path and must
    // give the very pixels that the document has; where they do not (the file is gone, or another),
    // the pixels are stored as a PNG or TIFF, which `note` says. Errors: refused when something is
    // at `path`, of the file system; then nothing is left behind.
    static Result<std::shared_ptr<Store>> create(const std::filesystem::path& path,
                                                 const Document& document,
                                                 const CreateParams& params = {},
                                                 std::string* note = nullptr);
    // One program has a project to write; another one, and who may not write, gets a copy of what
    // it holds now, to read. A damaged, foreign or newer file is an error and is not changed.
    static Result<OpenedProject> open(const std::filesystem::path& path,
                                      const OpenParams& params = {});
    ~Store(); // close()

    // One transaction, on the disk when this returns. On an error the file is as it was before, and
    // the batch can be written again.
    Status write(const Batch& batch);
    // Before the request leaves, and before its answers are decoded.
    Status write_request(const RequestRecord& record);
    Status write_answers(const std::string& request_id, const edit::EditResult& result);
    // A request that brought no answer.
    Status write_fate(const std::string& request_id, const edit::RequestFate& fate);
    // An answer that is not wanted back at the next start.
    Status dismiss(const std::string& edit);

    // The same project in another file from now on; the old file stays. `overwrite` as above.
    Status save_as(const std::filesystem::path& path, bool overwrite = false);
    // Folds the log back, so that a copied file is whole. Further calls fail; what was not read yet
    // is no longer there.
    Status close();

    // Every stored part against its SHA-256, and the original's pixels against theirs. `problems`
    // gets a sentence for each that differs.
    Status check_parts(std::int64_t& parts, std::string& original_sha256,
                       std::vector<std::string>& problems, const Document& document);

    std::filesystem::path path() const;
    // Writing is refused: permission, another window, a read-only medium.
    bool read_only() const;
    // The bytes of the file that was opened, checked against their SHA-256; of a linked one, as
    // OpenParams says where it is. Errors: corrupt, refused, those of the file.
    Result<Bytes> original_file(const OpenParams& params = {}) const;
    // Failures to read what was asked for later, as sentences; each once.
    std::vector<std::string> take_problems();

    struct Core; // for the room
    Core& core() const { return *core_; }

  private:
    explicit Store(std::shared_ptr<Core> core);
    std::shared_ptr<Core> core_;
};

// Of the samples as they lie in memory, with size and format: 64 hex digits.
std::string pixels_sha256(image::ImageView pixels);

// Whether `path` should be opened as a project: by its ending, or by its first bytes.
bool is_project(const std::filesystem::path& path);

} // namespace mw::project
