#include "support/damage_project.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <memory>

#include "base/hash.h"
#include "project/pack.h"

namespace mw::test {
namespace {

constexpr std::size_t kPage = 4096;

struct Damage {
    Bytes bytes;
    std::mt19937& random;

    std::size_t below(std::size_t n) { return n == 0 ? 0 : random() % n; }
    std::size_t page() { return below(bytes.size() / kPage + 1) * kPage; }

    void put_number(std::size_t at, unsigned width) {
        constexpr std::array<std::uint32_t, 12> kUsual = {
            0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff};
        std::uint32_t value = kUsual[below(kUsual.size())];
        if (below(3) == 0) value = static_cast<std::uint32_t>(bytes.size() / kPage + below(5)) - 2;
        for (unsigned i = 0; i < width && at + i < bytes.size(); ++i)
            bytes[at + i] = static_cast<std::byte>(value >> (8 * (width - 1 - i)));
    }
    void exchange(std::size_t a, std::size_t b, std::size_t n) {
        for (std::size_t i = 0; i < n && std::max(a, b) + i < bytes.size(); ++i)
            std::swap(bytes[a + i], bytes[b + i]);
    }
    void copy(std::size_t to, std::size_t from, std::size_t n) {
        for (std::size_t i = 0; i < n && std::max(to, from) + i < bytes.size(); ++i)
            bytes[to + i] = bytes[from + i];
    }
    void bytewise() {
        switch (below(9)) {
            case 0:
                bytes.resize(below(bytes.size()));
                break;
            case 1:
                bytes.resize(bytes.size() + below(2 * kPage), std::byte{});
                break;
            case 2:
                exchange(page(), page(), kPage);
                break;
            case 3:
                copy(page(), page(), kPage);
                break;
            case 4:
                put_number(below(100), 1u << below(3));
                break;
            // The head of a page (the first one's lies behind the file's): kind, free blocks,
            // number of cells, where they start, and the pointers to them.
            case 5: {
                const std::size_t at = page();
                put_number(at + (at == 0 ? 100 : 0) + below(60), 1u << below(3));
                break;
            }
            case 6:
                copy(below(bytes.size()), below(bytes.size()), below(200));
                break;
            case 7:
                if (const std::size_t at = below(bytes.size()); at < bytes.size())
                    bytes[at] ^= static_cast<std::byte>(1u << below(8));
                break;
            default:
                for (std::size_t n = std::size_t{1} << below(8); n > 0; --n)
                    if (const std::size_t at = below(bytes.size()); at < bytes.size())
                        bytes[at] = static_cast<std::byte>(random());
        }
    }
};

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Statement prepare(const Connection& db, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &statement, nullptr);
    return Statement(statement);
}
std::vector<std::string> column(const Connection& db, const std::string& sql) {
    std::vector<std::string> out;
    const Statement statement = prepare(db, sql);
    while (statement && sqlite3_step(statement.get()) == SQLITE_ROW)
        if (const auto* text = sqlite3_column_text(statement.get(), 0))
            out.emplace_back(reinterpret_cast<const char*>(text));
    return out;
}

// Rows changed as SQL, in memory, without the rules that the tables make.
struct RowDamage {
    Connection db;
    std::mt19937& random;

