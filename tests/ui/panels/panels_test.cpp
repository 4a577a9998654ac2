#include <cmath>

#include "desk.h"

namespace mw::ui::test {
namespace {

using namespace session;

class Panels : public Desk {};

TEST_F(Panels, RunIsPressedAndRuns) {
    open_picture();
    click("run");
    EXPECT_EQ(count<session::Run>(), 1);
}

TEST_F(Panels, RunWithAReasonNotToDoesNothing) {
    open_picture();
    view.cannot_run = "Say what should change.";
    settle();
    EXPECT_FALSE(widget("run").enabled);
    click("run");
    EXPECT_EQ(count<session::Run>(), 0);
}

TEST_F(Panels, TypingInThePromptSetsIt) {
    open_picture();
    click("prompt");
    EXPECT_EQ(look_state.focused, "prompt");
    type("remove the bölt");
    EXPECT_EQ(last<SetPrompt>().text, "remove the bölt");
}

TEST_F(Panels, LettersInThePromptAreNotShortcuts) {
    open_picture();
    click("prompt");
    actions.clear();
    press(ImGuiKey_E);
    press(ImGuiKey_X);
    press(ImGuiKey_LeftBracket);
    press(ImGuiKey_1);
    EXPECT_EQ(count<SetTool>() + count<SetBrush>() + count<ShowIteration>(), 0);
}

TEST_F(Panels, CtrlEnterRunsFromThePromptWithoutALineBreak) {
    open_picture();
    click("prompt");
    type("blur it");
    press(ImGuiKey_Enter, ImGuiMod_Ctrl);
    EXPECT_EQ(count<session::Run>(), 1);
    EXPECT_EQ(view.prompt, "blur it");
}

TEST_F(Panels, ThePromptEditsAsTextFieldsDo) {
    open_picture();
    click("prompt");
    type("remove the ball");
    press(ImGuiKey_Backspace, ImGuiMod_Ctrl);
    EXPECT_EQ(view.prompt, "remove the ");
    press(ImGuiKey_Enter);
    type("x");
    EXPECT_EQ(view.prompt, "remove the \nx");
    press(ImGuiKey_Z, ImGuiMod_Ctrl);
    press(ImGuiKey_Z, ImGuiMod_Ctrl);
    EXPECT_EQ(view.prompt, "remove the ");
    press(ImGuiKey_A, ImGuiMod_Ctrl);
    type("blur");
    EXPECT_EQ(view.prompt, "blur");
    EXPECT_EQ(count<Undo>() + count<FillMask>(), 0); // the keys were the text's
}

TEST_F(Panels, EscGivesTheKeyboardBackToTheCanvas) {
    open_picture();
    click("prompt");
    press(ImGuiKey_Escape);
    actions.clear();
    press(ImGuiKey_E);
    EXPECT_EQ(last<SetTool>().tool, Tool::eraser);
    EXPECT_EQ(count<CancelJob>(), 0);
}

TEST_F(Panels, MaskButtonsActOnTheWholeMask) {
    open_picture();
    click("mask.invert");
    click("mask.holes");
    click("mask.clear");
    EXPECT_EQ(count<InvertMask>(), 1);
    EXPECT_EQ(last<RefineMask>().how.kind, RefineKind::fill_holes);
    EXPECT_EQ(count<ClearMask>(), 1);
}

TEST_F(Panels, AProposalIsAcceptedOrRejected) {
    open_picture();
    const auto id = add_iteration();
    show(id);
    click("accept");
    EXPECT_EQ(last<AcceptIteration>().id, id);
    click("reject");
    EXPECT_EQ(last<RejectIteration>().id, id);
}

TEST_F(Panels, ATileOfTheTrayShowsItsIteration) {
    open_picture();
    const auto id = add_iteration();
    settle();
    click("iteration." + std::to_string(id));
    EXPECT_EQ(last<ShowIteration>().id, id);
    show(id);
    click("iteration.0");
    EXPECT_EQ(last<ShowIteration>().id, 0);
}

TEST_F(Panels, CompareButtonsNeedSomethingToCompareWith) {
    open_picture();
    EXPECT_FALSE(widget("compare.wipe").enabled);
    show(add_iteration());
    EXPECT_TRUE(widget("compare.wipe").enabled);
    click("compare.wipe");
    EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::wipe);
    click("compare.side_by_side");
    EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::side_by_side);
    EXPECT_FALSE(panes_of(view, shell.canvas).a.empty());
    click("compare.off");
    EXPECT_EQ(last<SetCompare>().compare.mode, CompareMode::off);
}

