#include "provider/comfyui_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "codec/codec.h"
#include "provider/comfyui_progress.h"
#include "provider/foreign_text.h"
#include "provider/payload_json.h"

extern const char* const kComfyuiGraphJson; // assets/comfyui_inpaint.json, built in

namespace mw::provider {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr std::string_view kMark = "maskwright ";

struct Marks {
    std::string picture, mask, prompt, seed, result, checkpoint; // ids of nodes; empty: none
};

Result<Marks> marks_in(const Json& graph) {
    Marks marks;
    std::map<std::string_view, std::string*> known{
        {"picture", &marks.picture}, {"mask", &marks.mask},     {"prompt", &marks.prompt},
        {"seed", &marks.seed},       {"result", &marks.result}, {"checkpoint", &marks.checkpoint}};
    for (const auto& [id, node] : graph.items()) {
        const Json* meta = node.is_object() ? member(node, "_meta") : nullptr;
        const std::string title = meta && meta->is_object() ? text_at(*meta, "title") : "";
        if (!std::string_view(title).starts_with(kMark)) continue;
        const auto at = known.find(std::string_view(title).substr(kMark.size()));
        if (at == known.end()) continue;
        const Json* inputs = member(node, "inputs");
        if (!inputs || !inputs->is_object())
            return fail(ErrorCode::corrupt,
                        fmt::format("The node \"{}\" of the graph has no inputs; "
                                    "save it in the API format.",
                                    title));
        *at->second = id;
    }
    for (const char* needed : {"picture", "mask", "prompt", "result"})
        if (known[needed]->empty())
            return fail(ErrorCode::invalid_argument,
                        fmt::format("No node of the graph has the title \"{}{}\"; give one that "
                                    "title in ComfyUI and save the graph in the API format.",
                                    kMark, needed));
    return marks;
}

Result<Json> read_graph(std::string_view text) {
    auto graph = parse_json(text);
    if (!graph) return tl::unexpected(graph.error());
    if (!graph->is_object() || graph->contains("nodes"))
        return fail(ErrorCode::invalid_argument,
                    "This is no ComfyUI graph in the API format; use \"Export (API)\" there.");
    return std::move(*graph);
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (std::isalnum(u) || c == '-' || c == '_' || c == '.')
            out += c;
        else
            out += fmt::format("%{:02X}", u);
    }
    return out;
}

class ComfyuiBackend final : public ServiceBackend {
  public:
    ComfyuiBackend(ProviderFacts facts, Service service, std::optional<Bytes> graph)
        : ServiceBackend(std::move(facts), std::move(service)), own_(std::move(graph)) {}

  protected:
    Result<edit::EditResult> answer(const Job& job) override {
        auto graph = read_graph(
            own_ ? std::string_view(reinterpret_cast<const char*>(own_->data()), own_->size())
                 : std::string_view(kComfyuiGraphJson));
        if (!graph) return tl::unexpected(graph.error());
        auto marks = marks_in(*graph);
        if (!marks) return tl::unexpected(marks.error());
        if (Status ok = put_in(job, *graph, *marks); !ok) return tl::unexpected(ok.error());
        // Before the job, so that nothing it says is missed.
        ComfyuiProgress progress(service().base);
        std::string client = progress.client_id(1500ms);
        if (client.empty()) client = "maskwright-" + job.request.id;
        const Json body{{"prompt", *graph}, {"client_id", client}};
        auto reply = call(
            service(), "POST", "/prompt",
            RequestBody::json(body.dump(-1, ' ', false, Json::error_handler_t::replace)), job.stop);
        if (!reply) return tl::unexpected(reply.error());
        const auto accepted =
            parse_json({reinterpret_cast<const char*>(reply->body.data()), reply->body.size()});
        const std::string id =
            accepted && accepted->is_object() ? text_at(*accepted, "prompt_id") : "";
        if (id.empty())
            return fail(ErrorCode::corrupt,
                        fmt::format("{} took the job but gave it no id; look into its own window.",
                                    service().label));
        auto outputs = wait(job, id, progress);
        if (!outputs) {
            take_back(id);
            return tl::unexpected(outputs.error());
        }
        return fetch(job, *outputs, marks->result);
    }

