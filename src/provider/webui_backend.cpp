#include "provider/webui_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "codec/codec.h"
#include "provider/payload_json.h"

namespace mw::provider {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

// Looks at the program's progress while the request waits for its answer.
class ProgressWatch {
  public:
    ProgressWatch(const Service& service, std::string task, std::function<void(double)> on_fraction,
                  std::function<void(image::ImageRef)> on_picture)
        : service_(service),
          task_(std::move(task)),
          on_fraction_(std::move(on_fraction)),
          on_picture_(std::move(on_picture)),
          thread_([this](std::stop_token stop) { watch(stop); }) {}
    // Whether the job that runs is ours, as far as the program said.
    bool ours() const { return ours_; }

  private:
    void watch(const std::stop_token& stop) {
        Service quick = service_;
        quick.limits.first_byte = quick.limits.idle = quick.limits.total = 10s;
        for (int round = 0; sleep_for(round ? 700ms : 300ms, stop); ++round) {
            const bool picture = on_picture_ && round % 3 == 2;
            const auto progress = get_json(
                quick, fmt::format("/sdapi/v1/progress?skip_current_image={}", !picture), stop);
            if (!progress || stop.stop_requested()) continue;
            const std::string current = text_at(*progress, "current_task");
            const auto* state = member(*progress, "state");
            const bool working = state && state->is_object() && count_at(*state, "job_count") > 0;
            ours_ = current.empty() ? working : current == task_;
            if (!ours_) continue;
            if (const auto* done = member(*progress, "progress"); done && done->is_number())
                on_fraction_(std::clamp(done->get<double>(), 0.0, 1.0));
            if (const std::string text = text_at(*progress, "current_image");
                picture && !text.empty())
                show(text, stop);
        }
    }
    void show(const std::string& text, const std::stop_token& stop) const {
        const auto bytes = from_base64(text, "The preview");
        if (!bytes) return;
        auto decoded = codec::decode(*bytes, "preview", {}, stop);
        if (decoded) on_picture_(std::make_shared<const image::Image>(std::move(decoded->pixels)));
    }

    const Service& service_;
    std::string task_;
    std::function<void(double)> on_fraction_;
    std::function<void(image::ImageRef)> on_picture_;
    std::atomic<bool> ours_{false};
    std::jthread thread_;
};

class WebuiBackend final : public ServiceBackend {
  public:
    using ServiceBackend::ServiceBackend;

  protected:
    Result<edit::EditResult> answer(const Job& job) override {
        const auto setting = [&](const char* name) { return job.model.setting(name); };
        const Json body{{"init_images", {as_base64(job.picture.bytes)}},
                        {"mask", as_base64(job.mask.bytes)},
                        {"prompt", job.request.prompt},
                        {"negative_prompt", ""},
                        {"denoising_strength", setting("denoising_strength").value_or(0.75)},
                        {"mask_blur", setting("mask_blur").value_or(4)},
                        {"inpainting_fill", setting("inpainting_fill").value_or(1)},
                        // The crop has been made already, with its context.
                        {"inpaint_full_res", false},
                        {"inpaint_full_res_padding", 0},
                        {"inpainting_mask_invert", 0},
                        {"width", job.size().width},
                        {"height", job.size().height},
                        {"steps", setting("steps").value_or(30)},
                        {"cfg_scale", setting("cfg_scale").value_or(7)},
                        {"seed", job.request.params.seed},
                        {"n_iter", job.request.params.count},
                        {"batch_size", 1},
                        {"force_task_id", job.request.id}};
        bool ours = false;
        Result<Json> reply;
        {
            const ProgressWatch watch(
                service(), job.request.id,
                [&](double done) { job.phase(edit::Phase::thinking, done); },
                job.observer.on_partial);
            reply = call_json(service(), "POST", "/sdapi/v1/img2img", body, job.stop);
            ours = watch.ours();
        }
        if (!reply) {
            const bool given_up =
                reply.error().code == ErrorCode::cancelled || reply.error().code == ErrorCode::io;
            if (given_up && ours) call_off(service(), "/sdapi/v1/interrupt", Json::object());
            return tl::unexpected(reply.error());
        }
        return pictures_in(*reply, job.request.params.count);
    }

  private:
    Result<edit::EditResult> pictures_in(const Json& reply, int count) const {
        edit::EditResult result;
        result.what_was_done = fmt::format("repainted by {}", service().label);
        // A sheet of all candidates may come before them, their masks after.
        std::size_t first = 0;
        if (const auto info = parse_json(text_at(reply, "info")); info && info->is_object())
            first = static_cast<std::size_t>(count_at(*info, "index_of_first_image"));
        const Json* images = member(reply, "images");
        const std::size_t all = images && images->is_array() ? images->size() : 0;
        for (std::size_t i = first; i < std::min(all, first + static_cast<std::size_t>(count));
             ++i) {
            if (!(*images)[i].is_string()) break;
            auto bytes = from_base64((*images)[i].get_ref<const std::string&>(), "Its picture");
            if (!bytes) return tl::unexpected(bytes.error());
            result.answers.push_back({std::move(*bytes), {}});
        }
        if (result.answers.empty())
            return fail(
                ErrorCode::engine,
                fmt::format("{} answered without a picture; it may have been interrupted in "
                            "its own window. Try again.",
                            service().label));
        if (result.answers.size() < static_cast<std::size_t>(count))
            result.notes.push_back(
                fmt::format("{} of {} candidates came.", result.answers.size(), count));
        result.cost.estimate_usd = result.cost.actual_usd = 0.0;
        return result;
    }
};

} // namespace

std::unique_ptr<edit::EditBackend> make_webui_backend(ProviderFacts facts, Service service) {
    return std::make_unique<WebuiBackend>(std::move(facts), std::move(service));
}

} // namespace mw::provider
