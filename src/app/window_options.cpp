#include "app/window_options.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cli/cli.h"
#include "session/preferences.h"

namespace mw::app {
namespace {

std::optional<double> number(const char* words) {
    if (words == nullptr) return std::nullopt;
    char* end = nullptr;
    const double value = std::strtod(words, &end);
    if (end == words || *end != 0 || !(value > 0)) return std::nullopt;
    return value;
}

} // namespace

std::optional<WindowOptions> window_options(int argc, char** argv) {
    WindowOptions options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--scale" && i + 1 < argc) {
            options.scale = number(argv[++i]);
            if (!options.scale) return std::nullopt;
        } else if (word == "--size" && i + 1 < argc) {
            Size size;
            if (std::sscanf(argv[++i], "%dx%d", &size.width, &size.height) != 2 || size.empty())
                return std::nullopt;
            options.size = size;
        } else if (options.file || word.starts_with('-')) {
            return std::nullopt;
        } else {
            if (cli::is_verb(word)) return std::nullopt; // a file of that name is ./edit
            options.file = argv[i];
        }
    }
    return options;
}

double chosen_scale(const WindowOptions& options, double preferred, double of_monitor) {
    const auto from_environment = number(std::getenv("MASKWRIGHT_SCALE"));
    const double by_itself = preferred > 0 ? preferred : of_monitor;
    return std::clamp(options.scale.value_or(from_environment.value_or(by_itself)),
                      session::kLeastScale, session::kMostScale);
}

} // namespace mw::app
