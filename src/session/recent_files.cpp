#include "session/recent_files.h"

#include <algorithm>
#include <cstring>

#include "base/file.h"

namespace mw::session {
namespace {
constexpr std::size_t kKept = 12;
constexpr std::uint64_t kMaxBytes = 1 << 20;
constexpr char kFileName[] = "recent.txt";
} // namespace

bool is_unnamed_project(const std::filesystem::path& file) {
    return file.extension() == ".mwr" && file.parent_path().filename() == "recovery";
}

std::string recent_title(const std::filesystem::path& file) {
    if (!is_unnamed_project(file)) return file.filename().string();
    // picture-DATE-TIME-NUMBER
    std::string name = file.stem().string();
    for (int i = 0; i < 3; ++i)
        if (const auto dash = name.rfind('-'); dash != std::string::npos && dash > 0)
            name.resize(dash);
    return name;
}

RecentFiles::RecentFiles(std::filesystem::path folder) : folder_(std::move(folder)) {
    if (folder_.empty()) return;
    const auto bytes = read_file(folder_ / kFileName, kMaxBytes);
    if (!bytes) return;
    // Names end with NUL: the one byte that no path contains.
    const auto* text = reinterpret_cast<const char*>(bytes->data());
    for (std::size_t at = 0; at < bytes->size() && files_.size() < kKept;) {
        const std::size_t length = ::strnlen(text + at, bytes->size() - at);
        if (length > 0) files_.emplace_back(std::string(text + at, length));
        at += length + 1;
    }
}

void RecentFiles::add(const std::filesystem::path& file) {
    std::error_code ignored;
    std::filesystem::path absolute = std::filesystem::absolute(file, ignored);
    if (ignored) absolute = file;
    std::erase(files_, absolute);
    files_.insert(files_.begin(), absolute);
    if (files_.size() > kKept) files_.resize(kKept);
    write();
}

void RecentFiles::remove(const std::filesystem::path& file) {
    std::error_code ignored;
    const std::filesystem::path absolute = std::filesystem::absolute(file, ignored);
    if (std::erase(files_, ignored ? file : absolute) > 0) write();
}

void RecentFiles::write() const {
    if (folder_.empty()) return;
    std::error_code ignored;
    std::string text;
    for (const auto& f : files_)
        text += f.string() + '\0';
    std::filesystem::create_directories(folder_, ignored);
    (void)write_file_atomic(folder_ / kFileName, std::as_bytes(std::span(text)));
}

} // namespace mw::session
