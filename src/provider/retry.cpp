#include "provider/retry.h"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <random>
#include <string>

namespace mw::provider {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kMost{60'000};

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) return 1e300;
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) return {};
    return value;
}

std::optional<milliseconds> capped(double ms) {
    if (!(ms >= 0)) return {};
    return milliseconds(static_cast<std::int64_t>(std::min(ms, double(kMost.count()))));
}

} // namespace

std::optional<milliseconds> retry_after(const HttpHead& head, std::int64_t now) {
    if (const auto ms = number(head.get("Retry-After-Ms"))) return capped(*ms);
    const std::string_view text = head.get("Retry-After");
    if (text.empty()) return {};
    if (const auto seconds = number(text)) return capped(*seconds * 1000);
    tm date{};
    const std::string copy(text.substr(0, 64));
    const char* end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
    if (!end || *end != 0) return {};
    return capped(double(::timegm(&date) - now) * 1000);
}

std::optional<milliseconds> retry_wait(const HttpOutcome& outcome, int next, std::int64_t now,
                                       double jitter) {
    if (next > kMaxRetries) return {};
    const int status = outcome.head.status;
    const bool told = outcome.reach >= Reach::status && (status == 429 || status == 503) &&
                      outcome.problem != HttpProblem::cancelled;
    const bool unsent =
        outcome.reach <= Reach::head &&
        (outcome.problem == HttpProblem::resolve || outcome.problem == HttpProblem::timeout ||
         outcome.problem == HttpProblem::cut ||
         (outcome.problem == HttpProblem::tls && outcome.code == ErrorCode::io));
    if (!told && !unsent) return {};
    if (told)
        if (const auto wait = retry_after(outcome.head, now)) return wait;
    const double seconds = std::min(0.5 * double(1 << (next - 1)), 8.0) * jitter;
    return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

double random_jitter() {
    static thread_local std::mt19937 random{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.75, 1.0)(random);
}

bool sleep_for(milliseconds time, std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

} // namespace mw::provider