  private:
    // Uploads both pictures and names them, the words and the seed in the graph.
    Status put_in(const Job& job, Json& graph, const Marks& marks) const {
        auto picture = upload(job, job.picture.bytes, "picture");
        if (!picture) return tl::unexpected(picture.error());
        graph[marks.picture]["inputs"]["image"] = *picture;
        Bytes mask = job.mask.bytes;
        if (text_at(graph[marks.mask], "class_type") == "LoadImage") {
            const image::Image alpha =
                mask_picture(job.request.mask->view(), edit::MaskPolarity::alpha_zero_edits);
            auto file = codec::encode(alpha.view(), {}, codec::FileFormat::png);
            if (!file) return tl::unexpected(file.error());
            mask = std::move(*file);
        }
        auto mask_name = upload(job, mask, "mask");
        if (!mask_name) return tl::unexpected(mask_name.error());
        graph[marks.mask]["inputs"]["image"] = *mask_name;
        graph[marks.prompt]["inputs"]["text"] = job.request.prompt;
        if (!marks.seed.empty()) {
            Json& inputs = graph[marks.seed]["inputs"];
            inputs[inputs.contains("noise_seed") ? "noise_seed" : "seed"] = job.request.params.seed;
            for (const char* name : {"steps", "cfg", "denoise"})
                if (const auto value = job.model.setting(name);
                    value && !own_ && inputs.contains(name))
                    inputs[name] = *value;
        }
        if (own_ || marks.checkpoint.empty()) return {};
        auto checkpoint = choose_checkpoint(job);
        if (!checkpoint) return tl::unexpected(checkpoint.error());
        graph[marks.checkpoint]["inputs"]["ckpt_name"] = *checkpoint;
        return {};
    }

    Result<std::string> upload(const Job& job, const Bytes& file, std::string_view kind) const {
        Multipart form;
        const std::string name = fmt::format("maskwright-{}-{}.png", job.request.id, kind);
        form.file("image", name, "image/png", std::make_shared<const Bytes>(file));
        form.field("type", "input");
        form.field("overwrite", "true");
        auto reply = call(service(), "POST", "/upload/image", form.finish(), job.stop);
        if (!reply) return tl::unexpected(reply.error());
        const auto json =
            parse_json({reinterpret_cast<const char*>(reply->body.data()), reply->body.size()});
        const std::string stored = json && json->is_object() ? text_at(*json, "name") : "";
        if (stored.empty())
            return fail(ErrorCode::corrupt,
                        fmt::format("{} did not say where it put the {}; look at its own output.",
                                    service().label, kind));
        const std::string folder = text_at(*json, "subfolder");
        return folder.empty() ? stored : folder + "/" + stored;
    }

    Result<std::string> choose_checkpoint(const Job& job) const {
        const auto info = get_json(service(), "/object_info/CheckpointLoaderSimple", job.stop);
        if (!info) return tl::unexpected(info.error());
        const Json* at = &*info;
        for (const char* key : {"CheckpointLoaderSimple", "input", "required"}) {
            at = at->is_object() ? member(*at, key) : nullptr;
            if (!at) break;
        }
        const Json* names = at && at->is_object() ? member(*at, "ckpt_name") : nullptr;
        std::vector<std::string> found;
        if (names && names->is_array() && !names->empty() && names->front().is_array())
            for (const Json& name : names->front())
                if (name.is_string()) found.push_back(name.get<std::string>());
        if (found.empty())
            return fail(
                ErrorCode::engine,
                fmt::format("{} has no checkpoint; put one into its models folder, or use a "
                            "graph of your own.",
                            service().label));
        const auto inpaint = std::find_if(found.begin(), found.end(), [](const std::string& name) {
            return name.find("inpaint") != std::string::npos;
        });
        return inpaint != found.end() ? *inpaint : found.front();
    }

