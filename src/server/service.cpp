#include "server/service.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "server/images.h"
#include "server/models.h"

namespace mw::server {
namespace {

// The part of the path behind `prefix`, when it begins so.
std::optional<std::string> below(const std::string& path, std::string_view prefix) {
    if (!path.starts_with(prefix) || path.size() == prefix.size()) return std::nullopt;
    return path.substr(prefix.size());
}

Json object_of(const Model& model) {
    const std::string& end = model.capabilities.shutdown;
    return {{"id", model.id},
            {"object", "model"},
            {"created", 1'700'000'000},
            {"owned_by", "maskwright"},
            {"shutdown_date", end.empty() ? Json() : Json(end)}};
}

} // namespace

Service::Service(FaultPlan faults, int workers)
    : faults_(std::move(faults)), gate_(workers), responses_(gate_, files_) {}

Reply Service::answer(const Incoming& incoming) {
    const std::string request_id = make_id("req_");
    Reply reply;
    try {
        reply = route(incoming, request_id);
    } catch (const std::bad_alloc&) {
        reply = error_reply({500, "Out of memory.", "server_error", "", "", "", {}});
    }
    reply.headers.emplace_back("x-request-id", request_id);
    return reply;
}

std::vector<Fault> Service::begin_request(const Incoming& in, const std::string& request_id) {
    const std::lock_guard lock(mutex_);
    std::vector<Fault> faults = faults_.faults_of(++requests_);
    Json entry{{"number", requests_},
               {"method", in.method},
               {"path", in.path},
               {"request_id", request_id},
               {"faults", Json::array()}};
    for (const Fault& fault : faults)
        entry["faults"].push_back(fault.text);
    log_.push_back(dump(entry));
    if (log_.size() > 1000) log_.pop_front();
    return faults;
}

Reply Service::rehearsal() const {
    const std::lock_guard lock(mutex_);
    std::string body = fmt::format("{{\"requests\":{},\"log\":[", requests_);
    for (std::size_t i = 0; i < log_.size(); ++i)
        body += (i ? "," : "") + log_[i];
    return Reply::json(body + "]}");
}

Reply Service::model_list() const {
    Json list = Json::array();
    for (const Model& model : models())
        list.push_back(object_of(model));
    return Reply::json(dump({{"object", "list"}, {"data", list}}));
}

Reply Service::images(const Incoming& in, bool edit, const std::vector<Fault>& faults) {
    ApiResult<ImageCall> call;
    if (in.is_form) {
        call = read_form(in.form, edit);
    } else {
        auto body = parse_body(in.body);
        if (!body) return error_reply(body.error());
        call = read_json(*body, edit, [&](const std::string& id) { return files_.bytes(id); });
    }
    if (!call) return error_reply(call.error());
    return answer_images(std::move(*call), faults, in, gate_);
}

Reply Service::route(const Incoming& in, const std::string& request_id) {
    const bool get = in.method == "GET", post = in.method == "POST", remove = in.method == "DELETE";
    if (post && (in.path == "/v1/images/edits" || in.path == "/v1/images/generations"))
        return images(in, in.path.ends_with("edits"), begin_request(in, request_id));
    if (post && in.path == "/v1/responses")
        return responses_.create(in, begin_request(in, request_id));
    if (get && in.path == "/v1/models") return model_list();
    if (const auto id = below(in.path, "/v1/models/"); id && get) {
        if (const Model* model = find_model(*id)) return Reply::json(dump(object_of(*model)));
        return error_reply({404,
                            fmt::format("The model '{}' does not exist", id->substr(0, 80)),
                            "invalid_request_error",
                            "model",
                            "model_not_found",
                            "",
                            {}});
    }
    if (auto id = below(in.path, "/v1/responses/")) {
        if (post && id->ends_with("/cancel"))
            return responses_.cancel(id->substr(0, id->size() - 7));
        if (get) return responses_.retrieve(*id, in);
        if (remove) return responses_.remove(*id);
    }
    if (in.path == "/v1/files" && get) return files_.list();
    if (in.path == "/v1/files" && post) return files_.add(in);
    if (const auto id = below(in.path, "/v1/files/")) {
        if (get) return files_.describe(*id);
        if (remove) return files_.remove(*id);
    }
    if (get && in.path == "/rehearsal") return rehearsal();
    return error_reply(
        {404,
         fmt::format("Invalid URL ({} {})", in.method.substr(0, 10), in.path.substr(0, 120)),
         "invalid_request_error",
         "",
         "unknown_url",
         "",
         {}});
}

} // namespace mw::server
