#include "golden/all/golden.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace mw::golden {
namespace {

namespace fs = std::filesystem;
using image::Image;

fs::path data_folder() {
    return fs::path(MW_SOURCE_DIR) / "tests" / "golden" / "data";
}

void write_text(const fs::path& path, image::ImageView v) {
    std::ofstream out(path);
    out << (v.format.channels == 1 ? "P2" : "P3") << "\n"
        << v.size.width << " " << v.size.height << "\n255\n";
    for (int y = 0; y < v.size.height; ++y)
        for (int x = 0; x < v.size.width * v.format.channels; ++x)
            out << int{v.row<std::uint8_t>(y)[x]}
                << (x + 1 < v.size.width * v.format.channels ? " " : "\n");
    out.flush();
    EXPECT_TRUE(out.good()) << path;
}

std::optional<Image> read_text(const fs::path& path) {
    std::ifstream in(path);
    std::string magic;
    int width = 0, height = 0, most = 0;
    if (!(in >> magic >> width >> height >> most) || (magic != "P2" && magic != "P3"))
        return std::nullopt;
    Image image({width, height}, magic == "P2" ? image::kGray8 : image::kRgb8);
    for (std::byte& b : image.bytes()) {
        int v = 0;
        if (!(in >> v)) return std::nullopt;
        b = static_cast<std::byte>(v);
    }
    return image;
}

int tolerance_of(const std::string& name) {
    std::ifstream in(data_folder() / "tolerance.txt");
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string listed;
        int levels = 0;
        if (words >> listed >> levels && listed == name) return levels;
    }
    return 0;
}

fs::path failure_folder() {
    std::error_code ignored;
    const fs::path folder =
        fs::read_symlink("/proc/self/exe", ignored).parent_path() / "golden-failures";
    fs::create_directories(folder, ignored);
    return folder;
}

} // namespace

void expect_golden(const char* name, image::ImageView actual) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(actual.format == image::kGray8 || actual.format == image::kRgb8);
    const char* extension = actual.format == image::kGray8 ? ".pgm" : ".ppm";
    const fs::path stored = data_folder() / (std::string(name) + extension);
    const char* update = std::getenv("MASKWRIGHT_UPDATE_GOLDEN");
    if (update && std::string(update) == "1") return write_text(stored, actual);
    const std::optional<Image> expected = read_text(stored);
    ASSERT_TRUE(expected) << stored << " is missing or not a picture; run with "
                          << "MASKWRIGHT_UPDATE_GOLDEN=1 and look at it";
    ASSERT_EQ(expected->size(), actual.size);
    ASSERT_EQ(expected->format(), actual.format);

    const int allowed = tolerance_of(name);
    Image difference(actual.size, actual.format);
    int worst = 0, beyond = 0;
    for (int y = 0; y < actual.size.height; ++y) {
        for (int x = 0; x < actual.size.width * actual.format.channels; ++x) {
            const int d =
                std::abs(actual.row<std::uint8_t>(y)[x] - expected->view().row<std::uint8_t>(y)[x]);
            worst = std::max(worst, d);
            beyond += d > allowed;
            difference.span().row<std::uint8_t>(y)[x] =
                static_cast<std::uint8_t>(std::min(255, d * 16));
        }
    }
    if (beyond == 0) return;
    const fs::path base = failure_folder() / name;
    write_text(base.string() + "-actual" + extension, actual);
    write_text(base.string() + "-expected" + extension, expected->view());
    write_text(base.string() + "-difference-x16" + extension, difference.view());
    ADD_FAILURE() << fmt::format(
        "{} samples differ by more than {} (at most {}); see {}-actual, -expected, -difference-x16",
        beyond, allowed, worst, base.string());
}

} // namespace mw::golden
