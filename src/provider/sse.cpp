#include "provider/sse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace mw::provider {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::size_t kMaxType = 1024;

// The first CR or LF.
std::size_t find_end(std::string_view text) {
    const void* lf = std::memchr(text.data(), '\n', text.size());
    const std::size_t end =
        lf ? static_cast<std::size_t>(static_cast<const char*>(lf) - text.data()) : text.size();
    const void* cr = std::memchr(text.data(), '\r', end);
    return cr ? static_cast<std::size_t>(static_cast<const char*>(cr) - text.data()) : end;
}

} // namespace

Status SseParser::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        if (bom_ >= 0) {
            const auto seen = static_cast<std::size_t>(bom_);
            if (bytes[0] == kMark[seen]) {
                bytes.remove_prefix(1);
                bom_ = seen + 1 == kMark.size() ? -1 : bom_ + 1;
                continue;
            }
            bom_ = -1;
            // Not a mark after all: what looked like one is the beginning of a name.
            for (std::size_t i = 0; i < seen; ++i)
                if (Status ok = name_char(kMark[i]); !ok) return ok;
        }
        if (after_cr_) {
            after_cr_ = false;
            if (bytes[0] == '\n') {
                bytes.remove_prefix(1);
                continue;
            }
        }
        const char c = bytes[0];
        if (c == '\n' || c == '\r') {
            after_cr_ = c == '\r';
            bytes.remove_prefix(1);
            if (Status ok = end_of_line(); !ok) return ok;
            continue;
        }
        if (part_ == Part::start || part_ == Part::name) {
            bytes.remove_prefix(1);
            if (Status ok = name_char(c); !ok) return ok;
            continue;
        }
        if (part_ == Part::first_of_value) {
            part_ = is_data_ ? Part::data : is_event_ ? Part::kept : Part::skipped;
            if (c == ' ') {
                bytes.remove_prefix(1);
                ++line_bytes_;
                continue;
            }
        }
        const std::size_t n = find_end(bytes);
        if (Status ok = value(bytes.substr(0, n)); !ok) return ok;
        bytes.remove_prefix(n);
    }
    return {};
}

Status SseParser::name_char(char c) {
    part_ = Part::name;
    if (++line_bytes_ > max_line_) return value({});
    if (c == ':') {
        begin_value();
    } else if (name_.size() < 6) {
        name_ += c;
    }
    return {};
}

void SseParser::begin_value() {
    is_data_ = name_ == "data";
    is_event_ = name_ == "event";
    kept_.clear();
    part_ = Part::first_of_value;
}

Status SseParser::value(std::string_view piece) {
    line_bytes_ += piece.size();
    if (line_bytes_ > max_line_)
        return fail(ErrorCode::too_large,
                    fmt::format("A line of the event stream has more than {} bytes; reading "
                                "stopped.",
                                max_line_));
    if (part_ == Part::data) {
        if (lines_ > 0 && line_bytes_ > 0 && name_ == "data") {
            name_.clear(); // told once a line
            if (Status ok = handler_.on_data("\n"); !ok) return ok;
        }
        return piece.empty() ? Status{} : handler_.on_data(piece);
    }
    if (part_ == Part::kept) {
        if (kept_.size() + piece.size() > kMaxType)
            return fail(ErrorCode::too_large,
                        "An event of the stream has a type longer than 1024 bytes; reading "
                        "stopped.");
        kept_ += piece;
    }
    return {};
}

Status SseParser::end_of_line() {
    Status ok;
    if (line_bytes_ == 0) {
        if (lines_ > 0) ok = handler_.on_event(type_.empty() ? "message" : type_);
        type_.clear();
        lines_ = 0;
    } else {
        if (part_ == Part::name) begin_value(); // no colon: the whole line is the name
        if (is_data_) {
            part_ = Part::data;
            ok = value({});
            ++lines_;
        } else if (is_event_) {
            type_ = kept_;
        } else if (name_.empty() && handler_.on_comment) {
            handler_.on_comment();
        }
    }
    line_bytes_ = 0;
    part_ = Part::start;
    name_.clear();
    is_data_ = is_event_ = false;
    return ok;
}

} // namespace mw::provider
