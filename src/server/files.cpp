#include "server/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <random>

namespace mw::server {
namespace {

Json object_of(const std::string& id, const std::string& name, const std::string& purpose,
               std::int64_t created, std::size_t bytes) {
    return {
        {"id", id},         {"object", "file"},   {"bytes", bytes},       {"created_at", created},
        {"filename", name}, {"purpose", purpose}, {"status", "processed"}};
}

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string make_id(std::string_view prefix) {
    static thread_local std::random_device device;
    return fmt::format("{}{:08x}{:08x}{:08x}", prefix, device(), device(), device());
}

std::int64_t seconds_since_1970() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

ApiError no_such(std::string_view what, const std::string& id) {
    ApiError error;
    error.status = 404;
    error.message = fmt::format("No such {} object: {}", what, id.substr(0, 80));
    error.param = "id";
    return error;
}

Reply Files::add(const Incoming& incoming) {
    File file;
    for (const FormPart& part : incoming.form) {
        if (part.name == "purpose") file.purpose = part.bytes;
        if (part.name == "file") {
            const auto* at = reinterpret_cast<const std::byte*>(part.bytes.data());
            file.bytes.assign(at, at + part.bytes.size());
            file.name = part.file_name;
        }
    }
    if (file.purpose.empty() || file.bytes.empty()) {
        const std::string missing = file.purpose.empty() ? "purpose" : "file";
        return error_reply(bad_request("Missing required parameter: '" + missing + "'.", missing,
                                       "missing_required_parameter")
                               .value());
    }
    if (file.bytes.size() > kMaxBytes / 2)
        return error_reply(bad_request("The file is too large for a rehearsal.", "file").value());
    file.id = make_id("file-");
    file.created = seconds_since_1970();
    const std::lock_guard lock(mutex_);
    std::size_t all = file.bytes.size();
    for (const File& other : files_)
        all += other.bytes.size();
    for (; all > kMaxBytes; files_.pop_front())
        all -= files_.front().bytes.size();
    files_.push_back(std::move(file));
    const File& added = files_.back();
    return Reply::json(
        text_of(object_of(added.id, added.name, added.purpose, added.created, added.bytes.size())));
}

Reply Files::list() const {
    const std::lock_guard lock(mutex_);
    Json all = Json::array();
    for (const File& file : files_)
        all.push_back(object_of(file.id, file.name, file.purpose, file.created, file.bytes.size()));
    return Reply::json(text_of({{"object", "list"}, {"data", all}, {"has_more", false}}));
}

const Files::File* Files::find(const std::string& id) const {
    const auto at =
        std::find_if(files_.begin(), files_.end(), [&](const File& file) { return file.id == id; });
    return at == files_.end() ? nullptr : &*at;
}

Reply Files::describe(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const File* file = find(id);
    if (!file) return error_reply(no_such("File", id));
    return Reply::json(
        text_of(object_of(file->id, file->name, file->purpose, file->created, file->bytes.size())));
}

Reply Files::remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (!find(id)) return error_reply(no_such("File", id));
    std::erase_if(files_, [&](const File& file) { return file.id == id; });
    return Reply::json(text_of({{"id", id}, {"object", "file"}, {"deleted", true}}));
}

std::optional<Bytes> Files::bytes(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const File* file = find(id);
    return file ? std::optional(file->bytes) : std::nullopt;
}

} // namespace mw::server
