#include "provider/comfyui_progress.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "provider/payload_json.h"

namespace mw::provider {
namespace {

constexpr int kMostTries = 20; // a connection that is lost, or silent for long, is made again
constexpr time_t kSilence = 60;

} // namespace

ComfyuiProgress::ComfyuiProgress(const Url& base, const std::string& client_id) {
    if (base.tls()) return;
    const std::string host =
        base.host.find(':') == std::string::npos ? base.host : "[" + base.host + "]";
    thread_ = std::thread([this, address = fmt::format("ws://{}:{}{}?clientId={}", host, base.port,
                                                       join(base, "/ws").path, client_id)] {
        try {
            listen(address);
        } catch (const std::exception&) { // progress is worth no failure
        }
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

void ComfyuiProgress::listen(const std::string& address) {
    for (int tries = 0; tries < kMostTries; ++tries) {
        {
            httplib::ws::WebSocketClient line(address);
            line.set_connection_timeout(2);
            line.set_read_timeout(kSilence);
            line.set_websocket_ping_interval(0);
            line.set_socket_options([this](socket_t socket) {
                const std::lock_guard lock(mutex_);
                socket_ = socket;
                if (ending_) ::shutdown(socket, SHUT_RDWR);
            });
            bool over = !line.is_valid();
            if (!over && line.connect()) {
                std::string message;
                for (auto kind = line.read(message); kind != httplib::ws::Fail;
                     kind = line.read(message)) {
                    over = kind == httplib::ws::Text && !take(message);
                    if (over) break;
                }
            } else {
                over = true; // nobody there, or no websocket
            }
            const std::lock_guard lock(mutex_);
            // Not waited for to say goodbye.
            if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
            socket_ = -1;
            if (over || ending_) return;
        }
    }
}

bool ComfyuiProgress::take(const std::string& message) {
    const auto json = parse_json(message);
    if (!json || !json->is_object()) return true;
    const std::string type = text_at(*json, "type");
    const auto* data = member(*json, "data");
    if (!data || !data->is_object()) return true;
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
