// Decoding in a child process: the two ends.
#pragma once

#include "codec/codec.h"

namespace mw::codec {

// How the child is started: argv[1], and the files it finds open.
inline constexpr std::string_view kChildMarker = "--maskwright-decoder-process";
inline constexpr int kInputFd = 3, kPixelsFd = 4, kReplyFd = 5;

// What the child cost, for tests and benchmarks.
struct ChildUsage {
    double cpu_seconds = 0;
    double wall_seconds = 0;
    std::int64_t peak_kib = 0; // resident; its own word, 0 when it was stopped
    bool started = false;
};

// As decode().
Result<Picture> decode_in_child(std::span<const std::byte> bytes, std::string_view label,
                                const DecodeLimits& limits, std::stop_token stop,
                                ChildUsage* usage = nullptr, const DecodeWatch& watch = {});
// The child maps the file itself: no copy of its bytes is made.
Result<Picture> decode_in_child(const InputFile& file, const std::filesystem::path& path,
                                const DecodeLimits& limits, std::stop_token stop,
                                ChildUsage* usage = nullptr, const DecodeWatch& watch = {});

} // namespace mw::codec