    // The outputs of the job's nodes, once it is done.
    Result<Json> wait(const Job& job, const std::string& id,
                      const ComfyuiProgress& progress) const {
        return poll<Json>(service(), 400ms, job.stop, [&]() -> Result<std::optional<Json>> {
            const auto history = get_json(service(), "/history/" + escaped(id), job.stop);
            if (!history) return tl::unexpected(history.error());
            const Json* entry = member(*history, id.c_str());
            if (!entry || !entry->is_object()) {
                const auto place = place_in_queue(id, job.stop);
                if (!place) return tl::unexpected(place.error());
                if (*place == Place::running)
                    job.phase(edit::Phase::thinking, progress.fraction());
                else
                    job.phase(edit::Phase::queued);
                return std::optional<Json>();
            }
            const Json* status = member(*entry, "status");
            if (status && status->is_object() && text_at(*status, "status_str") == "error")
                return tl::unexpected(failed(*status));
            const Json* outputs = member(*entry, "outputs");
            return std::optional(outputs ? *outputs : Json::object());
        });
    }

    Error failed(const Json& status) const {
        std::string said, node;
        if (const Json* messages = member(status, "messages"); messages && messages->is_array())
            for (const Json& message : *messages)
                if (message.is_array() && message.size() == 2 && message[1].is_object()) {
                    if (message[0] == "execution_interrupted")
                        return {
                            ErrorCode::cancelled,
                            fmt::format("The job was interrupted in {}; the picture is as it was.",
                                        service().label)};
                    if (message[0] != "execution_error") continue;
                    said = text_at(message[1], "exception_message");
                    node = text_at(message[1], "node_type");
                }
        return {ErrorCode::engine,
                fmt::format("{} could not do it{}{}; the picture is as it was. Look into its own "
                            "window.",
                            service().label,
                            node.empty() ? "" : " (" + foreign_text(node, {}, 60) + ")",
                            said.empty() ? "" : ": " + foreign_text(said, {}))};
    }

    enum class Place { waiting, running };
    Result<Place> place_in_queue(const std::string& id, const std::stop_token& stop) const {
        const auto queue = get_json(service(), "/queue", stop);
        if (!queue) return tl::unexpected(queue.error());
        const Json* running = member(*queue, "queue_running");
        if (running && running->is_array())
            for (const Json& entry : *running)
                if (entry.is_array() && entry.size() > 1 && entry[1] == id) return Place::running;
        return Place::waiting;
    }

    // Another's job must not be interrupted: older versions interrupt whatever runs.
    void take_back(const std::string& id) const {
        call_off(service(), "/queue", {{"delete", {id}}});
        const auto place = place_in_queue(id, {});
        if (place && *place == Place::running)
            call_off(service(), "/interrupt", {{"prompt_id", id}});
    }

    Result<edit::EditResult> fetch(const Job& job, const Json& outputs,
                                   const std::string& node) const {
        job.phase(edit::Phase::receiving);
        edit::EditResult result;
        result.what_was_done = fmt::format("repainted by {}", service().label);
        result.cost.estimate_usd = result.cost.actual_usd = 0.0;
        const Json* output = member(outputs, node.c_str());
        const Json* images = output && output->is_object() ? member(*output, "images") : nullptr;
        if (images && images->is_array())
            for (const Json& entry : *images) {
                if (!entry.is_object() ||
                    result.answers.size() >=
                        static_cast<std::size_t>(job.model.capabilities.max_count))
                    continue;
                auto file = call(service(), "GET",
                                 fmt::format("/view?filename={}&subfolder={}&type={}",
                                             escaped(text_at(entry, "filename")),
                                             escaped(text_at(entry, "subfolder")),
                                             escaped(text_at(entry, "type"))),
                                 {}, job.stop);
                if (!file) return tl::unexpected(file.error());
                result.answers.push_back({std::move(file->body), {}});
            }
        if (result.answers.empty())
            return fail(
                ErrorCode::engine,
                fmt::format("The job is done, but the node \"{}result\" has no picture; mark "
                            "one that saves or previews pictures.",
                            kMark));
        return result;
    }

    std::optional<Bytes> own_;
};

} // namespace

Status check_comfyui_graph(const Bytes& graph) {
    const auto json = read_graph({reinterpret_cast<const char*>(graph.data()), graph.size()});
    if (!json) return tl::unexpected(json.error());
    const auto marks = marks_in(*json);
    return marks ? Status{} : Status{tl::unexpected(marks.error())};
}

std::unique_ptr<edit::EditBackend> make_comfyui_backend(ProviderFacts facts, Service service,
                                                        std::optional<Bytes> graph) {
    return std::make_unique<ComfyuiBackend>(std::move(facts), std::move(service), std::move(graph));
}

} // namespace mw::provider
