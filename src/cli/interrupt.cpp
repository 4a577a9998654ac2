#include "cli/interrupt.h"

#include <chrono>
#include <system_error>

namespace mw::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

} // namespace

InterruptWatch::InterruptWatch() {
    for (const int signal : kSignals)
        std::signal(signal, [](int) { interrupted = 1; });
    try {
        watcher_ = std::jthread([this](std::stop_token stop) {
            while (!stop.stop_requested()) {
                if (interrupted) {
                    source_.request_stop();
                    return;
                }
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        });
    } catch (const std::system_error&) { // no thread to be had: signals end the program as usual
        for (const int signal : kSignals)
            std::signal(signal, SIG_DFL);
    }
}

InterruptWatch::~InterruptWatch() {
    for (const int signal : kSignals)
        std::signal(signal, SIG_DFL);
}

} // namespace mw::cli
