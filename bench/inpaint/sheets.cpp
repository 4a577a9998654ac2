#include "sheets.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "codec/codec.h"
#include "image/resample.h"

namespace mw::bench {
namespace {

constexpr int kTile = 560; // px, the longer side of a picture on the sheet
constexpr int kGap = 6;

} // namespace

bool write_sheet(const std::string& folder, const Hole& hole, const Scene& scene,
                 const std::map<std::string, Fill>& fills) {
    const Rect box =
        intersect(scene.bounds.grown(scene.bounds.size().longer_side() / 4), scene.truth.rect());
    std::vector<image::ImageView> pictures{scene.truth.view(), scene.before.view()};
    for (const char* who : {"ours", "gmic", "resynthesizer", "telea"})
        if (const auto it = fills.find(who); it != fills.end())
            pictures.push_back(it->second.picture.view());
    const double scale = std::min(1.0, static_cast<double>(kTile) / box.size().longer_side());
    const Size tile{static_cast<int>(box.width * scale), static_cast<int>(box.height * scale)};
    const int columns = 3, rows = (static_cast<int>(pictures.size()) + 2) / 3;
    image::Image sheet(
        {columns * tile.width + (columns - 1) * kGap, rows * tile.height + (rows - 1) * kGap},
        image::kRgb8);
    std::memset(sheet.bytes().data(), 255, sheet.byte_count());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const int x = static_cast<int>(i % 3) * (tile.width + kGap),
                  y = static_cast<int>(i / 3) * (tile.height + kGap);
        const image::Image small = image::resample(pictures[i].sub(box), tile, image::Filter::area);
        for (int row = 0; row < tile.height; ++row)
            std::memcpy(sheet.span().pixel<std::uint8_t>(x, y + row), small.view().row_bytes(row),
                        static_cast<std::size_t>(small.stride()));
    }
    std::filesystem::create_directories(folder);
    codec::EncodeOptions options;
    options.jpeg_quality = 88;
    const auto saved = codec::save(folder + "/" + hole.name + ".jpg", sheet.view(), {}, options);
    if (!saved) fmt::print(stderr, "{}\n", saved.error().message);
    return static_cast<bool>(saved);
}

} // namespace mw::bench
