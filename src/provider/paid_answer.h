// A paid call whose answer is one JSON document, for services with few words.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "provider/paid_call.h"
#include "provider/payload_json.h"
#include "provider/service.h"

namespace mw::provider {

// What goes into the journal of such a call.
JournalRequest journal_of(const ProviderFacts& facts, const Service& service,
                          const edit::EditRequest& request, const ModelFacts& model,
                          const std::string& path, std::string kind, const edit::CostEstimate& cost,
                          const Upload& picture, const Upload& mask);

// The answer of an entry of such a call (kind "gemini", "bfl") that is whole on the disk. Errors:
// not_found.
Result<edit::EditResult> recover_paid_answer(const std::filesystem::path& journal,
                                             const JournalRecord& record);

// send() books, writes down, sends and reads; whatever goes wrong is settled there. After it gave
// JSON, done() or no_picture() must be called.
class PaidAnswer {
  public:
    // `payload_keys`: of strings that are pictures in base64.
    PaidAnswer(const CallSetup& setup, const Service& service, JournalRequest request,
               const edit::EditObserver& observer, std::stop_token stop,
               std::vector<std::string> payload_keys);

    Result<nlohmann::json> send(const HttpRequest& request);
    std::vector<Payload>& payloads() { return json_.payloads(); }
    PaidCall& call() { return call_; }

    // The answer is good: adds the cost and what could not be written to the result.
    void done(edit::EditResult& result);
    // The document has no picture: `because` the service "blocked it (SAFETY)", which costs nothing
    // where `refused`; empty: it did not say.
    Error no_picture(const std::string& because, bool refused);
    // Something after the first call went wrong; it was accepted, so it may have been charged.
    Error failed_later(Error error);

  private:
    const Service& service_;
    double most_usd_ = 0;
    std::string call_model_;
    std::string service_id_;
    PaidCall call_;
    PayloadJson json_;
};

} // namespace mw::provider
