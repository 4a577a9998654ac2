// One request to an OpenAI endpoint and what comes of it. Private to the room.
#pragma once

#include "provider/answer_reader.h"
#include "provider/openai_backend.h"
#include "provider/openai_request.h"

namespace mw::provider {

// Method, address and headers; with the key where there is one. Errors: not_found with the ways to
// give a key.
Result<HttpRequest> service_request(const OpenAiParams& params, const char* method,
                                    std::string_view path, Secret& key);

class OpenAiCall {
  public:
    OpenAiCall(const OpenAiParams& params, const ModelFacts& model,
               const edit::EditRequest& request, const edit::EditObserver& observer,
               std::stop_token stop);
    Result<edit::EditResult> run();

  private:
    Status prepare();
    JournalRequest journal_request(std::string path) const;
    AnswerContext context();
    void show_partial(const Bytes& bytes) const;
    HttpOutcome follow_response(HttpOutcome outcome, PaidCall& call);
    void stop_response();
    Result<edit::EditResult> conclude(const HttpOutcome& outcome, PaidCall& call);
    Result<edit::EditResult> failed(PaidCall& call, edit::Outcome outcome, ErrorCode code,
                                    std::string message);
    std::optional<HttpOutcome> get_response(std::string_view query, const CallReader& reader,
                                            std::stop_token stop) const;

    const OpenAiParams& params_;
    const ModelFacts& model_;
    const edit::EditRequest& request_;
    const edit::EditObserver& observer_;
    std::stop_token stop_;
    Secret key_;
    HttpRequest http_;
    UploadSet uploads_;
    edit::CostEstimate cost_;
    std::unique_ptr<AnswerReader> reader_;
    std::string response_id_;
    std::string service_id_; // the service's id of the request
    bool service_stopped_ = false;
    std::vector<std::string> notes_;
};

} // namespace mw::provider
