#include "provider/bfl_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "provider/foreign_text.h"
#include "provider/paid_answer.h"

namespace mw::provider {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

// "bfl.ai" of "api.eu.bfl.ai"; the host itself where it has no two labels or is an address.
std::string_view domain_of(std::string_view host) {
    const std::size_t last = host.rfind('.');
    if (last == std::string_view::npos || last == 0) return host;
    if (host.find_first_not_of("0123456789.") == std::string_view::npos) return host;
    const std::size_t before = host.rfind('.', last - 1);
    return before == std::string_view::npos ? host : host.substr(before + 1);
}

// Whether a picture may be fetched from there: the same machine, or the same domain over TLS.
bool may_fetch(const Url& from, const Url& base) {
    if (from.origin() == base.origin()) return true;
    return from.tls() && !base.loopback() && domain_of(from.host) == domain_of(base.host);
}

// How a job stands.
struct JobState {
    std::string status; // as the service says it
    bool ended = false; // and there will be no picture
    bool moderated = false;
    std::optional<double> progress;
    std::optional<Url> picture; // ready, and where it may be fetched
};
// Errors: refused for a picture at an address that is not the service's own.
Result<JobState> state_of(const Json& reply, const Url& base) {
    JobState state;
    state.status = text_at(reply, "status");
    if (state.status == "Ready") {
        const Json* result = member(reply, "result");
        auto sample = parse_url(result && result->is_object() ? text_at(*result, "sample") : "");
        if (!sample || !may_fetch(*sample, base))
            return fail(ErrorCode::refused,
                        "The picture is ready, but at an address that is not the service's own; "
                        "it was not fetched.");
        state.picture = std::move(*sample);
    }
    state.moderated = state.status == "Request Moderated" || state.status == "Content Moderated";
    state.ended = state.moderated || state.status == "Error" || state.status == "Failed" ||
                  state.status == "Task not found";
    if (const Json* value = member(reply, "progress"); value && value->is_number())
        state.progress = std::clamp(value->get<double>(), 0.0, 1.0);
    return state;
}

// The service may name another of its hosts; the key stays with the one it was given for.
std::string path_of_job(const std::string& id) {
    std::string plain;
    for (const char c : id)
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '-') plain += c;
    return "/v1/get_result?id=" + plain;
}

// Without the key: the picture lies in a store.
Result<Bytes> fetch_picture(const Service& service, const Url& url, std::stop_token stop) {
    Service store = service;
    store.secrets.clear();
    store.base = url;
    const std::string path = std::exchange(store.base.path, "");
    auto reply = call(store, "GET", path, {}, std::move(stop));
    if (!reply) return tl::unexpected(reply.error());
    return std::move(reply->body);
}

class BflBackend final : public ServiceBackend {
  public:
    BflBackend(ProviderFacts facts, Service service, CallSetup setup)
        : ServiceBackend(std::move(facts), std::move(service)), setup_(std::move(setup)) {}

    void delivered(const std::string& journal_entry) override {
        (void)forget_journal_entry(setup_.journal, journal_entry);
    }

