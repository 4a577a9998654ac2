// A redaction among the iterations: what is asked, exported and combined from it.
#include <gtest/gtest.h>

#include <random>

#include "base/file.h"
#include "codec/codec.h"
#include "project/redaction.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::FakeBackend;
using test::SessionDriver;

constexpr Size kSize{96, 64};

// The ramp with noise of a seed where (20, 20) is painted with a radius of 6.
bool open_secret(SessionDriver& driver, unsigned seed) {
    image::Image picture = test::ramp_picture(kSize);
    std::mt19937 random(seed);
    for (int y = 16; y < 25; ++y)
        for (int x = 16; x < 25; ++x)
            for (int c = 0; c < 3; ++c)
                picture.span().pixel<std::uint8_t>(x, y)[c] =
                    static_cast<std::uint8_t>(random() & 255);
    const auto path = driver.folder / "secret.png";
    if (!codec::save(path, picture.view(), {})) return false;
    driver.apply(OpenFile{path, false, true});
    return driver.until([&] { return driver.view().document != nullptr; });
}

project::IterationId result(SessionDriver& driver, double x, double y, double radius = 6) {
    driver.apply(ClearMask{});
    EXPECT_TRUE(driver.until_idle());
    driver.paint(x, y, radius);
    driver.ask();
    EXPECT_TRUE(driver.until_idle());
    return driver.view().document->shown;
}

// An edit that shows some of the secret round it, its redaction, and an edit of another place.
void redact_between(SessionDriver& driver) {
    driver.backend->script(
        {{.value = 30}, {.value = 90, .laying = edit::Laying::redacted}, {.value = 140}});
    driver.apply(AcceptIteration{result(driver, 20, 20, 2)});
    const auto redacted = result(driver, 20, 20, 8);
    EXPECT_TRUE(driver.view().document->tree.at(redacted).graft.redact);
    driver.apply(AcceptIteration{redacted});
    driver.apply(AcceptIteration{result(driver, 70, 40)});
}

std::string file(const std::filesystem::path& path) {
    const auto bytes = read_file(path);
    EXPECT_TRUE(bytes) << path;
    return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size())
                 : std::string();
}

TEST(Redacted, ExportsOfTwoSecretsAreTheSame) {
    std::array<std::map<std::string, std::string>, 2> written;
    for (unsigned secret = 0; secret < 2; ++secret) {
        SessionDriver driver;
        ASSERT_TRUE(open_secret(driver, secret));
        redact_between(driver);
        for (const char* name : {"a.png", "a.jpg", "a.tif", "a.psd", "a.ora"}) {
            handoff::ExportOptions options;
            options.record = handoff::RecordChoice::always;
            driver.apply(Export{driver.folder / name, options});
            ASSERT_TRUE(driver.until_idle());
            written[secret][name] = file(driver.folder / name);
            const std::string record = std::string(name) + ".edit.json";
            written[secret][record] = file(driver.folder / record);
            // The request of the later edit has an id of its own, and with it its answer's record.
            auto& text = written[secret][record];
            if (const auto at = text.find("request_id"); at != text.npos) text.resize(at);
        }
    }
    for (const auto& [name, bytes] : written[0]) {
        EXPECT_FALSE(bytes.empty()) << name;
        EXPECT_TRUE(bytes == written[1][name]) << name << " tells what was redacted";
    }
    EXPECT_NE(written[0]["a.psd"].find("Redacted"), std::string::npos);
    EXPECT_EQ(written[0]["a.psd"].find("Original"), std::string::npos);
}

TEST(Redacted, LaterRequestsAreSentWhatIsLeft) {
    SessionDriver driver;
    ASSERT_TRUE(open_secret(driver, 1));
    redact_between(driver);
    result(driver, 20, 20);
    const auto& tree = driver.view().document->tree;
    const edit::EditRequest asked = driver.backend->request(3);
    const image::ImageRef left = tree.picture(2), original = tree.picture(0);
    ASSERT_EQ(asked.plan.scale, 1);
    const Rect crop = asked.plan.crop;
    ASSERT_TRUE(crop.contains(Rect{16, 16, 9, 9}));
    int differ = 0;
    for (int y = 16; y < 25; ++y)
        for (int x = 16; x < 25; ++x) {
            const auto sent = asked.pixels->view().pixel<std::uint8_t>(x - crop.x, y - crop.y)[0];
            EXPECT_EQ(sent, left->view().pixel<std::uint8_t>(x, y)[0]);
            differ += sent != original->view().pixel<std::uint8_t>(x, y)[0];
        }
    EXPECT_GT(differ, 70);
}

TEST(Redacted, ItsGraftCannotBeSetOtherwise) {
    SessionDriver driver;
    ASSERT_TRUE(open_secret(driver, 1));
    driver.backend->script({{.value = 90, .laying = edit::Laying::redacted}, {.value = 90}});
    const auto id = result(driver, 20, 20);
    const auto before = driver.view().shown;
    composite::GraftParams other;
    other.seam.feather_px = 2;
    driver.apply(SetGraft{other});
    ASSERT_TRUE(driver.until_idle());
    const auto& tree = driver.view().document->tree;
    EXPECT_TRUE(tree.at(driver.view().document->shown).graft.redact);
    EXPECT_TRUE(image::identical(driver.view().shown->view(), before->view()));
    EXPECT_FALSE(driver.view().request.graft.redact) << "the next request is its own";
    EXPECT_TRUE(driver.has_notice("keep it to yourself"));
    driver.apply(ShowIteration{0});
    EXPECT_FALSE(tree.at(result(driver, 60, 40)).graft.redact);
    EXPECT_EQ(id, 1);
}

TEST(Redacted, AReportAsksFirstAndACombinationIsOneToo) {
    SessionDriver driver;
    ASSERT_TRUE(open_secret(driver, 1));
    driver.backend->script({{.value = 90, .laying = edit::Laying::redacted}, {.value = 90}});
    const auto a = result(driver, 20, 20, 8);
    driver.apply(ShowIteration{0});
    const auto b = result(driver, 70, 40);
    driver.apply(CombineIterations{a, b});
    ASSERT_TRUE(driver.until_idle());
    const auto& d = *driver.view().document;
    ASSERT_TRUE(d.tree.at(d.shown).combined);
    EXPECT_EQ(project::last_redaction(d.tree, d.shown), d.shown);
    EXPECT_EQ(project::last_redaction(d.tree, b), 0);
    const auto page = driver.folder / "page.html";
    driver.apply(ExportReview{page});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_FALSE(std::filesystem::exists(page));
    ASSERT_NE(driver.last_button(), nullptr);
    driver.apply(Action(*driver.last_button()));
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(std::filesystem::exists(page));
}

} // namespace
} // namespace mw::session
