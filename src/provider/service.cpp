#include "provider/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "provider/base64.h"
#include "provider/cost.h"
#include "provider/foreign_text.h"
#include "provider/keys.h"
#include "provider/payload_json.h"

namespace mw::provider {
namespace {

const Secret& key_of(const Service& service) {
    static const Secret none;
    return service.secrets.empty() ? none : service.secrets.front().secret;
}

Error wire_error(const Service& service, const HttpOutcome& outcome) {
    if (outcome.problem == HttpProblem::cancelled) return stopped_error(service);
    const bool nobody = outcome.reach == Reach::nothing;
    std::string text =
        fmt::format("{} at {}: {}", service.label, service.base.origin(), outcome.message);
    if (nobody && !service.hint.empty())
        text += fmt::format(" Nothing was sent; {}.", service.hint);
    return {outcome.code, std::move(text)};
}

Error status_error(const Service& service, const ServiceReply& reply) {
    const std::string said = foreign_text(said_in(reply.body), key_of(service));
    std::string text =
        fmt::format("{} at {} answered {}", service.label, service.base.origin(), reply.status);
    if (!said.empty()) text += fmt::format(": {}", said);
    text += '.';
    ErrorCode code = ErrorCode::engine;
    if (reply.status == 401 || reply.status == 403) {
        code = ErrorCode::permission_denied;
        text += " Check its key.";
    } else if (reply.status == 404) {
        text += fmt::format(" It may be another program or an older version; {}.",
                            service.hint.empty() ? "check the address" : service.hint);
    } else if (reply.status == 429) {
        text += " It is busy; try again later.";
    } else {
        text += " The picture, the mask and the prompt are as they were.";
    }
    return {code, std::move(text)};
}

} // namespace

Error stopped_error(const Service& service) {
    return {
        ErrorCode::cancelled,
        fmt::format("Cancelled; {} was told to stop. The picture is as it was.", service.label)};
}

Error late_error(const Service& service) {
    return {ErrorCode::engine,
            fmt::format("{} gave no answer within {} seconds and was told to stop; the picture is "
                        "as it was. Ask for a smaller size, or try again.",
                        service.label, service.limits.total.count() / 1000)};
}

std::string said_in(const Bytes& body) {
    const std::string_view text(reinterpret_cast<const char*>(body.data()), body.size());
    const auto json = parse_json(text.substr(0, 1u << 20));
    if (!json || !json->is_object()) return {};
    // ComfyUI names the node that is wrong beside a general complaint.
    if (const auto* nodes = member(*json, "node_errors"); nodes && nodes->is_object())
        for (const auto& [id, node] : nodes->items()) {
            const auto* errors = node.is_object() ? member(node, "errors") : nullptr;
            if (!errors || !errors->is_array() || errors->empty() || !errors->front().is_object())
                continue;
            return text_at(errors->front(), "message") + ": " + text_at(errors->front(), "details");
        }
    if (const auto* error = member(*json, "error")) {
        if (error->is_string()) {
            // The WebUI names the exception there and says what is wrong beside it.
            const std::string detail = text_at(*json, "detail"), errors = text_at(*json, "errors");
            return !detail.empty() ? detail : !errors.empty() ? errors : error->get<std::string>();
        }
        if (error->is_object()) return text_at(*error, "message");
    }
    if (const auto* detail = member(*json, "detail")) {
        if (detail->is_string()) return detail->get<std::string>();
        if (detail->is_array() && !detail->empty() && detail->front().is_object())
            return text_at(detail->front(), "msg");
    }
    return text_at(*json, "message");
}

Result<ServiceReply> call(const Service& service, std::string_view method, std::string_view path,
                          RequestBody body, std::stop_token stop, std::uint64_t max_bytes) {
    HttpRequest request;
    request.method = method;
    request.url = join(service.base, path);
    request.secret_headers = service.secrets;
    request.body = std::move(body);
    HttpLimits limits = service.limits;
    limits.max_body_bytes = max_bytes;
    ServiceReply reply;
    HttpSink sink;
    sink.on_bytes = [&](std::span<const std::byte> bytes) -> Result<Received> {
        reply.body.insert(reply.body.end(), bytes.begin(), bytes.end());
        return Received::alive;
    };
    const HttpOutcome outcome = exchange(request, limits, sink, std::move(stop));
    if (!outcome.ok()) return tl::unexpected(wire_error(service, outcome));
    reply.status = outcome.head.status;
    reply.head = outcome.head;
    if (reply.status < 200 || reply.status > 299)
        return tl::unexpected(status_error(service, reply));
    return reply;
}

namespace {

Result<nlohmann::json> json_in(const Service& service, const Result<ServiceReply>& reply) {
    if (!reply) return tl::unexpected(reply.error());
    PayloadLimits limits;
    limits.max_rest_bytes = reply->body.size();
    auto json =
        parse_json({reinterpret_cast<const char*>(reply->body.data()), reply->body.size()}, limits);
    if (json && json->is_object()) return std::move(*json);
    return fail(ErrorCode::corrupt,
                fmt::format("{} at {} answered something that is no JSON object; it may be another "
                            "program. Check the address.",
                            service.label, service.base.origin()));
}

} // namespace

Result<nlohmann::json> call_json(const Service& service, std::string_view method,
                                 std::string_view path, const nlohmann::json& body,
                                 std::stop_token stop) {
    return json_in(
        service,
        call(service, method, path,
             RequestBody::json(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)),
             std::move(stop)));
}