  protected:
    Result<edit::EditResult> answer(const Job& job) override {
        const auto setting = [&](const char* name) { return job.model.setting(name); };
        const Json body{{"image", as_base64(job.picture.bytes)},
                        {"mask", as_base64(job.mask.bytes)},
                        {"prompt", job.request.prompt},
                        {"steps", setting("steps").value_or(50)},
                        {"guidance", setting("guidance").value_or(60)},
                        {"safety_tolerance", setting("safety_tolerance").value_or(2)},
                        {"seed", job.request.params.seed},
                        {"output_format", "png"}};
        HttpRequest request;
        const std::string path = "/v1/" + job.model.capabilities.id;
        request.url = join(service().base, path);
        request.secret_headers = service().secrets;
        request.body = RequestBody::json(body.dump(-1, ' ', false, Json::error_handler_t::replace));
        PaidAnswer paid(
            setup_, service(),
            journal_of(facts(), service(), job.request, job.model, path, "bfl",
                       estimate(job.request.plan, job.request.params), job.picture, job.mask),
            job.observer, job.stop, {});
        auto accepted = paid.send(request);
        if (!accepted) return tl::unexpected(accepted.error());
        const std::string id = text_at(*accepted, "id");
        if (id.empty())
            return tl::unexpected(paid.no_picture("took the job but gave it no id", false));
        if (JournalEntry* entry = paid.call().entry()) (void)entry->remote_job(id);
        auto address = wait(job, where_to_ask(*accepted, id), paid);
        if (!address) return tl::unexpected(address.error());
        auto file = fetch(job, *address);
        if (!file) return tl::unexpected(paid.failed_later(file.error()));
        if (JournalEntry* entry = paid.call().entry()) {
            (void)entry->head(200, media_type_of(*file), {}); // instead of the words before it
            (void)entry->append(*file);
            (void)entry->finish_response();
        }
        edit::EditResult result;
        result.answers.push_back({std::move(*file), {}});
        result.what_was_done = fmt::format("edited by {}", job.model.capabilities.label);
        paid.done(result);
        return result;
    }

  private:
    std::string where_to_ask(const Json& accepted, const std::string& id) const {
        const auto polling = parse_url(text_at(accepted, "polling_url"));
        if (polling && polling->origin() == service().base.origin()) return polling->path;
        return path_of_job(id);
    }

    // The address of the picture, once it is ready. Anything else is settled.
    Result<Url> wait(const Job& job, const std::string& path, PaidAnswer& paid) const {
        bool settled = false;
        Service at_origin = service();
        at_origin.base.path.clear();
        auto url = poll<Url>(at_origin, 600ms, job.stop, [&]() -> Result<std::optional<Url>> {
            const auto reply = get_json(at_origin, path, job.stop);
            if (!reply) return tl::unexpected(reply.error());
            const auto state = state_of(*reply, service().base);
            if (!state) return tl::unexpected(state.error());
            if (state->ended) {
                settled = true;
                return tl::unexpected(paid.no_picture(
                    fmt::format("ended it ({})", foreign_text(state->status, {}, 40)),
                    state->moderated));
            }
            if (!state->picture) job.phase(edit::Phase::thinking, state->progress);
            return state->picture;
        });
        if (!url && !settled) return tl::unexpected(paid.failed_later(url.error()));
        return url;
    }

    Result<Bytes> fetch(const Job& job, const Url& url) const {
        job.phase(edit::Phase::receiving);
        return fetch_picture(service(), url, job.stop);
    }

    CallSetup setup_;
};

} // namespace

std::unique_ptr<edit::EditBackend> make_bfl_backend(ProviderFacts facts, Service service,
                                                    CallSetup setup) {
    return std::make_unique<BflBackend>(std::move(facts), std::move(service), std::move(setup));
}

Result<edit::EditResult> resume_bfl_job(const Service& service, const JournalRecord& record,
                                        std::stop_token stop) {
    Service at_origin = service;
    at_origin.base.path.clear();
    const auto reply = get_json(at_origin, path_of_job(record.remote_job), stop);
    if (!reply) return tl::unexpected(reply.error());
    const auto state = state_of(*reply, service.base);
    if (!state) return tl::unexpected(state.error());
    if (state->ended)
        return fail(state->moderated ? ErrorCode::refused : ErrorCode::not_found,
                    fmt::format("{} has no picture of it ({}); look at what it charged.",
                                service.label, foreign_text(state->status, {}, 40)));
    if (!state->picture)
        return fail(
            ErrorCode::not_found,
            fmt::format("{} is still working on it; ask again in a minute.", service.label));
    auto file = fetch_picture(service, *state->picture, std::move(stop));
    if (!file) return tl::unexpected(file.error());
    edit::EditResult result;
    const std::string type = media_type_of(*file);
    if (type.empty())
        return fail(ErrorCode::corrupt, "What lies at the picture's address is no picture.");
    result.answers.push_back({std::move(*file), type});
    return result;
}

} // namespace mw::provider
