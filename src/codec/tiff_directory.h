// The directories of a TIFF structure (TIFF 6.0, BigTIFF, EXIF) as they are in the file: to see
// what it claims before libtiff does, and to carry EXIF from one file to another.
#pragma once

#include <optional>
#include <vector>

#include "base/file.h"
#include "codec/byte_reader.h"

namespace mw::codec {

enum TiffType : std::uint16_t { kTiffByte = 1, kTiffAscii = 2, kTiffShort = 3, kTiffLong = 4 };

struct TiffEntry {
    std::uint16_t tag = 0, type = 0;
    std::uint64_t count = 0;
    ByteSpan value; // as stored, within the file
};

// Entries whose value lies outside the file, or of an unknown type, are left out.
struct TiffDirectory {
    std::vector<TiffEntry> entries;
    std::uint64_t next = 0; // offset of the next directory; 0: the last

    const TiffEntry* find(std::uint16_t tag) const;
};

class TiffStructure {
  public:
    // Nothing when the bytes do not begin like one.
    static std::optional<TiffStructure> open(ByteSpan bytes);

    bool big_endian() const { return big_endian_; }
    // Nothing when there is no directory at that offset.
    std::optional<TiffDirectory> directory(std::uint64_t offset) const;
    std::optional<TiffDirectory> first() const { return directory(first_); }
    // The directory that an entry of `parent` points to.
    std::optional<TiffDirectory> child(const TiffDirectory& parent, std::uint16_t tag) const;
    // A whole number of type BYTE, SHORT, LONG, IFD or LONG8; the first when there are several.
    std::optional<std::uint64_t> number(const TiffEntry& entry) const;
    std::optional<std::uint64_t> number(const TiffDirectory& directory, std::uint16_t tag) const;

  private:
    std::uint64_t read(ByteReader& r, int bytes) const;

    ByteSpan bytes_;
    bool big_endian_ = false, big_tiff_ = false;
    std::uint64_t first_ = 0;
};

inline constexpr std::uint16_t kExifPointer = 0x8769, kGpsPointer = 0x8825,
                               kInteropPointer = 0xa005;

// What a TIFF says of the photo (camera, time, author, its EXIF and GPS directories) as EXIF has
// it: a TIFF structure of its own, in the byte order of the file. Empty when it says nothing.
Bytes exif_of_tiff(const TiffStructure& tiff, const TiffDirectory& directory);

// EXIF again without its GPS directory, maker notes, thumbnail, and what IPTC, Photoshop and XMP
// say inside it. Empty when nothing is left or it cannot be read.
Bytes exif_without_location(ByteSpan exif);

// EXIF again with nothing but known short values on camera, exposure, time, author and copyright.
// Empty when nothing is left or it cannot be read.
Bytes exif_of_camera(ByteSpan exif);

// The directory `pointer` leads to, with those inside it, as bytes to stand at `offset` of a file
// of the same byte order; empty when there is none.
Bytes directory_bytes(const TiffStructure& tiff, const TiffDirectory& parent, std::uint16_t pointer,
                      std::uint64_t offset, bool big_tiff);

// Descriptive texts of a first directory, which EXIF and TIFF share: ImageDescription, Make, Model,
// Software, DateTime, Artist, HostComputer, Copyright and the like. Sorted.
std::span<const std::uint16_t> descriptive_texts();

} // namespace mw::codec
