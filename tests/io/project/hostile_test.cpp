// Files that are damaged, foreign or made to do harm: refused with a sentence, unchanged, in a
// moment.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>

#include "base/hash.h"
#include "project/recover.h"
#include "project/schema.h"
#include "support/damage_project.h"
#include "support/project_script.h"
#include "support/temp_folder.h"

namespace mw::project {
namespace {

Bytes bytes_of(const std::filesystem::path& path) {
    auto bytes = read_file(path);
    return bytes ? *bytes : Bytes{};
}
void write(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}
int count_from(const char* name, int usual) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : usual;
}

struct Hostile : testing::Test {
    test::TempFolder folder;
    std::filesystem::path project = folder / "work.mwr";

    // A project of some work, closed.
    void make(int deeds = 25, unsigned seed = 4) {
        auto document = test::open_picture(test::write_picture(folder / "p.png", {160, 120}));
        test::ProjectScript script(seed);
        script.act(*document, test::Deed::stroke);
        script.act(*document, test::Deed::edit);
        for (int i = 0; i < deeds; ++i)
            script.act(*document, script.any());
        auto store = Store::create(project, *document);
        ASSERT_TRUE(store) << store.error().message;
        ASSERT_TRUE((*store)->close());
    }
    void run_sql(const std::string& sql) {
        sqlite3* db = nullptr;
        ASSERT_EQ(sqlite3_open(project.c_str(), &db), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(db);
        sqlite3_close(db);
    }
    void expect_refused(ErrorCode code, std::string_view says) {
        const std::string before = sha256_hex(bytes_of(project));
        const auto start = std::chrono::steady_clock::now();
        const auto opened = Store::open(project);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, code) << opened.error().message;
        EXPECT_NE(opened.error().message.find(says), std::string::npos) << opened.error().message;
        EXPECT_EQ(sha256_hex(bytes_of(project)), before) << "not a byte was changed";
        EXPECT_LT(took.count(), 20.0) << "no hang";
    }
};

TEST_F(Hostile, TheCorpusIsRefusedUnchanged) {
    const std::filesystem::path corpus =
        std::filesystem::path(MW_SHARED_IMAGES_DIR) / "bad/project";
    if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "the shared pictures are not here";
    int tried = 0;
    for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".sqlite")) continue;
        SCOPED_TRACE(name);
        ++tried;
        // As it is, and as if it said that it is ours.
        for (const bool ours : {false, true}) {
            for (const char* ending : {"", "-wal", "-journal"}) {
                const auto from = corpus / (name + ending);
                std::filesystem::remove(project.string() + ending);
                if (std::filesystem::exists(from)) write(project.string() + ending, bytes_of(from));
            }
            if (ours) {
                Bytes bytes = bytes_of(project);
                if (bytes.size() < 72 || name.starts_with("future")) continue;
                const char id[] = "\x00\x00\x00\x01";
                std::memcpy(&bytes[60], id, 4);
                std::memcpy(&bytes[68], "MWRP", 4);
                write(project, bytes);
            }
            const std::string before = sha256_hex(bytes_of(project));
            const auto opened = Store::open(project);
            ASSERT_FALSE(opened);
            EXPECT_NE(opened.error().code, ErrorCode::cancelled);
            EXPECT_FALSE(opened.error().message.empty());
            if (name.starts_with("future")) {
                EXPECT_NE(opened.error().message.find("newer program"), std::string::npos);
            }
            // A journal of its own is played back, as SQLite must, before a row can be read; what
            // is not ours is not touched even then.
            if (!ours || !name.starts_with("hot_journal")) { // a log stays beside it
                EXPECT_EQ(sha256_hex(bytes_of(project)), before);
            }
        }
    }
    EXPECT_GE(tried, 19);
}

// The rows that a log beside a file holds come back, and a journal of another file does no harm.
TEST_F(Hostile, LogsAndJournalsAreTakenAsTheyAreMeant) {
    const std::filesystem::path corpus =
        std::filesystem::path(MW_SHARED_IMAGES_DIR) / "bad/project";
    if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "the shared pictures are not here";
    const auto rows = [&](const std::string& name, bool with_log) {
        for (const char* ending : {"", "-wal", "-journal"}) {
            std::filesystem::remove(project.string() + ending);
            const auto from = corpus / (name + ending);
            if (std::filesystem::exists(from) && (with_log || *ending == '\0'))
                write(project.string() + ending, bytes_of(from));
        }
        auto database = Database::open(project, Database::Mode::read_write);
        EXPECT_TRUE(database);
        auto count = database->number("SELECT count(*) FROM note");
        return count ? *count : -1;
    };
    EXPECT_EQ(rows("hot_journal.sqlite", true), 60);
    EXPECT_EQ(rows("stray_journal.sqlite", true), 60);
    EXPECT_EQ(rows("wal_leftover.sqlite", true), 70);
    EXPECT_EQ(rows("wal_leftover.sqlite", false), 60);
}

TEST_F(Hostile, StrangersInTheSchemaAreRefused) {
    for (const char* sql :
         {"CREATE TRIGGER t AFTER INSERT ON iteration BEGIN DELETE FROM blob; END",
          "CREATE VIEW v AS SELECT * FROM blob", "CREATE TABLE more(id INTEGER)",
          "CREATE INDEX i ON iteration(prompt)", "DROP TABLE slot",
          "ALTER TABLE slot ADD COLUMN more TEXT",
          "DROP TABLE slot; CREATE VIEW slot AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT "
          "n + 1 FROM x) SELECT n AS id, n AS place, '' AS name, n AS mask FROM x"}) {
        SCOPED_TRACE(sql);
        std::filesystem::remove(project);
        make(3);
        run_sql(sql);
        expect_refused(ErrorCode::corrupt, "recover");
    }
}

