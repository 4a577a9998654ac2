#include "codec/tiff_io.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <new>

namespace mw::codec {

struct TiffCallbacks {
    static TiffIo& self(thandle_t handle) { return *static_cast<TiffIo*>(handle); }

    static tmsize_t read(thandle_t handle, void* data, tmsize_t size) {
        TiffIo& io = self(handle);
        const ByteSpan from = io.out_ ? ByteSpan(*io.out_) : io.in_;
        if (size <= 0 || io.at_ >= from.size()) return 0;
        const std::size_t n = std::min(static_cast<std::size_t>(size), from.size() - io.at_);
        std::memcpy(data, from.data() + io.at_, n);
        io.at_ += n;
        return static_cast<tmsize_t>(n);
    }
    static tmsize_t write(thandle_t handle, void* data, tmsize_t size) {
        TiffIo& io = self(handle);
        if (!io.out_ || size < 0) return -1;
        const auto n = static_cast<std::size_t>(size);
        try { // libtiff is C: no exception may pass through it
            if (io.out_->size() < io.at_ + n) io.out_->resize(io.at_ + n);
        } catch (const std::bad_alloc&) {
            io.error_ = "not enough memory";
            return -1;
        }
        std::memcpy(io.out_->data() + io.at_, data, n);
        io.at_ += n;
        return size;
    }
    static toff_t seek(thandle_t handle, toff_t offset, int whence) {
        TiffIo& io = self(handle);
        const auto base = whence == SEEK_CUR ? io.at_ : whence == SEEK_END ? size(handle) : 0;
        return io.at_ = base + offset;
    }
    static int close(thandle_t) { return 0; }
    static toff_t size(thandle_t handle) {
        const TiffIo& io = self(handle);
        return io.out_ ? io.out_->size() : io.in_.size();
    }
    static int map(thandle_t handle, void** base, toff_t* size) {
        const TiffIo& io = self(handle);
        if (io.out_) return 0;
        *base = const_cast<std::byte*>(io.in_.data()); // libtiff reads it only
        *size = io.in_.size();
        return 1;
    }
    static void unmap(thandle_t, void*, toff_t) {}

    static int complain(TIFF*, void* user, const char*, const char* format, va_list arguments) {
        auto& io = *static_cast<TiffIo*>(user);
        char text[200];
        std::vsnprintf(text, sizeof text, format, arguments);
        io.error_ = text;
        while (!io.error_.empty() && io.error_.back() == '.')
            io.error_.pop_back();
        return 1;
    }
    static int warn(TIFF*, void* user, const char*, const char*, va_list) {
        auto& io = *static_cast<TiffIo*>(user);
        ++io.warnings_;
        return 1;
    }
};

TiffIo::TiffIo(ByteSpan file) : in_(file) {
    open("r");
}

TiffIo::TiffIo(Bytes& out, bool big_tiff, bool big_endian) : out_(&out) {
    open(big_tiff ? (big_endian ? "w8b" : "w8l") : (big_endian ? "wb" : "wl"));
}

void TiffIo::open(const char* mode) {
    const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(
        TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
    if (!options) return;
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), TiffCallbacks::complain, this);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), TiffCallbacks::warn, this);
    tiff_.reset(TIFFClientOpenExt("TIFF", mode, this, TiffCallbacks::read, TiffCallbacks::write,
                                  TiffCallbacks::seek, TiffCallbacks::close, TiffCallbacks::size,
                                  TiffCallbacks::map, TiffCallbacks::unmap, options.get()));
}

} // namespace mw::codec
