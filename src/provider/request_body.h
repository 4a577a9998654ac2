// What is sent in a request, in pieces that are not copied together.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace mw::provider {

class RequestBody {
  public:
    RequestBody() = default; // nothing is sent, not even a length (GET)
    static RequestBody json(std::string text);

    void add(std::string text);
    void add(std::shared_ptr<const Bytes> bytes); // shared, not copied

    std::string content_type; // empty: no body
    std::size_t size() const { return size_; }
    bool present() const { return !content_type.empty(); }
    // The bytes from `offset` to the end of its piece; empty at the end.
    std::span<const std::byte> from(std::size_t offset) const;
    std::string text() const; // all of it, for tests and small bodies

  private:
    struct Piece {
        std::string text;
        std::shared_ptr<const Bytes> bytes;
        std::size_t begin = 0;
        std::span<const std::byte> span() const;
    };
    std::vector<Piece> pieces_;
    std::size_t size_ = 0;
};

// multipart/form-data (RFC 7578).
class Multipart {
  public:
    // The boundary is random, so that no content holds it.
    Multipart();
    // Names and file names are ours and plain ASCII without quotes.
    void field(std::string_view name, std::string_view value);
    void file(std::string_view name, std::string_view file_name, std::string_view media_type,
              std::shared_ptr<const Bytes> bytes);
    RequestBody finish();

  private:
    std::string boundary_;
    RequestBody body_;
};

} // namespace mw::provider
