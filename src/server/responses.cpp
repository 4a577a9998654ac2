#include "server/responses.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "provider/base64.h"
#include "server/images.h"

namespace mw::server {
namespace {

using Clock = std::chrono::steady_clock;

bool over(const std::string& status) {
    return status != "queued" && status != "in_progress";
}

const Json* member(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at == object.end() || at->is_null() ? nullptr : &*at;
}

std::string text_at(const Json& object, const char* name) {
    const Json* value = object.is_object() ? member(object, name) : nullptr;
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

bool truth_at(const Json& object, const char* name, bool fallback) {
    const Json* value = member(object, name);
    return value && value->is_boolean() ? value->get<bool>() : fallback;
}

} // namespace

struct Responses::Turn {
    const std::string id = make_id("resp_"), item_id = make_id("ig_");
    bool stored = true;
    std::mutex mutex; // of what follows, up to what was asked
    std::condition_variable_any changed;
    Json object;                     // the response as the client sees it
    std::vector<std::string> events; // by sequence number, ready to send
    std::string status = "queued";
    Clock::time_point done_at{};
    Bytes picture;  // the one made, for the next turn
    ApiError error; // when failed
    // What was asked.
    ImageCall call;
    bool draws = false; // the image tool is there
    bool background = false, stream = false;
    std::stop_source source;
    std::jthread worker;

    // Under the mutex. Numbers the event and wakes who waits for it.
    void tell(const std::string& type, Json event) {
        event["type"] = type;
        event["sequence_number"] = events.size();
        events.push_back(sse_event(type, dump(event)));
        changed.notify_all();
    }
    void enter(const std::string& now) {
        status = now;
        object["status"] = now;
        if (over(now)) done_at = Clock::now();
    }
    // The last event: the whole response.
    void end(const std::string& now) {
        enter(now);
        tell("response." + now, {{"response", object}});
    }
};

Responses::~Responses() {
    std::deque<std::shared_ptr<Turn>> all;
    {
        const std::lock_guard lock(mutex_);
        all.swap(turns_);
    }
    for (const auto& turn : all) {
        turn->source.request_stop();
        turn->changed.notify_all();
    }
    for (const auto& turn : all)
        turn->worker.join();
}

std::shared_ptr<Responses::Turn> Responses::find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& turn : turns_)
        if (turn->stored && (turn->id == id || turn->item_id == id)) return turn;
    return nullptr;
}

void Responses::keep(std::shared_ptr<Turn> turn) {
    std::vector<std::shared_ptr<Turn>> dropped;
    std::unique_lock lock(mutex_);
    turns_.push_back(std::move(turn));
    const auto old = Clock::now() - std::chrono::minutes(10);
    for (auto at = turns_.begin(); at != turns_.end();) {
        const bool many = turns_.size() > kMaxKept;
        bool drop = false;
        {
            const std::lock_guard inner((*at)->mutex);
            drop = over((*at)->status) && (many || (*at)->done_at < old) && *at != turns_.back();
        }
        if (drop) dropped.push_back(*at);
        at = drop ? turns_.erase(at) : at + 1;
    }
    lock.unlock();
    // A worker that lets go of its turn last would wait for itself.
    for (const auto& gone : dropped)
        gone->worker.join();
}

