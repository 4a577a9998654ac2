#include "codec/tiff_directory.h"

#include <algorithm>
#include <array>

namespace mw::codec {
namespace {

constexpr std::uint16_t kSubDirectory = 13, kLong8 = 16;
constexpr std::size_t kMaxEntries = 1000;

// Bytes of one value; 0 for types that do not exist.
std::size_t size_of(std::uint16_t type) {
    constexpr std::array<std::uint8_t, 19> kSizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4,
                                                     8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < kSizes.size() ? kSizes[type] : 0;
}

// One directory to be written, with those its pointers lead to.
struct Branch {
    std::uint16_t tag = 0;          // of the pointer to it
    std::vector<TiffEntry> entries; // without pointers
    std::vector<Branch> children;

    bool empty() const { return entries.empty() && children.empty(); }
};

bool is_pointer(std::uint16_t tag) {
    return tag == kExifPointer || tag == kGpsPointer || tag == kInteropPointer;
}

class Writer {
  public:
    Writer(bool big_endian, bool big_tiff, std::uint64_t offset)
        : big_endian_(big_endian), big_tiff_(big_tiff), offset_(offset) {}

    Bytes take() { return std::move(bytes_); }
    void number(std::uint64_t v, int size) {
        for (int i = 0; i < size; ++i)
            bytes_.push_back(std::byte(v >> 8 * (big_endian_ ? size - 1 - i : i) & 255));
    }
    void raw(ByteSpan data) { bytes_.insert(bytes_.end(), data.begin(), data.end()); }

    // The directory stands where the bytes end now, its values and children after it.
    void branch(const Branch& b) {
        const int word = big_tiff_ ? 8 : 4;
        const auto inline_size = static_cast<std::size_t>(word);
        struct Row {
            std::uint16_t tag, type;
            std::uint64_t count;
            ByteSpan value;
            const Branch* child;
        };
        std::vector<Row> rows;
        for (const TiffEntry& e : b.entries)
            rows.push_back({e.tag, e.type, e.count, e.value, nullptr});
        for (const Branch& child : b.children)
            rows.push_back({child.tag, kTiffLong, 1, {}, &child});
        std::ranges::sort(rows, {}, &Row::tag);

        number(rows.size(), big_tiff_ ? 8 : 2);
        std::vector<std::size_t> places;
        for (const Row& r : rows) {
            number(r.tag, 2);
            number(r.child && big_tiff_ ? kLong8 : r.type, 2);
            number(r.count, word);
            places.push_back(bytes_.size());
            Bytes value(r.value.begin(),
                        r.value.begin() + static_cast<std::ptrdiff_t>(
                                              r.value.size() <= inline_size ? r.value.size() : 0));
            value.resize(inline_size);
            raw(value);
        }
        number(0, word); // the last one
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Row& r = rows[i];
            if (!r.child && r.value.size() <= inline_size) continue;
            if (bytes_.size() % 2) bytes_.push_back({});
            patch(places[i], offset_ + bytes_.size(), word);
            if (r.child)
                branch(*r.child);
            else
                raw(r.value);
        }
    }

  private:
    void patch(std::size_t at, std::uint64_t v, int size) {
        for (int i = 0; i < size; ++i)
            bytes_[at + static_cast<std::size_t>(i)] =
                std::byte(v >> 8 * (big_endian_ ? size - 1 - i : i) & 255);
    }

    bool big_endian_, big_tiff_;
    std::uint64_t offset_;
    Bytes bytes_;
};

// `depth` ends loops: EXIF has directories in directories, but no deeper than two.
Branch read_branch(const TiffStructure& tiff, const TiffDirectory& directory, int depth) {
    Branch out;
    for (const TiffEntry& e : directory.entries)
        if (!is_pointer(e.tag)) {
            // Types of BigTIFF alone are not EXIF's.
            if (e.type < kSubDirectory && e.count <= UINT32_MAX) out.entries.push_back(e);
        } else if (depth > 0)
            if (const auto child = tiff.child(directory, e.tag))
                if (Branch b = read_branch(tiff, *child, depth - 1); !b.empty()) {
                    b.tag = e.tag;
                    out.children.push_back(std::move(b));
                }
    return out;
}

bool is_descriptive(std::uint16_t tag) {
    constexpr std::uint16_t kIptc = 33723, kFirstXp = 40091, kLastXp = 40095;
    return std::ranges::binary_search(descriptive_texts(), tag) || tag == kIptc ||
           (tag >= kFirstXp && tag <= kLastXp);
}

} // namespace

