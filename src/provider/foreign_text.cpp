#include "provider/foreign_text.h"

namespace mw::provider {
namespace {

// The character at `i` as a code point and its length; length 1 and '?' for what is no UTF-8.
struct Character {
    unsigned code = '?';
    std::size_t bytes = 1;
};
Character character_at(std::string_view text, std::size_t i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) return {lead, 1};
    const std::size_t n = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (n == 0 || lead > 0xf4 || i + n > text.size()) return {};
    unsigned code = lead & (0xffu >> (n + 1));
    for (std::size_t k = 1; k < n; ++k) {
        const auto byte = static_cast<unsigned char>(text[i + k]);
        if ((byte & 0xc0) != 0x80) return {};
        code = (code << 6) | (byte & 0x3fu);
    }
    const unsigned least = n == 2 ? 0x80 : n == 3 ? 0x800 : 0x10000;
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {};
    return {code, n};
}

bool unprintable(unsigned code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
           (code >= 0xfff9 && code < 0xfffc) || (code >= 0xe0000 && code < 0xe0080);
}

} // namespace

std::string foreign_text(std::string_view text, const Secret& key, std::size_t most) {
    // A message is cut before the costlier work, well past what is shown.
    const std::string safe = redact(text.substr(0, most * 8 + 4096), key);
    std::string out;
    std::size_t shown = 0;
    for (std::size_t i = 0; i < safe.size();) {
        const Character c = character_at(safe, i);
        if (unprintable(c.code) || c.code == ' ') {
            if (!out.empty() && out.back() != ' ') out += ' ';
        } else if (shown >= most) {
            out += "…";
            break;
        } else if (c.code == '?') {
            out += '?';
        } else {
            out += safe.substr(i, c.bytes);
        }
        ++shown;
        i += c.bytes;
    }
    while (!out.empty() && (out.back() == ' ' || out.back() == '.'))
        out.pop_back();
    return out;
}

} // namespace mw::provider
