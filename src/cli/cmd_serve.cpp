#include <fmt/format.h>
#include <unistd.h>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "server/access.h"
#include "server/serve.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {"--host", "", 1, "HOST", "where to listen (default 127.0.0.1: this machine alone)"},
    {"--port", "", 1, "N", "0 .. 65535 (default 0: any that is free)"},
    {"--fault", "", 1, "SPEC", "misbehave on purpose: \"500; none\", \"1:429=2; 2:cut=4000\", ..."},
    {"--seed", "", 1, "N", "of the faults' chance (default 1)"},
    {"--max-body", "", 1, "MB", "the largest request, 1 .. 1024 (default 256)"},
    kJsonOption,
};

CommandResult run_serve(const ParsedArgs& args) {
    server::ServeOptions options;
    options.host = args.value("--host").value_or(options.host);
    if (const auto text = args.value("--port")) {
        auto port = parse_integer("--port", *text, 0, 65535);
        if (!port) return usage_failure(port);
        options.port = *port;
    }
    if (const auto text = args.value("--seed")) {
        auto seed = parse_integer("--seed", *text, 0, 2147483647);
        if (!seed) return usage_failure(seed);
        options.seed = static_cast<std::uint64_t>(*seed);
    }
    if (const auto text = args.value("--max-body")) {
        auto megabytes = parse_integer("--max-body", *text, 1, 1024);
        if (!megabytes) return usage_failure(megabytes);
        options.max_body_bytes = static_cast<std::uint64_t>(*megabytes) << 20;
    }
    options.faults = args.value("--fault").value_or("");
    const InterruptWatch watch;
    auto server = server::Server::start(options);
    if (!server) {
        if (server.error().code == ErrorCode::invalid_argument) return usage_failure(server);
        return failure(server);
    }
    if (!server::is_loopback(options.host))
        print_note(
            fmt::format("{} is not this machine alone: whoever reaches it and has the token "
                        "can use the engine, and nothing is encrypted.",
                        options.host.substr(0, 100)));
    Json json{{"url", (*server)->url()}, {"token", (*server)->token()}, {"pid", ::getpid()}};
    if (!options.faults.empty()) json["fault"] = options.faults, json["seed"] = options.seed;
    if (args.has("--json")) {
        print_out(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    } else {
        print_out(
            fmt::format("The built-in engine answers at {}\n"
                        "  OPENAI_BASE_URL={}\n  OPENAI_API_KEY={}\n",
                        (*server)->url(), (*server)->url(), (*server)->token()));
        if (!options.faults.empty())
            print_out(
                fmt::format("Faults on purpose: {} (seed {})\n", options.faults, options.seed));
        print_out("Nothing is sent anywhere, nothing costs anything. Ctrl+C ends it.\n");
    }
    std::fflush(stdout);
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any ended;
    ended.wait(lock, watch.token(), [] { return false; });
    return {};
}

} // namespace

const Verb kServeVerb{
    {"serve", "", 0, 0, "the built-in engine as an image service on this machine", kOptions},
    run_serve};

} // namespace mw::cli
