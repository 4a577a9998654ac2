#include "provider/request_body.h"

#include <fmt/format.h>

#include <cassert>
#include <random>

namespace mw::provider {

std::span<const std::byte> RequestBody::Piece::span() const {
    return bytes ? std::span<const std::byte>(*bytes) : std::as_bytes(std::span(text));
}

RequestBody RequestBody::json(std::string text) {
    RequestBody body;
    body.content_type = "application/json";
    body.add(std::move(text));
    return body;
}

void RequestBody::add(std::string text) {
    const std::size_t n = text.size();
    if (n > 0) pieces_.push_back({std::move(text), nullptr, size_});
    size_ += n;
}

void RequestBody::add(std::shared_ptr<const Bytes> bytes) {
    const std::size_t n = bytes->size();
    if (n > 0) pieces_.push_back({{}, std::move(bytes), size_});
    size_ += n;
}

std::span<const std::byte> RequestBody::from(std::size_t offset) const {
    for (auto piece = pieces_.rbegin(); piece != pieces_.rend(); ++piece)
        if (offset >= piece->begin && offset < piece->begin + piece->span().size())
            return piece->span().subspan(offset - piece->begin);
    return {};
}

std::string RequestBody::text() const {
    std::string out;
    for (const Piece& piece : pieces_)
        out.append(reinterpret_cast<const char*>(piece.span().data()), piece.span().size());
    return out;
}

Multipart::Multipart() {
    std::random_device device;
    boundary_ =
        fmt::format("maskwright-{:08x}{:08x}{:08x}{:08x}", device(), device(), device(), device());
    body_.content_type = "multipart/form-data; boundary=" + boundary_;
}

void Multipart::field(std::string_view name, std::string_view value) {
    assert(name.find_first_of("\"\r\n") == std::string_view::npos);
    body_.add(fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                          boundary_, name, value));
}

void Multipart::file(std::string_view name, std::string_view file_name, std::string_view media_type,
                     std::shared_ptr<const Bytes> bytes) {
    assert(file_name.find_first_of("\"\r\n") == std::string_view::npos);
    body_.add(
        fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n"
                    "Content-Type: {}\r\n\r\n",
                    boundary_, name, file_name, media_type));
    body_.add(std::move(bytes));
    body_.add(std::string("\r\n"));
}

RequestBody Multipart::finish() {
    body_.add(fmt::format("--{}--\r\n", boundary_));
    return std::move(body_);
}

} // namespace mw::provider
