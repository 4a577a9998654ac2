#include "project/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace mw::project {
namespace {

constexpr std::size_t kHeaderBytes = 100;

std::uint32_t big_endian(const Bytes& bytes, std::size_t at, std::size_t n) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < n; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
    return value;
}

// Version 1 had no table of facts.
constexpr const char* kTables[] = {
    // Everything that weighs, by the SHA-256 of `size` bytes: `bytes` and, in order, its pieces.
    "CREATE TABLE blob(id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, "
    "size INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE piece(id INTEGER PRIMARY KEY, blob INTEGER NOT NULL REFERENCES blob(id), "
    "bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE document(id INTEGER PRIMARY KEY CHECK(id = 1), name TEXT NOT NULL, "
    "link TEXT, original INTEGER REFERENCES blob(id), original_size INTEGER NOT NULL, "
    "original_sha256 BLOB NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, "
    "channels INTEGER NOT NULL, sample_bytes INTEGER NOT NULL, pixels_sha256 BLOB NOT NULL, "
    "base INTEGER NOT NULL, shown INTEGER NOT NULL, canvas TEXT NOT NULL, "
    "prompt TEXT NOT NULL, state TEXT NOT NULL, marks TEXT NOT NULL, "
    "created_ms INTEGER NOT NULL, program TEXT NOT NULL) STRICT",
    "CREATE TABLE request(id TEXT PRIMARY KEY, number INTEGER NOT NULL, "
    "parent INTEGER NOT NULL, provider TEXT NOT NULL, "
    "model TEXT NOT NULL, prompt TEXT NOT NULL, params TEXT NOT NULL, plan TEXT NOT NULL, "
    "view TEXT NOT NULL, graft TEXT NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL, "
    "whole_mask INTEGER REFERENCES blob(id), mask INTEGER NOT NULL REFERENCES blob(id), "
    "sent_mask INTEGER REFERENCES blob(id), soft_mask INTEGER REFERENCES blob(id), "
    "markup INTEGER REFERENCES blob(id), edit TEXT NOT NULL, state TEXT NOT NULL, "
    "outcome TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE reference(request TEXT NOT NULL REFERENCES request(id), seq INTEGER NOT NULL, "
    "name TEXT NOT NULL, media_type TEXT NOT NULL, width INTEGER NOT NULL, "
    "height INTEGER NOT NULL, file INTEGER NOT NULL REFERENCES blob(id), "
    "PRIMARY KEY(request, seq)) STRICT, WITHOUT ROWID",
    "CREATE TABLE answer(id INTEGER PRIMARY KEY, request TEXT NOT NULL REFERENCES request(id), "
    "seq INTEGER NOT NULL, media_type TEXT NOT NULL, file INTEGER NOT NULL REFERENCES blob(id), "
    "problem TEXT NOT NULL, created_ms INTEGER NOT NULL, UNIQUE(request, seq)) STRICT",
    // What a graft was made from: one row for each part of the mask, in order.
    "CREATE TABLE answers(id INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE part(answers INTEGER NOT NULL REFERENCES answers(id), seq INTEGER NOT NULL, "
    "answer INTEGER NOT NULL REFERENCES answer(id), mask INTEGER NOT NULL REFERENCES blob(id), "
    "PRIMARY KEY(answers, seq)) STRICT, WITHOUT ROWID",
    "CREATE TABLE graft(id INTEGER PRIMARY KEY, x INTEGER NOT NULL, y INTEGER NOT NULL, "
    "patch INTEGER REFERENCES blob(id), mask INTEGER REFERENCES blob(id), "
    "answers INTEGER REFERENCES answers(id), settings TEXT NOT NULL, report TEXT NOT NULL) STRICT",
    "CREATE TABLE iteration(id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, "
    "graft INTEGER REFERENCES graft(id), standing INTEGER NOT NULL, "
    "prompt TEXT NOT NULL, what_was_done TEXT NOT NULL, provider TEXT NOT NULL, "
    "model TEXT NOT NULL, request INTEGER NOT NULL, service_id TEXT NOT NULL, "
    "view TEXT NOT NULL, estimate_usd REAL, actual_usd REAL, seconds REAL NOT NULL, "
    "created_ms INTEGER NOT NULL, combined_a INTEGER, combined_b INTEGER, "
    "pinned INTEGER NOT NULL, erased INTEGER NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL, "
    "starred INTEGER NOT NULL, trashed INTEGER NOT NULL, collapsed INTEGER NOT NULL) STRICT",
    // The mask that is painted on: a tile without bytes is full, one without a row empty.
    "CREATE TABLE canvas(tile INTEGER PRIMARY KEY, bytes INTEGER REFERENCES blob(id)) STRICT",
    "CREATE TABLE slot(id INTEGER PRIMARY KEY, place INTEGER NOT NULL, name TEXT NOT NULL, "
    "mask INTEGER NOT NULL REFERENCES blob(id)) STRICT",
    "CREATE TABLE command(id INTEGER PRIMARY KEY, undone INTEGER NOT NULL, name TEXT NOT NULL, "
    "kind TEXT NOT NULL, detail TEXT NOT NULL, graft INTEGER REFERENCES graft(id)) STRICT",
    // What a command on the mask puts back; `state` as in canvas, but empty tiles have a row.
    "CREATE TABLE command_tile(command INTEGER NOT NULL REFERENCES command(id), "
    "tile INTEGER NOT NULL, state INTEGER NOT NULL, bytes INTEGER REFERENCES blob(id), "
    "PRIMARY KEY(command, tile)) STRICT, WITHOUT ROWID",
};
// Where the file comes from, for people ("recovered from"). Since version 2.
constexpr const char* kFactTable =
    "CREATE TABLE fact(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID";

