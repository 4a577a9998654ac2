#include "project/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace mw::project {
namespace {

// SQLite calls back now and then while it works.
int over_deadline(void* data) {
    const auto& at = *static_cast<std::optional<std::chrono::steady_clock::time_point>*>(data);
    return at && std::chrono::steady_clock::now() > *at ? 1 : 0;
}

constexpr int kStepsBetweenLooks = 4000;

} // namespace

Result<Database> Database::open(const std::filesystem::path& path, Mode mode) {
    Database made;
    made.path_ = path;
    made.deadline_ = std::make_unique<std::optional<std::chrono::steady_clock::time_point>>();
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    if (mode == Mode::create) flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (mode == Mode::read_write) flags |= SQLITE_OPEN_READWRITE;
    if (mode == Mode::read_only) flags |= SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(path.c_str(), &made.db_, flags, nullptr) != SQLITE_OK)
        return made.failure();
    sqlite3* db = made.db_;
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    // A file that is refused stays as it is; Store::close() folds the log back.
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, static_cast<int>(4 * kPieceBytes));
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 100'000);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 100);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 50);
    sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 100'000);
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_progress_handler(db, kStepsBetweenLooks, over_deadline, made.deadline_.get());
    // The lock's kind first: cache_size reads the file, and a log beside it would be opened with
    // shared memory, which a network drive does not have.
    if (auto ok =
            made.run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
                     " PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY");
        !ok)
        return tl::unexpected(ok.error());
    return made;
}

Database::Database(Database&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)),
      path_(std::move(other.path_)),
      kept_(std::move(other.kept_)),
      deadline_(std::move(other.deadline_)) {
    other.kept_.clear();
}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(db_, other.db_);
    std::swap(path_, other.path_);
    std::swap(kept_, other.kept_);
    std::swap(deadline_, other.deadline_);
    return *this;
}

Database::~Database() {
    (void)close();
}

Status Database::close() {
    forget_statements();
    if (!db_) return {};
    sqlite3* db = std::exchange(db_, nullptr);
    if (sqlite3_close_v2(db) != SQLITE_OK)
        return fail(ErrorCode::io, fmt::format("{} could not be closed.", display_path(path_)));
    return {};
}

void Database::forget_statements() {
    for (auto& [sql, statement] : kept_)
        sqlite3_finalize(statement);
    kept_.clear();
}

Status Database::run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
    return {};
}

Result<std::string> Database::text(const char* sql) {
    Query query(*this, sql);
    auto row = query.next();
    if (!row) return tl::unexpected(row.error());
    return *row ? query.text(0) : std::string();
}

Result<std::int64_t> Database::number(const char* sql) {
    Query query(*this, sql);
    auto row = query.next();
    if (!row) return tl::unexpected(row.error());
    return *row ? query.integer(0) : 0;
}

void Database::set_deadline(std::optional<std::chrono::steady_clock::time_point> at) {
    *deadline_ = at;
}

