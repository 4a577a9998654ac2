// Services that are spoken to in several small requests, most of them programs on the artist's own
// machine: what their backends share.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edit/backend.h"
#include "provider/http.h"
#include "provider/model_data.h"
#include "provider/retry.h"
#include "provider/upload.h"

namespace mw::provider {

// Which key goes with it, looked for when something is asked: the desktop's keyring may prompt.
struct KeyRule {
    std::vector<std::string> variables; // of the environment, for the service's origin
    std::string header, prefix;         // empty header: none is looked for
    bool login = false;                 // "user:password", sent as HTTP Basic
    bool needed = false;
};

// Where a service is and how it is spoken to.
struct Service {
    std::string label; // "ComfyUI"
    Url base;
    std::vector<HttpRequest::SecretHeader> secrets;
    HttpLimits limits;
    std::string hint; // what to do when nobody answers: "start it with --api"
    KeyRule key;
};
// With the key's header among `secrets`. Errors: not_found with what to set; as Keys::find.
Result<Service> with_key(Service service);

struct ServiceReply {
    int status = 0;
    HttpHead head;
    Bytes body;
};

// One request, once. A problem of the wire and any status but 2xx is an error with a sentence that
// names the service and what it said: cancelled; io (nobody answers, cut); refused (401, 403, 429);
// too_large; else engine.
Result<ServiceReply> call(const Service& service, std::string_view method, std::string_view path,
                          RequestBody body, std::stop_token stop,
                          std::uint64_t max_bytes = 256ull << 20);
// The same with a body of JSON, answered by JSON.
Result<nlohmann::json> call_json(const Service& service, std::string_view method,
                                 std::string_view path, const nlohmann::json& body,
                                 std::stop_token stop);
Result<nlohmann::json> get_json(const Service& service, std::string_view path,
                                std::stop_token stop);

// What a body of an error says, wherever the service puts it: error.message, error, detail,
// message.
std::string said_in(const Bytes& body);

// Tells the service to stop working, without waiting long or minding whether it does.
void call_off(const Service& service, std::string_view path, const nlohmann::json& body);

std::string as_base64(const Bytes& bytes);
// The bytes of base64 text, with or without "data:…,". Errors: corrupt, naming `what`.
Result<Bytes> from_base64(std::string_view text, std::string_view what);
// "image/png" by the first bytes; empty when they are no picture.
std::string media_type_of(const Bytes& bytes);

Error stopped_error(const Service& service);
Error late_error(const Service& service);

// What all those backends do alike.
class ServiceBackend : public edit::EditBackend {
  public:
    ServiceBackend(ProviderFacts facts, Service service)
        : facts_(std::move(facts)), service_(std::move(service)) {}

    std::string_view provider() const override { return facts_.name; }
    std::vector<edit::ModelCapabilities> models() const override;
    Status check(const std::string& prompt, const edit::EditParams& params) const override;
    edit::CostEstimate estimate(const edit::CropPlan& plan,
                                const edit::EditParams& params) const override;
    Result<edit::EditResult> run(const edit::EditRequest& request,
                                 const edit::EditObserver& observer, std::stop_token stop) override;

  protected:
    struct Job {
        const edit::EditRequest& request;
        const ModelFacts& model;
        const edit::EditObserver& observer;
        std::stop_token stop;
        Upload picture, mask;
        Size size() const { return request.pixels->size(); }
        void phase(edit::Phase phase, std::optional<double> fraction = {}) const {
            if (observer.on_phase) observer.on_phase(phase, fraction);
        }
    };
    // The work itself, once everything has been checked and encoded.
    virtual Result<edit::EditResult> answer(const Job& job) = 0;
    // With the newest key. Valid as long as the backend.
    const Service& service() const;
    const ProviderFacts& facts() const { return facts_; }

  private:
    Status find_key();
    ProviderFacts facts_;
    Service service_;
    mutable std::mutex mutex_;
    std::deque<Service> spoken_; // one for each key it had: requests on their way keep theirs
};

// Asks again and again, until `ask` gives a value or an error. cancelled; engine after the
// service's total limit. What was asked for goes on at the service: call it off.
template <class T>
Result<T> poll(const Service& service, std::chrono::milliseconds apart, std::stop_token stop,
               const std::function<Result<std::optional<T>>()>& ask) {
    const auto until = std::chrono::steady_clock::now() + service.limits.total;
    for (;;) {
        if (stop.stop_requested()) return tl::unexpected(stopped_error(service));
        Result<std::optional<T>> got = ask();
        if (!got) return tl::unexpected(got.error());
        if (got->has_value()) return std::move(**got);
        if (std::chrono::steady_clock::now() > until) return tl::unexpected(late_error(service));
        (void)sleep_for(apart, stop);
    }
}

} // namespace mw::provider