ApiResult<std::shared_ptr<Responses::Turn>> Responses::read(const Json& body) const {
    static const std::vector<std::string> known{"model",
                                                "input",
                                                "tools",
                                                "tool_choice",
                                                "instructions",
                                                "previous_response_id",
                                                "background",
                                                "stream",
                                                "store",
                                                "metadata",
                                                "reasoning",
                                                "include",
                                                "temperature",
                                                "top_p",
                                                "max_output_tokens",
                                                "parallel_tool_calls",
                                                "truncation",
                                                "text",
                                                "user",
                                                "safety_identifier",
                                                "service_tier",
                                                "prompt_cache_key",
                                                "stream_options",
                                                "max_tool_calls"};
    for (const auto& [name, value] : body.items())
        if (std::find(known.begin(), known.end(), name) == known.end())
            return bad_request(fmt::format("Unknown parameter: '{}'.", name.substr(0, 60)),
                               name.substr(0, 60), "unknown_parameter");
    auto turn = std::make_shared<Turn>();
    const FindFile find_file = [this](const std::string& id) { return files_.bytes(id); };
    Json tools = Json::array();
    std::string action = "auto";
    if (const Json* given = member(body, "tools"); given && given->is_array()) {
        tools = *given;
        for (const Json& tool : *given)
            if (text_at(tool, "type") == "image_generation") {
                auto call = read_tool(tool, find_file);
                if (!call) return tl::unexpected(call.error());
                turn->call = std::move(*call);
                turn->draws = true;
                if (const std::string named = text_at(tool, "action"); !named.empty())
                    action = named;
            }
    }
    if (action != "auto" && action != "generate" && action != "edit")
        return bad_request(
            "Invalid value for 'action'. Supported values are: 'auto', 'generate', "
            "'edit'.",
            "tools[0].action");
    // Pictures of this turn come before those of earlier ones.
    std::vector<Bytes> earlier;
    const std::string previous = text_at(body, "previous_response_id");
    if (!previous.empty()) {
        const auto before = find(previous);
        if (!before)
            return bad_request(
                fmt::format("Previous response with id '{}' not found.", previous.substr(0, 80)),
                "previous_response_id", "previous_response_not_found");
        const std::lock_guard lock(before->mutex);
        if (!before->picture.empty()) earlier.push_back(before->picture);
    }
    const Json* input = member(body, "input");
    if (!input || !(input->is_string() || input->is_array()))
        return bad_request("Missing required parameter: 'input'.", "input",
                           "missing_required_parameter");
    if (input->is_string()) turn->call.prompt = input->get<std::string>();
    for (std::size_t i = 0; input->is_array() && i < input->size(); ++i) {
        const Json& item = (*input)[i];
        if (text_at(item, "type") == "image_generation_call") {
            const auto before = find(text_at(item, "id"));
            if (!before)
                return bad_request(
                    fmt::format("Item with id '{}' not found.", text_at(item, "id").substr(0, 80)),
                    "input");
            const std::lock_guard lock(before->mutex);
            earlier.push_back(before->picture);
            continue;
        }
        const Json* content = item.is_object() ? member(item, "content") : nullptr;
        if (content && content->is_string()) turn->call.prompt = content->get<std::string>();
        for (std::size_t j = 0; content && content->is_array() && j < content->size(); ++j) {
            const Json& part = (*content)[j];
            const std::string type = text_at(part, "type");
            if (type == "input_text") turn->call.prompt = text_at(part, "text");
            if (type != "input_image") continue;
            Json reference;
            for (const char* key : {"image_url", "file_id"})
                if (const Json* value = member(part, key)) reference[key] = *value;
            auto bytes = referred_image(reference.is_null() ? Json::object() : reference,
                                        fmt::format("input[{}].content[{}]", i, j), find_file);
            if (!bytes) return tl::unexpected(bytes.error());
            turn->call.images.push_back(std::move(*bytes));
        }
    }
    if (turn->call.images.empty()) turn->call.images = std::move(earlier);
    if (turn->call.prompt.empty())
        return bad_request("The input has no text that says what to do.", "input");
    if (turn->draws && action == "edit" && turn->call.images.empty())
        return bad_request("The 'edit' action needs an image in the context.", "tools[0].action");
    turn->call.edit = action != "generate" && !turn->call.images.empty();
    if (!turn->call.edit) turn->call.images.clear(), turn->call.mask.reset();
    turn->background = truth_at(body, "background", false);
    turn->stream = truth_at(body, "stream", false);
    turn->stored = truth_at(body, "store", true);
    if (turn->background && !turn->stored)
        return bad_request("Background mode requires 'store' to be true.", "store");
    const auto given = [&](const char* name, Json fallback) {
        const Json* value = member(body, name);
        return value ? *value : fallback;
    };
    turn->object = {{"id", turn->id},
                    {"object", "response"},
                    {"created_at", seconds_since_1970()},
                    {"status", "queued"},
                    {"background", turn->background},
                    {"error", nullptr},
                    {"incomplete_details", nullptr},
                    {"instructions", given("instructions", nullptr)},
                    {"max_output_tokens", nullptr},
                    {"model", given("model", "maskwright-builtin")},
                    {"output", Json::array()},
                    {"parallel_tool_calls", true},
                    {"previous_response_id", previous.empty() ? Json() : Json(previous)},
                    {"reasoning", {{"effort", nullptr}, {"summary", nullptr}}},
                    {"store", turn->stored},
                    {"temperature", 1.0},
                    {"text", {{"format", {{"type", "text"}}}}},
                    {"tool_choice", given("tool_choice", "auto")},
                    {"tools", Json::array()},
                    {"top_p", 1.0},
                    {"truncation", "disabled"},
                    {"usage", nullptr},
                    {"metadata", given("metadata", Json::object())}};
    for (Json& tool : tools) {
        if (tool.is_object()) tool.erase("input_image_mask"); // no pictures are sent back
        turn->object["tools"].push_back(tool);
    }
    return turn;
}

