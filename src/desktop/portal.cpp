// XDG Desktop Portal, interfaces FileChooser and Request.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <string_view>

#include "base/utf8.h"
#include "desktop/choosers.h"
#include "desktop/session_bus.h"
#include "desktop/uri_list.h"

namespace mw::desktop {
namespace {

constexpr const char* kPortal = "org.freedesktop.portal.Desktop";
constexpr const char* kPath = "/org/freedesktop/portal/desktop";
constexpr const char* kChooser = "org.freedesktop.portal.FileChooser";
constexpr const char* kRequest = "org.freedesktop.portal.Request";
// It may have to be started; after its answer the person takes as long as they like.
constexpr std::chrono::seconds kStart{20};
constexpr std::size_t kMostFiles = 1000;

constexpr const char* kStrange =
    "The desktop's file dialog gave an answer that makes no sense; nothing was done. Try again, or "
    "choose the built-in dialog in the preferences.";

constexpr const char* kWentAway =
    "The desktop's file dialog went away without an answer; nothing was done. Try again, or choose "
    "the built-in dialog in the preferences.";

struct Response {
    unsigned code = 2;
    std::vector<std::string> uris;
    bool whole = false; // it was what the interface says
};

struct Talk {
    std::map<std::string, Response> responses; // by the request's path
    std::string handle;                        // of ours, as the portal says it
    bool replied = false, refused = false, gone = false;
};

// The value of "uris"; what else there is is passed over.
bool read_results(sd_bus_message* m, std::vector<std::string>& uris) {
    if (sd_bus_message_enter_container(m, 'a', "{sv}") < 0) return false;
    int more = 0;
    while ((more = sd_bus_message_enter_container(m, 'e', "sv")) > 0) {
        const char* name = nullptr;
        if (sd_bus_message_read(m, "s", &name) < 0) return false;
        const char* contents = nullptr;
        char type = 0;
        const bool ours = std::string_view(name) == "uris" &&
                          sd_bus_message_peek_type(m, &type, &contents) > 0 &&
                          std::string_view(contents) == "as";
        if (!ours) {
            if (sd_bus_message_skip(m, "v") < 0) return false;
        } else {
            if (sd_bus_message_enter_container(m, 'v', "as") < 0 ||
                sd_bus_message_enter_container(m, 'a', "s") < 0)
                return false;
            const char* uri = nullptr;
            while (sd_bus_message_read(m, "s", &uri) > 0)
                if (uris.size() < kMostFiles) uris.emplace_back(uri);
            if (sd_bus_message_exit_container(m) < 0 || sd_bus_message_exit_container(m) < 0)
                return false;
        }
        if (sd_bus_message_exit_container(m) < 0) return false;
    }
    return more == 0;
}

int on_response(sd_bus_message* m, void* data, sd_bus_error*) {
    Response response;
    response.whole =
        sd_bus_message_read(m, "u", &response.code) >= 0 && read_results(m, response.uris);
    static_cast<Talk*>(data)->responses[sd_bus_message_get_path(m)] = std::move(response);
    return 0;
}

int on_reply(sd_bus_message* m, void* data, sd_bus_error*) {
    auto& talk = *static_cast<Talk*>(data);
    talk.replied = true;
    const char* handle = nullptr;
    talk.refused =
        sd_bus_message_is_method_error(m, nullptr) != 0 || sd_bus_message_read(m, "o", &handle) < 0;
    if (!talk.refused) talk.handle = handle;
    return 0;
}

int on_owner(sd_bus_message* m, void* data, sd_bus_error*) {
    const char *name = nullptr, *before = nullptr, *after = nullptr;
    if (sd_bus_message_read(m, "sss", &name, &before, &after) >= 0)
        static_cast<Talk*>(data)->gone |= std::string_view(after).empty();
    return 0;
}

// The bus takes nothing but UTF-8; what is none is shown as it can be.
std::string sent(const std::string& text) {
    std::string good;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = text[at] != 0 ? utf8_at(text, at) : std::nullopt;
        good += character ? text.substr(at, character->bytes) : std::string(1, '?');
        at += character ? character->bytes : 1;
    }
    return good;
}

void append_options(sd_bus_message* m, const FileQuestion& q, const std::string& token) {
    const auto text = [m](const char* name, const std::string& value) {
        sd_bus_message_append(m, "{sv}", name, "s", sent(value).c_str());
    };
    sd_bus_message_open_container(m, 'a', "{sv}");
    text("handle_token", token);
    if (!q.verb.empty()) text("accept_label", q.verb);
    sd_bus_message_append(m, "{sv}", "modal", "b", 1);
    if (q.several) sd_bus_message_append(m, "{sv}", "multiple", "b", 1);
    if (q.saves && !q.name.empty()) text("current_name", q.name);
    if (!q.folder.empty()) {
        sd_bus_message_open_container(m, 'e', "sv");
        sd_bus_message_append(m, "s", "current_folder");
        sd_bus_message_open_container(m, 'v', "ay");
        sd_bus_message_append_array(m, 'y', q.folder.c_str(), q.folder.native().size() + 1);
        sd_bus_message_close_container(m);
        sd_bus_message_close_container(m);
    }
    if (!q.kind.empty()) {
        sd_bus_message_open_container(m, 'e', "sv");
        sd_bus_message_append(m, "s", "filters");
        sd_bus_message_open_container(m, 'v', "a(sa(us))");
        sd_bus_message_open_container(m, 'a', "(sa(us))");
        const auto filter = [m](const std::string& name, const std::vector<std::string>& globs) {
            sd_bus_message_open_container(m, 'r', "sa(us)");
            sd_bus_message_append(m, "s", sent(name).c_str());
            sd_bus_message_open_container(m, 'a', "(us)");
            for (const std::string& glob : globs)
                sd_bus_message_append(m, "(us)", 0u, sent(glob).c_str());
            sd_bus_message_close_container(m);
            sd_bus_message_close_container(m);
        };
        filter(q.kind, q.globs);
        if (!q.saves) filter("All files", {"*"});
        sd_bus_message_close_container(m);
        sd_bus_message_close_container(m);
        sd_bus_message_close_container(m);
    }
    sd_bus_message_close_container(m);
}

// Where the portal makes the request, so that its answer can be listened for before it is asked.
std::string request_path(sd_bus* bus, const std::string& token) {
    const char* name = nullptr;
    sd_bus_get_unique_name(bus, &name);
    std::string sender = name != nullptr && *name == ':' ? name + 1 : "";
    std::replace(sender.begin(), sender.end(), '.', '_');
    return std::string(kPath) + "/request/" + sender + "/" + token;
}

FileAnswer answer_of(const Response& response) {
    FileAnswer answer;
    answer.asked = true;
    if (response.whole && response.code == 1) return answer; // cancelled by the person
    if (response.whole && response.code == 2) {
        answer.problem = kWentAway;
        return answer;
    }
    if (!response.whole || response.code != 0 || response.uris.empty()) {
        answer.problem = kStrange;
        return answer;
    }
    for (const std::string& uri : response.uris)
        if (auto path = path_of_uri(uri)) answer.paths.push_back(std::move(*path));
    if (answer.paths.size() < response.uris.size()) {
        answer.paths.clear();
        answer.problem =
            "What was chosen is no file of this machine; nothing was done. Copy it "
            "into a folder here first.";
    }
    return answer;
}

} // namespace

