#include "provider/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "provider/payload_json.h"

namespace mw::provider {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

bool legal_id(std::string_view id) {
    return !id.empty() && id.size() <= 100 && id[0] != '.' &&
           std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.';
           });
}

tl::unexpected<Error> cannot(std::string_view what, const fs::path& path, int error) {
    return fail(code_from_errno(error), fmt::format("Cannot {} the journal {}: {}.", what,
                                                    display_path(path), text_from_errno(error)));
}

Status make_folder(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) return cannot("make", path, error.value());
    ::chmod(path.c_str(), 0700); // prompts and pictures are nobody else's
    return {};
}

Status sync_folder(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return cannot("open", path, errno);
    const int failed = ::fsync(fd) != 0 ? errno : 0;
    ::close(fd);
    return failed ? Status(cannot("write", path, failed)) : Status{};
}

Status write_json(const fs::path& path, const Json& json) {
    const std::string text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    return write_file_atomic(path, std::as_bytes(std::span(text)));
}

Result<Json> read_json(const fs::path& path) {
    auto bytes = read_file(path, 4u << 20);
    if (!bytes) return tl::unexpected(bytes.error());
    return parse_json({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
}

double number_at(const Json& json, const char* key) {
    const Json* value = member(json, key);
    return value && value->is_number() ? value->get<double>() : 0;
}

edit::Outcome outcome_named(std::string_view name) {
    for (const edit::Outcome o : {edit::Outcome::answered, edit::Outcome::not_sent,
                                  edit::Outcome::refused, edit::Outcome::undecodable})
        if (to_string(o) == name) return o;
    return edit::Outcome::unknown;
}

// Whether a running program holds the entry.
bool is_held(const fs::path& folder) {
    const int fd = ::open((folder / "lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    const bool held = ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(fd);
    return held;
}

} // namespace

Result<JournalEntry> JournalEntry::create(const fs::path& journal, const JournalRequest& request) {
    if (!legal_id(request.id))
        return fail(ErrorCode::invalid_argument, "A journal entry needs a plain name.");
    if (Status ok = make_folder(journal); !ok) return tl::unexpected(ok.error());
    // Made beside and renamed: an entry is there with all its files or not at all.
    const fs::path making = journal / (".making-" + request.id), folder = journal / request.id;
    if (Status ok = make_folder(making); !ok) return tl::unexpected(ok.error());
    const auto give_up = [&](const Error& error) {
        std::error_code ignored;
        fs::remove_all(making, ignored);
        return tl::unexpected(error);
    };
    const int lock = ::open((making / "lock").c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (lock < 0) return give_up(cannot("write", making, errno).value());
    ::flock(lock, LOCK_EX | LOCK_NB);
    JournalEntry entry(folder, request.id, lock);
    Json json{{"id", request.id},
              {"provider", request.provider},
              {"model", request.model},
              {"origin", request.origin},
              {"path", request.path},
              {"kind", request.kind},
              {"project", request.project},
              {"prompt", request.prompt},
              {"crop", {request.crop.x, request.crop.y, request.crop.width, request.crop.height}},
              {"request_size", {request.request_size.width, request.request_size.height}},
              {"low_usd", request.low_usd},
              {"most_usd", request.most_usd},
              {"created", request.created}};
    for (const auto& [name, bytes] : request.files) {
        if (!bytes) continue;
        if (Status ok = write_file_atomic(making / name, *bytes); !ok) return give_up(ok.error());
    }
    if (Status ok = write_json(making / "request.json", json); !ok) return give_up(ok.error());
    if (::rename(making.c_str(), folder.c_str()) != 0)
        return give_up(cannot("write", folder, errno).value());
    if (Status ok = sync_folder(journal); !ok) return tl::unexpected(ok.error());
    return entry;
}

JournalEntry::JournalEntry(JournalEntry&& other) noexcept
    : folder_(std::move(other.folder_)),
      id_(std::move(other.id_)),
      lock_(std::exchange(other.lock_, -1)),
      response_(std::exchange(other.response_, -1)) {}

JournalEntry::~JournalEntry() {
    if (response_ >= 0) ::close(response_);
    if (lock_ >= 0) ::close(lock_);
}

Status JournalEntry::leaving() {
    return write_file_atomic(folder_ / "leaving", {});
}

Status JournalEntry::head(int status, const std::string& content_type,
                          const std::string& service_id) {
    if (response_ >= 0) ::close(response_);
    response_ = ::open((folder_ / "response.raw").c_str(),
                       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (response_ < 0) return cannot("write", folder_, errno);
    return write_json(folder_ / "head.json", {{"status", status},
                                              {"content_type", content_type.substr(0, 200)},
                                              {"service_request_id", service_id.substr(0, 200)}});
}

Status JournalEntry::append(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(response_, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return cannot("write", folder_, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Status JournalEntry::finish_response() {
    if (response_ < 0) return {};
    if (::fsync(response_) != 0) return cannot("write", folder_, errno);
    return sync_folder(folder_);
}

Status JournalEntry::remote_job(const std::string& id) {
    return write_json(folder_ / "remote.json", {{"id", id.substr(0, 200)}});
}

Status JournalEntry::close(const edit::RequestFate& fate, const std::string& message) {
    Status done;
    if (fate.outcome == edit::Outcome::not_sent || fate.outcome == edit::Outcome::refused) {
        std::error_code error;
        fs::remove_all(folder_, error);
        if (error) done = cannot("tidy", folder_, error.value());
    } else {
        Json json{{"outcome", to_string(fate.outcome)},
                  {"message", message},
                  {"service_request_id", fate.service_request_id}};
        if (fate.actual_usd) json["actual_usd"] = *fate.actual_usd;
        done = write_json(folder_ / "closed.json", json);
    }
    if (response_ >= 0) ::close(std::exchange(response_, -1));
    if (lock_ >= 0) ::close(std::exchange(lock_, -1));
    return done;
}

Result<JournalRecord> read_journal_record(const fs::path& journal, const std::string& id) {
    if (!legal_id(id))
        return fail(ErrorCode::not_found,
                    fmt::format("There is no journal entry {}.", display_path(id)));
    const fs::path folder = journal / id;
    auto request = read_json(folder / "request.json");
    if (!request)
        return fail(
            ErrorCode::not_found,
            fmt::format("There is no journal entry {} that can be read.", display_path(id)));
    JournalRecord record;
    JournalRequest& r = record.request;
    r.id = id;
    r.provider = text_at(*request, "provider");
    r.model = text_at(*request, "model");
    r.origin = text_at(*request, "origin");
    r.path = text_at(*request, "path");
    r.kind = text_at(*request, "kind");
    r.project = text_at(*request, "project");
    r.prompt = text_at(*request, "prompt");
    r.low_usd = number_at(*request, "low_usd");
    r.most_usd = number_at(*request, "most_usd");
    r.created = count_at(*request, "created");
    const auto whole = [&](const char* key, std::size_t i) {
        const Json* list = member(*request, key);
        return list && list->is_array() && i < list->size() && (*list)[i].is_number_integer()
                   ? (*list)[i].get<int>()
                   : 0;
    };
    r.crop = {whole("crop", 0), whole("crop", 1), whole("crop", 2), whole("crop", 3)};
    r.request_size = {whole("request_size", 0), whole("request_size", 1)};
    if (const auto head = read_json(folder / "head.json")) {
        record.status = static_cast<int>(count_at(*head, "status"));
        record.content_type = text_at(*head, "content_type");
        record.service_request_id = text_at(*head, "service_request_id");
    }
    if (const auto remote = read_json(folder / "remote.json"))
        record.remote_job = text_at(*remote, "id");
    std::error_code error;
    const auto bytes = fs::file_size(folder / "response.raw", error);
    if (!error) record.response_bytes = bytes;
    if (const auto closed = read_json(folder / "closed.json")) {
        record.outcome = outcome_named(text_at(*closed, "outcome"));
        record.message = text_at(*closed, "message");
        if (member(*closed, "actual_usd")) record.actual_usd = number_at(*closed, "actual_usd");
    } else {
        record.interrupted = true;
        record.outcome = fs::exists(folder / "leaving", error) ? edit::Outcome::unknown
                                                               : edit::Outcome::not_sent;
        if (record.status >= 300 && record.status < 500) record.outcome = edit::Outcome::refused;
    }
    return record;
}

Result<std::vector<JournalRecord>> read_journal(const fs::path& journal) {
    std::vector<JournalRecord> records;
    std::error_code error;
    if (!fs::is_directory(journal, error)) return records;
    for (const auto& item : fs::directory_iterator(journal, error)) {
        const std::string id = item.path().filename().string();
        if (!item.is_directory(error) || is_held(item.path())) continue;
        if (id.starts_with(".making-")) { // never left: it had no name yet
            std::error_code ignored;
            fs::remove_all(item.path(), ignored);
            continue;
        }
        if (auto record = read_journal_record(journal, id)) records.push_back(std::move(*record));
    }
    if (error) return cannot("read", journal, error.value());
    std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
        return std::tie(a.request.created, a.request.id) <
               std::tie(b.request.created, b.request.id);
    });
    return records;
}

Result<Bytes> read_response(const fs::path& journal, const std::string& id) {
    if (!legal_id(id)) return fail(ErrorCode::not_found, "There is no such journal entry.");
    return read_file(journal / id / "response.raw");
}

Status forget_journal_entry(const fs::path& journal, const std::string& id) {
    if (!legal_id(id)) return fail(ErrorCode::not_found, "There is no such journal entry.");
    const fs::path folder = journal / id;
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return fail(ErrorCode::not_found,
                    fmt::format("There is no journal entry {}.", display_path(id)));
    if (is_held(folder))
        return fail(ErrorCode::refused,
                    fmt::format("The request {} is still running in another window or command.",
                                display_path(id)));
    fs::remove_all(folder, error);
    if (error) return cannot("tidy", folder, error.value());
    return {};
}

} // namespace mw::provider
