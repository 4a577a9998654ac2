#include "provider/openai_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "provider/cost.h"
#include "provider/openai_call.h"
#include "provider/paid_answer.h"

namespace mw::provider {
namespace {

class OpenAiBackend : public edit::EditBackend {
  public:
    explicit OpenAiBackend(OpenAiParams params) : params_(std::move(params)) {}

    std::string_view provider() const override { return params_.facts.name; }

    std::vector<edit::ModelCapabilities> models() const override {
        std::vector<edit::ModelCapabilities> out;
        const std::string now = today();
        for (const ModelFacts& facts : params_.facts.models) {
            if (params_.responses && !facts.has("responses")) continue;
            edit::ModelCapabilities model = facts.capabilities;
            model.provider = params_.facts.name; // both APIs share the table
            model.can_stop = params_.responses;
            model.converses = params_.responses;
            if (params_.responses) { // the tool makes one picture and takes no markup
                model.label += ", conversation";
                model.max_count = 1;
                model.takes_markup = false;
            }
            if (!model.shutdown.empty() && model.shutdown <= now) continue;
            out.push_back(std::move(model));
        }
        return out;
    }

    Status check(const std::string& prompt, const edit::EditParams& params) const override {
        const ModelFacts* facts = find(params.model);
        for (const RetiredModel& gone : params_.facts.retired)
            if (!facts && gone.id == params.model)
                return fail(ErrorCode::invalid_argument,
                            fmt::format("{} was shut down on {}; choose another model.", gone.id,
                                        gone.shutdown));
        const auto model = edit::find_model(*this, facts ? facts->capabilities.id : params.model);
        if (!model) return tl::unexpected(model.error());
        return edit::check_request(*model, prompt, params);
    }

    edit::CostEstimate estimate(const edit::CropPlan& plan,
                                const edit::EditParams& params) const override {
        const ModelFacts* facts = find(params.model);
        return facts ? estimate_cost(*facts, plan.request_size, params) : edit::CostEstimate{};
    }

    Result<edit::EditResult> run(const edit::EditRequest& request,
                                 const edit::EditObserver& observer,
                                 std::stop_token stop) override {
        const auto refuse = [&](const Error& error) -> Result<edit::EditResult> {
            if (observer.on_fate) observer.on_fate({});
            return tl::unexpected(error);
        };
        if (Status ok = check(request.prompt, request.params); !ok) return refuse(ok.error());
        const ModelFacts* facts = find(request.params.model);
        if (!facts) return refuse({ErrorCode::invalid_argument, "No such model."});
        try {
            if (!request.params.model.empty())
                return OpenAiCall(params_, *facts, request, observer, std::move(stop)).run();
            edit::EditRequest named = request;
            named.params.model = facts->capabilities.id;
            return OpenAiCall(params_, *facts, named, observer, std::move(stop)).run();
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::too_large,
                        "There is not enough memory for the answer; what came is kept.");
        }
    }

    void delivered(const std::string& journal_entry) override {
        (void)forget_journal_entry(params_.calls.journal, journal_entry);
    }

  private:
    const ModelFacts* find(const std::string& id) const {
        if (!id.empty()) return params_.facts.find(id);
        return params_.facts.models.empty() ? nullptr : &params_.facts.models.front();
    }
    OpenAiParams params_;
};

// A GET and its document. Errors: of the transport and of the service.
Result<nlohmann::json> get_document(const OpenAiParams& params, std::string_view path,
                                    std::uint64_t most, std::stop_token stop) {
    Secret key;
    auto http = service_request(params, "GET", path, key);
    if (!http) return tl::unexpected(http.error());
    HttpLimits limits = params.calls.limits;
    limits.first_byte =
        std::min<std::chrono::milliseconds>(limits.first_byte, std::chrono::seconds(30));
    limits.max_body_bytes = most;
    std::string body;
    HttpSink sink;
    sink.on_bytes = [&](std::span<const std::byte> bytes) -> Result<Received> {
        body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return Received::alive;
    };
    const HttpOutcome outcome = exchange(*http, limits, sink, std::move(stop));
    if (!outcome.ok()) return fail(outcome.code, outcome.message);
    auto json = parse_json(body);
    if (outcome.head.status < 200 || outcome.head.status >= 300) {
        const ServiceError error =
            classify_error(outcome.head.status, json ? *json : nlohmann::json(), "",
                           params.base.origin(), service_request_id(outcome.head), key);
        return fail(error.code, error.message);
    }
    if (!json)
        return fail(ErrorCode::corrupt, fmt::format("{} answered with something that is no JSON; "
                                                    "check the address.",
                                                    params.base.origin()));
    return json;
}

} // namespace

