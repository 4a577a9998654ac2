// libtiff on memory: a file to read, or one that grows. Errors come back as text, nothing is
// printed.
#pragma once

#include <tiffio.h>
#include <memory>
#include <string>

#include "base/file.h"
#include "codec/byte_reader.h"

namespace mw::codec {

class TiffIo {
  public:
    // To read `file`, which must outlive this; nothing is copied.
    explicit TiffIo(ByteSpan file);
    // To write into `out`, which must outlive this.
    TiffIo(Bytes& out, bool big_tiff, bool big_endian);
    TiffIo(const TiffIo&) = delete;
    TiffIo& operator=(const TiffIo&) = delete;

    // Null when it could not be opened; error() says why.
    TIFF* get() const { return tiff_.get(); }
    // The last error libtiff told of; empty: none since forget().
    const std::string& error() const { return error_; }
    // How often it warned since forget().
    int warnings() const { return warnings_; }
    void forget() { error_.clear(), warnings_ = 0; }

    // Whatever libtiff still holds goes into `out`.
    void close() { tiff_.reset(); }

  private:
    friend struct TiffCallbacks;
    void open(const char* mode);

    ByteSpan in_;
    Bytes* out_ = nullptr;
    std::uint64_t at_ = 0;
    std::string error_;
    int warnings_ = 0;
    std::unique_ptr<TIFF, void (*)(TIFF*)> tiff_{nullptr, TIFFClose};
};

} // namespace mw::codec