FileAnswer ask_portal(const FileQuestion& question, std::stop_token stop) {
    const auto bus = SessionBus::open();
    if (!bus || !bus->has(kPortal)) return {};
    Talk talk;
    sd_bus_match_signal(bus->get(), nullptr, kPortal, nullptr, kRequest, "Response", on_response,
                        &talk);
    sd_bus_add_match(bus->get(), nullptr,
                     "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
                     "arg0='org.freedesktop.portal.Desktop'",
                     on_owner, &talk);
    static std::atomic<unsigned> count = 0;
    const std::string token = "maskwright" + std::to_string(count++);
    const std::string expected = request_path(bus->get(), token);
    sd_bus_message* made = nullptr;
    if (sd_bus_message_new_method_call(bus->get(), &made, kPortal, kPath, kChooser,
                                       question.saves ? "SaveFile" : "OpenFile") < 0)
        return {};
    const BusMessage message(made);
    char parent[32] = "";
    if (question.parent != 0) std::snprintf(parent, sizeof parent, "x11:%lx", question.parent);
    sd_bus_message_append(made, "ss", parent, sent(question.title).c_str());
    append_options(made, question, token);
    const auto start_us = std::chrono::microseconds(kStart).count();
    if (sd_bus_call_async(bus->get(), nullptr, made, on_reply, &talk,
                          static_cast<std::uint64_t>(start_us)) < 0)
        return {};
    const auto response = [&]() -> const Response* {
        auto found = talk.responses.find(expected);
        if (found == talk.responses.end() && !talk.handle.empty())
            found = talk.responses.find(talk.handle);
        return found == talk.responses.end() ? nullptr : &found->second;
    };
    const auto forever = std::chrono::steady_clock::now() + std::chrono::hours(24 * 365);
    (void)bus->run(
        [&] { return response() != nullptr || talk.refused || (talk.replied && talk.gone); }, stop,
        forever);
    if (const Response* r = response()) return answer_of(*r);
    if (stop.stop_requested()) {
        const std::string& path = talk.handle.empty() ? expected : talk.handle;
        sd_bus_message* close = nullptr;
        if (sd_bus_message_new_method_call(bus->get(), &close, kPortal, path.c_str(), kRequest,
                                           "Close") >= 0) {
            sd_bus_message_set_expect_reply(close, 0);
            sd_bus_send(bus->get(), close, nullptr);
        }
        sd_bus_message_unref(close);
        return {.asked = true, .paths = {}, .problem = {}};
    }
    if (talk.refused || !talk.replied) return {}; // no dialog of this kind here
    return {.asked = true, .paths = {}, .problem = kWentAway};
}

} // namespace mw::desktop