void Responses::work(const std::shared_ptr<Turn>& turn, const std::vector<Fault>& faults) {
    const std::string &item_id = turn->item_id, message_id = make_id("msg_");
    const std::string tool = "response.image_generation_call.";
    Json item{{"id", item_id}, {"type", "image_generation_call"}, {"status", "in_progress"}};
    const auto place = [&](Json more) {
        more["output_index"] = 0;
        more["item_id"] = item_id;
        return more;
    };
    {
        const std::lock_guard lock(turn->mutex);
        if (over(turn->status)) return; // cancelled while it waited
        turn->enter("in_progress");
        turn->tell("response.in_progress", {{"response", turn->object}});
        if (turn->draws) {
            turn->tell("response.output_item.added", {{"output_index", 0}, {"item", item}});
            turn->tell(tool + "in_progress", place({}));
            turn->tell(tool + "generating", place({}));
        }
    }
    std::string said = "Only pictures are made here; give me the image_generation tool.";
    Usage usage;
    if (turn->draws) {
        const auto partial = [&](int index, const Bytes& file) {
            const std::lock_guard lock(turn->mutex);
            if (over(turn->status)) return;
            turn->tell(tool + "partial_image",
                       place({{"partial_image_index", index},
                              {"partial_image_b64", provider::encode_base64(file)},
                              {"output_format", turn->call.format}}));
        };
        auto made = make_in_turn(
            turn->call, faults, gate_, partial, [] { return false; }, turn->source.get_token());
        const std::lock_guard lock(turn->mutex);
        if (over(turn->status)) return;
        if (!made) {
            turn->error = made.error();
            turn->object["error"] = {
                {"code", made.error().code.empty() ? "server_error" : made.error().code},
                {"message", made.error().message}};
            turn->end("failed");
            return;
        }
        item["status"] = "completed";
        item["action"] = turn->call.edit ? "edit" : "generate";
        item["revised_prompt"] = made->revised_prompt;
        item["size"] = fmt::format("{}x{}", made->size.width, made->size.height);
        item["quality"] = turn->call.quality == "auto" ? "medium" : turn->call.quality;
        item["background"] = turn->call.background == "auto" ? "opaque" : turn->call.background;
        item["output_format"] = turn->call.format;
        turn->tell(tool + "completed", place({}));
        item["result"] = provider::encode_base64(made->pictures.front());
        turn->picture = std::move(made->pictures.front());
        turn->object["output"].push_back(item);
        turn->tell("response.output_item.done", {{"output_index", 0}, {"item", item}});
        said = made->revised_prompt;
        usage = made->usage;
    }
    const std::lock_guard lock(turn->mutex);
    if (over(turn->status)) return;
    const int index = turn->draws ? 1 : 0;
    Json part{{"type", "output_text"}, {"text", said}, {"annotations", Json::array()}};
    Json message{{"id", message_id},
                 {"type", "message"},
                 {"status", "in_progress"},
                 {"role", "assistant"},
                 {"content", Json::array()}};
    const auto of_text = [&](Json more) {
        more["output_index"] = index;
        more["item_id"] = message_id;
        more["content_index"] = 0;
        return more;
    };
    turn->tell("response.output_item.added", {{"output_index", index}, {"item", message}});
    turn->tell(
        "response.content_part.added",
        of_text(
            {{"part", {{"type", "output_text"}, {"text", ""}, {"annotations", Json::array()}}}}));
    turn->tell("response.output_text.delta",
               of_text({{"delta", said}, {"logprobs", Json::array()}}));
    turn->tell("response.output_text.done", of_text({{"text", said}, {"logprobs", Json::array()}}));
    turn->tell("response.content_part.done", of_text({{"part", part}}));
    message["status"] = "completed";
    message["content"].push_back(part);
    turn->tell("response.output_item.done", {{"output_index", index}, {"item", message}});
    turn->object["output"].push_back(message);
    turn->object["usage"] = {{"input_tokens", usage.text_tokens + usage.image_tokens},
                             {"input_tokens_details", {{"cached_tokens", 0}}},
                             {"output_tokens", usage.output_tokens},
                             {"output_tokens_details", {{"reasoning_tokens", 0}}},
                             {"total_tokens", usage.total()}};
    turn->end("completed");
}

