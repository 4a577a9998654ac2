// Paid requests seen from the session: what is told, what is kept, and that nothing is bought twice
// by itself.
#include <gtest/gtest.h>

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
    services.info = [](const std::string& provider) {
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

} // namespace
} // namespace mw::session
