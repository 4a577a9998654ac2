#include "provider/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <algorithm>
#include <mutex>
#include <utility>

namespace mw::provider {
namespace {

// How many secrets are held, and whether the process could be dumped before the first.
std::mutex held_mutex;
int held = 0;
int dumpable_before = 1;

void hold() {
    const std::lock_guard lock(held_mutex);
    if (held++ > 0) return;
    dumpable_before = ::prctl(PR_GET_DUMPABLE);
    ::prctl(PR_SET_DUMPABLE, 0);
}

void let_go() {
    const std::lock_guard lock(held_mutex);
    if (--held > 0) return;
    if (dumpable_before == 1) ::prctl(PR_SET_DUMPABLE, 1);
}

} // namespace

void wipe(void* memory, std::size_t bytes) {
    if (bytes > 0) ::explicit_bzero(memory, bytes);
}

Secret::Box::Box(std::string&& from) : size(from.size()) {
    hold();
    text = new char[size + 1];
    ::mlock(text, size + 1); // best effort: the limit may be low
    std::copy(from.begin(), from.end(), text);
    text[size] = 0;
    wipe(from.data(), from.size());
    from.clear();
}

Secret::Box::~Box() {
    wipe(text, size + 1);
    ::munlock(text, size + 1);
    delete[] text;
    let_go();
}

Secret::Secret(std::string&& text)
    : box_(text.empty() ? nullptr : std::make_shared<const Box>(std::move(text))) {}

bool Secret::fits_header() const {
    const std::string_view text = reveal();
    return !text.empty() && text.size() <= 4096 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 32 && c < 127; });
}

std::string redact(std::string_view text, const Secret& secret) {
    const std::string_view key = secret.reveal();
    std::string out;
    if (key.empty()) return std::string(text);
    const std::size_t least = std::min<std::size_t>(key.size(), 12);
    for (std::size_t i = 0; i < text.size();) {
        std::size_t best = 0;
        for (std::size_t k = 0; k + least <= key.size(); ++k) {
            std::size_t n = 0;
            while (k + n < key.size() && i + n < text.size() && key[k + n] == text[i + n])
                ++n;
            best = std::max(best, n);
        }
        if (best >= least) {
            out += "[key]";
            i += best;
        } else {
            out += text[i++];
        }
    }
    return out;
}

} // namespace mw::provider
