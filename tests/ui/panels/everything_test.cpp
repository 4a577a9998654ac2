// Checks that hold for all panels in every state of the window, both themes and several sizes:
// text can be read, none lies over another, none is cut off.
#include <fmt/format.h>

#include <fstream>

#include "audit.h"
#include "desk.h"
#include "support/temp_folder.h"

namespace mw::ui::test {
namespace {

using namespace session;

struct Screen {
    float width, height, scale;
};
constexpr Screen kScreens[] = {{1280, 720, 1}, {1920, 1080, 1}, {3840, 2160, 2}};

edit::ModelCapabilities service_model() {
    edit::ModelCapabilities m;
    m.provider = "openai";
    m.id = "gpt-image-2";
    m.label = "OpenAI gpt-image-2";
    m.qualities = {"low", "medium", "high"};
    m.max_count = 10;
    m.max_references = 15;
    m.backgrounds = {"auto", "opaque", "transparent"};
    m.formats = {"png", "jpeg", "webp"};
    m.max_partials = 3;
    return m;
}

class Everything : public Desk, public ::testing::WithParamInterface<Theme> {
  protected:
    Everything() {
        preferences.theme = GetParam();
        edit::ModelCapabilities engine;
        engine.provider = "builtin";
        engine.id = "patchmatch";
        engine.label = "Built-in engine";
        engine.max_count = 4;
        engine.free = true;
        view.models = {engine, service_model()};
        view.request.provider = "builtin";
        view.request.model = "patchmatch";
        view.abilities = {"remove: fills from the surroundings", "recolour to a colour"};
    }

    void use_service() {
        view.request.provider = "openai";
        view.request.model = "gpt-image-2";
        view.service.has_key = true;
        view.service.origin = "https://api.openai.com";
        view.service.key_from = "OPENAI_API_KEY";
        view.service.spent_usd = 1.25;
        view.service.budget_usd = 10;
        view.cost = edit::CostEstimate{};
        view.cost->low_usd = 0.034;
        view.cost->high_usd = 0.171;
        view.request.references.resize(2);
        view.request.references[0].name = "a reference with a rather long name, shot 0142 v003.png";
        view.request.references[1].name = "sky.png";
        for (edit::Reference& one : view.request.references) {
            one.size = {1920, 1080};
            one.small = std::make_shared<const image::Image>(Size{96, 54}, image::kRgba8);
        }
    }

    JobView& add_job(JobState state) {
        JobView job;
        job.id = view.jobs.size() + 1;
        job.state = state;
        job.label = "remove the red ball and the shadow that it throws on the cloth behind it";
        job.phase = edit::Phase::thinking;
        job.submitted = std::chrono::steady_clock::now() - std::chrono::seconds(42);
        job.usual_s = 58;
        job.paid = true;
        if (state == JobState::failed)
            job.error =
                "The service refused the request before billing (moderation). The prompt "
                "and the mask are kept; request id req_4711.";
        view.jobs.push_back(job);
        return view.jobs.back();
    }

    // Everything at every size; `allowed` may be cut: names and words of the artist.
    void look_at(const std::string& state, const std::vector<std::string>& allowed = {}) {
        for (const Screen& screen : kScreens) {
            resize(screen.width, screen.height, screen.scale);
            settle(6);
            const std::string where = fmt::format("{} at {:.0f}x{:.0f}, {:.0f}x", state,
                                                  screen.width, screen.height, screen.scale);
            check(where, screen.scale, allowed);
        }
        resize(1440, 900, 1);
        settle();
    }

