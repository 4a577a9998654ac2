// Calls answered by the built-in engine.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "server/fault.h"
#include "server/image_call.h"

namespace mw::server {

struct Usage {
    int text_tokens = 0, image_tokens = 0, output_tokens = 0;
    int total() const { return text_tokens + image_tokens + output_tokens; }
};

struct Made {
    std::vector<Bytes> pictures; // files in the call's format, n of them
    Size size;
    std::string format;     // "png"
    std::string media_type; // "image/png"
    // What was done, in words that people can check: the engine knows a few things only, and a
    // rehearsal must answer any prompt.
    std::string revised_prompt;
    Usage usage;
};

// At most so many pictures are worked on at once; the others wait in line.
class Gate {
  public:
    explicit Gate(int places) : free_(places) {}
    // False when stop was requested first.
    bool enter(std::stop_token stop);
    void leave();

  private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    int free_;
};

// One call. Partial pictures come in order as files of the same format; at most
// call.partial_images. Faults that concern the picture (wrong size, drift, dropped mask, svg) are
// applied. Thread-safe. Errors: 400 for files that are no pictures and masks that do not fit, as
// the service says them; 499 when stopped; 500 when the engine fails.
using OnPartial = std::function<void(int index, const Bytes& file)>;
// Called often with how far it is (0 .. 1).
using OnProgress = std::function<void(double)>;
ApiResult<Made> make_pictures(const ImageCall& call, const std::vector<Fault>& faults,
                              const OnProgress& on_progress, const OnPartial& on_partial,
                              std::stop_token stop);

} // namespace mw::server
