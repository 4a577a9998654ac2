// Paid requests seen from the session: what is told, what is kept, and that nothing is bought twice
// by itself.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <mutex>

#include "support/fake_backend.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

// Tells a fate with every run and remembers what was delivered.
class PaidBackend : public test::FakeBackend {
  public:
    edit::Outcome outcome = edit::Outcome::answered;
    std::vector<edit::ModelCapabilities> models() const override {
        auto models = FakeBackend::models();
        models[0].free = false;
        models[0].qualities = {"low", "high"};
        models[0].max_references = 2;
        models[0].max_partials = 3;
        models[0].converses = true;
        edit::ModelCapabilities plain = models[0];
        plain.id = "simple";
        plain.qualities.clear();
        plain.max_references = 0;
        models.push_back(plain);
        return models;
    }
    edit::CostEstimate estimate(const edit::CropPlan&, const edit::EditParams& p) const override {
        const double usd = p.quality == "high" ? 0.2 : 0.1;
        return {usd, usd, usd};
    }
    Result<edit::EditResult> run(const edit::EditRequest& request,
                                 const edit::EditObserver& observer,
                                 std::stop_token stop) override {
        auto result = FakeBackend::run(request, observer, std::move(stop));
        edit::RequestFate fate;
        fate.outcome = outcome;
        fate.journal_entry = "entry";
        fate.most_usd = 0.25;
        observer.on_fate(fate);
        if (result) result->service_id = "resp_1";
        return result;
    }
    void delivered(const std::string& entry) override {
        const std::lock_guard lock(mutex_);
        delivered_.push_back(entry);
    }
    std::vector<std::string> delivered_entries() const {
        const std::lock_guard lock(mutex_);
        return delivered_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> delivered_;
};

class Desk : public test::SessionDriver {
  public:
    explicit Desk(Services services = {},
                  std::shared_ptr<PaidBackend> paid = std::make_shared<PaidBackend>())
        : SessionDriver({},
                        [&](SessionParams& params) {
                            params.backends = {paid};
                            params.services = std::move(services);
                        }),
          service(std::move(paid)) {}
    void open_and_paint() {
        ASSERT_TRUE(open({64, 48}));
        paint(30, 20);
        apply(SetPrompt{"do it"});
    }
    void run() {
        apply(Run{});
        ASSERT_TRUE(until_idle());
    }
    std::shared_ptr<PaidBackend> service;
};

bool said(const Desk& desk, std::string_view part, std::string_view action) {
    for (const Notice& notice : desk.view().notices)
        if (notice.text.find(part) != std::string::npos &&
            notice.action_label.value_or("") == action)
            return true;
    return false;
}

TEST(Services, AnAnswerStaysInTheJournalAsLongAsOnlyTheWindowHasIt) {
    Desk desk;
    desk.open_and_paint();
    desk.run();
    ASSERT_EQ(desk.view().document->tree.size(), 2);
    EXPECT_TRUE(desk.service->delivered_entries().empty());
    // A conversation goes on from the answer that is the base now.
    desk.apply(AcceptIteration{1});
    desk.run();
    EXPECT_EQ(desk.service->request(0).params.continues, "");
    EXPECT_EQ(desk.service->request(1).params.continues, "resp_1");
    desk.apply(CloseDocument{true});
    EXPECT_EQ(desk.service->delivered_entries().size(), 2u);
}

TEST(Services, AnUnknownOutcomeAsksAndNothingIsSentAgainByItself) {
    Desk desk;
    desk.service->outcome = edit::Outcome::unknown;
    test::FakeBackend::Reply lost;
    lost.fail = Error{ErrorCode::io, "The line was cut. It may have been charged, up to $0.250."};
    desk.service->script({lost});
    desk.open_and_paint();
    desk.run();
    EXPECT_EQ(desk.service->runs(), 1);
    EXPECT_TRUE(said(desk, "may have been charged", "Run again"));
    EXPECT_EQ(desk.view().prompt, "do it");
    EXPECT_FALSE(desk.view().mask->empty());
}

TEST(Services, SettingsFitTheModelAndThePriceFollows) {
    Desk desk;
    desk.open_and_paint();
    RequestSettings settings = desk.view().request;
    settings.quality = "high";
    settings.partials = 9;
    desk.apply(SetRequest{settings});
    EXPECT_EQ(desk.view().request.partials, 3);
    ASSERT_TRUE(desk.view().cost);
    EXPECT_EQ(desk.view().cost->high_usd, 0.2);
    settings = desk.view().request;
    settings.model = "simple";
    desk.apply(SetRequest{settings});
    EXPECT_EQ(desk.view().request.quality, "");
    EXPECT_EQ(desk.view().cost->high_usd, 0.1);
}

TEST(Services, AReferenceIsReadBesideAndCanBeTakenAway) {
    Desk desk;
    desk.open_and_paint();
    const auto file = desk.view().document->path;
    desk.apply(AddReference{file});
    ASSERT_TRUE(desk.until_idle());
    ASSERT_EQ(desk.view().request.references.size(), 1u);
    EXPECT_EQ(desk.view().request.references[0].size, (Size{64, 48}));
    desk.run();
    EXPECT_EQ(desk.service->request(0).params.references.size(), 1u);
    desk.apply(RemoveReference{0});
    EXPECT_TRUE(desk.view().request.references.empty());
}

TEST(Services, WhatAnEarlierRunLeftIsOffered) {
    Services services;
    std::vector<std::string> forgotten;
    services.left_over = {{"a", "lost one", {}}, {"", "a broken file", {}}};
    services.forget = [&](const std::string& entry) { forgotten.push_back(entry); };
    services.info = [](const std::string& provider, const std::string&) {
        ServiceInfo info;
        info.origin = "https://" + provider;
        return info;
    };
    Desk desk(std::move(services));
    EXPECT_TRUE(said(desk, "lost one", "Do not tell again"));
    EXPECT_TRUE(said(desk, "a broken file", ""));
    EXPECT_EQ(desk.view().service.origin, "https://fake");
    const auto id = desk.view().notices.front().id;
    desk.apply(*desk.session().notice_action(id));
    EXPECT_EQ(forgotten, std::vector<std::string>{"a"});
}

TEST(Services, TheSizeIsTheModelsToAllow) {
    Desk desk;
    desk.open_and_paint();
    RequestSettings settings = desk.view().request;
    settings.size = Size{128, 96};
    desk.apply(SetRequest{settings});
    ASSERT_EQ(desk.view().plan.size(), 1u) << desk.view().cannot_run;
    EXPECT_EQ(desk.view().plan[0].plan.request_size, (Size{128, 96}));
    settings.size = Size{0, 96};
    desk.apply(SetRequest{settings});
    EXPECT_NE(desk.view().cannot_run, "");
    settings.size.reset();
    desk.apply(SetRequest{settings});
    EXPECT_EQ(desk.view().cannot_run, "");
}

TEST(Services, AConversationShowsItsTurnsAndCanBeginAnew) {
    Desk desk;
    desk.open_and_paint();
    EXPECT_TRUE(desk.view().conversation.turns.empty());
    desk.run();
    desk.apply(AcceptIteration{1});
    ASSERT_EQ(desk.view().conversation.turns.size(), 1u);
    EXPECT_EQ(desk.view().conversation.turns[0].asked, "do it");
    desk.apply(BeginConversation{});
    EXPECT_TRUE(desk.view().conversation.anew);
    desk.run();
    EXPECT_EQ(desk.service->request(1).params.continues, "");
    desk.apply(BeginConversation{false});
    desk.run();
    EXPECT_EQ(desk.service->request(2).params.continues, "resp_1");
    // From elsewhere there is nothing to go on from.
    desk.apply(ShowIteration{0});
    EXPECT_TRUE(desk.view().conversation.turns.empty());
}

TEST(Services, TheListOfModelsIsAskedForOnceAndTellsOfTheirEnd) {
    Services services;
    std::atomic<int> asked{0};
    bool has_key = false;
    services.info = [&](const std::string&, const std::string&) {
        ServiceInfo info;
        info.has_key = has_key;
        return info;
    };
    services.catalogue_name = [](const std::string& provider) { return provider; };
    services.ask_catalogue = [&](const std::string&,
                                 std::stop_token) -> Result<std::vector<edit::OfferedModel>> {
        if (++asked == 2) return fail(ErrorCode::io, "Nobody answers.");
        return std::vector<edit::OfferedModel>{{"simple", "2027-01-31"}, {"gpt-image-9", ""}};
    };
    services.warning = [](const edit::ModelCapabilities& m) {
        return m.shutdown.empty() ? "" : "ends " + m.shutdown;
    };
    Desk desk(std::move(services));
    ASSERT_TRUE(desk.until_idle());
    EXPECT_TRUE(desk.view().lists_models);
    EXPECT_EQ(asked, 0) << "no key, no question";
    has_key = true;
    desk.apply(ServicesChanged{});
    ASSERT_TRUE(desk.until_idle());
    EXPECT_EQ(asked, 1);
    ASSERT_TRUE(desk.view().catalogue.models);
    EXPECT_EQ(desk.view().catalogue.models->size(), 2u);
    desk.apply(ServicesChanged{});
    ASSERT_TRUE(desk.until_idle());
    EXPECT_EQ(asked, 1) << "the answer is kept";
    RequestSettings settings = desk.view().request;
    settings.model = "simple";
    desk.apply(SetRequest{settings});
    EXPECT_EQ(desk.view().model_warning, "ends 2027-01-31");
    // A failure is told where the models are, and what was known stays.
    desk.apply(AskCatalogue{});
    ASSERT_TRUE(desk.until_idle());
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(desk.view().catalogue.problem, "Nobody answers.");
    EXPECT_TRUE(desk.view().catalogue.models);
    EXPECT_FALSE(said(desk, "Nobody answers.", ""));
}

TEST(Services, ClicksAreAskedElsewhereAllTogether) {
    Services services;
    std::mutex mutex;
    std::vector<std::vector<worker::AskedShape::Click>> asked;
    services.click_select = [&](image::ImageView seen,
                                const std::vector<worker::AskedShape::Click>& clicks,
                                std::stop_token) -> Result<mask::Mask> {
        const std::lock_guard lock(mutex);
        asked.push_back(clicks);
        mask::Mask found(seen.size);
        for (const auto& click : clicks) {
            image::Image block({4, 4}, image::kGray8);
            if (click.belongs) std::memset(block.bytes().data(), 255, block.byte_count());
            found.write({click.at.x, click.at.y, 4, 4}, block.view());
        }
        return found;
    };
    Desk desk(std::move(services));
    ASSERT_TRUE(desk.open({64, 48}));
    EXPECT_TRUE(desk.view().can_click_select);
    const auto click = [&](Point at, bool belongs = true) {
        desk.apply(ClickSelect{{{at, belongs}}});
        ASSERT_TRUE(desk.until_idle());
    };
    click({10, 10}, false);
    EXPECT_TRUE(said(desk, "Click on the thing", ""));
    click({10, 10});
    EXPECT_EQ(desk.view().undo_name, "Select by IOPaint");
    EXPECT_EQ(desk.view().mask->at(11, 11), 255);
    click({30, 20});
    EXPECT_EQ(desk.view().mask->at(11, 11), 255);
    EXPECT_EQ(desk.view().mask->at(31, 21), 255);
    click({11, 11}, false);
    ASSERT_EQ(asked.size(), 3u);
    EXPECT_EQ(asked[2].size(), 3u);
    EXPECT_FALSE(asked[2][2].belongs);
    EXPECT_EQ(desk.view().mask->at(12, 12), 0);
    desk.apply(Undo{});
    EXPECT_EQ(desk.view().mask->at(12, 12), 255);
    click({500, 500}); // beside the picture
    EXPECT_EQ(asked.size(), 3u);
}

} // namespace
} // namespace mw::session
