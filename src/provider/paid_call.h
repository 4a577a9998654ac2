// A request that costs money, from the ledger and the journal to the wire and back.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "edit/backend.h"
#include "provider/http.h"
#include "provider/journal.h"

namespace mw::provider {

// How calls are made; the same for all of a backend's.
struct CallSetup {
    std::filesystem::path journal, ledger; // folders; made when needed
    std::optional<double> day_budget;      // USD
    HttpLimits limits;
};

// What reads an answer. Each try begins with head().
struct CallReader {
    std::function<Status(const HttpHead&)> head;
    std::function<Result<Received>(std::span<const std::byte>)> bytes;
    // After a whole refusal: the same would be said again however long one waits (a quota that is
    // used up). May be empty.
    std::function<bool()> for_good = {};
};

// The name under which services give their own id of a request.
std::string service_request_id(const HttpHead& head);

// One paid call. open() books and writes it down; send() makes the one request, again only where
// nothing was worked on; close() says what became of it. A call that is destroyed without close()
// looks like a crash on the next start.
class PaidCall {
  public:
    PaidCall(const CallSetup& setup, JournalRequest request, const edit::EditObserver& observer,
             std::stop_token stop);

    // Refused by the day's budget, or an error of the file system: then nothing may be sent.
    Status open();
    // Bytes are in the journal before `reader` sees them. Tells the phases uploading and thinking.
    HttpOutcome send(const HttpRequest& request, const CallReader& reader);
    // Settles ledger and journal and tells the observer. What cannot be written of it is added to
    // `notes`, when not null: the answer counts more.
    void close(edit::RequestFate fate, const std::string& message,
               std::vector<std::string>* notes = nullptr);
    JournalEntry* entry() { return entry_ ? &*entry_ : nullptr; }
    int tries() const { return tries_; }

  private:
    HttpOutcome send_once(const HttpRequest& request, const CallReader& reader);
    void phase(edit::Phase phase, std::optional<double> fraction) const;

    const CallSetup& setup_;
    JournalRequest request_;
    const edit::EditObserver& observer_;
    std::stop_token stop_;
    std::string day_;
    std::optional<JournalEntry> entry_;
    int tries_ = 0;
};

// What an exchange that brought no whole answer means for the bill, by how far it got.
edit::Outcome outcome_of(const HttpOutcome& outcome);

} // namespace mw::provider
