// Requests that cost money, on disk before they leave; answers on disk before they are decoded.
// One folder for each: request.json, the files sent, leaving, head.json, response.raw, closed.json.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/geometry.h"
#include "base/result.h"
#include "edit/fate.h"

namespace mw::provider {

// What is known before the request leaves. No key is in it.
struct JournalRequest {
    std::string id; // ours: the folder's name; letters, digits, '.', '-'
    std::string provider, model, origin, path;
    std::string project; // what it is booked on; empty: on none
    std::string kind;    // how the answer is read: "images", "responses"
    std::string prompt;
    Rect crop;
    Size request_size;
    double low_usd = 0, most_usd = 0;
    std::int64_t created = 0;                                  // seconds since 1970
    std::map<std::string, std::shared_ptr<const Bytes>> files; // "image.png"
};

// The open entry of a request that is being made. Held by one process (a lock that dies with it).
class JournalEntry {
  public:
    // Everything of `request` is on disk and synced when this returns. Errors: of the file system;
    // then nothing may be sent.
    static Result<JournalEntry> create(const std::filesystem::path& journal,
                                       const JournalRequest& request);
    JournalEntry(JournalEntry&& other) noexcept;
    JournalEntry& operator=(JournalEntry&&) = delete;
    ~JournalEntry(); // not closed: the entry stays as a crash would leave it

    const std::string& id() const { return id_; }
    // Synced: from here on the request may have left.
    Status leaving();
    // A status and headers came (their names as they came; no secrets are in answers' headers).
    // What an earlier try received is dropped.
    Status head(int status, const std::string& content_type, const std::string& service_id);
    // Bytes of the answer, before anybody looks at them. In the page cache when this returns, so
    // they survive the process; finish_response() makes them survive the power.
    Status append(std::span<const std::byte> bytes);
    Status finish_response();
    // A service's id of a job that goes on without us (a background response), synced.
    Status remote_job(const std::string& id);
    // The end. Entries that owe nothing to anybody (not sent, refused) are removed; the others stay
    // until they are delivered or dismissed.
    Status close(const edit::RequestFate& fate, const std::string& message);

  private:
    JournalEntry(std::filesystem::path folder, std::string id, int lock)
        : folder_(std::move(folder)), id_(std::move(id)), lock_(lock) {}
    std::filesystem::path folder_;
    std::string id_;
    int lock_ = -1, response_ = -1;
};

// An entry of an earlier run, or of this one after it was closed.
struct JournalRecord {
    JournalRequest request; // without the files' bytes
    edit::Outcome outcome = edit::Outcome::unknown;
    bool interrupted = false; // it was never closed: the program ended in the middle
    std::string message;      // what was said when it was closed
    int status = 0;           // of HTTP; 0: none came
    std::string content_type, service_request_id, remote_job;
    std::uint64_t response_bytes = 0;
    std::optional<double> actual_usd;
};

// Entries that no running program holds, oldest first. Folders that are none are left out. An
// interrupted one is not_sent when it never left, unknown else; whether its response is whole is
// for whoever can read it.
Result<std::vector<JournalRecord>> read_journal(const std::filesystem::path& journal);
Result<JournalRecord> read_journal_record(const std::filesystem::path& journal,
                                          const std::string& id);
Result<Bytes> read_response(const std::filesystem::path& journal, const std::string& id);
// The answer is safe elsewhere, or nobody wants it: the entry goes.
Status forget_journal_entry(const std::filesystem::path& journal, const std::string& id);

} // namespace mw::provider
