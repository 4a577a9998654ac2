#include "app/clipboard_work.h"

#include <fmt/chrono.h>

#include <chrono>
#include <ctime>

#include "app/old_files.h"
#include "app/picture_out.h"
#include "base/file.h"
#include "codec/codec.h"

namespace mw::app {
namespace {

namespace fs = std::filesystem;
using session::Desk;
using session::Severity;

// Projects hold the bytes of what they were made from, so a pasted file is of no use for long.
constexpr std::chrono::hours kKept{24 * 14};

void say(Desk& desk, Severity severity, std::string text, const char* label = nullptr,
         std::optional<session::Action> action = {}) {
    session::Notice notice{0, severity, std::move(text), {}};
    if (label != nullptr) notice.action_label = label;
    desk.tell(notice, action ? &*action : nullptr);
}

const char* ending_of(const std::string& type) {
    if (type == "image/jpeg") return ".jpg";
    if (type == "image/webp") return ".webp";
    if (type == "image/tiff") return ".tif";
    if (type == "image/x-exr") return ".exr";
    if (type == "image/gif") return ".gif";
    return type == "image/png" ? ".png" : ".bmp";
}

// "Pasted 2026-11-27 16.20.05.png", or with a number when there is one of that second.
fs::path fresh_file(const fs::path& folder, const char* ending) {
    const std::string name =
        fmt::format("Pasted {:%Y-%m-%d %H.%M.%S}", fmt::localtime(std::time(nullptr)));
    std::error_code ignored;
    for (int n = 1;; ++n) {
        fs::path file = folder / (n == 1 ? name + ending : fmt::format("{} {}{}", name, n, ending));
        if (!fs::exists(file, ignored)) return file;
    }
}

// How many more pictures the chosen model takes.
int room_for_references(const session::SessionView& view) {
    for (const edit::ModelCapabilities& model : view.models)
        if (model.provider == view.request.provider && model.id == view.request.model)
            return model.max_references - static_cast<int>(view.request.references.size());
    return 0;
}

} // namespace

ClipboardWork::ClipboardWork(fs::path folder, std::function<void()> wake)
    : folder_(std::move(folder)) {
    desktop::Clipboard::Params params;
    params.wake = std::move(wake);
    params.most_bytes = codec::DecodeLimits().max_file_bytes;
    clipboard_ = desktop::Clipboard::open(std::move(params));
}

void ClipboardWork::grant(const ui::HostWishes& wishes, Desk& desk) {
    if (!wishes.paste && !wishes.copy && !wishes.copy_region) return;
    if (!clipboard_)
        return say(desk, Severity::warning,
                   "There is no X11 clipboard on this display; open the picture as a file, or "
                   "export it.");
    if (wishes.paste) clipboard_->paste();
    if (wishes.copy || wishes.copy_region) copy(wishes.copy_region, desk);
}

void ClipboardWork::copy(bool region, Desk& desk) {
    const session::SessionView& view = desk.view();
    if (view.document == nullptr) return;
    if (region && view.mask->empty())
        return say(desk, Severity::info,
                   "The mask is empty: paint over what should be copied, or copy the whole picture "
                   "with Ctrl+C.");
    clipboard_->copy(png_of(view, view.document->shown, region));
}

void ClipboardWork::take(desktop::ClipboardContent content, Desk& desk) {
    if (!content.files.empty()) {
        for (const fs::path& file : content.files)
            desk.apply(session::OpenFile{file});
        return;
    }
    std::error_code ignored;
    fs::create_directories(folder_, ignored);
    fs::permissions(folder_, fs::perms::owner_all, ignored); // what is copied may be private
    forget_old_files(folder_, kKept);
    const fs::path file = fresh_file(folder_, ending_of(content.type));
    if (Status written = write_file_atomic(file, content.bytes); !written)
        return say(
            desk, Severity::error,
            "The picture on the clipboard could not be kept as a file: " + written.error().message);
    const session::SessionView& view = desk.view();
    if (view.document == nullptr || room_for_references(view) < 1)
        return desk.apply(session::OpenFile{file});
    desk.apply(session::AddReference{file});
    say(desk, Severity::info,
        "The picture from the clipboard goes along with the next request, as a reference.",
        "Open it instead", session::OpenFile{file});
}

bool ClipboardWork::pump(Desk& desk) {
    if (!clipboard_) return false;
    const auto news = clipboard_->take();
    for (const desktop::ClipboardNews& one : news) {
        if (const auto* pasted = std::get_if<desktop::Pasted>(&one)) {
            if (pasted->content)
                take(*pasted->content, desk);
            else
                say(desk,
                    pasted->content.error().code == ErrorCode::not_found ? Severity::info
                                                                         : Severity::warning,
                    pasted->content.error().message);
        } else if (const auto* copied = std::get_if<desktop::Copied>(&one)) {
            if (copied->said)
                say(desk, Severity::info, *copied->said);
            else
                say(desk, Severity::error, copied->said.error().message);
        }
    }
    return !news.empty();
}

} // namespace mw::app
