#include "project/recover.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "project/replay.h"
#include "project/schema.h"
#include "project/store_core.h"

namespace mw::project {

namespace {

constexpr std::int64_t kMostProbes = 100'000;

struct Finalized {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalized>;

Statement prepared(sqlite3* db, const std::string& sql) {
    sqlite3_stmt* out = nullptr;
    sqlite3_prepare_v2(db, sql.c_str(), static_cast<int>(sql.size()), &out, nullptr);
    return Statement(out);
}

// Rows of one table from a damaged file to a new one.
class TableCopy {
  public:
    TableCopy(sqlite3* from, sqlite3* to, std::string name, const std::string& sql)
        : from_(from), to_(to), name_(std::move(name)) {
        has_rowid_ = sql.find("WITHOUT ROWID") == std::string::npos;
        const std::size_t at = sql.find('(') + 1;
        key_ = sql.substr(at, sql.find(' ', at) - at);
        auto row = prepared(to_, "SELECT * FROM " + name_);
        columns_ = row ? sqlite3_column_count(row.get()) : 0;
        std::string marks;
        for (int i = 0; i < columns_; ++i)
            marks += i == 0 ? "?" : ",?";
        insert_ = prepared(to_, fmt::format("INSERT OR IGNORE INTO {} VALUES({})", name_, marks));
    }

    // Whether all rows could be read, as far as one can tell.
    bool run() {
        if (!insert_) return false;
        if (scan("")) return true;
        const std::int64_t reached = last_;
        last_ = 0;
        scan(has_rowid_ ? fmt::format(" ORDER BY {} DESC", key_) : " ORDER BY 1 DESC");
        // What lies behind a broken page is reached row by row.
        if (has_rowid_ && last_ > reached)
            for (std::int64_t id = reached + 1; id < std::min(last_, reached + kMostProbes); ++id)
                scan(fmt::format(" WHERE {} = {}", key_, id));
        return false;
    }

  private:
    bool scan(const std::string& tail) {
        const auto select = prepared(from_, "SELECT * FROM " + name_ + tail);
        if (!select || sqlite3_column_count(select.get()) != columns_) return false;
        for (;;) {
            const int code = sqlite3_step(select.get());
            if (code != SQLITE_ROW) return code == SQLITE_DONE;
            for (int i = 0; i < columns_; ++i)
                sqlite3_bind_value(insert_.get(), i + 1, sqlite3_column_value(select.get(), i));
            if (has_rowid_) last_ = sqlite3_column_int64(select.get(), 0);
            sqlite3_step(insert_.get()); // a row of the wrong types is not taken
            sqlite3_reset(insert_.get());
        }
    }

