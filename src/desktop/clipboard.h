// Pictures to and from the clipboard: the X11 selection CLIPBOARD, on a thread and a connection of
// its own, so that neither a large picture nor a program that does not answer holds up the window.
// ICCCM 2.0, section 2, with INCR both ways and the freedesktop.org ClipboardManager specification.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace mw::desktop {

// What was on the clipboard: a picture's bytes as their owner gave them, not looked at, or files.
struct ClipboardContent {
    std::string type; // "image/png"
    Bytes bytes;      // empty: files
    std::vector<std::filesystem::path> files;
};
struct Pasted {
    Result<ClipboardContent> content;
};
struct Copied {
    Result<std::string> said; // ToCopy::said, now that the clipboard is ours
};
using ClipboardNews = std::variant<Pasted, Copied>;

struct ToCopy {
    Bytes png;
    std::string said; // about it, for whoever is told that it was copied
};

class Clipboard {
  public:
    struct Params {
        std::function<void()> wake;               // from another thread: take() has something
        std::size_t most_bytes = 1ull << 30;      // of what is pasted
        std::chrono::milliseconds patience{5000}; // without a sign of life from another program
    };
    // Null: this is no X11 display.
    static std::unique_ptr<Clipboard> open(Params params);
    // What was copied goes to the desktop's clipboard manager, where one runs; waits for as long as
    // it goes on taking, but no longer than `patience` without a sign of life and 30 s in all.
    ~Clipboard();
    Clipboard(const Clipboard&) = delete;
    Clipboard& operator=(const Clipboard&) = delete;

    // Asks for what is there; ends as Pasted. A second one takes the place of one that waits.
    // Errors: not_found (nothing is there, or no picture), too_large, io (no answer).
    void paste();
    // `encode` makes the file, on another thread; ends as Copied. A newer one stops it.
    using Encode = std::function<Result<ToCopy>(std::stop_token)>;
    void copy(Encode encode);
    std::vector<ClipboardNews> take();

  private:
    class Thread;
    explicit Clipboard(std::unique_ptr<Thread> thread);
    std::unique_ptr<Thread> thread_;
};

} // namespace mw::desktop
