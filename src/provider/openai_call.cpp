#include "provider/openai_call.h"

#include <fmt/format.h>

#include <chrono>

#include "codec/codec.h"
#include "image/color_space.h"
#include "provider/retry.h"

namespace mw::provider {
namespace {

constexpr std::chrono::milliseconds kPoll{2'000};
constexpr int kMaxResumes = 20; // of one response's stream, with polls between

std::string dollars(double usd) {
    return fmt::format("${:.3f}", usd);
}

std::string joined(const std::vector<std::string>& texts) {
    return fmt::format("{}", fmt::join(texts, " "));
}

} // namespace

Result<HttpRequest> service_request(const OpenAiParams& params, const char* method,
                                    std::string_view path, Secret& key) {
    const std::string origin = params.base.origin();
    Keys& store = params.keys ? *params.keys : keys();
    auto found = store.find(origin, params.key_variables);
    if (!found) return tl::unexpected(found.error());
    if (!*found && params.key_needed)
        return fail(
            ErrorCode::not_found,
            fmt::format("There is no key for {}; nothing was sent. Set {} or enter a key in "
                        "the window's request panel.",
                        origin,
                        params.key_variables.empty() ? "MASKWRIGHT_API_KEY"
                                                     : params.key_variables.front()));
    HttpRequest http;
    http.method = method;
    http.url = join(params.base, path);
    http.headers = params.headers;
    if (*found) {
        key = (*found)->key;
        http.secret_headers.push_back({params.key_header, params.key_prefix, key});
    }
    return http;
}

OpenAiCall::OpenAiCall(const OpenAiParams& params, const ModelFacts& model,
                       const edit::EditRequest& request, const edit::EditObserver& observer,
                       std::stop_token stop)
    : params_(params),
      model_(model),
      request_(request),
      observer_(observer),
      stop_(std::move(stop)) {}

Status OpenAiCall::prepare() {
    if (observer_.on_phase) observer_.on_phase(edit::Phase::preparing, std::nullopt);
    const bool edits = request_.pixels != nullptr;
    if (!edits && !model_.capabilities.generates)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("{} cannot start from nothing; open a picture.", model_.capabilities.id));
    const std::string_view path = params_.responses ? "/responses"
                                  : edits           ? "/images/edits"
                                                    : "/images/generations";
    auto http = service_request(params_, "POST", path, key_);
    if (!http) return tl::unexpected(http.error());
    http_ = std::move(*http);
    auto uploads = encode_uploads(request_, model_.capabilities);
    if (!uploads) return tl::unexpected(uploads.error());
    uploads_ = std::move(*uploads);
    notes_ = uploads_.notes;
    const bool stream = !params_.responses && model_.has("stream") && request_.params.count == 1;
    http_.headers.emplace_back("Accept", params_.responses || stream
                                             ? "text/event-stream, application/json"
                                             : "application/json");
    http_.body = params_.responses ? responses_body(request_, model_, uploads_,
                                                    params_.facts.outer_models.empty()
                                                        ? "gpt-5"
                                                        : params_.facts.outer_models.front())
                                   : images_body(request_, model_, uploads_, stream);
    cost_ =
        estimate_cost(model_, request_.plan.request_size, request_.params, request_.prompt.size());
    return {};
}

JournalRequest OpenAiCall::journal_request(std::string path) const {
    JournalRequest journal;
    journal.id = request_.id;
    journal.provider = params_.facts.name;
    journal.model = request_.params.model;
    journal.origin = params_.base.origin();
    journal.path = std::move(path);
    journal.kind = params_.responses ? "responses" : "images";
    journal.prompt = request_.prompt;
    journal.project = request_.params.project;
    journal.crop = request_.plan.crop;
    journal.request_size = request_.plan.request_size;
    journal.low_usd = cost_.low_usd;
    journal.most_usd = cost_.most_usd;
    if (uploads_.image) journal.files["image.png"] = uploads_.image;
    if (uploads_.mask) journal.files["mask.png"] = uploads_.mask;
    if (uploads_.markup) journal.files["markup.png"] = uploads_.markup;
    if (request_.soft_mask)
        if (auto bytes = codec::encode(request_.soft_mask->view(), {}, codec::FileFormat::png))
            journal.files["coverage.png"] = std::make_shared<const Bytes>(std::move(*bytes));
    return journal;
}

void OpenAiCall::show_partial(const Bytes& bytes) const {
    if (!observer_.on_partial) return;
    auto picture = codec::decode(bytes, "A partial picture", {}, stop_);
    if (!picture) return; // it is worth no message
    if (picture->color) {
        const image::DisplayTransform view(picture->color);
        observer_.on_partial(
            std::make_shared<const image::Image>(view.to_display(picture->pixels.view())));
    } else {
        observer_.on_partial(std::make_shared<const image::Image>(std::move(picture->pixels)));
    }
}

AnswerContext OpenAiCall::context() {
    AnswerContext context;
    context.kind = params_.responses ? AnswerKind::responses : AnswerKind::images;
    context.count = request_.params.count;
    context.model = request_.params.model;
    context.origin = params_.base.origin();
    context.key = key_;
    context.on_partial = [this](const Bytes& bytes, int) { show_partial(bytes); };
    context.on_picture_begins = [this] {
        if (observer_.on_phase) observer_.on_phase(edit::Phase::receiving, std::nullopt);
    };
    return context;
}

Result<edit::EditResult> OpenAiCall::run() {
    if (Status ok = prepare(); !ok) {
        if (observer_.on_fate) observer_.on_fate({});
        return tl::unexpected(ok.error());
    }
    PaidCall call(params_.calls, journal_request(http_.url.path), observer_, stop_);
    if (Status ok = call.open(); !ok) {
        if (observer_.on_fate) observer_.on_fate({});
        return tl::unexpected(ok.error());
    }
    AnswerContext how = context();
    how.on_response_id = [this, &call](const std::string& id) {
        response_id_ = id;
        return call.entry()->remote_job(id);
    };
    reader_ = std::make_unique<AnswerReader>(std::move(how));
    const CallReader reading{
        [this](const HttpHead& head) {
            reader_->head(head.status, head.get("Content-Type"), service_request_id(head));
            return Status{};
        },
        [this](std::span<const std::byte> bytes) { return reader_->feed(bytes); },
        [this] {
            reader_->end_of_body();
            return reader_->out_of_quota();
        }};
    HttpOutcome outcome = call.send(http_, reading);
    if (params_.responses) outcome = follow_response(std::move(outcome), call);
    return conclude(outcome, call);
}

// A GET of the response itself, which costs nothing and may be made again and again.
std::optional<HttpOutcome> OpenAiCall::get_response(std::string_view query,
                                                    const CallReader& reader,
                                                    std::stop_token stop) const {
    HttpRequest get;
    get.method = "GET";
    get.url = join(params_.base, fmt::format("/responses/{}{}", response_id_, query));
    get.headers = params_.headers;
    get.secret_headers = http_.secret_headers;
    HttpSink sink;
    sink.on_head = reader.head;
    sink.on_bytes = reader.bytes;
    return exchange(get, params_.calls.limits, sink, std::move(stop));
}

void OpenAiCall::stop_response() {
    HttpRequest post;
    post.url = join(params_.base, fmt::format("/responses/{}/cancel", response_id_));
    post.headers = params_.headers;
    post.secret_headers = http_.secret_headers;
    post.body = RequestBody::json("{}");
    HttpLimits limits = params_.calls.limits;
    limits.total = std::min<std::chrono::milliseconds>(limits.total, std::chrono::seconds(10));
    HttpSink sink;
    sink.on_bytes = [](std::span<const std::byte>) -> Result<Received> { return Received::alive; };
    const HttpOutcome outcome = exchange(post, limits, sink, {});
    service_stopped_ = outcome.ok() && outcome.head.status >= 200 && outcome.head.status < 300;
}

// The stream of a background response may be cut while the work goes on: it is picked up where it
// was, and where that fails the response is asked for until it is over.
HttpOutcome OpenAiCall::follow_response(HttpOutcome outcome, PaidCall& call) {
    const auto begun = std::chrono::steady_clock::now();
    const CallReader reading{
        [&](const HttpHead& head) -> Status {
            reader_->head(head.status, head.get("Content-Type"), service_request_id(head));
            return call.entry()->head(head.status, std::string(head.get("Content-Type")),
                                      service_request_id(head));
        },
        [&](std::span<const std::byte> bytes) -> Result<Received> {
            if (Status ok = call.entry()->append(bytes); !ok) return tl::unexpected(ok.error());
            return reader_->feed(bytes);
        }};
    for (int turn = 0; turn < 10'000; ++turn) {
        if (stop_.stop_requested()) {
            if (!response_id_.empty()) stop_response();
            outcome.problem = HttpProblem::cancelled;
            outcome.code = ErrorCode::cancelled;
            outcome.message = "Cancelled.";
            return outcome;
        }
        const bool over = reader_->settled();
        if (over || response_id_.empty()) return outcome;
        if (outcome.reach >= Reach::status && outcome.head.status >= 400 &&
            outcome.head.status != 429 && outcome.head.status < 500)
            return outcome;
        if (std::chrono::steady_clock::now() - begun > params_.calls.limits.total) {
            outcome.problem = HttpProblem::timeout;
            outcome.message =
                fmt::format("{} was not done within {:.0f} s.", params_.base.origin(),
                            std::chrono::duration<double>(params_.calls.limits.total).count());
            return outcome;
        }
        const bool resume = turn < kMaxResumes && turn % 2 == 0 && reader_->last_sequence() >= 0;
        if (!resume && !sleep_for(kPoll, stop_)) continue;
        if (auto next = get_response(
                resume ? fmt::format("?stream=true&starting_after={}", reader_->last_sequence())
                       : std::string(),
                reading, stop_)) {
            outcome = std::move(*next);
            if (!resume && outcome.ok()) reader_->end_of_body();
        }
    }
    return outcome;
}

Result<edit::EditResult> OpenAiCall::failed(PaidCall& call, edit::Outcome outcome, ErrorCode code,
                                            std::string message) {
    if (outcome == edit::Outcome::unknown && cost_.most_usd > 0)
        message += fmt::format(" It may have been charged, up to {}.", dollars(cost_.most_usd));
    if (outcome == edit::Outcome::undecodable)
        message += fmt::format(" It was probably charged{}; what came is kept.",
                               cost_.most_usd > 0 ? ", up to " + dollars(cost_.most_usd) : "");
    edit::RequestFate fate;
    fate.outcome = outcome;
    fate.service_request_id = service_id_;
    call.close(std::move(fate), message);
    return fail(code, std::move(message));
}

Result<edit::EditResult> OpenAiCall::conclude(const HttpOutcome& outcome, PaidCall& call) {
    ServiceAnswer answer = reader_->finish(outcome.ok());
    service_id_ = service_request_id(outcome.head);
    if (!answer.answers.empty()) {
        edit::EditResult result;
        if (!answer.complete && request_.params.count > 1)
            notes_.push_back(fmt::format("{} of {} pictures came; the rest may have been charged",
                                         answer.answers.size(), request_.params.count));
        for (const std::string& problem : answer.problems)
            notes_.push_back(problem);
        if (call.tries() > 1)
            notes_.push_back(fmt::format("it was sent {} times; the first {} not worked on",
                                         call.tries(), call.tries() > 2 ? "were" : "was"));
        result.answers = std::move(answer.answers);
        result.cost.estimate_usd = cost_.high_usd;
        if (answer.usage) result.cost.actual_usd = actual_cost(model_, *answer.usage);
        result.service_id = answer.answer_id;
        result.revised_prompt = answer.revised_prompt;
        result.what_was_done = fmt::format("by {}", request_.params.model);
        edit::RequestFate fate;
        fate.outcome = edit::Outcome::answered;
        fate.service_request_id = service_id_;
        fate.actual_usd = result.cost.actual_usd;
        call.close(std::move(fate), "", &notes_);
        result.notes = std::move(notes_);
        return result;
    }
    if (outcome.problem == HttpProblem::cancelled)
        return failed(call, outcome_of(outcome), ErrorCode::cancelled,
                      service_stopped_ ? "Cancelled; the service confirmed that it stopped."
                      : outcome_of(outcome) == edit::Outcome::unknown
                          ? "Cancelled here; the service works on, for it cannot be stopped."
                          : "Cancelled before it left.");
    if (answer.error)
        return failed(call, answer.error->outcome, answer.error->code, answer.error->message);
    if (!outcome.ok()) return failed(call, outcome_of(outcome), outcome.code, outcome.message);
    if (!answer.problems.empty())
        return failed(call, edit::Outcome::undecodable, ErrorCode::corrupt,
                      joined(answer.problems));
    return failed(
        call, edit::Outcome::unknown, ErrorCode::io,
        fmt::format("{} ended its answer before the picture was complete.", params_.base.origin()));
}

} // namespace mw::provider
