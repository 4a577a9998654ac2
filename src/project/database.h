// One SQLite connection, kept on a short lead: what it opens may be hostile. For the room only.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace mw::project {

// Largest value of one row; longer blobs are kept in pieces.
inline constexpr std::size_t kPieceBytes = 4u << 20;

class Database {
  public:
    enum class Mode { create, read_write, read_only };

    // Of the file at `path`; no other one is ever opened. Defensive, no extension, no trusted
    // schema, no trigger, no view, no mapping, limits on every length, foreign keys on.
    static Result<Database> open(const std::filesystem::path& path, Mode mode);
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;
    ~Database();

    sqlite3* handle() const { return db_; }
    const std::filesystem::path& path() const { return path_; }
    Status run(const char* sql); // one or more statements without parameters
    // First column of the first row; empty when there is none.
    Result<std::string> text(const char* sql);
    Result<std::int64_t> number(const char* sql);

    // What runs on ends with an error at this time.
    void set_deadline(std::optional<std::chrono::steady_clock::time_point> at);
    // Fails with the connection's last error as a sentence about `path`.
    tl::unexpected<Error> failure() const;
    // Statements that were kept for the next use.
    void forget_statements();
    Status close();

    Database() = default; // none

  private:
    friend class Query;
    sqlite3* db_ = nullptr;
    std::filesystem::path path_;
    std::map<std::string, sqlite3_stmt*, std::less<>> kept_;
    std::unique_ptr<std::optional<std::chrono::steady_clock::time_point>> deadline_;
};

// One use of a statement; the text is the key by which it is kept prepared. Not nested with itself.
class Query {
  public:
    Query(Database& database, std::string_view sql);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    // The next parameter. Texts and blobs must live until the last row was read.
    Query& bind(std::int64_t value);
    Query& bind(int value) { return bind(std::int64_t{value}); }
    Query& bind(double value);
    Query& bind(std::string_view text);
    Query& bind(std::span<const std::byte> blob);
    Query& bind(std::optional<double> value) { return value ? bind(*value) : bind_null(); }
    Query& bind(std::optional<std::int64_t> value) { return value ? bind(*value) : bind_null(); }
    Query& bind_null();

    Result<bool> next(); // whether there is a row
    Status run();        // to the end
    // Columns of the row, from 0.
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    std::span<const std::byte> blob(int column) const; // until the next step

  private:
    Database& database_;
    sqlite3_stmt* statement_ = nullptr;
    int bound_ = 0;
    bool failed_ = false;
};

// Undone at the end of its life, unless it was committed.
class Transaction {
  public:
    explicit Transaction(Database& database) : database_(database) {}
    ~Transaction();
    Status begin();
    Status commit();

  private:
    Database& database_;
    bool open_ = false;
};

} // namespace mw::project
