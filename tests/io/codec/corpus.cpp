#include "corpus.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <fstream>

namespace mw::codec::io {

namespace fs = std::filesystem;

fs::path corpus() {
    const fs::path folder = MW_SHARED_IMAGES_DIR;
    std::error_code ignored;
    return fs::exists(folder / "README.md", ignored) ? folder : fs::path();
}

std::vector<fs::path> files_below(const std::string& folder) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(corpus() / folder, ignored))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::map<std::string, std::string> expectations() {
    std::map<std::string, std::string> rows;
    std::ifstream readme(corpus() / "README.md");
    bool in_table = false;
    for (std::string line; std::getline(readme, line);) {
        if (line.starts_with("## ")) in_table = line.starts_with("## Bad: ");
        if (!in_table || !line.starts_with("| ") || line.starts_with("| file |")) continue;
        const auto trim = [](std::string s) {
            s.erase(0, s.find_first_not_of(' '));
            s.erase(s.find_last_not_of(' ') + 1);
            return s;
        };
        std::string name = trim(line.substr(2, line.find('|', 2) - 2));
        const std::size_t end = line.find_last_of('|'), start = line.find_last_of('|', end - 1);
        if (name.find(' ') != std::string::npos)
            name = name.substr(0, name.find_first_of("0123456789"));
        rows[name] = trim(line.substr(start + 1, end - start - 1));
    }
    return rows;
}

Outcome open_file(const fs::path& file) {
    Outcome out;
    const auto bytes = read_file(file);
    if (bytes)
        out.picture = decode_in_child(*bytes, file.string(), {}, {}, &out.usage);
    else
        out.picture = tl::unexpected(bytes.error());
    return out;
}

void expect_good_message(const Error& error, const fs::path& file) {
    const std::string& m = error.message;
    EXPECT_NE(m.find(file.filename().string()), std::string::npos) << m;
    EXPECT_GT(m.size(), file.string().size() + 15) << m;
    EXPECT_TRUE(std::ranges::none_of(m, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        << m;
    EXPECT_TRUE(error.code == ErrorCode::corrupt || error.code == ErrorCode::unsupported ||
                error.code == ErrorCode::too_large)
        << m;
    EXPECT_EQ(m.find("made its decoder"), std::string::npos) << m;
    EXPECT_EQ(m.find("gave up"), std::string::npos) << m;
}

void Worst::add(const ChildUsage& usage, const fs::path& file) {
    wall = std::max(wall, usage.wall_seconds);
    if (usage.cpu_seconds >= cpu) cpu = usage.cpu_seconds, slowest = file.filename();
    if (usage.peak_kib >= kib) kib = usage.peak_kib, fattest = file.filename();
}

std::string Worst::text() const {
    return fmt::format("most CPU {:.0f} ms ({}), longest wait {:.0f} ms, largest {:.1f} MB ({})",
                       cpu * 1e3, slowest, wall * 1e3, static_cast<double>(kib) / 1024, fattest);
}

} // namespace mw::codec::io
