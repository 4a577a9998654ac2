#include "mask/outline.h"

#include <bit>
#include <cstring>

namespace mw::mask {
namespace {

using Word = std::uint64_t;
constexpr int kTileWords = kTileSide / 64;

// The top bits of 64 bytes, first pixel lowest.
Word pack(const std::uint8_t* p) {
    Word bits = 0;
    for (int i = 0; i < 8; ++i) {
        Word eight;
        std::memcpy(&eight, p + 8 * i, 8);
        // Gathers bit 7 of each byte into the top byte (little endian).
        bits |= (((eight & 0x8080808080808080u) >> 7) * 0x0102040810204080u >> 56) << (8 * i);
    }
    return bits;
}

class Tracer {
  public:
    Tracer(const Mask& mask, const Rect& window, std::size_t limit)
        : mask_(mask), area_(intersect(window, mask.rect())), limit_(limit) {
        if (area_.empty()) return;
        tx0_ = area_.x / kTileSide;
        tx1_ = (area_.right() - 1) / kTileSide + 1;
        // One word more on both sides, for the pixels just outside.
        words_ = static_cast<std::size_t>(tx1_ - tx0_) * kTileWords + 2;
        origin_ = tx0_ * kTileSide - 64;
        for (auto* row : {&here_, &above_, &left_, &right_, &lefts_, &rights_})
            row->assign(words_, 0);
        open_left_.resize(words_ * 64);
        open_right_.resize(words_ * 64);
    }

    Outline run() {
        if (area_.empty()) return {};
        load(area_.y - 1, above_);
        for (int y = area_.y; y <= area_.bottom() && out_.complete; ++y) {
            load(y, here_);
            if (here_ != above_) across(y);
            if (y == area_.bottom()) break;
            if (here_ != above_ || y == area_.y) down(y);
            here_.swap(above_);
        }
        close_all();
        return std::move(out_);
    }

  private:
    void load(int y, std::vector<Word>& row) const {
        std::fill(row.begin(), row.end(), Word{0});
        if (y < 0 || y >= mask_.size().height) return;
        const int ty = y / kTileSide;
        // A pixel to each side of the area decides the edges on its border.
        for (int tx = std::max(0, tx0_ - 1); tx < std::min(mask_.tiles_x(), tx1_ + 1); ++tx) {
            const TileRef& t = mask_.tile(tx, ty);
            if (!t) continue;
            const std::uint8_t* p = t->coverage.data() + (y - ty * kTileSide) * kTileSide;
            const std::size_t at =
                static_cast<std::size_t>(1 + (tx - tx0_) * kTileWords); // wraps for tx0 - 1
            if (tx < tx0_) {
                row[0] = pack(p + 64);
            } else if (tx == tx1_) {
                row[words_ - 1] = pack(p);
            } else if (t == full_tile()) {
                row[at] = row[at + 1] = ~Word{0};
            } else {
                row[at] = pack(p);
                row[at + 1] = pack(p + 64);
            }
        }
    }

    void add(Point a, Point b) {
        if (out_.segments.size() >= limit_) {
            out_.complete = false;
            return;
        }
        out_.segments.push_back({a, b});
    }

    // Horizontal edges on the line above row y.
    void across(int y) {
        runs([&](std::size_t w) { return here_[w] & ~above_[w]; },
             [&](int x0, int x1) {
                 add({x0, y}, {x1, y});
             });
        runs([&](std::size_t w) { return above_[w] & ~here_[w]; },
             [&](int x0, int x1) {
                 add({x1, y}, {x0, y});
             });
    }

    template <class Bits, class Emit>
    void runs(Bits bits, Emit emit) {
        int begin = -1; // of the open run
        const auto close = [&](int end) {
            const int x0 = std::max(begin, area_.x), x1 = std::min(end, area_.right());
            if (x0 < x1) emit(x0, x1);
            begin = -1;
        };
        for (std::size_t w = 0; w < words_; ++w) {
            Word b = bits(w);
            const int x = origin_ + static_cast<int>(w) * 64;
            int pos = 0;
            while (pos < 64) {
                if (begin < 0) {
                    if (b == 0) break;
                    const int skip = std::countr_zero(b);
                    begin = x + pos + skip;
                    pos += skip;
                    b >>= skip;
                }
                const int ones = std::countr_one(b);
                pos += ones;
                if (pos >= 64) break; // goes on in the next word
                close(x + pos);
                b >>= ones;
            }
        }
        if (begin >= 0) close(origin_ + static_cast<int>(words_) * 64);
    }

    // Vertical edges beside row y: those that begin here are noted, those that ended are told.
    void down(int y) {
        Word carry = 0;
        for (std::size_t w = 0; w < words_; ++w) {
            const Word shifted = (here_[w] << 1) | carry;
            carry = here_[w] >> 63;
            left_[w] = here_[w] & ~shifted;
            right_[w] = ~here_[w] & shifted;
        }
        change(left_, lefts_, open_left_, y, true);
        change(right_, rights_, open_right_, y, false);
    }

    void change(const std::vector<Word>& now, std::vector<Word>& before, std::vector<int>& open,
                int y, bool left) {
        for (std::size_t w = 0; w < words_; ++w) {
            for (Word b = now[w] ^ before[w]; b; b &= b - 1) {
                const std::size_t i = w * 64 + static_cast<std::size_t>(std::countr_zero(b));
                if (now[w] >> (i % 64) & 1)
                    open[i] = y;
                else
                    tell(origin_ + static_cast<int>(i), open[i], y, left);
            }
            before[w] = now[w];
        }
    }

    void tell(int x, int y0, int y1, bool left) {
        if (x < area_.x || x > area_.right()) return;
        left ? add({x, y1}, {x, y0}) : add({x, y0}, {x, y1});
    }

    void close_all() {
        std::fill(left_.begin(), left_.end(), Word{0});
        change(left_, lefts_, open_left_, area_.bottom(), true);
        change(left_, rights_, open_right_, area_.bottom(), false);
    }

    const Mask& mask_;
    Rect area_;
    std::size_t limit_, words_ = 0;
    int tx0_ = 0, tx1_ = 0, origin_ = 0;
    std::vector<Word> here_, above_;
    std::vector<Word> left_, right_, lefts_, rights_; // edges of this row, of the row before
    std::vector<int> open_left_, open_right_;         // where they began
    Outline out_;
};

} // namespace

Outline outline(const Mask& mask, const Rect& window, std::size_t max_segments) {
    return Tracer(mask, window, max_segments).run();
}

} // namespace mw::mask
