// Disks that are full, break or write half: nothing is corrupt, the failure is a sentence, and what
// failed is written when the disk works again.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <deque>
#include <sstream>

#include "support/project_script.h"
#include "support/temp_folder.h"

namespace mw::project {
namespace {

int count_from(const char* name, int usual) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : usual;
}

// --- a file system of SQLite's that fails the n-th write, sync, truncation from now on

enum class Fault { none, full, io, short_write };
struct Plan {
    Fault fault = Fault::none;
    int after = 0;      // operations that still work
    bool lasts = false; // every later one fails as well
    int seen = 0, failed = 0;
};
Plan plan;

struct File {
    sqlite3_file base;
    sqlite3_file* real;
};
sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->real;
}
sqlite3_vfs* real_vfs = nullptr;

bool fails() {
    ++plan.seen;
    if (plan.fault == Fault::none) return false;
    const bool now = plan.lasts ? plan.seen > plan.after : plan.seen == plan.after + 1;
    plan.failed += now ? 1 : 0;
    return now;
}
int code() {
    return plan.fault == Fault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int close_file(sqlite3_file* f) {
    return real(f)->pMethods->xClose(real(f));
}
int read_file(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
    return real(f)->pMethods->xRead(real(f), to, n, at);
}
int write_file(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
    if (fails()) {
        if (plan.fault == Fault::short_write && n > 1)
            (void)real(f)->pMethods->xWrite(real(f), from, n / 2, at);
        return code();
    }
    return real(f)->pMethods->xWrite(real(f), from, n, at);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 n) {
    if (fails()) return SQLITE_IOERR_TRUNCATE;
    return real(f)->pMethods->xTruncate(real(f), n);
}
int sync_file(sqlite3_file* f, int flags) {
    if (fails()) return plan.fault == Fault::full ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
    return real(f)->pMethods->xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* n) {
    return real(f)->pMethods->xFileSize(real(f), n);
}
int lock_file(sqlite3_file* f, int l) {
    return real(f)->pMethods->xLock(real(f), l);
}
int unlock_file(sqlite3_file* f, int l) {
    return real(f)->pMethods->xUnlock(real(f), l);
}
int check_lock(sqlite3_file* f, int* out) {
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}
int control(sqlite3_file* f, int op, void* arg) {
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}
int sector_size(sqlite3_file* f) {
    return real(f)->pMethods->xSectorSize(real(f));
}
int traits(sqlite3_file* f) {
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}
const sqlite3_io_methods kMethods = {1,         close_file,  read_file, write_file,  truncate_file,
                                     sync_file, file_size,   lock_file, unlock_file, check_lock,
                                     control,   sector_size, traits,    nullptr,     nullptr,
                                     nullptr,   nullptr,     nullptr,   nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out) {
    auto* file = reinterpret_cast<File*>(f);
    file->real = reinterpret_cast<sqlite3_file*>(file + 1);
    file->base.pMethods = nullptr;
    const int result = real_vfs->xOpen(real_vfs, name, file->real, flags, out);
    if (file->real->pMethods) file->base.pMethods = &kMethods;
    return result;
}

void use_faulty_files() {
    static sqlite3_vfs vfs = [] {
        sqlite3_initialize();
        real_vfs = sqlite3_vfs_find(nullptr);
        sqlite3_vfs made = *real_vfs;
        made.zName = "faulty";
        made.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
        made.xOpen = open_file;
        made.pNext = nullptr;
        return made;
    }();
    sqlite3_vfs_register(&vfs, 1);
}
void use_real_files() {
    sqlite3_vfs_register(real_vfs, 1);
}

// --- one script, many faults

struct Faults : testing::Test {
    test::TempFolder folder;
    std::filesystem::path project = folder / "work.mwr";
    void SetUp() override {
        plan = {};
        test::write_picture(folder / "p.png", {150, 110});
    }

    // Works, saves each deed, tries again what failed once the disk works. Gives the writes seen.
    int work(Fault fault, int after, bool lasts) {
        auto document = test::open_picture(folder / "p.png");
        auto store = Store::create(project, *document);
        EXPECT_TRUE(store) << store.error().message;
        if (!store) return 0;
        Recorder recorder(*document);
        test::ProjectScript script(21);
        plan = {fault, after, lasts};
        std::deque<Batch> waiting;
        int told = 0;
        const auto save = [&] {
            while (!waiting.empty()) {
                const Status ok = (*store)->write(waiting.front());
                if (!ok) {
                    EXPECT_NE(ok.error().code, ErrorCode::corrupt) << ok.error().message;
                    EXPECT_NE(ok.error().message.find("disk"), std::string::npos)
                        << ok.error().message;
                    ++told;
                    return;
                }
                waiting.pop_front();
            }
        };
        for (int i = 0; i < 14; ++i) {
            script.act(*document, i % 5 == 1 ? test::Deed::edit : script.any());
            if (Batch batch = recorder.take(*document); !batch.empty())
                waiting.push_back(std::move(batch));
            save();
        }
        const int seen = plan.seen;
        EXPECT_EQ(plan.failed > 0, told > 0) << "each failure is told";
        // Where the disk stays broken the file is whole all the same.
        plan.fault = Fault::none; // space is back
        save();
        EXPECT_TRUE(waiting.empty());
        const std::string before = test::contents(*document);
        EXPECT_TRUE((*store)->close());
        auto opened = Store::open(project);
        EXPECT_TRUE(opened) << opened.error().message;
        if (opened) {
            EXPECT_EQ(test::contents(*opened->document), before);
        }
        opened = tl::unexpected(Error{});
        std::filesystem::remove(project);
        return seen;
    }
};

TEST_F(Faults, EveryWriteMayFailOnceOrForGood) {
    use_faulty_files();
    const int writes = work(Fault::none, 0, false);
    EXPECT_GT(writes, 100);
    int step = std::max(1, writes / count_from("MASKWRIGHT_FAULT_STEPS", 8));
    int tried = 0;
    for (const Fault fault : {Fault::full, Fault::io, Fault::short_write})
        for (const bool lasts : {false, true})
            for (int after = 0; after < writes; after += step, ++tried) {
                SCOPED_TRACE(testing::Message() << "fault " << static_cast<int>(fault) << " after "
                                                << after << (lasts ? " for good" : ""));
                work(fault, after, lasts);
                if (HasFailure()) return use_real_files();
            }
    use_real_files();
    RecordProperty("faults", tried);
}

// A process that dies at a write leaves a file that opens, with everything that was written.
TEST_F(Faults, AFullDiskWhileTheProjectIsMadeLeavesNothing) {
    use_faulty_files();
    auto document = test::open_picture(folder / "p.png");
    for (int after = 0; after < 40; after += 3) {
        plan = {Fault::full, after, true};
        auto store = Store::create(project, *document);
        const bool made = store.has_value();
        plan.fault = Fault::none;
        if (made) { // it took fewer writes
            store = tl::unexpected(Error{});
            std::filesystem::remove(project);
            continue;
        }
        EXPECT_EQ(store.error().code, ErrorCode::disk_full) << store.error().message;
        EXPECT_LE(folder.files(), 2);
        std::filesystem::remove(project);
    }
    use_real_files();
}

// --- kill -9

// Works without end in a process of its own, and says on a pipe what was saved: the number of
// the deed, after write() came back.
[[noreturn]] void work_until_killed(const std::filesystem::path& picture,
                                    const std::filesystem::path& project, unsigned seed, int out) {
    auto document = test::open_picture(picture);
    std::shared_ptr<Store> store;
    if (std::filesystem::exists(project)) {
        auto opened = Store::open(project);
        if (!opened) ::_exit(3);
        store = opened->store;
        document = std::move(opened->document);
    } else {
        auto made = Store::create(project, *document);
        if (!made) ::_exit(4);
        store = *made;
    }
    Recorder recorder(*document);
    test::ProjectScript script(seed);
    for (;;) {
        // An answer is in the file before it is grafted.
        script.act(*document, script.any());
        if (!store->write(recorder.take(*document))) ::_exit(5);
        const std::string said = test::tree_contents(*document);
        const auto n = static_cast<std::uint32_t>(said.size());
        (void)!::write(out, &n, sizeof n);
        (void)!::write(out, said.data(), said.size());
    }
}

// This program again, with one test that is otherwise left out: a process with nothing of this one.
pid_t run_again(const char* test) {
    const std::string filter = std::string("--gtest_filter=") + test;
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::execl("/proc/self/exe", "io_project", filter.c_str(), "--gtest_also_run_disabled_tests",
            "--gtest_brief=1", nullptr);
    ::_exit(9);
}

// The last whole message of a pipe that was closed.
std::size_t answers_in(const std::string& contents) {
    std::size_t n = 0;
    for (std::size_t at = 0; (at = contents.find(" answer ", at)) != std::string::npos; ++at)
        ++n;
    return n;
}

std::string last_said(int in) {
    std::string all;
    char buffer[65536];
    for (ssize_t n; (n = ::read(in, buffer, sizeof buffer)) > 0;)
        all.append(buffer, static_cast<std::size_t>(n));
    std::string last;
    for (std::size_t at = 0; at + 4 <= all.size();) {
        std::uint32_t n = 0;
        std::memcpy(&n, all.data() + at, 4);
        if (at + 4 + n > all.size()) break;
        last = all.substr(at + 4, n);
        at += 4 + n;
    }
    return last;
}

// Run by the test below in a process of its own.
TEST_F(Faults, DISABLED_WorkUntilKilled) {
    const char* said = std::getenv("MASKWRIGHT_KILLED");
    if (!said) return;
    std::istringstream words(said);
    std::string picture, work;
    unsigned seed = 0;
    int out = -1;
    words >> picture >> work >> seed >> out;
    work_until_killed(picture, work, seed, out);
}

TEST_F(Faults, AKilledProcessLosesNothingThatWasSaved) {
    const int kills = count_from("MASKWRIGHT_KILLS", 12);
    std::mt19937 random(static_cast<unsigned>(count_from("MASKWRIGHT_KILL_SEED", 1)));
    int opened_again = 0, one_more = 0;
    for (int i = 0; i < kills; ++i) {
        SCOPED_TRACE(i);
        if (i % 8 == 0) { // a new project now and then
            std::filesystem::remove(project);
            std::filesystem::remove(project.string() + "-wal");
        }
        int pipes[2];
        ASSERT_EQ(::pipe(pipes), 0);
        ASSERT_GT(::fcntl(pipes[1], F_SETPIPE_SZ, 1 << 20), 0);
        const unsigned seed = random();
        ::setenv("MASKWRIGHT_KILLED",
                 fmt::format("{} {} {} {}", (folder / "p.png").string(), project.string(), seed,
                             pipes[1])
                     .c_str(),
                 1);
        const pid_t child = run_again("Faults.DISABLED_WorkUntilKilled");
        ::unsetenv("MASKWRIGHT_KILLED");
        ::close(pipes[1]);
        ::usleep(static_cast<useconds_t>(60'000 + random() % 400'000));
        ::kill(child, SIGKILL);
        const std::string saved = last_said(pipes[0]);
        ::close(pipes[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
        if (!std::filesystem::exists(project)) continue; // not even made
        auto opened = Store::open(project);
        ASSERT_TRUE(opened) << opened.error().message;
        ++opened_again;
        // What was said to be saved is there: that state, or the one of a deed that was saved and
        // not said any more, which never takes an iteration or an answer away.
        const std::string there = test::tree_contents(*opened->document);
        if (!saved.empty() && there != saved) {
            ++one_more;
            EXPECT_GE(answers_in(there), answers_in(saved));
            EXPECT_EQ(there.substr(0, 5), "base ");
        }
        (void)test::contents(*opened->document);
        EXPECT_EQ(opened->store->take_problems(), std::vector<std::string>{});
    }
    RecordProperty("opened", opened_again);
    RecordProperty("one_deed_more", one_more);
    std::printf("%d kills, %d opened, %d with one deed more than was said\n", kills, opened_again,
                one_more);
}

// --- places

TEST_F(Faults, ASecondProcessReadsAndSaysSo) {
    auto document = test::open_picture(folder / "p.png");
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store);
    Recorder recorder(*document);
    test::ProjectScript script(2);
    for (int i = 0; i < 6; ++i)
        script.act(*document, test::Deed::stroke);
    ASSERT_TRUE((*store)->write(recorder.take(*document)));
    EXPECT_EQ(Store::open(project).error().code, ErrorCode::refused) << "twice in one process";
    const std::string before = test::contents(*document);
    ASSERT_EQ(::setenv("MASKWRIGHT_OPENED_ELSEWHERE", project.c_str(), 1), 0);
    const pid_t second = run_again("Faults.DISABLED_OpenedElsewhere");
    int status = 0;
    ::waitpid(second, &status, 0);
    ::unsetenv("MASKWRIGHT_OPENED_ELSEWHERE");
    EXPECT_EQ(WEXITSTATUS(status), 0);
    script.act(*document, test::Deed::stroke);
    EXPECT_TRUE((*store)->write(recorder.take(*document))) << "the first goes on";
    EXPECT_TRUE((*store)->close());
}

// Run by the test above in a process of its own.
TEST_F(Faults, DISABLED_OpenedElsewhere) {
    const char* path = std::getenv("MASKWRIGHT_OPENED_ELSEWHERE");
    if (!path) return;
    auto opened = Store::open(path);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(opened->store->read_only());
    ASSERT_EQ(opened->notes.size(), 1u);
    EXPECT_NE(opened->notes[0].find("another window"), std::string::npos);
    EXPECT_EQ(opened->document->undo.undo_commands().size(), 6u) << "what is in the log as well";
    Batch batch;
    batch.pointer = {0, 0};
    EXPECT_EQ(opened->store->write(batch).error().code, ErrorCode::permission_denied);
}

TEST_F(Faults, AReadOnlyFolderIsRead) {
    auto document = test::open_picture(folder / "p.png");
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->close());
    OpenParams params;
    params.read_only = true;
    auto opened = Store::open(project, params);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->store->read_only());
    ASSERT_TRUE(opened->store->save_as(folder / "named.mwr"));
    EXPECT_FALSE(opened->store->read_only()) << "under another name it goes on";
    opened->store.reset();
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    std::filesystem::permissions(
        folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    auto second = Store::open(project);
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->store->read_only());
}

TEST_F(Faults, AVanishedOriginalIsNamedAndMayBeElsewhere) {
    auto document = test::open_picture(folder / "p.png");
    CreateParams link;
    link.link_original = true;
    auto store = Store::create(project, *document, link);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->close());
    EXPECT_TRUE(Store::open(project));
    std::filesystem::rename(folder / "p.png", folder / "moved.png");
    const auto gone = Store::open(project);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, ErrorCode::not_found);
    EXPECT_NE(gone.error().message.find("p.png"), std::string::npos) << gone.error().message;
    OpenParams params;
    params.original = folder / "moved.png";
    EXPECT_TRUE(Store::open(project, params));
    test::write_picture(folder / "moved.png", {151, 110});
    EXPECT_EQ(Store::open(project, params).error().code, ErrorCode::corrupt);
}

} // namespace
} // namespace mw::project
