// A key, kept so that it is hard to lose by accident.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mw::provider {

// No stream operator, no conversion, no comparison that shows it. Copies share one locked buffer
// that is overwritten when the last of them goes. While any is held the process cannot be dumped
// (PR_SET_DUMPABLE 0) and the page is asked not to be swapped.
class Secret {
  public:
    Secret() = default;
    // Takes the text over: the string given is overwritten.
    explicit Secret(std::string&& text);

    bool empty() const { return !box_ || box_->size == 0; }
    std::size_t size() const { return box_ ? box_->size : 0; }
    // Valid as long as a copy of this secret is. For the wire and for storing alone.
    std::string_view reveal() const { return box_ ? std::string_view(box_->text, box_->size) : ""; }
    // Whether it may go into an HTTP header: 1 to 4096 visible ASCII characters, nothing else.
    bool fits_header() const;

  private:
    struct Box {
        explicit Box(std::string&& text);
        ~Box();
        Box(const Box&) = delete;
        Box& operator=(const Box&) = delete;
        char* text = nullptr;
        std::size_t size = 0;
    };
    std::shared_ptr<const Box> box_;
};

// Overwrites in a way the optimiser keeps.
void wipe(void* memory, std::size_t bytes);

// Text from outside with every occurrence of the secret, and of any run of 12 or more of its
// characters, replaced by "[key]": services echo keys in their errors.
std::string redact(std::string_view text, const Secret& secret);

} // namespace mw::provider
