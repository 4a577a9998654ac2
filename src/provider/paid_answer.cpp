#include "provider/paid_answer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "codec/codec.h"
#include "provider/service_error.h"

namespace mw::provider {
namespace {

const Secret& key_of(const Service& service) {
    static const Secret none;
    return service.secrets.empty() ? none : service.secrets.front().secret;
}

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

JournalRequest journal_of(const ProviderFacts& facts, const Service& service,
                          const edit::EditRequest& request, const ModelFacts& model,
                          const std::string& path, std::string kind, const edit::CostEstimate& cost,
                          const Upload& picture, const Upload& mask) {
    JournalRequest entry;
    entry.id = request.id;
    entry.provider = facts.name;
    entry.model = model.capabilities.id;
    entry.origin = service.base.origin();
    entry.path = path;
    entry.kind = std::move(kind);
    entry.prompt = request.prompt;
    entry.project = request.params.project;
    entry.crop = request.plan.crop;
    entry.request_size = request.plan.request_size;
    entry.low_usd = cost.low_usd;
    entry.most_usd = cost.most_usd;
    entry.files["image.png"] = std::make_shared<const Bytes>(picture.bytes);
    entry.files["mask.png"] = std::make_shared<const Bytes>(mask.bytes);
    return entry;
}

Result<edit::EditResult> recover_paid_answer(const std::filesystem::path& journal,
                                             const JournalRecord& record) {
    edit::EditResult result;
    if (record.response_bytes > 0) {
        auto bytes = read_response(journal, record.request.id);
        if (!bytes) return tl::unexpected(bytes.error());
        if (!media_type_of(*bytes).empty()) {
            const auto whole = codec::decode(*bytes, "the answer");
            if (whole) result.answers.push_back({std::move(*bytes), {}});
        } else {
            PayloadJson json({"data"});
            if (json.feed(text_of(*bytes)) && json.finish())
                for (Payload& payload : json.payloads())
                    if (payload.problem.empty() && !payload.bytes.empty())
                        result.answers.push_back({std::move(payload.bytes), {}});
        }
    }
    for (edit::Answer& answer : result.answers)
        answer.media_type = media_type_of(answer.bytes);
    if (result.answers.empty())
        return fail(ErrorCode::not_found,
                    fmt::format("No whole answer of {} is kept ({} bytes came).", record.request.id,
                                record.response_bytes));
    return result;
}

PaidAnswer::PaidAnswer(const CallSetup& setup, const Service& service, JournalRequest request,
                       const edit::EditObserver& observer, std::stop_token stop,
                       std::vector<std::string> payload_keys)
    : service_(service),
      most_usd_(request.most_usd),
      call_model_(request.model),
      call_(setup, std::move(request), observer, std::move(stop)),
      json_(std::move(payload_keys)) {}

Result<nlohmann::json> PaidAnswer::send(const HttpRequest& request) {
    if (Status ok = call_.open(); !ok) return tl::unexpected(ok.error());
    std::string error_body;
    bool good = false;
    CallReader reader;
    reader.head = [&](const HttpHead& head) -> Status {
        good = head.status >= 200 && head.status < 300;
        service_id_ = service_request_id(head);
        json_.clear();
        error_body.clear();
        return {};
    };
    reader.bytes = [&](std::span<const std::byte> bytes) -> Result<Received> {
        if (!good) {
            if (error_body.size() < (1u << 20)) error_body += text_of(bytes);
            return Received::alive;
        }
        if (Status ok = json_.feed({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
            !ok)
            return tl::unexpected(ok.error());
        return Received::alive;
    };
    const HttpOutcome outcome = call_.send(request, reader);
    edit::RequestFate fate;
    fate.service_request_id = service_id_;
    const auto end = [&](edit::Outcome what, ErrorCode code, std::string message) {
        fate.outcome = what;
        if (what == edit::Outcome::unknown && most_usd_ > 0)
            message += fmt::format(" It may have been charged, at most {:.3f} USD.", most_usd_);
        call_.close(fate, message);
        return fail(code, std::move(message));
    };
    const std::string who = fmt::format("{} at {}", service_.label, service_.base.origin());
    if (!outcome.ok()) {
        const bool undecodable = outcome.problem == HttpProblem::sink && good;
        return end(undecodable ? edit::Outcome::undecodable : outcome_of(outcome), outcome.code,
                   fmt::format("{}: {}", who, outcome.message));
    }
    if (!good) {
        auto body = parse_json(error_body);
        const ServiceError error =
            classify_error(outcome.head.status, body ? *body : nlohmann::json(), call_model_,
                           service_.base.origin(), service_id_, key_of(service_));
        return end(error.outcome, error.code, error.message);
    }
    auto json = json_.finish();
    if (json && json->is_object()) return std::move(*json);
    return end(
        edit::Outcome::undecodable, ErrorCode::corrupt,
        fmt::format("{} answered something that is no JSON object; what came is kept.", who));
}

void PaidAnswer::done(edit::EditResult& result) {
    edit::RequestFate fate;
    fate.outcome = edit::Outcome::answered;
    fate.service_request_id = service_id_;
    result.cost.estimate_usd = most_usd_;
    call_.close(fate, "", &result.notes);
}

Error PaidAnswer::no_picture(const std::string& because, bool refused) {
    edit::RequestFate fate;
    fate.service_request_id = service_id_;
    fate.outcome = refused ? edit::Outcome::refused : edit::Outcome::undecodable;
    Error error{refused ? ErrorCode::refused : ErrorCode::engine,
                because.empty()
                    ? fmt::format("{} answered without a picture and did not say why; what came is "
                                  "kept. Say it in other words.",
                                  service_.label)
                    : fmt::format("{} {}; the picture, mask and prompt are as they were. Say it in "
                                  "other words.",
                                  service_.label, because)};
    call_.close(fate, error.message);
    return error;
}

Error PaidAnswer::failed_later(Error error) {
    edit::RequestFate fate;
    fate.service_request_id = service_id_;
    fate.outcome = edit::Outcome::unknown;
    if (most_usd_ > 0)
        error.message += fmt::format(" It may have been charged, at most {:.3f} USD.", most_usd_);
    call_.close(fate, error.message);
    return error;
}

} // namespace mw::provider
