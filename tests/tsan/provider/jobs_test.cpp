// Many paid requests at once, half of them cancelled at random.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "codec/codec.h"
#include "mask/shapes.h"
#include "provider/base64.h"
#include "provider/journal.h"
#include "provider/ledger.h"
#include "provider/openai_backend.h"
#include "support/scripted_peer.h"
#include "support/temp_folder.h"
#include "worker/worker.h"

namespace mw::worker {
namespace {

using namespace std::chrono_literals;
using test::PeerReply;
using test::PeerRequest;
using test::ScriptedPeer;

constexpr Size kSize{64, 48};

TEST(PaidJobs, SixtyFourOnFourLanesHalfCancelled) {
    image::Image grey(kSize, image::kRgb8);
    const std::string answer =
        "event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\",\"b64_json\":\"" +
        provider::encode_base64(*codec::encode(grey.view(), {}, codec::FileFormat::png)) +
        "\"}\n\n";
    ScriptedPeer peer([&](const PeerRequest&, int number) {
        PeerReply reply;
        reply.bytes =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\n" + answer;
        reply.before = std::chrono::milliseconds(number % 7 * 4);
        reply.piece = 60;
        reply.between = 1ms;
        return reply;
    });
    test::TempFolder folder;
    provider::Keys keys;
    provider::OpenAiParams params;
    params.facts = *provider::built_in_models().find("openai");
    // A model for pictures as small as these.
    params.facts.models.resize(1);
    params.facts.models[0].capabilities.size = {};
    params.base = *provider::parse_url(peer.url() + "/v1");
    params.key_needed = false;
    params.keys = &keys;
    params.calls.journal = folder / "journal";
    params.calls.ledger = folder / "ledger";
    std::shared_ptr<edit::EditBackend> backend = provider::make_openai_backend(params);

    EditJob job;
    job.backend = backend;
    job.model = backend->models().front();
    job.prompt = "do it";
    job.source = std::make_shared<const image::Image>(kSize, image::kRgb8);
    job.mask = mask::rectangle(kSize, {10, 10, 20, 16});
    job.params.quality = "low";

    WorkerParams worker_params;
    worker_params.edit_lanes = 4;
    Worker worker(worker_params);
    std::mt19937 random(64);
    std::map<JobId, int> finals;
    std::vector<JobId> ids;
    int finished = 0, cancelled = 0, failed = 0;
    const auto drain = [&] {
        while (auto event = worker.poll()) {
            const bool done = std::holds_alternative<Finished>(event->what);
            const bool gone = std::holds_alternative<Cancelled>(event->what);
            const auto* bad = std::get_if<Failed>(&event->what);
            if (bad) ADD_FAILURE() << bad->error.message;
            if (done || gone || bad) ++finals[event->job];
            finished += done;
            cancelled += gone;
            failed += bad != nullptr;
        }
    };
    for (int i = 0; i < 64; ++i)
        ids.push_back(worker.submit(job));
    std::vector<JobId> doomed = ids;
    std::shuffle(doomed.begin(), doomed.end(), random);
    doomed.resize(32);
    for (const JobId id : doomed) {
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 12));
        worker.cancel(id);
        drain();
    }
    for (int i = 0; i < 6000 && finals.size() < ids.size(); ++i) {
        std::this_thread::sleep_for(5ms);
        drain();
    }
    EXPECT_EQ(finals.size(), ids.size());
    for (const auto& [id, count] : finals)
        EXPECT_EQ(count, 1) << id;
    EXPECT_EQ(finished + cancelled, 64);
    EXPECT_GE(finished, 32);
    EXPECT_EQ(failed, 0);
    // Everything that left is accounted for: each POST is an entry that was answered or is unknown.
    const auto entries = provider::read_journal(folder / "journal");
    ASSERT_TRUE(entries);
    int answered = 0;
    for (const auto& entry : *entries) {
        EXPECT_FALSE(entry.interrupted);
        answered += entry.outcome == edit::Outcome::answered;
    }
    EXPECT_GE(answered, finished);
    EXPECT_LE(peer.requests("POST"), 64);
    EXPECT_GE(static_cast<int>(entries->size()), peer.requests("POST"));
    const auto spent = provider::Ledger(folder / "ledger").spending(provider::today());
    ASSERT_TRUE(spent);
    EXPECT_EQ(spent->pending, 0);
    EXPECT_TRUE(peer.wait_for([&] { return peer.open_connections() == 0; }));
}

} // namespace
} // namespace mw::worker
