// A project as a folder: everything is there, and its result comes again from the folder alone.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "base/hash.h"
#include "composite/graft.h"
#include "handoff/project_folder.h"
#include "support/temp_folder.h"

namespace mw::handoff {
namespace {

using image::Image;
using nlohmann::json;

Image noise(Size size, unsigned seed) {
    std::mt19937 random(seed);
    Image out(size, image::kRgb8);
    for (std::byte& b : out.bytes())
        b = std::byte(80 + random() % 60);
    return out;
}

// One edit of a picture, grafted as the worker does it.
project::Document edited_document(const std::filesystem::path& file) {
    const Image source = noise({64, 48}, 1);
    EXPECT_TRUE(codec::save(file, source.view(), {}));
    codec::Picture picture;
    picture.pixels = image::clone(source.view());
    picture.format = codec::FileFormat::png;
    project::Document document(file, std::move(picture));

    auto request = std::make_shared<edit::EditRequest>();
    request->id = "request-1";
    request->prompt = "../a <lamp>";
    request->plan = {{8, 4, 40, 40}, {40, 40}, 1, false, {}};
    mask::Mask mask(source.size());
    Image full({20, 20}, image::kGray8);
    for (std::byte& b : full.bytes())
        b = std::byte{255};
    mask.write({18, 14, 20, 20}, full.view());
    const Image answer = noise({40, 40}, 2);
    const auto bytes = codec::encode(answer.view(), {}, codec::FileFormat::png);
    EXPECT_TRUE(bytes);
    const auto graft = composite::graft(source.view(), answer.view(), mask, request->plan);
    EXPECT_TRUE(graft);
    project::Iteration iteration;
    iteration.parent = 0;
    iteration.prompt = request->prompt;
    iteration.patch = graft->patch;
    iteration.mask = mask;
    iteration.parts =
        std::vector<edit::AnsweredPart>{{request, mask, edit::Answer{*bytes, "image/png"}}};
    iteration.report = graft->report;
    document.shown = document.tree.add(std::move(iteration));
    return document;
}

json recipe_of(const std::filesystem::path& folder) {
    const auto text = read_file(folder / "recipe.json");
    EXPECT_TRUE(text);
    return json::parse(reinterpret_cast<const char*>(text->data()),
                       reinterpret_cast<const char*>(text->data()) + text->size());
}

TEST(Folder, ItsFilesAreThoseOfTheRecipeAndMakeTheResultAgain) {
    const test::TempFolder folder;
    const project::Document document = edited_document(folder / "a photo.png");
    const auto original = read_file(folder / "a photo.png");
    ASSERT_TRUE(original);
    const auto out = folder / "out";
    const auto written =
        export_folder(document, out, {.original = std::make_shared<const Bytes>(*original)});
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(written->iterations, 1u);
    EXPECT_EQ(folder.files(), 2) << "nothing is left beside it";

    const json recipe = recipe_of(out);
    std::size_t named = 1; // the recipe
    const auto check = [&](const json& entry) {
        const auto bytes = read_file(out / entry["file"].get<std::string>());
        ASSERT_TRUE(bytes) << entry;
        EXPECT_EQ(sha256_hex(*bytes), entry["sha256"]);
        ++named;
    };
    check(recipe["original"]);
    EXPECT_EQ(recipe["original"]["file"], "original/a-photo.png");
    const json& it = recipe["iterations"][0];
    EXPECT_EQ(it["prompt"], "../a <lamp>");
    const json& part = it["parts"][0];
    for (const json* entry :
         {&it["mask"], &it["patch"], &it["result"], &part["answer"], &part["mask"]})
        check(*entry);
    named += recipe["contact_sheets"].size();
    EXPECT_EQ(named, written->files);
    EXPECT_EQ(it["result"]["file"], "001-a-lamp/result.png");
    EXPECT_EQ(it["command"][2], "original/a-photo.png");

    // From the original, the answer and the mask alone.
    const auto source = codec::decode_file(out / recipe["original"]["file"].get<std::string>());
    const auto answer = codec::decode_file(out / part["answer"]["file"].get<std::string>());
    const auto mask_file = codec::decode_file(out / part["mask"]["file"].get<std::string>());
    ASSERT_TRUE(source && answer && mask_file);
    mask::Mask mask(source->pixels.size());
    mask.write(mask.rect(), mask_file->pixels.view());
    edit::CropPlan plan;
    const json& c = part["crop"];
    plan.crop = {c[0], c[1], c[2], c[3]};
    plan.request_size = plan.crop.size();
    const auto graft = composite::graft(source->pixels.view(), answer->pixels.view(), mask, plan);
    ASSERT_TRUE(graft);
    EXPECT_EQ(sha256_hex(composite::apply(source->pixels.view(), graft->patch).bytes()),
              it["result"]["pixels_sha256"]);
}

TEST(Folder, NothingIsWrittenOverAndNothingHalf) {
    const test::TempFolder folder;
    const project::Document document = edited_document(folder / "photo.png");
    EXPECT_EQ(export_folder(document, folder / "none" / "out").error().code, ErrorCode::not_found);
    EXPECT_EQ(export_folder(document, folder / "photo.png").error().code,
              ErrorCode::invalid_argument);
    EXPECT_EQ(export_folder(document, folder.path()).error().code, ErrorCode::refused);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(export_folder(document, folder / "out", {}, stop.get_token()).error().code,
              ErrorCode::cancelled);
    EXPECT_EQ(folder.files(), 1);
    // Without the file that was opened its pixels are written, and that is said.
    const auto written = export_folder(document, folder / "out");
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_FALSE(written->notes.empty());
    EXPECT_EQ(recipe_of(folder / "out")["original"]["as_opened"], false);
    ASSERT_TRUE(export_folder(document, folder / "out", {.overwrite = true}));
}

TEST(Folder, NamesAreSafe) {
    EXPECT_EQ(safe_name("../../etc/passwd"), "etc-passwd");
    EXPECT_EQ(safe_name("remove the brick!"), "remove-the-brick");
    EXPECT_EQ(safe_name("...hidden"), "hidden");
    EXPECT_EQ(safe_name("\u4f60\n"), "unnamed");
    EXPECT_EQ(safe_name(std::string(100, 'x')).size(), 40u);
}

} // namespace
} // namespace mw::handoff
