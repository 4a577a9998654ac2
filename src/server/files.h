// Files that clients upload to name them by id later (POST /v1/files).
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "server/reply.h"

namespace mw::server {

// In memory, the newest kept: at most kMaxBytes together. Thread-safe.
class Files {
  public:
    static constexpr std::size_t kMaxBytes = 256u << 20;

    Reply add(const Incoming& incoming); // form with "file" and "purpose"
    Reply list() const;
    Reply describe(const std::string& id) const;
    Reply remove(const std::string& id);
    std::optional<Bytes> bytes(const std::string& id) const;

  private:
    struct File {
        std::string id, name, purpose;
        std::int64_t created = 0;
        Bytes bytes;
    };
    const File* find(const std::string& id) const; // under the mutex

    mutable std::mutex mutex_;
    std::deque<File> files_;
};

// "file-" and 24 random characters; also for other ids.
std::string make_id(std::string_view prefix);
std::int64_t seconds_since_1970();
ApiError no_such(std::string_view what, const std::string& id); // 404

} // namespace mw::server
