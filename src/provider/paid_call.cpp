#include "provider/paid_call.h"

#include <ctime>

#include "provider/ledger.h"
#include "provider/model_data.h"
#include "provider/retry.h"

namespace mw::provider {

std::string service_request_id(const HttpHead& head) {
    for (const char* name : {"x-request-id", "apim-request-id", "request-id"})
        if (const auto id = head.get(name); !id.empty()) {
            std::string out;
            for (const char c : id.substr(0, 100))
                if (c > 32 && c < 127) out += c;
            return out;
        }
    return {};
}

edit::Outcome outcome_of(const HttpOutcome& outcome) {
    const int status = outcome.head.status;
    if (outcome.reach >= Reach::status) {
        if (status >= 300 && status < 500) return edit::Outcome::refused;
        if (status == 503) return edit::Outcome::refused;
        return edit::Outcome::unknown; // a gateway's 502 says nothing about what lies behind it
    }
    return outcome.reach <= Reach::head ? edit::Outcome::not_sent : edit::Outcome::unknown;
}

PaidCall::PaidCall(const CallSetup& setup, JournalRequest request,
                   const edit::EditObserver& observer, std::stop_token stop)
    : setup_(setup), request_(std::move(request)), observer_(observer), stop_(std::move(stop)) {}

void PaidCall::phase(edit::Phase phase, std::optional<double> fraction) const {
    if (observer_.on_phase) observer_.on_phase(phase, fraction);
}

Status PaidCall::open() {
    day_ = today();
    request_.created = static_cast<std::int64_t>(std::time(nullptr));
    auto entry = JournalEntry::create(setup_.journal, request_);
    if (!entry) return tl::unexpected(entry.error());
    Ledger ledger(setup_.ledger);
    if (Status ok = ledger.reserve(day_, request_.id, request_.provider, request_.model,
                                   request_.most_usd, setup_.day_budget, request_.project);
        !ok) {
        (void)entry->close({}, ok.error().message); // not sent: the entry goes
        return ok;
    }
    entry_.emplace(std::move(*entry));
    return {};
}

HttpOutcome PaidCall::send_once(const HttpRequest& request, const CallReader& reader) {
    HttpSink sink;
    sink.on_sent = [&](std::uint64_t sent, std::uint64_t total) {
        if (sent < total)
            phase(edit::Phase::uploading, double(sent) / double(total));
        else
            phase(edit::Phase::thinking, std::nullopt);
    };
    sink.on_head = [&](const HttpHead& head) -> Status {
        if (Status ok = entry_->head(head.status, std::string(head.get("Content-Type")),
                                     service_request_id(head));
            !ok)
            return ok;
        return reader.head(head);
    };
    sink.on_bytes = [&](std::span<const std::byte> bytes) -> Result<Received> {
        if (Status ok = entry_->append(bytes); !ok) return tl::unexpected(ok.error());
        return reader.bytes(bytes);
    };
    sink.on_leaving = [&] { return entry_->leaving(); };
    return exchange(request, setup_.limits, sink, stop_);
}

HttpOutcome PaidCall::send(const HttpRequest& request, const CallReader& reader) {
    phase(edit::Phase::uploading, 0.0);
    for (;;) {
        ++tries_;
        HttpOutcome outcome = send_once(request, reader);
        const auto wait = retry_wait(outcome, tries_, std::time(nullptr), random_jitter());
        if (!wait || (outcome.ok() && reader.for_good && reader.for_good())) {
            // On the disk before anybody decodes it. A disk that is full is no reason to lose the
            // answer that is in memory.
            (void)entry_->finish_response();
            return outcome;
        }
        phase(edit::Phase::queued, std::nullopt);
        if (!sleep_for(*wait, stop_)) {
            outcome.problem = HttpProblem::cancelled;
            outcome.code = ErrorCode::cancelled;
            outcome.message = "Cancelled.";
            return outcome;
        }
    }
}

void PaidCall::close(edit::RequestFate fate, const std::string& message,
                     std::vector<std::string>* notes) {
    fate.most_usd = request_.most_usd;
    if (entry_ && fate.outcome != edit::Outcome::not_sent && fate.outcome != edit::Outcome::refused)
        fate.journal_entry = request_.id;
    const auto note = [&](const Status& status) {
        if (!status && notes) notes->push_back(status.error().message);
    };
    if (entry_) {
        note(Ledger(setup_.ledger).settle(day_, request_.id, fate));
        note(entry_->close(fate, message));
        entry_.reset();
    }
    if (observer_.on_fate) observer_.on_fate(fate);
}

} // namespace mw::provider
