#include "codec/png_chunks.h"

#include <fmt/format.h>
#include <zlib.h>
#include <algorithm>

#include "codec/decoder.h"
#include "codec/input_pages.h"

namespace mw::codec {
namespace {

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool crc_right(ByteSpan type_and_data, std::uint32_t claimed) {
    uLong crc = crc32(0, nullptr, 0);
    while (!type_and_data.empty()) {
        const ByteSpan part =
            type_and_data.first(std::min<std::size_t>(type_and_data.size(), 1u << 20));
        crc = crc32_z(crc, chars(part), part.size());
        type_and_data = type_and_data.subspan(part.size());
        input_went_by(part.size());
    }
    return crc == claimed;
}

void warn_of_crc(PngChunks& chunks, int damaged_chunks) {
    if (damaged_chunks > 0)
        chunks.warnings.push_back(fmt::format(
            "{} chunk{} beside the pixels {} damaged (CRC) and left out; the pixels "
            "are whole.",
            damaged_chunks, damaged_chunks == 1 ? "" : "s", damaged_chunks == 1 ? "is" : "are"));
}

} // namespace

const PngChunk* PngChunks::find(std::string_view type) const {
    const auto at = std::ranges::find(list, type, &PngChunk::type);
    return at == list.end() ? nullptr : &*at;
}

Result<PngChunks> read_png_chunks(ByteSpan file) {
    PngChunks chunks;
    ByteReader reader(file, 8);
    bool data_ended = false, ended = false;
    int damaged_chunks = 0;
    while (!ended) {
        const bool pixels_came = !chunks.image_data.empty();
        const std::size_t start = reader.at();
        if (reader.left() < 12) {
            if (!pixels_came) return damaged("is cut off; copy or download it again");
            chunks.warnings.emplace_back("The end of the file is missing; the pixels are whole.");
            break;
        }
        const std::uint32_t length = reader.be32();
        const ByteSpan name = reader.take(4);
        const std::string_view type(reinterpret_cast<const char*>(name.data()), 4);
        if (!std::ranges::all_of(type, is_letter))
            return damaged(fmt::format("is damaged: at byte {} there is no PNG chunk", start));
        if (chunks.list.empty() && (type != "IHDR" || length != 13))
            return damaged("is damaged: a PNG must begin with its header");
        const bool critical = type[0] <= 'Z';
        if (length > reader.left() || reader.left() - length < 4) {
            if (!pixels_came || type == "IDAT")
                return damaged(
                    fmt::format("is cut off or damaged: its chunk {} claims {} bytes, "
                                "{} are left",
                                type, length, reader.left()));
            chunks.warnings.emplace_back("The end of the file is missing; the pixels are whole.");
            break;
        }
        const ByteSpan data = reader.take(length);
        const std::uint32_t crc = reader.be32();
        if (!crc_right(file.subspan(start + 4, 4 + std::size_t{length}), crc)) {
            if (critical)
                return damaged(
                    fmt::format("is damaged: the checksum (CRC) of its chunk {} is "
                                "wrong",
                                type));
            ++damaged_chunks;
            continue;
        }
        if (type == "IDAT") {
            if (data_ended) return damaged("is damaged: its pixel data is in two places");
            chunks.image_data.push_back(data);
            continue;
        }
        data_ended = pixels_came;
        if (type == "IEND")
            ended = true;
        else if (critical && type != "IHDR" && type != "PLTE")
            return damaged(fmt::format(
                "needs the unknown PNG chunk {} to be read; save it again as a plain PNG", type));
        else if (critical && chunks.find(type))
            return damaged(fmt::format("is damaged: it has two {} chunks", type));
        else if (critical && pixels_came)
            return damaged(fmt::format("is damaged: its chunk {} comes after the pixels", type));
        else if (critical || chunks.list.size() < 1000 || type == "eXIf")
            chunks.list.push_back({type, data});
    }
    if (chunks.image_data.empty()) return damaged("is damaged: it has no pixel data");
    warn_of_crc(chunks, damaged_chunks);
    return chunks;
}

} // namespace mw::codec
