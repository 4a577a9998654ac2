// Disks that are full, break or write half: nothing is corrupt, the failure is a sentence, and what
// failed is written when the disk works again.
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>

#include "support/faulty_files.h"
#include "support/project_script.h"
#include "support/temp_folder.h"

namespace mw::project {
namespace {

int count_from(const char* name, int usual) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : usual;
}

struct Faults : testing::Test {
    test::TempFolder folder;
    std::filesystem::path project = folder / "work.mwr";
    void SetUp() override { test::write_picture(folder / "p.png", {150, 110}); }

    // Works, saves each deed, tries again what failed once the disk works. Gives the writes seen.
    int work(test::DiskFault fault, int after, bool lasts) {
        auto document = test::open_picture(folder / "p.png");
        auto store = Store::create(project, *document);
        EXPECT_TRUE(store) << store.error().message;
        if (!store) return 0;
        Recorder recorder(*document);
        test::ProjectScript script(21);
        test::disk_plan() = {fault, after, lasts};
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
        const int seen = test::disk_plan().seen;
        EXPECT_EQ(test::disk_plan().failed > 0, told > 0) << "each failure is told";
        // Where the disk stays broken the file is whole all the same.
        test::disk_plan().fault = test::DiskFault::none; // space is back
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
    const test::FaultyFiles files;
    const int writes = work(test::DiskFault::none, 0, false);
    EXPECT_GT(writes, 100);
    int step = std::max(1, writes / count_from("MASKWRIGHT_FAULT_STEPS", 8));
    int tried = 0;
    for (const test::DiskFault fault :
         {test::DiskFault::full, test::DiskFault::io, test::DiskFault::short_write})
        for (const bool lasts : {false, true})
            for (int after = 0; after < writes; after += step, ++tried) {
                SCOPED_TRACE(testing::Message() << "fault " << static_cast<int>(fault) << " after "
                                                << after << (lasts ? " for good" : ""));
                work(fault, after, lasts);
                if (HasFailure()) return;
            }
    RecordProperty("faults", tried);
}

TEST_F(Faults, AFullDiskWhileTheProjectIsMadeLeavesNothing) {
    const test::FaultyFiles files;
    auto document = test::open_picture(folder / "p.png");
    for (int after = 0; after < 40; after += 3) {
        test::disk_plan() = {test::DiskFault::full, after, true};
        auto store = Store::create(project, *document);
        const bool made = store.has_value();
        test::disk_plan().fault = test::DiskFault::none;
        if (made) { // it took fewer writes
            store = tl::unexpected(Error{});
            std::filesystem::remove(project);
            continue;
        }
        EXPECT_EQ(store.error().code, ErrorCode::disk_full) << store.error().message;
        EXPECT_LE(folder.files(), 2);
        std::filesystem::remove(project);
    }
}

// The machine stops at any moment: of what the disk had not said to have, any part may be there.
TEST_F(Faults, ALossOfPowerLosesNothingThatWasSaved) {
    std::mt19937 random(static_cast<unsigned>(count_from("MASKWRIGHT_POWER_SEED", 1)));
    int losses = 0;
    for (int round = 0; round < count_from("MASKWRIGHT_POWER_ROUNDS", 3); ++round) {
        auto document = test::open_picture(folder / "p.png");
        ASSERT_TRUE(Store::create(project, *document)); // and closed again
        const test::FaultyFiles files(folder.path());
        auto opened = Store::open(project);
        ASSERT_TRUE(opened) << opened.error().message;
        document = std::move(opened->document);
        Recorder recorder(*document);
        test::ProjectScript script(random());
        std::string saved = test::tree_contents(*document);
        const auto lose_and_open = [&](const std::string& attempted) {
            const test::TempFolder elsewhere;
            files.lose_power(elsewhere.path(), random);
            ++losses;
            const auto again = Store::open(elsewhere / "work.mwr");
            ASSERT_TRUE(again) << again.error().message;
            const std::string there = test::tree_contents(*again->document);
            EXPECT_TRUE(there == saved || there == attempted) << there << "\nis neither\n"
                                                              << saved << "\nnor\n"
                                                              << attempted;
            EXPECT_EQ(again->store->take_problems(), std::vector<std::string>{});
        };
        for (int i = 0; i < 12; ++i) {
            script.act(*document, i % 5 == 1 ? test::Deed::edit : script.any());
            const std::string next = test::tree_contents(*document);
            // Now and then in the middle of it: only some of its operations came through.
            const bool stops = script.below(2) == 0;
            const Batch batch = recorder.take(*document);
            bool written = false;
            if (stops) {
                test::disk_plan() = {test::DiskFault::io, script.below(12), true};
                written = opened->store->write(batch).has_value();
                test::disk_plan() = {};
                if (written) saved = next;
                lose_and_open(next);
                if (HasFailure()) return;
            }
            if (!written) {
                ASSERT_TRUE(opened->store->write(batch));
            }
            saved = next;
            lose_and_open(next);
            if (HasFailure()) return;
        }
        ASSERT_TRUE(opened->store->close());
        lose_and_open(saved);
        if (HasFailure()) return;
        std::filesystem::remove(project);
    }
    RecordProperty("losses", losses);
}

} // namespace
} // namespace mw::project