TEST_F(Hostile, RowsThatMakeNoSenseAreRefused) {
    for (const char* sql :
         {"UPDATE document SET shown = 999", "UPDATE document SET width = 7",
          "UPDATE iteration SET parent = 50 WHERE id = 1",
          "UPDATE iteration SET parent = 1 WHERE id = 2; UPDATE iteration SET erased = 1 WHERE id "
          "= 1; UPDATE document SET base = 2, shown = 2; DELETE FROM command",
          "DELETE FROM iteration WHERE id = 1", "PRAGMA foreign_keys=OFF; DELETE FROM graft",
          "DELETE FROM document", "UPDATE graft SET x = -5", "UPDATE graft SET settings = '[[['",
          "UPDATE command SET kind = 'other'", "INSERT INTO canvas VALUES(1000000, NULL)"}) {
        SCOPED_TRACE(sql);
        std::filesystem::remove(project);
        make(12);
        run_sql(sql);
        expect_refused(ErrorCode::corrupt, "");
    }
}

TEST_F(Hostile, NewerOlderAndForeignFilesAreTold) {
    make(3);
    run_sql("PRAGMA user_version=999");
    expect_refused(ErrorCode::unsupported, "newer program");
    run_sql("PRAGMA user_version=2; PRAGMA application_id=1");
    expect_refused(ErrorCode::unsupported, "another program");
    write(project, {});
    expect_refused(ErrorCode::corrupt, "empty");
}

// Version 1 had no table of facts.
TEST_F(Hostile, AnOlderVersionIsBroughtUp) {
    make(10);
    run_sql("DROP TABLE fact; PRAGMA user_version=1");
    auto opened = Store::open(project);
    ASSERT_TRUE(opened) << opened.error().message;
    opened->store.reset();
    auto database = Database::open(project, Database::Mode::read_only);
    ASSERT_TRUE(database);
    EXPECT_EQ(*database->number("PRAGMA user_version"), kSchemaVersion);
    EXPECT_EQ(*database->number("SELECT count(*) FROM fact"), 0);
}

// Paths in a project lead nowhere by themselves.
TEST_F(Hostile, ALinkOutOfTheFolderIsNotFollowed) {
    make(3);
    run_sql("UPDATE document SET original = NULL, link = '/etc/passwd'");
    expect_refused(ErrorCode::refused, "outside its folder");
    run_sql("UPDATE document SET link = '../../../../etc/passwd'");
    expect_refused(ErrorCode::refused, "outside its folder");
    run_sql("UPDATE document SET link = 'work.mwr'");
    expect_refused(ErrorCode::corrupt, "another one");
    run_sql("UPDATE document SET link = 'p.png', name = '/etc/passwd'");
    auto opened = Store::open(project);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->document->path, std::filesystem::weakly_canonical(folder / "passwd"));
}

// Mutated projects: whatever they are, an answer comes, and what opened can be looked at.
TEST_F(Hostile, MutatedProjectsNeverCrash) {
    make(15);
    const Bytes good = bytes_of(project);
    std::mt19937 random(static_cast<unsigned>(count_from("MASKWRIGHT_FUZZ_SEED", 1)));
    const int runs = count_from("MASKWRIGHT_FUZZ_RUNS", 60);
    int opened_whole = 0;
    for (int run = 0; run < runs; ++run) {
        write(project, test::damage_project(good, random));
        auto opened = Store::open(project);
        if (!opened) {
            EXPECT_FALSE(opened.error().message.empty());
        } else {
            ++opened_whole;
            (void)test::contents(*opened->document);
            (void)opened->document->tree.picture(opened->document->shown);
            opened->store.reset();
        }
        for (const char* ending : {"-wal", "-journal", "-shm"})
            std::filesystem::remove(project.string() + ending);
    }
    RecordProperty("opened", opened_whole);
}

// What is left of a damaged file hangs together again.
TEST_F(Hostile, WhatADamagedFileStillHoldsIsSaved) {
    make(40);
    const Bytes good = bytes_of(project);
    const auto saved = folder / "saved.mwr";
    std::mt19937 random(3);
    int recovered = 0;
    for (int run = 0; run < count_from("MASKWRIGHT_RECOVER_RUNS", 12); ++run) {
        Bytes bytes = good;
        if (run == 0) {
            // whole
        } else if (run % 3 == 0) {
            bytes.resize(bytes.size() - random() % (bytes.size() / 2));
        } else {
            const std::size_t page = 4096 * (2 + random() % (bytes.size() / 4096 - 2));
            for (std::size_t i = 0; i < 4096; ++i)
                bytes[page + i] = static_cast<std::byte>(random());
        }
        write(project, bytes);
        std::filesystem::remove(saved);
        const auto done = recover(project, saved);
        EXPECT_EQ(sha256_hex(bytes_of(project)), sha256_hex(bytes));
        if (!done) {
            EXPECT_FALSE(std::filesystem::exists(saved)) << done.error().message;
            continue;
        }
        ++recovered;
        if (run == 0) {
            EXPECT_EQ(done->lost, std::vector<std::string>{});
        }
        auto opened = Store::open(saved);
        ASSERT_TRUE(opened) << opened.error().message;
        (void)test::contents(*opened->document);
        EXPECT_EQ(opened->store->take_problems(), std::vector<std::string>{});
        opened->store.reset();
    }
    EXPECT_GE(recovered, 1);
    RecordProperty("recovered", recovered);
    EXPECT_LE(folder.files(), 3) << "the picture, the project, the saved one";
}

} // namespace
} // namespace mw::project
