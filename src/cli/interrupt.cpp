#include "cli/interrupt.h"

#include <chrono>

namespace mw::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

} // namespace

InterruptWatch::InterruptWatch() {
    for (const int signal : kSignals)
        std::signal(signal, [](int) { interrupted = 1; });
    watcher_ = std::jthread([this](std::stop_token stop) {
        while (!stop.stop_requested()) {
            if (interrupted) {
                source_.request_stop();
                return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
}

InterruptWatch::~InterruptWatch() {
    for (const int signal : kSignals)
        std::signal(signal, SIG_DFL);
}

} // namespace mw::cli