TEST_F(Panels, AFailedJobIsShownAndDismissed) {
    open_picture();
    JobView job;
    job.id = 7;
    job.state = JobState::failed;
    job.label = "%s%n hostile";
    job.error = "It cannot do that.";
    view.jobs.push_back(job);
    settle();
    click("job.dismiss");
    EXPECT_EQ(last<DismissJob>().job, 7u);
}

TEST_F(Panels, ARunningJobIsCancelledByItsButtonAndByShiftEscOnly) {
    open_picture();
    JobView job;
    job.id = 3;
    job.state = JobState::running;
    view.jobs.push_back(job);
    settle();
    press(ImGuiKey_Escape);
    EXPECT_EQ(count<CancelJob>(), 0);
    press(ImGuiKey_Escape, ImGuiMod_Shift);
    EXPECT_EQ(count<CancelJob>(), 1);
    click("job.cancel");
    EXPECT_EQ(last<CancelJob>().job, 3u);
    EXPECT_EQ(count<CancelJob>(), 2);
}

TEST_F(Panels, NoticesStayUntilDismissedAndOfferTheWayOut) {
    open_picture();
    view.notices.push_back({4, Severity::error, "The file is too large.", "Open anyway"});
    std::uint64_t acted = 0;
    shell.notice_action = [&](std::uint64_t id) { acted = id; };
    settle(4);
    click("notice.4.action");
    EXPECT_EQ(acted, 4u);
    settle(700); // more than ten seconds
    EXPECT_EQ(count<DismissNotice>(), 0);
    click("notice.4.dismiss");
    EXPECT_EQ(last<DismissNotice>().id, 4u);
}

TEST_F(Panels, PlainNewsGoesByItself) {
    open_picture();
    view.notices.push_back({5, Severity::info, "Saved.", {}});
    settle(700);
    EXPECT_GE(count<DismissNotice>(), 1);
}

TEST_F(Panels, NothingIsDrawnAgainWhenNothingMoves) {
    open_picture();
    settle(5);
    EXPECT_TRUE(std::isinf(look_state.wake_after));
}

TEST_F(Panels, ADraftIsSeveralCheapOnesAndAFinalIsOneGoodOne) {
    open_picture();
    edit::ModelCapabilities model;
    model.provider = "service";
    model.id = model.label = "model";
    model.qualities = {"low", "medium", "high"};
    model.max_count = 3;
    model.max_references = 2;
    view.models = {model};
    view.request.provider = "service";
    view.request.model = "model";
    edit::Reference reference;
    reference.name = "sky.png";
    reference.small = std::make_shared<const image::Image>(Size{96, 54}, image::kRgba8);
    view.request.references = {reference};
    view.request.seed = 7;
    settle();
    EXPECT_EQ(effort_of(model, view.request), Effort::other);
    click("request.draft");
    EXPECT_EQ(view.request.quality, "low");
    EXPECT_EQ(view.request.count, 3); // all the model has
    EXPECT_EQ(effort_of(model, view.request), Effort::draft);
    click("request.final");
    EXPECT_EQ(view.request.quality, "high");
    EXPECT_EQ(view.request.count, 1);
    EXPECT_EQ(view.request.seed, 7u); // all else is as it was
    EXPECT_EQ(effort_of(model, view.request), Effort::final_);
    EXPECT_EQ(shell.request.service.pictures.size(), 1u); // the reference is seen
    click("reference.0.remove");
    EXPECT_EQ(count<RemoveReference>(), 1);
    model.qualities = {"standard"};
    RequestSettings as_before = view.request;
    set_effort(Effort::draft, model, view.request);
    EXPECT_EQ(view.request, as_before); // a model without the choice
}

TEST_F(Panels, TheEmptyDeskOffersToOpen) {
    view.recent_files = {"/nowhere/first.png", "/nowhere/second.png"};
    shell.sample = "/nowhere/sample.png";
    settle();
    click("recent.1");
    EXPECT_EQ(last<OpenFile>().path, "/nowhere/second.png");
    click("empty.sample");
    EXPECT_EQ(last<OpenFile>().path, "/nowhere/sample.png");
    click("empty.open");
    EXPECT_TRUE(is_open(shell.files));
}

} // namespace
} // namespace mw::ui::test