    sqlite3 *from_, *to_;
    std::string name_, key_;
    bool has_rowid_ = true;
    int columns_ = 0;
    std::int64_t last_ = 0;
    Statement insert_;
};

// What the rows refer to and is not there.
constexpr const char* kMend =
    "DELETE FROM reference WHERE file NOT IN (SELECT id FROM blob);"
    "UPDATE request SET sent_mask = NULL WHERE sent_mask NOT IN (SELECT id FROM blob);"
    "UPDATE request SET soft_mask = NULL WHERE soft_mask NOT IN (SELECT id FROM blob);"
    "UPDATE request SET markup = NULL WHERE markup NOT IN (SELECT id FROM blob);"
    "UPDATE request SET whole_mask = NULL WHERE whole_mask NOT IN (SELECT id FROM blob);"
    "UPDATE request SET mask = whole_mask WHERE mask NOT IN (SELECT id FROM blob) AND whole_mask "
    "IS NOT NULL;"
    "DELETE FROM request WHERE mask NOT IN (SELECT id FROM blob);"
    "DELETE FROM reference WHERE request NOT IN (SELECT id FROM request);"
    "DELETE FROM answer WHERE file NOT IN (SELECT id FROM blob) OR request NOT IN (SELECT id FROM "
    "request);"
    "DELETE FROM answers WHERE id IN (SELECT answers FROM part WHERE answer NOT IN (SELECT id FROM "
    "answer) OR mask NOT IN (SELECT id FROM blob)) OR id NOT IN (SELECT answers FROM part);"
    "DELETE FROM part WHERE answers NOT IN (SELECT id FROM answers);"
    "UPDATE graft SET answers = NULL WHERE answers NOT IN (SELECT id FROM answers);"
    "UPDATE graft SET patch = NULL WHERE patch NOT IN (SELECT id FROM blob);"
    "UPDATE graft SET mask = NULL WHERE mask NOT IN (SELECT id FROM blob);"
    "DELETE FROM graft WHERE patch IS NULL AND answers IS NULL;"
    "UPDATE iteration SET graft = NULL WHERE graft NOT IN (SELECT id FROM graft);"
    "DELETE FROM canvas WHERE bytes IS NOT NULL AND bytes NOT IN (SELECT id FROM blob);"
    "DELETE FROM slot WHERE mask NOT IN (SELECT id FROM blob);";

Result<std::int64_t> count(Database& database, const char* sql) {
    return database.number(sql);
}

// Iterations without a gap; what is gone becomes an erased one.
Status mend_iterations(Database& db, std::vector<std::string>& lost) {
    MW_TRY(last, count(db, "SELECT coalesce(max(id), 0) FROM iteration"));
    std::vector<bool> there(static_cast<std::size_t>(std::clamp<std::int64_t>(*last, 0, 100'000)) +
                            1);
    if (auto ok = db.run("DELETE FROM iteration WHERE id < 0 OR id > 100000"); !ok) return ok;
    there[0] = true;
    for (std::size_t id = 1; id < there.size(); ++id) {
        bool known = false, erased = false, has_graft = false;
        std::int64_t parent = 0;
        {
            Query query(db, "SELECT parent, erased, graft IS NOT NULL FROM iteration WHERE id = ?");
            MW_TRY(row, query.bind(static_cast<std::int64_t>(id)).next());
            if ((known = *row)) {
                parent = query.integer(0);
                erased = query.integer(1) != 0;
                has_graft = query.integer(2) != 0;
            }
        }
        there[id] = known && !erased && has_graft;
        if (known && !erased && !has_graft)
            lost.push_back(
                fmt::format("Iteration {}: neither its pixels nor its answer is left.", id));
        if (!known) {
            lost.push_back(fmt::format("Iteration {} is gone.", id));
            if (auto ok = Query(db,
                                "INSERT INTO iteration(id, parent, standing, prompt, "
                                "what_was_done, provider, model, request, service_id, view, "
                                "seconds, created_ms, pinned, erased, name, note, starred, "
                                "trashed, collapsed) VALUES(?, 0, 0, '', '', '', '', 0, '', '{}', "
                                "0, 0, 0, 1, '', '', 0, 1, 0)")
                              .bind(static_cast<std::int64_t>(id))
                              .run();
                !ok)
                return ok;
        } else if (!there[id]) {
            if (auto ok = Query(db,
                                "UPDATE iteration SET erased = 1, trashed = 1, graft = NULL "
                                "WHERE id = ?")
                              .bind(static_cast<std::int64_t>(id))
                              .run();
                !ok)
                return ok;
        }
        const bool hangs = parent >= 0 && parent < static_cast<std::int64_t>(id) &&
                           there[static_cast<std::size_t>(parent)];
        if (hangs || !there[id]) {
            if (known && (parent < 0 || parent >= static_cast<std::int64_t>(id)))
                if (auto ok = Query(db, "UPDATE iteration SET parent = 0 WHERE id = ?")
                                  .bind(static_cast<std::int64_t>(id))
                                  .run();
                    !ok)
                    return ok;
            continue;
        }
        lost.push_back(
            fmt::format("Iteration {} hangs below the original: what it was made from is "
                        "gone.",
                        id));
        if (auto ok = Query(db, "UPDATE iteration SET parent = 0 WHERE id = ?")
                          .bind(static_cast<std::int64_t>(id))
                          .run();
            !ok)
            return ok;
    }
    std::string alive = "0";
    MW_TRY(shown, count(db, "SELECT shown FROM document"));
    MW_TRY(base, count(db, "SELECT base FROM document"));
    const auto sane = [&](std::int64_t id) {
        return id >= 0 && id < static_cast<std::int64_t>(there.size()) &&
               there[static_cast<std::size_t>(id)];
    };
    return Query(db, "UPDATE document SET base = ?, shown = ?")
        .bind(sane(*base) ? *base : 0)
        .bind(sane(*shown) ? *shown : 0)
        .run();
}

} // namespace

// Fills `target` (with the schema, without rows) from the damaged `source`.
Status salvage(Store::Core& target, sqlite3* source, std::vector<std::string>& lost) {
    Database& db = target.database;
    bool undo_whole = true;
    for (const std::string& sql : schema_of(kSchemaVersion)) {
        const std::string name = sql.substr(13, sql.find('(') - 13);
        const bool whole = TableCopy(source, db.handle(), name, sql).run();
        if (whole) continue;
        if (name.starts_with("command")) undo_whole = false;
        if (name == "fact") continue; // version 1 had none
        lost.push_back(fmt::format("Not every row of \"{}\" could be read.", name));
    }
    std::vector<std::int64_t> broken;
    {
        Query query(db, "SELECT id FROM blob");
        std::vector<std::int64_t> ids;
        for (;;) {
            MW_TRY(row, query.next());
            if (!*row) break;
            ids.push_back(query.integer(0));
        }
        for (const std::int64_t id : ids)
            if (!target.get(id, 2ull << 30)) broken.push_back(id);
    }
    for (const std::int64_t id : broken)
        for (const char* sql :
             {"DELETE FROM blob WHERE id = ?", "DELETE FROM piece WHERE blob = ?"})
            if (auto ok = Query(db, sql).bind(id).run(); !ok) return ok;
    if (!broken.empty()) lost.push_back(fmt::format("{} stored parts are broken.", broken.size()));
    MW_TRY(answers_before, count(db, "SELECT count(*) FROM answer"));
    MW_TRY(tiles_broken, count(db,
                               "SELECT count(*) FROM command_tile WHERE bytes IS NOT NULL AND "
                               "bytes NOT IN (SELECT id FROM blob)"));
    MW_TRY(grafts_broken, count(db,
                                "SELECT count(*) FROM command WHERE graft IS NOT NULL AND graft "
                                "NOT IN (SELECT graft.id FROM graft JOIN blob ON blob.id = "
                                "graft.patch)"));
    if (auto ok = db.run(kMend); !ok) return ok;
    MW_TRY(answers_after, count(db, "SELECT count(*) FROM answer"));
    if (*answers_after < *answers_before)
        lost.push_back(fmt::format("{} answers are gone.", *answers_before - *answers_after));
    if (!undo_whole || *tiles_broken > 0 || *grafts_broken > 0) {
        lost.emplace_back("Undo is gone: a step of it could not be read.");
        if (auto ok = db.run("DELETE FROM command_tile; DELETE FROM command"); !ok) return ok;
    }
    MW_TRY(documents, count(db, "SELECT count(*) FROM document"));
    if (*documents != 1)
        return fail(ErrorCode::corrupt, "the record of the document itself is gone");
    return mend_iterations(db, lost);
}

// Grafts are made again for iterations whose pixels are gone.
Status graft_lost_pixels(Store::Core& core, const Document& document,
                         std::vector<std::string>& lost) {
    std::map<IterationId, composite::Patch> made;
    const auto picture = [&](IterationId id) -> image::ImageRef {
        std::vector<IterationId> way;
        for (; id > 0; id = document.tree.at(id).parent)
            way.push_back(id);
        image::Image out = image::clone(document.tree.picture(0)->view());
        for (auto step = way.rbegin(); step != way.rend(); ++step) {
            const auto again = made.find(*step);
            composite::lay(out.span(),
                           again != made.end() ? again->second : *document.tree.at(*step).patch);
        }
        return std::make_shared<const image::Image>(std::move(out));
    };
    for (IterationId id = 1; id < static_cast<IterationId>(document.tree.size()); ++id) {
        if (!document.tree.contains(id)) continue;
        const Iteration& it = document.tree.at(id);
        if (it.patch->pixels || it.parts.empty()) continue;
        auto graft = graft_again(picture(it.parent), *it.parts.get(), it.graft, it.view);
        if (!graft) {
            lost.push_back(
                fmt::format("Iteration {}: its pixels are gone, and its answer cannot be "
                            "grafted again.",
                            id));
            continue;
        }
        made[id] = graft->patch;
        Iteration mended = it;
        mended.patch = std::move(graft->patch);
        mended.report = std::move(graft->report);
        if (mended.mask.empty()) {
            mask::Mask all(document.mask.size());
            for (const edit::AnsweredPart& part : *it.parts.get())
                mask::combine(all, part.mask, mask::CombineMode::add);
            mended.mask = std::move(all);
        }
        if (auto ok = core.transact([&] { return core.put_iteration(mended); }); !ok) return ok;
    }
    return {};
}

Result<Recovered> recover(const std::filesystem::path& from, const std::filesystem::path& to,
                          const OpenParams& params, bool overwrite) {
    std::error_code ignored;
    Recovered done;
    if (!overwrite && std::filesystem::exists(std::filesystem::symlink_status(to, ignored)))
        return fail(ErrorCode::refused,
                    fmt::format("{} exists already; choose another name.", display_path(to)));
    if (is_held(from) || is_held(to))
        return fail(ErrorCode::refused, "The project is open here; close it first.");
    if (auto file = open_file(from, ~0ull >> 1); !file) return tl::unexpected(file.error());
    MW_TRY(copy, private_copy(from));
    const auto temporary = temporary_beside(to);
    const auto clean = [&] {
        std::filesystem::remove_all(copy->parent_path(), ignored);
        std::filesystem::remove(temporary, ignored);
    };
    Status ok = [&]() -> Status {
        MW_TRY(source, Database::open(*copy, Database::Mode::read_write));
        // A file that is shorter than it says is read as far as it goes.
        sqlite3_db_config(source->handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
        if (auto set = source->run("PRAGMA writable_schema=ON"); !set) return set;
        source->set_deadline(std::chrono::steady_clock::now() + std::chrono::minutes(10));
        MW_TRY(target, Database::open(temporary, Database::Mode::create));
        auto core = std::make_shared<Store::Core>(std::move(*target));
        if (auto set = core->database.run("PRAGMA journal_mode=MEMORY; PRAGMA foreign_keys=OFF; "
                                          "BEGIN");
            !set)
            return set;
        if (auto made = create_schema(core->database); !made) return made;
        if (auto saved = salvage(*core, source->handle(), done.lost); !saved) return saved;
        if (auto fact =
                Query(core->database, "INSERT OR REPLACE INTO fact VALUES('recovered from', ?)")
                    .bind(from.filename().string())
                    .run();
            !fact)
            return fact;
        if (auto made = core->database.run("COMMIT"); !made) return made;
        return core->database.close();
    }();
    if (!ok) {
        clean();
        return fail(
            ok.error().code == ErrorCode::disk_full ? ErrorCode::disk_full : ErrorCode::corrupt,
            fmt::format("Nothing can be saved of {}: {}", display_path(from.filename()),
                        ok.error().message));
    }
    std::filesystem::remove_all(copy->parent_path(), ignored);
    // Opened as any project, and so checked as any; undo is given up before the rest is.
    for (int attempt = 0;; ++attempt) {
        auto opened = Store::open(temporary, params);
        if (opened) {
            Store::Core& core = opened->store->core();
            ok = graft_lost_pixels(core, *opened->document, done.lost);
            for (std::size_t i = 1; i < opened->document->tree.size(); ++i)
                done.iterations += opened->document->tree.contains(static_cast<int>(i)) ? 1 : 0;
            done.undo_steps = static_cast<int>(opened->document->undo.undo_commands().size());
            {
                const std::lock_guard lock(core.mutex);
                if (auto n = core.database.number("SELECT count(*) FROM answer"))
                    done.answers = static_cast<int>(*n);
            }
            for (std::string& problem : opened->store->take_problems())
                done.lost.push_back(std::move(problem));
            if (auto closed = opened->store->close(); !closed && ok) ok = closed;
            break;
        }
        ok = tl::unexpected(opened.error());
        if (attempt > 0) break;
        auto again = Database::open(temporary, Database::Mode::read_write);
        if (!again || !again->run("DELETE FROM command_tile; DELETE FROM command")) break;
        done.lost.emplace_back("Undo is gone: it made no sense.");
    }
    if (ok)
        ok = move_into_place(temporary, to, overwrite);
    else
        clean();
    if (!ok) return tl::unexpected(ok.error());
    return done;
}

} // namespace mw::project