    std::size_t below(std::size_t n) { return n == 0 ? 0 : random() % n; }
    void run(const std::string& sql) {
        sqlite3_exec(db.get(), sql.c_str(), nullptr, nullptr, nullptr);
    }
    std::string text_from(std::string old) {
        static const std::array<std::string, 16> kUsual = {"",
                                                           "[[[",
                                                           std::string(2000, '['),
                                                           "{}",
                                                           "null",
                                                           "{\"x\":1e999}",
                                                           "{\"size\":-1}",
                                                           "../../etc/passwd",
                                                           "/etc/passwd",
                                                           "p.png",
                                                           "sent",
                                                           "answered",
                                                           "mask",
                                                           "graft",
                                                           "\xff\xfe\x80",
                                                           std::string(70'000, 'a')};
        if (old.empty() || below(2) == 0) return kUsual[below(kUsual.size())];
        for (std::size_t n = 1 + below(4); n > 0; --n) {
            const std::size_t at = below(old.size());
            switch (below(4)) {
                case 0:
                    old.erase(at, 1 + below(8));
                    break;
                case 1:
                    old.insert(at, std::to_string(static_cast<int>(random())));
                    break;
                case 2:
                    old[at] = static_cast<char>(random());
                    break;
                default:
                    old.insert(at, old.substr(below(old.size()), below(40)));
            }
            if (old.empty()) break;
        }
        return old;
    }
    void bind_value(sqlite3_stmt* statement, const std::string& type, const std::string& old) {
        if (below(12) == 0) {
            sqlite3_bind_null(statement, 1);
        } else if (type == "TEXT") {
            const std::string made = text_from(old);
            sqlite3_bind_text(statement, 1, made.data(), static_cast<int>(made.size()),
                              SQLITE_TRANSIENT);
        } else if (type == "REAL") {
            const std::array<double, 6> usual = {
                0, -1, 1e308, -1e308, std::numeric_limits<double>::infinity(), 1e-320};
            sqlite3_bind_double(statement, 1, usual[below(usual.size())]);
        } else if (type == "BLOB") {
            Bytes made(below(300));
            for (std::byte& b : made)
                b = static_cast<std::byte>(random());
            sqlite3_bind_blob(statement, 1, made.data(), static_cast<int>(made.size()),
                              SQLITE_TRANSIENT);
        } else {
            const std::array<std::int64_t, 10> usual = {0,
                                                        1,
                                                        2,
                                                        3,
                                                        -1,
                                                        4,
                                                        65536,
                                                        1 << 20,
                                                        std::numeric_limits<std::int64_t>::max(),
                                                        std::numeric_limits<std::int64_t>::min()};
            sqlite3_bind_int64(
                statement, 1,
                below(3) == 0 ? static_cast<std::int64_t>(below(60)) : usual[below(usual.size())]);
        }
    }
    void value() {
        const auto tables = column(db, "SELECT name FROM sqlite_schema WHERE type = 'table'");
        if (tables.empty()) return;
        const std::string table = tables[below(tables.size())];
        const auto names = column(db, "SELECT name FROM pragma_table_info('" + table + "')");
        const auto types = column(db, "SELECT type FROM pragma_table_info('" + table + "')");
        if (names.empty() || types.size() != names.size()) return;
        const std::size_t which = below(names.size());
        // A row by its first column's rank, so that tables without row ids are met as well.
        const std::string key = fmt::format(
            "SELECT {0} FROM \"{1}\" ORDER BY {0} LIMIT 1 OFFSET "
            "abs({2}) % max(1, (SELECT count(*) FROM \"{1}\"))",
            names[0], table, random() % 100000);
        const auto old = column(db, fmt::format("SELECT {} FROM \"{}\" WHERE {} = ({})",
                                                names[which], table, names[0], key));
        const Statement update =
            prepare(db, fmt::format("UPDATE OR REPLACE \"{}\" SET {} = ? WHERE {} = ({})", table,
                                    names[which], names[0], key));
        if (!update) return;
        bind_value(update.get(), types[which], old.empty() ? std::string() : old[0]);
        sqlite3_step(update.get());
    }
    // A blob that is broken inside and whose hash and size are right.
    void blob() {
        const Statement pick = prepare(db, "SELECT id, bytes FROM blob ORDER BY random() LIMIT 1");
        if (!pick || sqlite3_step(pick.get()) != SQLITE_ROW) return;
        const std::int64_t id = sqlite3_column_int64(pick.get(), 0);
        const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(pick.get(), 1));
        Bytes bytes(data, data + sqlite3_column_bytes(pick.get(), 1));
        const bool packed = below(2) == 0; // then within the frame, which has a checksum of its own
        Bytes inside = bytes;
        if (packed) {
            if (auto plain = project::unpack_bytes(bytes, 1 << 20)) inside = std::move(*plain);
        }
        Damage damage{std::move(inside), random};
        if (below(3) == 0 && damage.bytes.size() > 16)
            damage.put_number(4 * below(4), 4);
        else
            damage.bytewise();
        bytes = packed ? project::pack_bytes(damage.bytes) : std::move(damage.bytes);
        const std::string hex = sha256_hex(bytes);
        Bytes digest(32);
        for (std::size_t i = 0; i < digest.size(); ++i)
            digest[i] = static_cast<std::byte>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
        const Statement update =
            prepare(db, "UPDATE OR REPLACE blob SET bytes = ?, sha256 = ?, size = ? WHERE id = ?");
        if (!update) return;
        sqlite3_bind_blob(update.get(), 1, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_TRANSIENT);
        sqlite3_bind_blob(update.get(), 2, digest.data(), 32, SQLITE_TRANSIENT);
        sqlite3_bind_int64(update.get(), 3, static_cast<std::int64_t>(bytes.size()));
        sqlite3_bind_int64(update.get(), 4, id);
        sqlite3_step(update.get());
    }
    void rows() {
        const auto tables = column(db, "SELECT name FROM sqlite_schema WHERE type = 'table'");
        if (tables.empty()) return;
        const std::string table = tables[below(tables.size())];
        if (below(2) == 0)
            run(fmt::format("DELETE FROM \"{}\" WHERE abs(random()) % 3 = 0", table));
        else
            run(fmt::format("INSERT OR IGNORE INTO \"{}\" SELECT * FROM \"{}\"", table,
                            tables[below(tables.size())]));
    }
    void schema() {
        static const std::array<const char*, 8> kUsual = {
            "CREATE TABLE more(id INTEGER)",
            "CREATE VIEW v AS SELECT * FROM blob",
            "CREATE TRIGGER t AFTER INSERT ON iteration BEGIN DELETE FROM blob; END",
            "ALTER TABLE slot RENAME TO other",
            "PRAGMA user_version = 1; DROP TABLE fact",
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET rootpage = abs(random()) % 40 "
            "WHERE abs(random()) % 6 = 0",
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '')",
            "PRAGMA auto_vacuum = FULL; VACUUM"};
        run(kUsual[below(kUsual.size())]);
    }
};

// False where SQLite does not take the file.
bool rowwise(Bytes& file, std::mt19937& random) {
    if (file.size() < 512 || file.size() % kPage != 0) return false;
    sqlite3* opened = nullptr;
    if (sqlite3_open(":memory:", &opened) != SQLITE_OK) return false;
    RowDamage damage{Connection(opened), random};
    auto* memory = static_cast<unsigned char*>(sqlite3_malloc64(file.size()));
    std::memcpy(memory, file.data(), file.size());
    const auto size = static_cast<sqlite3_int64>(file.size());
    if (sqlite3_deserialize(opened, "main", memory, size, size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) !=
        SQLITE_OK)
        return false;
    damage.run(
        "PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON; PRAGMA "
        "cell_size_check=ON");
    for (std::size_t n = 1 + damage.below(3); n > 0; --n)
        switch (damage.below(10)) {
            case 0:
                damage.rows();
                break;
            case 1:
                damage.schema();
                break;
            case 2:
            case 3:
            case 4:
                damage.blob();
                break;
            default:
                damage.value();
        }
    sqlite3_int64 made_size = 0;
    unsigned char* made = sqlite3_serialize(opened, "main", &made_size, 0);
    if (!made) return false;
    const auto* from = reinterpret_cast<const std::byte*>(made);
    file.assign(from, from + made_size);
    sqlite3_free(made);
    return true;
}

} // namespace

Bytes damage_project(const Bytes& file, std::mt19937& random) {
    Bytes out = file;
    if (random() % 5 < 3 && rowwise(out, random)) {
        if (random() % 8 != 0) return out;
    }
    Damage damage{std::move(out), random};
    for (std::size_t n = random() % 3 == 0 ? 1 + random() % 6 : 1; n > 0 && !damage.bytes.empty();
         --n)
        damage.bytewise();
    if (damage.bytes.size() > 2 * file.size()) damage.bytes.resize(2 * file.size());
    return std::move(damage.bytes);
}

} // namespace mw::test