Result<nlohmann::json> get_json(const Service& service, std::string_view path,
                                std::stop_token stop) {
    return json_in(service, call(service, "GET", path, {}, std::move(stop)));
}

void call_off(const Service& service, std::string_view path, const nlohmann::json& body) {
    using namespace std::chrono_literals;
    Service hasty = service;
    hasty.limits.connect = 1s;
    hasty.limits.first_byte = hasty.limits.idle = hasty.limits.total = 2s;
    (void)call_json(hasty, "POST", path, body, {});
}

std::string as_base64(const Bytes& bytes) {
    return encode_base64(bytes);
}

Result<Bytes> from_base64(std::string_view text, std::string_view what) {
    if (text.starts_with("data:"))
        if (const std::size_t comma = text.find(','); comma != std::string_view::npos)
            text.remove_prefix(comma + 1);
    Bytes bytes;
    if (text.empty() || !decode_base64(text, bytes))
        return fail(ErrorCode::corrupt, fmt::format("{} is no valid base64.", what));
    return bytes;
}

std::string media_type_of(const Bytes& bytes) {
    const std::string_view head(reinterpret_cast<const char*>(bytes.data()),
                                std::min<std::size_t>(bytes.size(), 12));
    if (head.starts_with("\x89PNG")) return "image/png";
    if (head.starts_with("\xff\xd8\xff")) return "image/jpeg";
    if (head.starts_with("RIFF") && head.substr(8) == "WEBP") return "image/webp";
    return {};
}

Result<Service> with_key(Service service) {
    if (service.key.header.empty()) return service;
    const auto found = keys().find(service.base.origin(), service.key.variables);
    if (!found) return tl::unexpected(found.error());
    if (!*found) {
        if (!service.key.needed) return service;
        return fail(
            ErrorCode::not_found,
            fmt::format("There is no key for {}; nothing was sent. Set {}.", service.base.origin(),
                        service.key.variables.empty() ? "MASKWRIGHT_API_KEY"
                                                      : service.key.variables.front()));
    }
    Secret key = (*found)->key;
    if (service.key.login) {
        const std::string_view login = key.reveal();
        key = Secret(encode_base64(std::as_bytes(std::span(login.data(), login.size()))));
    }
    service.secrets = {{service.key.header, service.key.prefix, std::move(key)}};
    return service;
}

const Service& ServiceBackend::service() const {
    const std::lock_guard lock(mutex_);
    return spoken_.empty() ? service_ : spoken_.back();
}

Status ServiceBackend::find_key() {
    auto found = with_key(service_);
    if (!found) return tl::unexpected(found.error());
    const std::lock_guard lock(mutex_);
    if (!spoken_.empty()) {
        const Secret old = key_of(spoken_.back()), now = key_of(*found);
        if (old.reveal() == now.reveal()) return {};
    }
    spoken_.push_back(std::move(*found));
    return {};
}

std::vector<edit::ModelCapabilities> ServiceBackend::models() const {
    std::vector<edit::ModelCapabilities> all;
    for (const ModelFacts& model : facts_.models)
        all.push_back(model.capabilities);
    return all;
}

Status ServiceBackend::check(const std::string& prompt, const edit::EditParams& params) const {
    const auto model = edit::find_model(*this, params.model);
    if (!model) return tl::unexpected(model.error());
    return edit::check_request(*model, prompt, params);
}

edit::CostEstimate ServiceBackend::estimate(const edit::CropPlan& plan,
                                            const edit::EditParams& params) const {
    const ModelFacts* model = facts_.find(params.model);
    if (!model && !facts_.models.empty()) model = &facts_.models.front();
    return model ? estimate_cost(*model, plan.request_size, params) : edit::CostEstimate{};
}

Result<edit::EditResult> ServiceBackend::run(const edit::EditRequest& request,
                                             const edit::EditObserver& observer,
                                             std::stop_token stop) {
    if (const Status ok = check(request.prompt, request.params); !ok)
        return tl::unexpected(ok.error());
    if (const Status ok = find_key(); !ok) return tl::unexpected(ok.error());
    if (!request.pixels || !request.mask || request.pixels->size() != request.mask->size())
        return fail(ErrorCode::invalid_argument,
                    "The request has no pixels, or no mask of their size; plan it again.");
    const ModelFacts* model = facts_.find(request.params.model);
    if (!model) model = &facts_.models.front();
    try {
        if (observer.on_phase) observer.on_phase(edit::Phase::preparing, std::nullopt);
        auto picture = encode_pixels(request);
        if (!picture) return tl::unexpected(picture.error());
        auto mask = encode_mask(request, model->capabilities);
        if (!mask) return tl::unexpected(mask.error());
        if (stop.stop_requested()) return tl::unexpected(stopped_error(service_));
        const Job job{request, *model, observer, stop, std::move(*picture), std::move(*mask)};
        job.phase(edit::Phase::uploading);
        auto result = answer(job);
        if (!result) return result;
        result->notes.insert(result->notes.begin(), job.mask.notes.begin(), job.mask.notes.end());
        for (edit::Answer& one : result->answers)
            if (one.media_type = media_type_of(one.bytes); one.media_type.empty())
                return fail(ErrorCode::corrupt,
                            fmt::format("{} answered something that is no PNG, JPEG or WebP "
                                        "picture; the picture is as it was. Try again, or look "
                                        "into its own window.",
                                        service_.label));
        return result;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    fmt::format("There is not enough memory to send {} x {} pixels; ask for a "
                                "smaller request size.",
                                request.pixels->width(), request.pixels->height()));
    }
}

} // namespace mw::provider
