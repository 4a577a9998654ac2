// Reads what the OpenAI endpoints answer, JSON or event stream, while it arrives.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "edit/backend.h"
#include "provider/cost.h"
#include "provider/http.h"
#include "provider/payload_json.h"
#include "provider/service_error.h"
#include "provider/sse.h"

namespace mw::provider {

enum class AnswerKind {
    images,    // /images/edits, /images/generations
    responses, // /responses
};

// What came, whole or not.
struct ServiceAnswer {
    std::vector<edit::Answer> answers; // pictures as the service encoded them
    std::vector<std::string> problems; // of pictures that are none, a sentence each
    std::optional<Usage> usage;
    std::optional<ServiceError> error;
    bool complete = false; // the service said that this is all of it
    std::string answer_id, revised_prompt;
    std::string status;           // of a response: "completed", "queued", …
    long long last_sequence = -1; // of a response's stream
};

struct AnswerContext {
    AnswerKind kind = AnswerKind::images;
    int count = 1; // pictures asked for
    std::string model, origin;
    Secret key;                                                  // to take it out of texts
    std::function<void(Bytes picture, int index)> on_partial;    // may be empty
    std::function<void()> on_picture_begins;                     // the first byte of one
    std::function<Status(const std::string& id)> on_response_id; // may be empty
};

class AnswerReader {
  public:
    explicit AnswerReader(AnswerContext context);

    // Begins anew: of a request that is tried again only the last answer counts. `kept` ones of an
    // earlier stream of the same response stay.
    void head(int status, std::string_view content_type, std::string request_id);
    Result<Received> feed(std::span<const std::byte> bytes);
    // After the last byte. `whole`: the transport saw the end of the body.
    ServiceAnswer finish(bool whole);
    long long last_sequence() const { return answer_.last_sequence; }
    // A whole document came (no stream): it is looked into now.
    void end_of_body();
    // The service said that this key has nothing left to spend.
    bool out_of_quota() const {
        return answer_.error && answer_.error->kind == ServiceErrorKind::quota;
    }
    // Nothing more will come of it: it is complete, or the service said that it failed.
    bool settled() const { return answer_.complete || answer_.error.has_value(); }

  private:
    Status take_event(std::string_view type);
    void take_partial(const nlohmann::json& json, const char* key);
    void take_image_event(const std::string& type, const nlohmann::json& json);
    void take_response_event(const std::string& type, const nlohmann::json& json);
    void take_response(const nlohmann::json& response);
    void take_item(const nlohmann::json& item);
    void take_document(const nlohmann::json& json);
    void take_picture(const nlohmann::json& holder, const char* key, std::string_view format);
    void take_error(const nlohmann::json& json);

    AnswerContext context_;
    PayloadJson json_;
    std::optional<SseParser> events_;
    ServiceAnswer answer_;
    int status_ = 0;
    std::string request_id_;
    std::vector<std::string> items_; // ids of a response's pictures that were taken
    bool document_ = false;          // taken
    bool over_ = false, alive_ = false, begun_ = false;
    std::size_t seen_characters_ = 0;
};

// "image/png" by the first bytes; empty: no picture that we know.
std::string_view picture_type(std::span<const std::byte> bytes);

} // namespace mw::provider
