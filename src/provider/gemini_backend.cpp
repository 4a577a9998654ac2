#include "provider/gemini_backend.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "provider/foreign_text.h"
#include "provider/paid_answer.h"
#include "provider/payload_json.h"

namespace mw::provider {
namespace {

using Json = nlohmann::json;

std::string words(const std::string& prompt) {
    return "Edit the first picture. The second picture, of the same size, is a mask: change only "
           "what "
           "is white in it and leave every black part exactly as it is, with the same framing, "
           "colours "
           "and sharpness. What to do there: " +
           prompt;
}

// Why there is no picture, where the answer says so.
std::string reason_in(const Json& reply) {
    if (const Json* feedback = member(reply, "promptFeedback"); feedback && feedback->is_object())
        if (const std::string reason = text_at(*feedback, "blockReason"); !reason.empty())
            return reason;
    const Json* candidates = member(reply, "candidates");
    if (candidates && candidates->is_array())
        for (const Json& candidate : *candidates) {
            const std::string reason =
                candidate.is_object() ? text_at(candidate, "finishReason") : "";
            if (!reason.empty() && reason != "STOP") return reason;
        }
    return {};
}

class GeminiBackend final : public ServiceBackend {
  public:
    GeminiBackend(ProviderFacts facts, Service service, CallSetup setup)
        : ServiceBackend(std::move(facts), std::move(service)), setup_(std::move(setup)) {}

    void delivered(const std::string& journal_entry) override {
        (void)forget_journal_entry(setup_.journal, journal_entry);
    }

  protected:
    Result<edit::EditResult> answer(const Job& job) override {
        const auto picture = [](const Bytes& file) {
            return Json{{"inlineData", {{"mimeType", "image/png"}, {"data", as_base64(file)}}}};
        };
        const int side = job.size().longer_side();
        const Json body{{"contents",
                         {{{"role", "user"},
                           {"parts",
                            {{{"text", words(job.request.prompt)}},
                             picture(job.picture.bytes),
                             picture(job.mask.bytes)}}}}},
                        {"generationConfig",
                         {{"responseModalities", {"IMAGE"}},
                          {"imageConfig",
                           {{"aspectRatio", "1:1"},
                            {"imageSize", side <= 1024   ? "1K"
                                          : side <= 2048 ? "2K"
                                                         : "4K"}}}}}};
        HttpRequest request;
        const std::string path =
            fmt::format("/v1beta/models/{}:generateContent", job.model.capabilities.id);
        request.url = join(service().base, path);
        request.secret_headers = service().secrets;
        request.body = RequestBody::json(body.dump(-1, ' ', false, Json::error_handler_t::replace));
        PaidAnswer paid(setup_, service(), journal_request(job, path, "gemini"), job.observer,
                        job.stop, {"data"});
        auto reply = paid.send(request);
        if (!reply) return tl::unexpected(reply.error());
        edit::EditResult result;
        for (Payload& payload : paid.payloads())
            if (payload.problem.empty() && !payload.bytes.empty())
                result.answers.push_back({std::move(payload.bytes), {}});
        if (result.answers.empty()) {
            const std::string reason = foreign_text(reason_in(*reply), {}, 60);
            return tl::unexpected(paid.no_picture(
                reason.empty() ? "" : fmt::format("blocked it ({})", reason), !reason.empty()));
        }
        result.answers.resize(1); // drafts may come before it; the last would be as good
        result.what_was_done = fmt::format("edited by {}", job.model.capabilities.label);
        result.notes.emplace_back(
            "Gemini takes no mask; yours went along as a picture, and only what "
            "lies under it is used.");
        paid.done(result);
        return result;
    }

  private:
    JournalRequest journal_request(const Job& job, const std::string& path,
                                   std::string kind) const {
        return journal_of(facts(), service(), job.request, job.model, path, std::move(kind),
                          estimate(job.request.plan, job.request.params), job.picture, job.mask);
    }
    CallSetup setup_;
};

} // namespace

std::unique_ptr<edit::EditBackend> make_gemini_backend(ProviderFacts facts, Service service,
                                                       CallSetup setup) {
    return std::make_unique<GeminiBackend>(std::move(facts), std::move(service), std::move(setup));
}

} // namespace mw::provider