const TiffEntry* TiffDirectory::find(std::uint16_t tag) const {
    const auto at = std::ranges::find(entries, tag, &TiffEntry::tag);
    return at == entries.end() ? nullptr : &*at;
}

std::span<const std::uint16_t> descriptive_texts() {
    static constexpr std::uint16_t kTags[] = {269, 270, 271, 272, 285, 305, 306, 315, 316, 33432};
    return kTags;
}

std::uint64_t TiffStructure::read(ByteReader& r, int bytes) const {
    if (bytes == 2) return big_endian_ ? r.be16() : r.le16();
    if (bytes == 4) return big_endian_ ? r.be32() : r.le32();
    const std::uint64_t first = read(r, 4), second = read(r, 4);
    return big_endian_ ? first << 32 | second : second << 32 | first;
}

std::optional<TiffStructure> TiffStructure::open(ByteSpan bytes) {
    TiffStructure t;
    t.bytes_ = bytes;
    t.big_endian_ = starts_with(bytes, "MM");
    if (!t.big_endian_ && !starts_with(bytes, "II")) return {};
    ByteReader r(bytes, 2);
    const auto version = t.read(r, 2);
    if (version != 42 && version != 43) return {};
    t.big_tiff_ = version == 43;
    if (t.big_tiff_ && (t.read(r, 2) != 8 || t.read(r, 2) != 0)) return {};
    t.first_ = t.read(r, t.big_tiff_ ? 8 : 4);
    if (!r.ok()) return {};
    return t;
}

std::optional<TiffDirectory> TiffStructure::directory(std::uint64_t offset) const {
    if (offset == 0 || offset >= bytes_.size()) return {};
    const int word = big_tiff_ ? 8 : 4;
    ByteReader r(bytes_, offset);
    const std::uint64_t count = read(r, big_tiff_ ? 8 : 2);
    if (!r.ok() || count == 0 || count > r.left() / (big_tiff_ ? 20 : 12)) return {};
    TiffDirectory out;
    for (std::uint64_t i = 0; i < count; ++i) {
        TiffEntry e;
        e.tag = static_cast<std::uint16_t>(read(r, 2));
        e.type = static_cast<std::uint16_t>(read(r, 2));
        e.count = read(r, word);
        const std::size_t place = r.at(), one = size_of(e.type);
        const std::uint64_t offset_of_value = read(r, word);
        if (one == 0 || e.count == 0 || e.count > bytes_.size() / one) continue;
        const std::size_t size = one * e.count;
        const std::uint64_t at = size <= static_cast<std::size_t>(word) ? place : offset_of_value;
        if (at > bytes_.size() || size > bytes_.size() - at) continue;
        e.value = bytes_.subspan(at, size);
        if (out.entries.size() < kMaxEntries && !out.find(e.tag)) out.entries.push_back(e);
    }
    out.next = read(r, word);
    if (!r.ok()) out.next = 0;
    return out;
}

std::optional<std::uint64_t> TiffStructure::number(const TiffEntry& entry) const {
    ByteReader r(entry.value);
    switch (entry.type) {
        case kTiffByte:
            return r.u8();
        case kTiffShort:
            return read(r, 2);
        case kTiffLong:
        case kSubDirectory:
            return read(r, 4);
        case kLong8:
        case 18: // IFD8
            return read(r, 8);
        default:
            return {};
    }
}

std::optional<std::uint64_t> TiffStructure::number(const TiffDirectory& directory,
                                                   std::uint16_t tag) const {
    const TiffEntry* e = directory.find(tag);
    return e ? number(*e) : std::nullopt;
}

