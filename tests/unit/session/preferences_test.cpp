#include "session/preferences.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/temp_folder.h"

namespace mw::session {
namespace {

Preferences unusual() {
    Preferences p;
    p.theme = Theme::light;
    p.scale = 1.5;
    p.native_dialogs = p.notify = p.side = p.tray = false;
    p.side_width = 400;
    p.tray_height = 200;
    p.history_width = 300;
    p.key_preset = "krita";
    p.keys = {{"brush", "P"}, {"eraser", ""}};
    p.prompts = {"remove the \"ball\"\nand the box", "entferne die Bälle"};
    p.snippets = {"golden hour"};
    p.usual_seconds = {{"openai/gpt-image-2", 41.5}};
    return p;
}

TEST(Preferences, ComeBackAsTheyWere) {
    EXPECT_EQ(preferences_from(to_text(unusual())), unusual());
    EXPECT_EQ(preferences_from(to_text({})), Preferences());
}

TEST(Preferences, WhatIsNoneLeavesTheDefault) {
    EXPECT_EQ(preferences_from(""), Preferences());
    EXPECT_EQ(preferences_from("[1, 2]"), Preferences());
    EXPECT_EQ(preferences_from(R"({"scale": 900, "theme": 3, "side": "no", "keys": [], "prompts":
        {"a": 1}, "side_width": -5, "tray_height": 1e300, "usual_seconds": {"m": "long"}})"),
              Preferences());
    EXPECT_EQ(preferences_from(R"({"prompts": ["a", 5, "", "b"]})").prompts,
              (std::vector<std::string>{"a", "b"}));
}

TEST(Preferences, BytesThatAreNoTextAreKeptOut) {
    Preferences p;
    p.prompts = {"a\xff"};
    EXPECT_EQ(preferences_from(to_text(p)).prompts.size(), 1u); // and it is still JSON
}

TEST(Preferences, NewestPromptsFirstAndEachOnce) {
    Preferences p;
    for (int i = 0; i < 60; ++i)
        remember_prompt(p, "prompt " + std::to_string(i));
    EXPECT_EQ(p.prompts.size(), kMostPrompts);
    remember_prompt(p, "prompt 30");
    EXPECT_EQ(p.prompts.front(), "prompt 30");
    EXPECT_EQ(std::ranges::count(p.prompts, "prompt 30"), 1);
    remember_prompt(p, " \n");
    EXPECT_EQ(p.prompts.front(), "prompt 30");
}

TEST(Preferences, UsualSecondsFollowTheNewest) {
    Preferences p;
    EXPECT_FALSE(usual_seconds(p, "openai", "m"));
    remember_seconds(p, "openai", "m", 10);
    EXPECT_EQ(usual_seconds(p, "openai", "m"), 10);
    remember_seconds(p, "openai", "m", 20);
    EXPECT_GT(*usual_seconds(p, "openai", "m"), 10);
    EXPECT_LT(*usual_seconds(p, "openai", "m"), 20);
    EXPECT_FALSE(usual_seconds(p, "other", "m"));
}

TEST(Preferences, LiveInAFile) {
    const test::TempFolder folder;
    const auto state = folder.path() / "state";
    {
        PreferenceFile file(state);
        file.set(unusual(), true);
        EXPECT_EQ(file.get(), unusual());
        EXPECT_FALSE(std::filesystem::exists(state / "preferences.json")); // held
        file.set(unusual());
    }
    EXPECT_EQ(PreferenceFile(state).get(), unusual());
    std::ofstream(state / "preferences.json") << "{ damaged";
    EXPECT_EQ(PreferenceFile(state).get(), Preferences());
    PreferenceFile nowhere({});
    nowhere.set(unusual());
    EXPECT_EQ(nowhere.get(), unusual());
}

} // namespace
} // namespace mw::session