tl::unexpected<Error> no_project(const std::filesystem::path& path, std::string_view why) {
    return fail(ErrorCode::corrupt,
                fmt::format("{} is not a whole project file: {}. It was not changed; \"maskwright "
                            "project recover\" saves what it still holds.",
                            display_path(path.filename()), why));
}

tl::unexpected<Error> foreign(const std::filesystem::path& path) {
    return fail(ErrorCode::unsupported,
                fmt::format("{} is a database of another program, not a project. It was not "
                            "changed.",
                            display_path(path.filename())));
}

tl::unexpected<Error> newer(const std::filesystem::path& path, std::string_view what) {
    return fail(ErrorCode::unsupported,
                fmt::format("{} was written by a newer program ({}). It was not changed; open it "
                            "with that program.",
                            display_path(path.filename()), what));
}

// One entry of sqlite_schema.
using Entry = std::array<std::string, 4>; // type, name, table, sql

std::vector<Entry> expected_entries(int version) {
    std::vector<Entry> out;
    for (const std::string& sql : schema_of(version)) {
        const std::size_t from = std::strlen("CREATE TABLE ");
        const std::string name = sql.substr(from, sql.find('(') - from);
        out.push_back({"table", name, name, sql});
    }
    return out;
}

} // namespace

std::vector<std::string> schema_of(int version) {
    std::vector<std::string> out(std::begin(kTables), std::end(kTables));
    if (version >= 2) out.emplace_back(kFactTable);
    return out;
}

Status check_header(const std::filesystem::path& path) {
    auto file = open_file(path, ~0ull >> 1);
    if (!file) return tl::unexpected(file.error());
    if (file->size() == 0) return no_project(path, "it is empty");
    auto start = read_start(*file, kHeaderBytes, path);
    if (!start) return tl::unexpected(start.error());
    constexpr std::string_view kMagic("SQLite format 3\0", 16);
    if (start->size() < kMagic.size() ||
        std::memcmp(start->data(), kMagic.data(), kMagic.size()) != 0)
        return fail(ErrorCode::corrupt, fmt::format("{} is not a project file. It was not changed.",
                                                    display_path(path.filename())));
    if (start->size() < kHeaderBytes || file->size() < 512)
        return no_project(path, "it is cut off after its header");
    const std::uint32_t page = big_endian(*start, 16, 2);
    if (page != 1 && (page < 512 || (page & (page - 1)) != 0))
        return no_project(path, "its page size is impossible");
    if (big_endian(*start, 18, 1) > 2 || big_endian(*start, 19, 1) > 2)
        return newer(path, "file format version");
    const auto version = static_cast<std::int32_t>(big_endian(*start, 60, 4));
    const auto id = static_cast<std::int32_t>(big_endian(*start, 68, 4));
    if (version > kSchemaVersion && (id == kApplicationId || id == 0))
        return newer(path, fmt::format("version {}, this one knows {}", version, kSchemaVersion));
    if (id != kApplicationId) return foreign(path);
    if (version < 1) return no_project(path, "its version is impossible");
    return {};
}

Status create_schema(Database& database) {
    for (const std::string& sql : schema_of(kSchemaVersion))
        if (auto ok = database.run(sql.c_str()); !ok) return ok;
    return database.run(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}",
                                    kApplicationId, kSchemaVersion)
                            .c_str());
}

Result<int> check_schema(Database& database) {
    const auto& path = database.path();
    auto id = database.number("PRAGMA application_id");
    if (!id) return tl::unexpected(id.error());
    if (*id != kApplicationId) return foreign(path);
    auto version = database.number("PRAGMA user_version");
    if (!version) return tl::unexpected(version.error());
    if (*version > kSchemaVersion)
        return newer(path, fmt::format("version {}, this one knows {}", *version, kSchemaVersion));
    if (*version < 1) return no_project(path, "its version is impossible");

    std::vector<Entry> wanted = expected_entries(static_cast<int>(*version));
    Query query(database, "SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT 200");
    for (;;) {
        auto row = query.next();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        const Entry entry{query.text(0), query.text(1), query.text(2), query.text(3)};
        // What SQLite makes by itself for UNIQUE and PRIMARY KEY.
        if (entry[0] == "index" && query.is_null(3) &&
            entry[1].starts_with("sqlite_autoindex_" + entry[2] + "_"))
            continue;
        const auto found = std::find(wanted.begin(), wanted.end(), entry);
        if (found == wanted.end())
            return no_project(path, fmt::format("it holds a {} that no project has",
                                                entry[0] == "table" || entry[0] == "index" ||
                                                        entry[0] == "view" || entry[0] == "trigger"
                                                    ? entry[0]
                                                    : "thing"));
        wanted.erase(found);
    }
    if (!wanted.empty()) return no_project(path, "a table is missing");
    return static_cast<int>(*version);
}

Status migrate(Database& database, int version) {
    for (; version < kSchemaVersion; ++version) {
        Transaction step(database);
        if (auto ok = step.begin(); !ok) return ok;
        if (version == 1)
            if (auto ok = database.run(kFactTable); !ok) return ok;
        if (auto ok = database.run(fmt::format("PRAGMA user_version={}", version + 1).c_str()); !ok)
            return ok;
        if (auto ok = step.commit(); !ok) return ok;
    }
    return {};
}

bool looks_like_project(const std::filesystem::path& path) {
    auto file = open_file(path, ~0ull >> 1);
    if (!file) return false;
    const auto start = read_start(*file, kHeaderBytes, path);
    return start && start->size() == kHeaderBytes &&
           std::memcmp(start->data(), "SQLite format 3", 16) == 0 &&
           big_endian(*start, 68, 4) == static_cast<std::uint32_t>(kApplicationId);
}

} // namespace mw::project