void Responses::stream_events(const std::shared_ptr<Turn>& turn, int after, bool stops_work,
                              const std::function<bool()>& gone, const std::stop_token& stop,
                              const Sink& sink) {
    auto next = static_cast<std::size_t>(std::max(after + 1, 0));
    bool open = true;
    while (open) {
        std::vector<std::string> ready;
        bool last = false;
        {
            std::unique_lock lock(turn->mutex);
            turn->changed.wait_for(lock, stop, std::chrono::milliseconds(50), [&] {
                return turn->events.size() > next || over(turn->status);
            });
            for (; next < turn->events.size(); ++next)
                ready.push_back(turn->events[next]);
            last = over(turn->status);
        }
        for (const std::string& event : ready)
            open = open && sink(event);
        if (last) return;
        if (stop.stop_requested() || gone()) open = false;
    }
    if (stops_work) turn->source.request_stop();
}

Reply Responses::create(const Incoming& in, const std::vector<Fault>& faults) {
    auto body = parse_body(in.body);
    if (!body) return error_reply(body.error());
    auto read_turn = read(*body);
    if (!read_turn) return error_reply(read_turn.error());
    const std::shared_ptr<Turn> turn = std::move(*read_turn);
    if (auto instead = faulty_reply(faults, turn->stream, in)) return std::move(*instead);
    {
        const std::lock_guard lock(turn->mutex);
        turn->tell("response.created", {{"response", turn->object}});
        if (turn->background) turn->tell("response.queued", {{"response", turn->object}});
        turn->worker = std::jthread([this, turn, faults] { work(turn, faults); });
    }
    keep(turn);
    Reply reply;
    reply.faults = faults;
    if (turn->stream) {
        reply.type = "text/event-stream; charset=utf-8";
        reply.headers.emplace_back("cache-control", "no-cache");
        reply.stream = [turn, gone = in.gone, stop = in.stop](const Sink& sink) {
            stream_events(turn, -1, !turn->background, gone, stop, sink);
        };
        return reply;
    }
    std::unique_lock lock(turn->mutex);
    if (!turn->background) {
        while (!over(turn->status)) {
            turn->changed.wait_for(lock, in.stop, std::chrono::milliseconds(50),
                                   [&] { return over(turn->status); });
            if (in.stop.stop_requested() || in.gone()) turn->source.request_stop();
        }
        if (turn->status == "failed") return error_reply(turn->error);
    }
    reply.body = dump(turn->object);
    return reply;
}

Reply Responses::retrieve(const std::string& id, const Incoming& in) {
    const auto turn = find(id);
    if (!turn) return error_reply(no_such("response", id));
    const auto asked = in.query.find("stream");
    if (asked == in.query.end() || asked->second != "true") {
        const std::lock_guard lock(turn->mutex);
        return Reply::json(dump(turn->object));
    }
    int after = -1;
    if (const auto at = in.query.find("starting_after"); at != in.query.end()) {
        const std::string& text = at->second;
        if (text.empty() || text.size() > 8 ||
            text.find_first_not_of("0123456789") != std::string::npos)
            return error_reply(bad_request("Invalid 'starting_after': expected a sequence number.",
                                           "starting_after")
                                   .value());
        after = std::stoi(text);
    }
    Reply reply;
    reply.type = "text/event-stream; charset=utf-8";
    reply.stream = [turn, after, gone = in.gone, stop = in.stop](const Sink& sink) {
        stream_events(turn, after, false, gone, stop, sink);
    };
    return reply;
}

Reply Responses::cancel(const std::string& id) {
    const auto turn = find(id);
    if (!turn) return error_reply(no_such("response", id));
    const std::lock_guard lock(turn->mutex);
    if (!turn->background)
        return error_reply(
            bad_request("Only responses created with background=true can be cancelled.", "id")
                .value());
    if (!over(turn->status)) {
        turn->source.request_stop();
        turn->end("cancelled");
    }
    return Reply::json(dump(turn->object));
}

Reply Responses::remove(const std::string& id) {
    const auto turn = find(id);
    if (!turn) return error_reply(no_such("response", id));
    turn->source.request_stop();
    {
        const std::lock_guard lock(mutex_);
        if (std::erase(turns_, turn) == 0) return error_reply(no_such("response", id));
    }
    turn->worker.join();
    return Reply::json(dump({{"id", id}, {"object", "response"}, {"deleted", true}}));
}

} // namespace mw::server