tl::unexpected<Error> Database::failure() const {
    const int extended = db_ ? sqlite3_extended_errcode(db_) : SQLITE_NOMEM;
    const std::string name = display_path(path_.filename());
    switch (extended & 0xff) {
        case SQLITE_FULL:
            return fail(ErrorCode::disk_full,
                        fmt::format("{}: the disk is full; free some space.", name));
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_MISMATCH:
        case SQLITE_CONSTRAINT:
        case SQLITE_FORMAT:
            return fail(
                ErrorCode::corrupt,
                fmt::format("{} is damaged ({}); \"maskwright project recover\" saves what it "
                            "still holds.",
                            name, db_ ? sqlite3_errmsg(db_) : ""));
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return fail(ErrorCode::permission_denied,
                        fmt::format("{} is open in another window or program.", name));
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return fail(ErrorCode::permission_denied, fmt::format("{} cannot be written.", name));
        case SQLITE_CANTOPEN: {
            const int error = db_ ? sqlite3_system_errno(db_) : 0;
            return fail(error != 0 ? code_from_errno(error) : ErrorCode::io,
                        fmt::format("{} cannot be opened{}.", name,
                                    error != 0 ? ": " + text_from_errno(error) : ""));
        }
        case SQLITE_INTERRUPT:
            return fail(ErrorCode::corrupt,
                        fmt::format("{} takes too long to read; it is damaged or was not made by "
                                    "this program.",
                                    name));
        case SQLITE_NOMEM:
        case SQLITE_TOOBIG:
            return fail(ErrorCode::too_large, fmt::format("{}: memory is short.", name));
        case SQLITE_IOERR: {
            const int error = db_ ? sqlite3_system_errno(db_) : 0;
            if (error == 28 /* ENOSPC */ || error == 122 /* EDQUOT */)
                return fail(ErrorCode::disk_full,
                            fmt::format("{}: the disk is full; free some space.", name));
            return fail(ErrorCode::io,
                        fmt::format("{}: the disk reports an error{}.", name,
                                    error != 0 ? " (" + text_from_errno(error) + ")" : ""));
        }
        default:
            return fail(ErrorCode::corrupt, fmt::format("{} cannot be read ({}).", name,
                                                        db_ ? sqlite3_errmsg(db_) : "no memory"));
    }
}

Query::Query(Database& database, std::string_view sql) : database_(database) {
    if (const auto kept = database.kept_.find(sql); kept != database.kept_.end()) {
        statement_ = kept->second;
        return;
    }
    if (sqlite3_prepare_v3(database.db_, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) != SQLITE_OK) {
        failed_ = true;
        return;
    }
    database.kept_.emplace(sql, statement_);
}

Query::~Query() {
    if (!statement_) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

Query& Query::bind(std::int64_t value) {
    if (statement_) sqlite3_bind_int64(statement_, ++bound_, value);
    return *this;
}
Query& Query::bind(double value) {
    if (statement_) sqlite3_bind_double(statement_, ++bound_, value);
    return *this;
}
Query& Query::bind(std::string_view text) {
    if (!statement_) return *this;
    const int code = sqlite3_bind_text64(statement_, ++bound_, text.data() ? text.data() : "",
                                         text.size(), SQLITE_STATIC, SQLITE_UTF8);
    failed_ = failed_ || code != SQLITE_OK;
    return *this;
}
Query& Query::bind(std::span<const std::byte> blob) {
    if (!statement_) return *this;
    const int code = blob.empty() ? sqlite3_bind_zeroblob(statement_, ++bound_, 0)
                                  : sqlite3_bind_blob64(statement_, ++bound_, blob.data(),
                                                        blob.size(), SQLITE_STATIC);
    failed_ = failed_ || code != SQLITE_OK;
    return *this;
}
Query& Query::bind_null() {
    if (statement_) sqlite3_bind_null(statement_, ++bound_);
    return *this;
}

Result<bool> Query::next() {
    if (failed_ || !statement_) return database_.failure();
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return database_.failure();
}

Status Query::run() {
    for (;;) {
        auto row = next();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return {};
    }
}

bool Query::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Query::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}
double Query::real(int column) const {
    return sqlite3_column_double(statement_, column);
}
std::string Query::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    const int bytes = sqlite3_column_bytes(statement_, column);
    return text ? std::string(text, static_cast<std::size_t>(bytes)) : std::string();
}
std::span<const std::byte> Query::blob(int column) const {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    const int bytes = sqlite3_column_bytes(statement_, column);
    if (!data) return {};
    return {data, static_cast<std::size_t>(bytes)};
}

Transaction::~Transaction() {
    if (open_ && !sqlite3_get_autocommit(database_.handle())) (void)database_.run("ROLLBACK");
}
Status Transaction::begin() {
    auto ok = database_.run("BEGIN IMMEDIATE");
    open_ = ok.has_value();
    return ok;
}
Status Transaction::commit() {
    auto ok = database_.run("COMMIT");
    if (ok) open_ = false;
    return ok;
}

} // namespace mw::project
