// kill -9 at any moment of work: the file opens, with everything that was said to be saved.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <set>
#include <sstream>

#include "project/replay.h"
#include "support/project_script.h"
#include "support/run_again.h"
#include "support/temp_folder.h"

namespace mw::project {
namespace {

int count_from(const char* name, int usual) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : usual;
}

// What the child says on the pipe: the state it is about to save, that it did, and the ids of
// requests whose answers are in the file.
enum class Said : std::uint32_t { attempt, saved, received };

void say(int out, Said kind, const std::string& text) {
    std::string message(8, 0);
    const auto n = static_cast<std::uint32_t>(text.size());
    std::memcpy(message.data(), &kind, 4);
    std::memcpy(message.data() + 4, &n, 4);
    message += text;
    (void)!::write(out, message.data(), message.size());
}

// Paints, asks, receives, grafts, undoes, prunes and exports without end in a process of its own.
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
    const auto save = [&] {
        say(out, Said::attempt, test::tree_contents(*document));
        if (!store->write(recorder.take(*document))) ::_exit(5);
        say(out, Said::saved, {});
    };
    // As the window does it: a request is in the file before it leaves, its answer before it is
    // grafted.
    const auto ask = [&] {
        std::vector<RequestRecord> requests;
        Iteration it = script.answered(*document, document->mask, &requests);
        for (const RequestRecord& request : requests)
            if (!store->write_request(request)) ::_exit(6);
        const auto parts = it.parts.get();
        for (const edit::AnsweredPart& part : *parts) {
            edit::EditResult result;
            result.answers = {part.answer};
            if (!store->write_answers(part.request->id, result)) ::_exit(7);
            say(out, Said::received, part.request->id);
        }
        document->shown = document->tree.add(std::move(it));
    };
    for (;;) {
        const test::Deed deed = script.any();
        if (deed == test::Deed::edit && !document->mask.empty())
            ask();
        else
            script.act(*document, deed);
        save();
        if (script.below(6) == 0) {
            auto at = project;
            at.replace_filename("export.png");
            const auto shown = document->tree.picture(document->shown);
            if (!codec::save(at, shown->view(), document->metadata)) ::_exit(8);
        }
    }
}

struct Heard {
    std::string saved, attempted; // equal where nothing was under way
    std::set<std::string> received;
};
void listen(int in, Heard& heard) {
    std::string all;
    char buffer[65536];
    for (ssize_t n; (n = ::read(in, buffer, sizeof buffer)) > 0;)
        all.append(buffer, static_cast<std::size_t>(n));
    for (std::size_t at = 0; at + 8 <= all.size();) {
        Said kind{};
        std::uint32_t n = 0;
        std::memcpy(&kind, all.data() + at, 4);
        std::memcpy(&n, all.data() + at + 4, 4);
        if (at + 8 + n > all.size()) break;
        const std::string text = all.substr(at + 8, n);
        at += 8 + n;
        if (kind == Said::attempt) heard.attempted = text;
        if (kind == Said::saved) heard.saved = heard.attempted;
        if (kind == Said::received) heard.received.insert(text);
    }
}

struct Killed : testing::Test {
    test::TempFolder folder;
    std::filesystem::path project = folder / "work.mwr";
    void SetUp() override { test::write_picture(folder / "p.png", {150, 110}); }
};

// Run by the test below in a process of its own.
TEST_F(Killed, DISABLED_WorkUntilKilled) {
    const char* said = std::getenv("MASKWRIGHT_KILLED");
    if (!said) return;
    std::istringstream words(said);
    std::string picture, work;
    unsigned seed = 0;
    int out = -1;
    words >> picture >> work >> seed >> out;
    work_until_killed(picture, work, seed, out);
}

TEST_F(Killed, NothingThatWasSavedIsLost) {
    const int kills = count_from("MASKWRIGHT_KILLS", 12);
    std::mt19937 random(static_cast<unsigned>(count_from("MASKWRIGHT_KILL_SEED", 1)));
    int opened_again = 0, one_more = 0, exported = 0;
    std::size_t received = 0, waiting = 0;
    Heard heard;
    for (int i = 0; i < kills; ++i) {
        SCOPED_TRACE(i);
        if (i % 8 == 0) { // a new project now and then
            std::filesystem::remove(project);
            std::filesystem::remove(project.string() + "-wal");
            heard = {};
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
        const pid_t child = test::run_again("Killed.DISABLED_WorkUntilKilled");
        ::unsetenv("MASKWRIGHT_KILLED");
        ::close(pipes[1]);
        ::usleep(static_cast<useconds_t>(60'000 + random() % 400'000));
        ::kill(child, SIGKILL);
        listen(pipes[0], heard);
        ::close(pipes[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
        if (!std::filesystem::exists(project)) continue; // not even made
        auto opened = Store::open(project);
        ASSERT_TRUE(opened) << opened.error().message;
        ++opened_again;
        // What was said to be saved, or what was on its way: nothing in between, nothing else.
        const std::string there = test::tree_contents(*opened->document);
        if (!heard.attempted.empty()) {
            EXPECT_TRUE(there == heard.attempted || there == heard.saved || heard.saved.empty())
                << there << "\nis neither\n"
                << heard.saved << "\nnor\n"
                << heard.attempted;
            one_more += there != heard.saved ? 1 : 0;
            heard.saved = heard.attempted = there;
        }
        // Every answer that came is there: in an iteration, or waiting to be grafted.
        std::set<std::string> held;
        for (std::size_t id = 0; id < opened->document->tree.size(); ++id)
            for (const edit::AnsweredPart& part :
                 *opened->document->tree.any(static_cast<IterationId>(id)).parts.get())
                held.insert(part.request->id);
        for (const Unfinished& one : opened->unfinished) {
            ++waiting;
            for (const Unfinished::Part& part : one.parts)
                if (!part.answers.empty()) held.insert(part.request->id);
            // As the next start does: grafted after all.
            const auto grafted = finish(*opened->document, one);
            ASSERT_TRUE(grafted) << grafted.error().message;
            ASSERT_EQ(grafted->size(), 1u);
            EXPECT_FALSE(grafted->front().patch.empty());
            EXPECT_EQ(grafted->front().parent, one.parent);
        }
        for (const std::string& id : heard.received)
            EXPECT_TRUE(held.contains(id)) << "the answer to " << id << " is lost";
        received = std::max(received, heard.received.size());
        (void)test::contents(*opened->document);
        EXPECT_EQ(opened->store->take_problems(), std::vector<std::string>{});
        // An export is the old one or the new one.
        if (std::filesystem::exists(folder / "export.png")) {
            ++exported;
            EXPECT_TRUE(codec::decode_file(folder / "export.png"));
        }
        opened->store.reset();
        if (HasFailure()) return;
    }
    std::printf(
        "%d kills, %d opened, %d with the deed that was on its way; at most %zu answers in a "
        "project, %zu found before their graft; %d exports whole\n",
        kills, opened_again, one_more, received, waiting, exported);
}

} // namespace
} // namespace mw::project