    void check(const std::string& where, float scale, const std::vector<std::string>& allowed) {
        const std::vector<TextRun> runs = text_runs(look_state);
        EXPECT_GT(runs.size(), 5u) << where;
        std::vector<const TextRun*> seen;
        for (const TextRun& run : runs)
            if (!run.hidden) seen.push_back(&run);
        for (const TextRun* run : seen) {
            const bool off = run->icon && run->color == colors().icon_off;
            EXPECT_TRUE(off || run->contrast >= (run->icon ? 3.0 : 4.5))
                << run->contrast << " " << where << ": \"" << run->words << "\" " << std::hex
                << run->color;
            const bool may = std::ranges::any_of(allowed, [&](const std::string& name) {
                return run->words.find(name) != std::string::npos;
            });
            EXPECT_TRUE(may || !(run->cut_left || run->cut_right))
                << where << ": cut off: \"" << run->words << "\"";
            EXPECT_TRUE(may || !run->words.ends_with("...")) << where << ": " << run->words;
        }
        // Letters have room round them: what overlaps by less than this does not touch.
        const float slack = 2 * scale;
        for (std::size_t i = 0; i < seen.size(); ++i)
            for (std::size_t j = i + 1; j < seen.size(); ++j) {
                const TextRun &a = *seen[i], &b = *seen[j];
                const float wide = std::min(a.max.x, b.max.x) - std::max(a.min.x, b.min.x);
                const float high = std::min(a.max.y, b.max.y) - std::max(a.min.y, b.min.y);
                EXPECT_FALSE(wide > slack && high > slack)
                    << where << ": \"" << a.words << "\" and \"" << b.words << "\" overlap";
            }
    }
};

std::string name_of(const ::testing::TestParamInfo<Theme>& info) {
    return info.param == Theme::dark ? "Dark" : "Light";
}
INSTANTIATE_TEST_SUITE_P(Themes, Everything, ::testing::Values(Theme::dark, Theme::light), name_of);

TEST_P(Everything, FirstStart) {
    shell.sample = "/usr/share/maskwright/sample.png";
    look_at("first start");
    view.recent_files = {"/home/ada/shots/0142/plate.exr", "/home/ada/a.png",
                         "/home/ada/a folder with a long name of its own/picture of a cat.jpeg"};
    look_at("recent files", {"picture of", "/home/ada"});
}

TEST_P(Everything, Painting) {
    open_picture();
    for (const Tool tool : {Tool::brush, Tool::pan, Tool::crop, Tool::markup, Tool::clone,
                            Tool::rectangle, Tool::lasso, Tool::wand, Tool::smart}) {
        view.tool = tool;
        look_at(fmt::format("tool {}", static_cast<int>(tool)));
    }
}

TEST_P(Everything, RunningJob) {
    open_picture();
    use_service();
    view.prompt = "remove the red ball";
    add_job(JobState::running);
    add_job(JobState::waiting);
    shell.request.show_options = true;
    look_at("running", {"remove the red ball", "a reference"});
}

TEST_P(Everything, CandidatesAndComparisons) {
    open_picture();
    for (int i = 0; i < 4; ++i)
        show(add_iteration(i == 2 ? project::Standing::rejected : project::Standing::proposed));
    look_at("candidates");
    for (int mode = 0; mode <= static_cast<int>(CompareMode::sheet); ++mode) {
        view.compare.mode = static_cast<CompareMode>(mode);
        for (const bool figures : {false, true}) {
            view.compare.figures = figures;
            look_at(fmt::format("comparison {}{}", mode, figures ? " with figures" : ""));
        }
    }
}

TEST_P(Everything, HistoryOfThirty) {
    open_picture();
    for (int i = 0; i < 30; ++i) {
        const auto id = add_iteration();
        if (i % 3 == 0) show(id);
    }
    shell.history.open = true;
    look_at("history", {"removed it", "remove", "oposal", "0.0 s"}); // the tray is scrolled
}

TEST_P(Everything, Errors) {
    open_picture();
    add_job(JobState::failed);
    view.notices = {{1, Severity::error, "The file is not a picture: it ends after 12 bytes.", {}},
                    {2, Severity::warning, "This picture is larger than the limit.",
                     std::string("Open it all the same")},
                    {3, Severity::info, "The service understood: remove the ball.", {}}};
    view.cannot_run = "Paint over what should change first.";
    look_at("errors", {"remove the red ball"});
}

TEST_P(Everything, Preferences) {
    open_picture();
    preferences.keys["brush"] = "E"; // a conflict
    shell.preferences.open = true;
    settle();
    for (const PreferencePage page : {PreferencePage::appearance, PreferencePage::panels,
                                      PreferencePage::files, PreferencePage::keys}) {
        shell.preferences.page = page;
        look_at(fmt::format("preferences {}", static_cast<int>(page)));
    }
}

TEST_P(Everything, SheetsAndDialogs) {
    open_picture();
    shell.help = true;
    look_at("keys");
    press(ImGuiKey_Escape);
    shell.commands.open = true;
    look_at("command search");
    press(ImGuiKey_Escape);
    preferences.snippets = {"make it golden hour"};
    preferences.prompts = {"remove the ball", std::string(300, 'w')};
    shell.request.recall.asked = true;
    look_at("earlier requests", {"www"});
}

TEST_P(Everything, FilesAndExport) {
    open_picture();
    const mw::test::TempFolder folder;
    std::filesystem::create_directory(folder / "plates");
    std::ofstream(folder / "picture.png") << "not yet";
    for (const FilePurpose purpose : {FilePurpose::open_picture, FilePurpose::export_picture}) {
        open_file_dialog(shell.files, purpose, view);
        list_folder(shell.files.list, folder.path());
        look_at(fmt::format("file dialog {}", static_cast<int>(purpose)));
        press(ImGuiKey_Escape);
    }
}

TEST_P(Everything, LongNamesAndWords) {
    open_picture();
    view.title = std::string(180, 'n') + ".png";
    TabView tab;
    for (int i = 0; i < 3; ++i) {
        tab.id = static_cast<TabId>(i + 1);
        tab.title = view.title;
        shell.tabs.tabs.push_back(tab);
    }
    for (int i = 0; i < 200; ++i)
        view.prompt += "replace ";
    look_at("long names", {"nnn"});
}

} // namespace
} // namespace mw::ui::test