std::optional<TiffDirectory> TiffStructure::child(const TiffDirectory& parent,
                                                  std::uint16_t tag) const {
    const auto offset = number(parent, tag);
    return offset ? directory(*offset) : std::nullopt;
}

namespace {

// A structure of its own, from one directory.
Bytes structure_of(const Branch& root, bool big_endian) {
    if (root.empty()) return {};
    Writer w(big_endian, false, 0);
    w.raw(std::as_bytes(std::span(big_endian ? "MM" : "II", 2)));
    w.number(42, 2);
    w.number(8, 4);
    w.branch(root);
    return w.take();
}

} // namespace

Bytes exif_of_tiff(const TiffStructure& tiff, const TiffDirectory& directory) {
    Branch root = read_branch(tiff, directory, 2);
    std::erase_if(root.entries, [](const TiffEntry& e) { return !is_descriptive(e.tag); });
    std::erase_if(root.children, [](const Branch& c) { return c.tag == kInteropPointer; });
    return structure_of(root, tiff.big_endian());
}

Bytes exif_without_location(ByteSpan exif) {
    constexpr std::uint16_t kXmp = 700, kIptc = 33723, kPhotoshop = 34377, kMakerNote = 37500,
                            kSubDirectories = 330, kGpsDate = 29;
    const auto tiff = TiffStructure::open(exif);
    const auto first = tiff ? tiff->first() : std::nullopt;
    if (!first) return {};
    Branch root = read_branch(*tiff, *first, 2);
    const auto clean = [&](auto&& self, Branch& b) -> void {
        std::erase_if(b.entries, [](const TiffEntry& e) {
            // Below 29 are the tags of a GPS directory itself, wherever it may stand.
            return e.tag == kXmp || e.tag == kIptc || e.tag == kPhotoshop || e.tag == kMakerNote ||
                   e.tag == kSubDirectories || (e.tag > 2 && e.tag <= kGpsDate);
        });
        std::erase_if(b.children, [](const Branch& c) { return c.tag == kGpsPointer; });
        for (Branch& child : b.children)
            if (child.tag != kInteropPointer) self(self, child);
    };
    clean(clean, root);
    return structure_of(root, tiff->big_endian());
}

Bytes exif_of_camera(ByteSpan exif) {
    // Make, model, orientation, resolution, software, time, artist, copyright; then exposure time,
    // aperture, program, sensitivity, version, times and their zones, shutter, bias, metering,
    // light, flash, focal length, colour space, modes, white balance, zoom, equivalent focal
    // length, lens.
    constexpr auto kKept = std::to_array<std::uint16_t>(
        {271,   272,   274,   282,   283,   296,   305,   306,   315,   33432, 33434, 33437, 34850,
         34855, 36864, 36867, 36868, 36880, 36881, 36882, 37377, 37378, 37380, 37381, 37383, 37384,
         37385, 37386, 40961, 41986, 41987, 41988, 41989, 41990, 42034, 42035, 42036});
    constexpr std::size_t kMostBytes = 256;
    const auto tiff = TiffStructure::open(exif);
    const auto first = tiff ? tiff->first() : std::nullopt;
    if (!first) return {};
    Branch root = read_branch(*tiff, *first, 1);
    std::erase_if(root.children, [](const Branch& c) { return c.tag != kExifPointer; });
    const auto clean = [&](Branch& b) {
        std::erase_if(b.entries, [&](const TiffEntry& e) {
            return e.value.size() > kMostBytes || std::ranges::find(kKept, e.tag) == kKept.end();
        });
    };
    clean(root);
    for (Branch& child : root.children)
        clean(child);
    std::erase_if(root.children, [](const Branch& c) { return c.empty(); });
    return structure_of(root, tiff->big_endian());
}

Bytes directory_bytes(const TiffStructure& tiff, const TiffDirectory& parent, std::uint16_t pointer,
                      std::uint64_t offset, bool big_tiff) {
    const auto directory = tiff.child(parent, pointer);
    if (!directory) return {};
    const Branch branch = read_branch(tiff, *directory, 1);
    if (branch.empty()) return {};
    Writer w(tiff.big_endian(), big_tiff, offset);
    w.branch(branch);
    return w.take();
}

} // namespace mw::codec
