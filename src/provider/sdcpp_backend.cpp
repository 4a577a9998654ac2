#include "provider/sdcpp_backend.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "provider/payload_json.h"

namespace mw::provider {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

// An id goes into a path: only what cannot change it.
bool plain_id(const std::string& id) {
    return !id.empty() && id.size() < 100 &&
           id.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
               std::string::npos;
}

class SdcppBackend final : public ServiceBackend {
  public:
    using ServiceBackend::ServiceBackend;

  protected:
    Result<edit::EditResult> answer(const Job& job) override {
        // Whether the native interface is there, asked before anything large is sent.
        const auto native = get_json(service(), "/sdcpp/v1/capabilities", job.stop);
        if (!native &&
            (native.error().code == ErrorCode::cancelled || native.error().code == ErrorCode::io))
            return tl::unexpected(native.error());
        return native ? by_job(job) : by_call(job);
    }

  private:
    Result<edit::EditResult> by_job(const Job& job) const {
        const auto setting = [&](const char* name) { return job.model.setting(name); };
        const auto seed = static_cast<std::int64_t>(job.request.params.seed);
        Json body{{"prompt", job.request.prompt},
                  {"width", job.size().width},
                  {"height", job.size().height},
                  {"strength", setting("denoising_strength").value_or(0.75)},
                  {"seed", seed},
                  {"batch_count", job.request.params.count},
                  {"init_image", as_base64(job.picture.bytes)},
                  {"mask_image", as_base64(job.mask.bytes)},
                  {"output_format", "png"}};
        if (const auto steps = setting("steps")) body["sample_params"]["sample_steps"] = *steps;
        const auto accepted = call_json(service(), "POST", "/sdcpp/v1/img_gen", body, job.stop);
        if (!accepted) return tl::unexpected(accepted.error());
        const std::string id = text_at(*accepted, "id");
        if (!plain_id(id))
            return fail(ErrorCode::corrupt,
                        fmt::format("{} took the job but gave it no id; look at its own output.",
                                    service().label));
        const std::string path = "/sdcpp/v1/jobs/" + id;
        const auto done =
            poll<Json>(service(), 400ms, job.stop, [&]() -> Result<std::optional<Json>> {
                auto state = get_json(service(), path, job.stop);
                if (!state) return tl::unexpected(state.error());
                const std::string status = text_at(*state, "status");
                if (status == "queued") job.phase(edit::Phase::queued);
                if (status == "generating") job.phase(edit::Phase::thinking);
                if (status == "completed") return std::optional(std::move(*state));
                if (status == "failed" || status == "cancelled") {
                    const Json* error = member(*state, "error");
                    const std::string said =
                        error && error->is_object() ? text_at(*error, "message") : "";
                    return fail(
                        status == "failed" ? ErrorCode::engine : ErrorCode::cancelled,
                        fmt::format("{} {} the job{}; the picture is as it was.", service().label,
                                    status == "failed" ? "failed at" : "cancelled",
                                    said.empty() ? "" : ": " + said.substr(0, 300)));
                }
                return std::optional<Json>();
            });
        if (!done) {
            call_off(service(), path + "/cancel", Json::object());
            return tl::unexpected(done.error());
        }
        const Json* result = member(*done, "result");
        return pictures_in(result ? *result : Json(), "images");
    }

    Result<edit::EditResult> by_call(const Job& job) const {
        Multipart form;
        form.file("image[]", "image.png", "image/png",
                  std::make_shared<const Bytes>(job.picture.bytes));
        form.file("mask", "mask.png", "image/png", std::make_shared<const Bytes>(job.mask.bytes));
        form.field("prompt", job.request.prompt);
        form.field("n", std::to_string(job.request.params.count));
        form.field("size", fmt::format("{}x{}", job.size().width, job.size().height));
        form.field("output_format", "png");
        job.phase(edit::Phase::thinking);
        auto reply = call(service(), "POST", "/v1/images/edits", form.finish(), job.stop);
        if (!reply) return tl::unexpected(reply.error());
        PayloadLimits limits;
        limits.max_rest_bytes = reply->body.size();
        auto json = parse_json(
            {reinterpret_cast<const char*>(reply->body.data()), reply->body.size()}, limits);
        if (!json) return tl::unexpected(json.error());
        return pictures_in(*json, "data");
    }

    Result<edit::EditResult> pictures_in(const Json& result, const char* key) const {
        edit::EditResult out;
        out.what_was_done = fmt::format("repainted by {}", service().label);
        out.cost.estimate_usd = out.cost.actual_usd = 0.0;
        const Json* list = result.is_object() ? member(result, key) : nullptr;
        if (list && list->is_array())
            for (const Json& entry : *list) {
                if (!entry.is_object()) continue;
                auto bytes = from_base64(text_at(entry, "b64_json"), "Its picture");
                if (!bytes) return tl::unexpected(bytes.error());
                out.answers.push_back({std::move(*bytes), {}});
            }
        if (out.answers.empty())
            return fail(ErrorCode::engine,
                        fmt::format("{} answered without a picture; the picture is as it was.",
                                    service().label));
        return out;
    }
};

} // namespace

std::unique_ptr<edit::EditBackend> make_sdcpp_backend(ProviderFacts facts, Service service) {
    return std::make_unique<SdcppBackend>(std::move(facts), std::move(service));
}

} // namespace mw::provider