std::unique_ptr<edit::EditBackend> make_openai_backend(OpenAiParams params) {
    return std::make_unique<OpenAiBackend>(std::move(params));
}

Result<std::vector<RetiredModel>> list_models(const OpenAiParams& params, std::stop_token stop) {
    auto json = get_document(params, "/models", 4u << 20, std::move(stop));
    if (!json) return tl::unexpected(json.error());
    std::vector<RetiredModel> models;
    if (const auto* data = member(*json, "data"); data && data->is_array())
        for (const auto& item : *data)
            if (const std::string id = text_at(item, "id"); !id.empty() && id.size() <= 100)
                models.push_back({id, text_at(item, "shutdown_date")});
    return models;
}

Result<edit::EditResult> recover_answer(const OpenAiParams& params, const JournalRecord& record,
                                        std::stop_token stop) {
    if (record.request.kind == "gemini" || record.request.kind == "bfl")
        return recover_paid_answer(params.calls.journal, record);
    AnswerContext context;
    context.kind = record.request.kind == "responses" ? AnswerKind::responses : AnswerKind::images;
    context.model = record.request.model;
    context.origin = record.request.origin;
    AnswerReader reader(std::move(context));
    ServiceAnswer answer;
    if (record.response_bytes > 0) {
        auto bytes = read_response(params.calls.journal, record.request.id);
        if (!bytes) return tl::unexpected(bytes.error());
        reader.head(record.status, record.content_type, record.service_request_id);
        if (reader.feed(*bytes)) answer = reader.finish(true);
    }
    if (answer.answers.empty() && !record.remote_job.empty()) {
        // The work went on without us.
        Secret key;
        auto http = service_request(params, "GET", "/responses/" + record.remote_job, key);
        if (!http) return tl::unexpected(http.error());
        HttpSink sink;
        sink.on_head = [&](const HttpHead& head) -> Status {
            reader.head(head.status, head.get("Content-Type"), service_request_id(head));
            return {};
        };
        sink.on_bytes = [&](std::span<const std::byte> bytes) { return reader.feed(bytes); };
        const HttpOutcome outcome = exchange(*http, params.calls.limits, sink, std::move(stop));
        if (!outcome.ok()) return fail(outcome.code, outcome.message);
        answer = reader.finish(true);
        if (answer.error) return fail(answer.error->code, answer.error->message);
        if (answer.answers.empty() && (answer.status == "queued" || answer.status == "in_progress"))
            return fail(ErrorCode::not_found,
                        "The service is still working on it; ask again in a minute.");
    }
    if (answer.answers.empty())
        return fail(ErrorCode::not_found,
                    answer.problems.empty()
                        ? fmt::format("No whole answer of {} is kept ({} bytes came).",
                                      record.request.id, record.response_bytes)
                        : answer.problems.front());
    edit::EditResult result;
    result.answers = std::move(answer.answers);
    result.service_id = answer.answer_id;
    result.revised_prompt = answer.revised_prompt;
    if (const ModelFacts* facts = params.facts.find(record.request.model); facts && answer.usage)
        result.cost.actual_usd = actual_cost(*facts, *answer.usage);
    return result;
}

} // namespace mw::provider
