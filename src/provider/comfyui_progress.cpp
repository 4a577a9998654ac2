#include "provider/comfyui_progress.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "provider/payload_json.h"

namespace mw::provider {
namespace {

constexpr time_t kSilence = 900; // seconds; a model that is loaded says nothing for long

} // namespace

ComfyuiProgress::ComfyuiProgress(const Url& base) {
    if (base.tls()) {
        over_ = true;
        return;
    }
    const std::string host =
        base.host.find(':') == std::string::npos ? base.host : "[" + base.host + "]";
    // The library drops a query, so that the program names the line itself.
    const std::string address =
        fmt::format("ws://{}:{}{}", host, base.port, join(base, "/ws").path);
    thread_ = std::thread([this, address] {
        try {
            listen(address);
        } catch (const std::exception&) { // progress is worth no failure
        }
        const std::lock_guard lock(mutex_);
        over_ = true;
        socket_ = -1;
        changed_.notify_all();
    });
}

ComfyuiProgress::~ComfyuiProgress() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    }
    if (thread_.joinable()) thread_.join();
}

std::optional<double> ComfyuiProgress::fraction() const {
    const double now = fraction_;
    return now < 0 ? std::nullopt : std::optional(now);
}

std::string ComfyuiProgress::client_id(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, most, [&] { return over_ || !client_id_.empty(); });
    return client_id_;
}

void ComfyuiProgress::listen(const std::string& address) {
    httplib::ws::WebSocketClient line(address);
    line.set_connection_timeout(2);
    line.set_read_timeout(kSilence);
    line.set_websocket_ping_interval(0);
    line.set_socket_options([this](socket_t socket) {
        const std::lock_guard lock(mutex_);
        socket_ = socket;
        if (ending_) ::shutdown(socket, SHUT_RDWR);
    });
    if (!line.is_valid() || !line.connect()) return;
    std::string message;
    for (auto kind = line.read(message); kind != httplib::ws::Fail; kind = line.read(message))
        if (kind == httplib::ws::Text && !take(message)) break;
    const std::lock_guard lock(mutex_);
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR); // nobody waits for a goodbye
    socket_ = -1;
}

bool ComfyuiProgress::take(const std::string& message) {
    const auto json = parse_json(message);
    if (!json || !json->is_object()) return true;
    const std::string type = text_at(*json, "type");
    const auto* data = member(*json, "data");
    if (!data || !data->is_object()) return true;
    if (const std::string sid = text_at(*data, "sid");
        type == "status" && !sid.empty() && sid.size() <= 100) {
        const std::lock_guard lock(mutex_);
        if (client_id_.empty()) client_id_ = sid;
        changed_.notify_all();
    }
    if (type == "progress") {
        const auto* value = member(*data, "value");
        const auto* most = member(*data, "max");
        if (value && most && value->is_number() && most->is_number() && most->get<double>() > 0)
            fraction_ = std::clamp(value->get<double>() / most->get<double>(), 0.0, 1.0);
    }
    if (type == "executing" && member(*data, "node") && member(*data, "node")->is_null())
        return false;
    return type != "execution_error" && type != "execution_interrupted" &&
           type != "execution_success";
}

} // namespace mw::provider
