#include "codec/early_rows.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <chrono>
#include <cstring>

#include "codec/byte_reader.h"

namespace mw::codec {
namespace {

constexpr std::uint32_t kMagic = 0x4d574552;
constexpr int kCoarseSide = 1024;
constexpr double kShowEvery = 0.2; // seconds

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace

Bytes pack_early(const EarlyRows& rows) {
    Bytes bytes;
    for (const auto v :
         {kMagic, static_cast<std::uint32_t>(rows.size.width),
          static_cast<std::uint32_t>(rows.size.height),
          static_cast<std::uint32_t>(rows.format.channels),
          static_cast<std::uint32_t>(rows.format.type), static_cast<std::uint32_t>(rows.rows)})
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(std::byte(v >> shift & 255));
    return bytes;
}

EarlyView::EarlyView(int pixels, const DecodeLimits& limits, const DecodeWatch& watch)
    : pixels_(pixels), limits_(limits, {}), watch_(watch) {}

EarlyView::~EarlyView() {
    if (memory_) ::munmap(const_cast<std::byte*>(memory_), bytes_);
}

void EarlyView::take(Bytes& said) {
    std::size_t at = 0;
    EarlyRows last;
    while (said.size() - at >= kEarlyBytes) {
        ByteReader r(ByteSpan(said).subspan(at, kEarlyBytes));
        if (r.be32() != kMagic) break;
        const std::uint32_t width = r.be32(), height = r.be32(), channels = r.be32(),
                            type = r.be32(), rows = r.be32();
        at += kEarlyBytes;
        if (width > INT32_MAX || height > INT32_MAX || channels < 1 || channels > 4 || type > 2 ||
            rows > height) {
            lost_ = true;
            continue;
        }
        last = {{static_cast<int>(width), static_cast<int>(height)},
                {static_cast<int>(channels), static_cast<image::SampleType>(type)},
                static_cast<int>(rows)};
    }
    said.erase(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(at));
    if (at == 0 || lost_ || !watch_ || last.size.empty()) return;
    if (!look(last)) lost_ = true;
}

// Every step-th sample of the rows that are new. The memory is somebody else's to write until the
// child is gone: it is only copied from, and its size is sealed before it is touched.
bool EarlyView::look(const EarlyRows& rows) {
    const auto pixel = static_cast<std::size_t>(rows.format.bytes());
    const std::size_t row = static_cast<std::size_t>(rows.size.width) * pixel;
    if (!memory_) {
        if (!limits_.check(rows.size.width, rows.size.height, rows.format)) return false;
        struct stat info {};
        bytes_ = row * static_cast<std::size_t>(rows.size.height);
        if (::fcntl(pixels_, F_ADD_SEALS, F_SEAL_SHRINK) != 0 || ::fstat(pixels_, &info) != 0 ||
            static_cast<std::uint64_t>(info.st_size) < bytes_)
            return false;
        void* memory = ::mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, pixels_, 0);
        if (memory == MAP_FAILED) return false;
        memory_ = static_cast<const std::byte*>(memory);
        while (rows.size.longer_side() > kCoarseSide * step_)
            step_ *= 2;
        coarse_ = image::Image(
            {(rows.size.width + step_ - 1) / step_, (rows.size.height + step_ - 1) / step_},
            rows.format);
        seen_ = {rows.size, rows.format, 0};
    }
    if (rows.size != seen_.size || !(rows.format == seen_.format)) return false;
    const int had = (seen_.rows + step_ - 1) / step_, have = rows.rows / step_;
    if (have <= had || now() - shown_at_ < kShowEvery) return true;
    for (int y = had; y < have; ++y) {
        const std::byte* from = memory_ + static_cast<std::size_t>(y * step_) * row;
        std::byte* to = coarse_.span().row_bytes(y);
        for (int x = 0; x < coarse_.width(); ++x)
            std::memcpy(to + static_cast<std::size_t>(x) * pixel,
                        from + static_cast<std::size_t>(x * step_) * pixel, pixel);
    }
    seen_.rows = have * step_;
    shown_at_ = now();
    watch_({image::clone(coarse_.view().sub({0, 0, coarse_.width(), have})), step_, rows.size});
    return true;
}

} // namespace mw::codec
