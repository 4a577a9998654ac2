#include "server/serve.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <thread>

#include "server/access.h"
#include "server/service.h"

namespace mw::server {
namespace {

constexpr int kKeepAliveSeconds = 5;

Result<std::string> new_token() {
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        return fail(ErrorCode::io, "The system gave no random bytes for the token; try again.");
    std::string token;
    for (const unsigned char byte : bytes)
        token += fmt::format("{:02x}", byte);
    return token;
}

// Two descriptors for each connection at most; the usual limit of 1024 is too low for that.
void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    const rlim_t wanted = 4096;
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

Incoming incoming_of(const httplib::Request& request, std::stop_token stop) {
    Incoming in;
    in.method = request.method;
    in.path = request.path;
    for (const auto& [name, value] : request.params)
        in.query.emplace(name, value);
    in.is_form = request.is_multipart_form_data();
    if (in.is_form) {
        // httplib sorts by name; the order among equal names, which counts, stays.
        for (const auto& [name, field] : request.form.fields)
            in.form.push_back({name, "", false, field.content});
        for (const auto& [name, file] : request.form.files)
            in.form.push_back({name, file.filename, true, file.content});
    } else {
        in.body = request.body;
    }
    in.gone = request.is_connection_closed;
    in.stop = std::move(stop);
    return in;
}

void write_reply(Reply reply, const Incoming& in, httplib::Response& to) {
    to.status = reply.status;
    for (const auto& [name, value] : reply.headers)
        to.set_header(name, value);
    const auto through = [faults = reply.faults, gone = in.gone, stop = in.stop](
                             httplib::DataSink& sink, std::size_t size) {
        return faulty_sink(
            [&sink](std::string_view piece) { return sink.write(piece.data(), piece.size()); },
            faults, size, gone, stop);
    };
    if (reply.stream) {
        to.set_chunked_content_provider(reply.type, [through, stream = std::move(reply.stream)](
                                                        std::size_t, httplib::DataSink& sink) {
            const Sink inner = through(sink, 0);
            bool whole = true;
            stream([&](std::string_view piece) { return whole = whole && inner(piece); });
            if (whole) sink.done();
            return whole; // false: the connection ends without the last chunk
        });
        return;
    }
    auto body = std::make_shared<const std::string>(std::move(reply.body));
    to.set_content_provider(
        body->size(), reply.type,
        [through, body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
            return through(sink, body->size())(std::string_view(*body).substr(offset, length));
        });
}

class HttpServer final : public Server {
  public:
    HttpServer(FaultPlan faults, const ServeOptions& options, std::string token)
        : service_(std::move(faults),
                   std::max(1, static_cast<int>(std::thread::hardware_concurrency()))) {
        door_.host = options.host;
        door_.token = std::move(token);
        http_.new_task_queue = [] {
            return new httplib::ThreadPool(8, kMaxConnections, kMaxConnections);
        };
        http_.set_payload_max_length(options.max_body_bytes);
        http_.set_keep_alive_timeout(kKeepAliveSeconds);
        http_.set_read_timeout(10, 0);
        http_.set_write_timeout(30, 0);
        http_.set_tcp_nodelay(true);
        // Not SO_REUSEPORT, the library's default: another server could share the port.
        http_.set_socket_options([this](socket_t socket) {
            listens_on_ = socket;
            httplib::set_socket_opt(socket, SOL_SOCKET, SO_REUSEADDR, 1);
        });
        http_.set_pre_routing_handler(
            [this](const httplib::Request& request, httplib::Response& reply) {
                Caller caller;
                caller.host = request.get_header_value("Host");
                caller.hosts = static_cast<int>(request.get_header_value_count("Host"));
                caller.origin = request.get_header_value("Origin");
                caller.authorization = request.get_header_value("Authorization");
                const auto refused = refusal(caller, door_);
                if (!refused) return httplib::Server::HandlerResponse::Unhandled;
                reply.status = refused->status;
                reply.set_header("Connection", "close");
                reply.set_content(json_of(*refused), "application/json");
                return httplib::Server::HandlerResponse::Handled;
            });
        // What httplib refuses by itself gets a body too.
        http_.set_error_handler([](const httplib::Request&, httplib::Response& reply) {
            if (!reply.body.empty() || reply.content_provider_) return;
            ApiError error;
            error.status = reply.status;
            error.message = reply.status == 413 ? "The request body is too large."
                                                : "The request could not be read.";
            reply.set_content(json_of(error), "application/json");
        });
        const auto handle = [this](const httplib::Request& request, httplib::Response& reply) {
            const Incoming in = incoming_of(request, source_.get_token());
            write_reply(service_.answer(in), in, reply);
            // The library would take the next request on the line for the body of one without a
            // length (a DELETE).
            if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding") &&
                request.method != "GET")
                reply.set_header("Connection", "close");
        };
        http_.Get(".*", handle);
        http_.Post(".*", handle);
        http_.Delete(".*", handle);
    }

    ~HttpServer() override {
        source_.request_stop();
        http_.stop();
        if (listener_.joinable()) listener_.join();
    }

    Status listen(const ServeOptions& options) {
        const bool bound = options.port == 0
                               ? (door_.port = http_.bind_to_any_port(options.host)) > 0
                               : http_.bind_to_port(options.host, door_.port = options.port);
        if (!bound)
            return fail(ErrorCode::io,
                        fmt::format("Cannot listen on {} port {}; it may be in use. Take another "
                                    "--port, or leave it out.",
                                    options.host.substr(0, 100), options.port));
        // The library lets five wait; the sixth of a burst would be asked to try again in a second.
        ::listen(listens_on_, kMaxConnections);
        listener_ = std::thread([this] { http_.listen_after_bind(); });
        http_.wait_until_ready();
        return {};
    }

    int port() const override { return door_.port; }
    std::string url() const override {
        const bool six = door_.host.find(':') != std::string::npos; // an IPv6 address
        return fmt::format("http://{}{}{}:{}/v1", six ? "[" : "", door_.host, six ? "]" : "",
                           door_.port);
    }
    std::string token() const override { return door_.token; }

  private:
    std::stop_source source_;
    Door door_;
    Service service_; // outlives the threads of http_
    socket_t listens_on_ = INVALID_SOCKET;
    httplib::Server http_;
    std::thread listener_;
};

} // namespace

Result<std::unique_ptr<Server>> Server::start(const ServeOptions& options) {
    auto faults = FaultPlan::parse(options.faults, options.seed);
    if (!faults) return tl::unexpected(faults.error());
    auto token = new_token();
    if (!token) return tl::unexpected(token.error());
    allow_many_descriptors();
    auto server = std::make_unique<HttpServer>(std::move(*faults), options, std::move(*token));
    if (const Status listening = server->listen(options); !listening)
        return tl::unexpected(listening.error());
    return server;
}

} // namespace mw::server
