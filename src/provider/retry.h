// When a request that cost nothing may be sent again by itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "provider/http.h"

namespace mw::provider {

inline constexpr int kMaxRetries = 3; // 4 tries in all

// Retry-After-Ms, or Retry-After in seconds or as a date (RFC 9110, 10.2.3); at most 60 s. Empty:
// not told, negative, in the past or no time at all. `now` in seconds since 1970.
std::optional<std::chrono::milliseconds> retry_after(const HttpHead& head, std::int64_t now);

// How long to wait before try `next` (1 is the first again): what the service said, else
// min(0.5 * 2^(next-1), 8) s times `jitter` (0.75 .. 1). Empty: not by itself. Only where no byte
// that could be worked on left (not after certificates were refused, a wrong address or a stop), or
// the service said 429 or 503.
std::optional<std::chrono::milliseconds> retry_wait(const HttpOutcome& outcome, int next,
                                                    std::int64_t now, double jitter);
double random_jitter();

// False: stopped.
bool sleep_for(std::chrono::milliseconds time, std::stop_token stop);

} // namespace mw::provider
