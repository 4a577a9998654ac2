#include "codec/psd_bytes.h"

#include <algorithm>

namespace mw::codec {

void pack_bits(ByteSpan row, Bytes& out) {
    std::size_t at = 0;
    const auto run_at = [&](std::size_t i) {
        std::size_t n = 1;
        while (n < 128 && i + n < row.size() && row[i + n] == row[i])
            ++n;
        return n;
    };
    while (at < row.size()) {
        if (const std::size_t run = run_at(at); run >= 2) {
            out.push_back(std::byte(257 - run));
            out.push_back(row[at]);
            at += run;
            continue;
        }
        // Different bytes, up to the next run that is worth ending them for.
        std::size_t end = at + 1;
        while (end < row.size() && end - at < 128 && run_at(end) < 3)
            ++end;
        out.push_back(std::byte(end - at - 1));
        out.insert(out.end(), row.begin() + static_cast<std::ptrdiff_t>(at),
                   row.begin() + static_cast<std::ptrdiff_t>(end));
        at = end;
    }
}

std::u16string utf16_of(std::string_view text, std::size_t most) {
    std::u16string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t n = lead < 0x80                   ? 1
                              : lead >= 0xc2 && lead < 0xe0 ? 2
                              : lead >= 0xe0 && lead < 0xf0 ? 3
                              : lead >= 0xf0 && lead < 0xf5 ? 4
                                                            : 0;
        char32_t c = n == 1 ? lead : n ? lead & (0x7fu >> n) : 0;
        bool ok = n > 0 && i + n <= text.size();
        for (std::size_t k = 1; ok && k < n; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            ok = (next & 0xc0) == 0x80;
            c = c << 6 | (next & 0x3f);
        }
        ok = ok && !(n == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) &&
             !(n == 4 && (c < 0x10000 || c > 0x10ffff));
        if (!ok) c = 0xfffd;
        i += ok ? n : 1;
        const std::size_t units = c > 0xffff ? 2 : 1;
        if (out.size() + units > most) break;
        if (units == 1) {
            out += static_cast<char16_t>(c);
        } else {
            out += static_cast<char16_t>(0xd7c0 + (c >> 10));
            out += static_cast<char16_t>(0xdc00 + (c & 0x3ff));
        }
    }
    return out;
}

} // namespace mw::codec
