// A project's file gives back what was put in: at once, after every kind of work, in another
// process, in every depth.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "support/project_script.h"
#include "support/temp_folder.h"

namespace mw::project {
namespace {

using test::contents;
using test::Deed;
using test::ProjectScript;

struct StoreTest : testing::Test {
    test::TempFolder folder;
    std::filesystem::path project = folder / "work.mwr";

    std::unique_ptr<Document> picture(Size size = {200, 150},
                                      image::PixelFormat format = image::kRgb8) {
        return test::open_picture(test::write_picture(
            folder / (format.type == image::SampleType::f32 ? "p.tif" : "p.png"), size, format));
    }
    // What the file holds, read by itself.
    std::string reopened() {
        auto opened = Store::open(project);
        EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
        if (!opened) return {};
        EXPECT_FALSE(opened->store->read_only());
        std::string out = contents(*opened->document);
        EXPECT_EQ(opened->store->take_problems(), std::vector<std::string>{});
        EXPECT_TRUE(opened->store->close());
        return out;
    }
};

TEST_F(StoreTest, ANewProjectHoldsTheWholeDocument) {
    auto document = picture();
    ProjectScript script(3);
    for (int i = 0; i < 40; ++i)
        script.act(*document, script.any());
    const std::string before = contents(*document);
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_TRUE((*store)->close());
    EXPECT_EQ(reopened(), before);
    EXPECT_EQ(folder.files(), 2) << "the picture and the project, nothing beside them";
}

TEST_F(StoreTest, EveryDeedIsInTheFileWhenItWasWritten) {
    auto document = picture();
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store);
    Recorder recorder(*document);
    ProjectScript script(5);
    for (int i = 0; i < 120; ++i) {
        script.act(*document, script.any());
        ASSERT_TRUE((*store)->write(recorder.take(*document)));
        EXPECT_TRUE(recorder.take(*document).empty());
        if (i % 30 != 29) continue;
        const std::string before = contents(*document); // moves things; not written
        ASSERT_TRUE((*store)->close());
        ASSERT_EQ(reopened(), before);
        auto opened = Store::open(project);
        ASSERT_TRUE(opened);
        store = std::move(opened->store);
        document = std::move(opened->document);
        recorder = Recorder(*document);
    }
}

TEST_F(StoreTest, EveryDepthComesBackBitForBit) {
    for (const auto type : {image::SampleType::u8, image::SampleType::u16, image::SampleType::f32})
        for (const int channels : {1, 3, 4}) {
            auto document = picture({90, 70}, {channels, type});
            ProjectScript script(11);
            script.act(*document, Deed::stroke);
            script.act(*document, Deed::edit);
            const std::string before = contents(*document);
            const auto shown = document->tree.picture(document->shown);
            std::filesystem::remove(project);
            auto store = Store::create(project, *document);
            ASSERT_TRUE(store) << store.error().message;
            ASSERT_TRUE((*store)->close());
            EXPECT_EQ(reopened(), before);
            auto opened = Store::open(project);
            ASSERT_TRUE(opened);
            EXPECT_TRUE(image::identical(
                opened->document->tree.picture(opened->document->shown)->view(), shown->view()));
        }
}

// What memory let go of is read again.
TEST_F(StoreTest, WhatWasWrittenWaitsInTheFile) {
    auto document = picture();
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store);
    Recorder recorder(*document);
    ProjectScript script(7);
    script.act(*document, Deed::stroke);
    script.act(*document, Deed::edit);
    ASSERT_TRUE(document->tree.at(1).patch.only_here());
    ASSERT_TRUE((*store)->write(recorder.take(*document)));
    EXPECT_FALSE(document->tree.at(1).patch.only_here());
    EXPECT_FALSE(document->tree.at(1).parts.only_here());
    EXPECT_EQ(document->tree.at(1).parts->size(), 1u);
    ASSERT_TRUE((*store)->close());
}

TEST_F(StoreTest, ACopyMadeBySaveAsGoesOnUnderItsName) {
    auto document = picture();
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store);
    Recorder recorder(*document);
    ProjectScript script(8);
    for (int i = 0; i < 20; ++i)
        script.act(*document, script.any());
    ASSERT_TRUE((*store)->write(recorder.take(*document)));
    const auto named = folder / "named.mwr";
    ASSERT_TRUE((*store)->save_as(named));
    EXPECT_EQ((*store)->path(), named);
    EXPECT_EQ((*store)->save_as(project).error().code, ErrorCode::refused);
    script.act(*document, Deed::stroke);
    ASSERT_TRUE((*store)->write(recorder.take(*document)));
    const std::string before = contents(*document);
    ASSERT_TRUE((*store)->close());
    project = named;
    EXPECT_EQ(reopened(), before);
}

TEST_F(StoreTest, RequestsAndAnswersOutliveTheirGraft) {
    auto document = picture();
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store);
    ProjectScript script(9);
    script.act(*document, Deed::stroke);
    std::vector<RequestRecord> records;
    const Iteration it = script.answered(*document, document->mask, &records);
    ASSERT_TRUE((*store)->write_request(records[0]));
    store->reset(); // as if it had ended here
    {
        auto opened = Store::open(project);
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->unfinished.size(), 0u);
        ASSERT_EQ(opened->notes.size(), 1u);
        EXPECT_NE(opened->notes[0].find("may have been charged"), std::string::npos);
        edit::EditResult result;
        result.answers.push_back(it.parts->at(0).answer);
        result.cost.actual_usd = 0.5;
        ASSERT_TRUE(opened->store->write_answers(records[0].request->id, result));
    }
    auto opened = Store::open(project);
    ASSERT_TRUE(opened);
    ASSERT_EQ(opened->unfinished.size(), 1u);
    const Unfinished& left = opened->unfinished[0];
    EXPECT_EQ(left.result.cost.actual_usd, 0.5);
    ASSERT_EQ(left.parts.size(), 1u);
    ASSERT_EQ(left.parts[0].answers.size(), 1u);
    EXPECT_EQ(left.parts[0].answers[0].bytes, it.parts->at(0).answer.bytes);
    EXPECT_EQ(left.parts[0].request->plan, it.parts->at(0).request->plan);
    EXPECT_EQ(left.mask, *it.mask);
    ASSERT_TRUE(opened->store->dismiss(left.edit));
    opened->store.reset();
    EXPECT_EQ(Store::open(project)->unfinished.size(), 0u);
}

} // namespace
} // namespace mw::project
