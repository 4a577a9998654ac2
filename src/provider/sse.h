// Server-sent events, by the rules of the WHATWG HTML standard, "Parsing an event stream".
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mw::provider {

// Incremental: any split of the same bytes gives the same calls. Data is handed on as it arrives,
// so a line of tens of megabytes is never held here. One byte-order mark is dropped; lines end with
// LF, CR or CRLF; an event that no blank line ends is never told.
class SseParser {
  public:
    struct Handler {
        // A piece of the data of the event that is being read; "\n" between two of its lines.
        std::function<Status(std::string_view piece)> on_data;
        // The event is whole: its type ("message" where none was given). All its data was told.
        std::function<Status(std::string_view type)> on_event;
        std::function<void()> on_comment; // may be empty
    };

    // A line longer than this, and an event type longer than 1 KiB, is an error.
    SseParser(Handler handler, std::size_t max_line_bytes)
        : handler_(std::move(handler)), max_line_(max_line_bytes) {}

    // Errors: too_large; what a handler returned. After an error nothing more may be fed.
    Status feed(std::string_view bytes);
    // An event was begun that no blank line ended.
    bool unfinished() const { return lines_ > 0 || line_bytes_ > 0; }

  private:
    enum class Part { start, name, first_of_value, data, kept, skipped };

    Status end_of_line();
    Status name_char(char c);
    void begin_value();
    Status value(std::string_view piece);

    Handler handler_;
    std::size_t max_line_;
    std::size_t line_bytes_ = 0;
    Part part_ = Part::start;
    std::string name_; // of the field, at most 6 characters of it
    std::string kept_; // value of "event"
    std::string type_;
    bool is_data_ = false, is_event_ = false;
    int lines_ = 0; // of data in this event
    int bom_ = 0;   // bytes of the byte-order mark seen; -1: over
    bool after_cr_ = false;
};

} // namespace mw::provider
