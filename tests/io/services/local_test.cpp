// Programs on the artist's own machine, as their sources behave.
#include <openssl/sha.h>
#include "provider/comfyui_backend.h"
#include "provider/iopaint_backend.h"
#include "provider/sdcpp_backend.h"
#include "provider/webui_backend.h"

#include "services/fixture.h"

namespace mw::test {
namespace {

using namespace std::chrono_literals;
using edit::Phase;

TEST(Webui, RepaintsUnderTheMaskAndTakesTheCandidates) {
    std::atomic<int> progress{0};
    ScriptedPeer peer([&](const PeerRequest& request, int) {
        if (request.path() == "/sdapi/v1/progress") {
            ++progress;
            return json_reply({{"progress", 0.5},
                               {"eta_relative", 1.0},
                               {"state", {{"job_count", 2}}},
                               {"current_task", "20261127T000000.000-0123456789abcdef"},
                               {"current_image", nullptr}});
        }
        EXPECT_EQ(request.path(), "/sdapi/v1/img2img");
        const Json body = Json::parse(request.body);
        expect_repaints_the_hole(Eyes::webui, decoded(body["mask"].get<std::string>()));
        EXPECT_EQ(decoded(body["init_images"][0].get<std::string>()).size(), kSize);
        EXPECT_EQ(body["prompt"], "a red \"door\"");
        EXPECT_EQ(body["width"], kSize.width);
        EXPECT_EQ(body["height"], kSize.height);
        EXPECT_EQ(body["seed"], 77);
        EXPECT_EQ(body["n_iter"], 2);
        EXPECT_EQ(body["inpaint_full_res"], false);
        EXPECT_EQ(body["inpainting_mask_invert"], 0);
        // A sheet before the candidates, a mask after them.
        auto reply =
            json_reply({{"images",
                         {picture_text({128, 48}, {9, 9, 9}), picture_text(kSize, {200, 0, 0}),
                          picture_text(kSize, {0, 200, 0}), picture_text(kSize, {255, 255, 255})}},
                        {"parameters", Json::object()},
                        {"info", "{\"index_of_first_image\": 1, \"seed\": 77}"}});
        reply.before = 900ms;
        return reply;
    });
    auto backend = provider::make_webui_backend(facts_of("a1111"), service_at(peer, "WebUI"));
    auto request = make_request(backend->models().front().id);
    request.params.count = 2;
    Watched watched;
    const auto result = backend->run(request, watched.observer(), {});
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ(result->answers.size(), 2u);
    EXPECT_EQ(result->answers[0].bytes, picture_file(kSize, {200, 0, 0}));
    EXPECT_EQ(result->answers[1].bytes, picture_file(kSize, {0, 200, 0}));
    EXPECT_EQ(result->answers[0].media_type, "image/png");
    EXPECT_TRUE(watched.saw(Phase::thinking, true));
    EXPECT_GE(progress.load(), 1);
    EXPECT_EQ(peer.requests("POST"), 1);
}

TEST(Webui, IsInterruptedOnlyWhenTheJobIsOurs) {
    for (const bool ours : {true, false}) {
        ScriptedPeer peer([&](const PeerRequest& request, int) {
            if (request.path() == "/sdapi/v1/progress")
                return json_reply(
                    {{"progress", 0.2},
                     {"state", {{"job_count", 1}}},
                     {"current_task", ours ? "20261127T000000.000-0123456789abcdef" : "another"}});
            if (request.path() == "/sdapi/v1/interrupt") return json_reply(Json::object());
            PeerReply reply;
            reply.end = PeerEnd::hang;
            return reply;
        });
        auto backend = provider::make_webui_backend(facts_of("a1111"), service_at(peer, "WebUI"));
        std::stop_source source;
        std::jthread later([&] {
            peer.wait_for([&] { return peer.requests("GET") >= 2; });
            source.request_stop();
        });
        Watched watched;
        const auto result = backend->run(make_request(backend->models().front().id),
                                         watched.observer(), source.get_token());
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::cancelled);
        int interrupts = 0;
        for (const PeerRequest& request : peer.received())
            interrupts += request.path() == "/sdapi/v1/interrupt";
        EXPECT_EQ(interrupts, ours ? 1 : 0);
    }
}

TEST(Webui, SaysWhatTheProgramSaid) {
    Json body{
        {"error", "HTTPException"}, {"detail", "Sampler not found"}, {"body", ""}, {"errors", ""}};
    int status = 404;
    ScriptedPeer peer([&](const PeerRequest& request, int) {
        if (request.method == "GET")
            return json_reply({{"progress", 0}, {"state", {{"job_count", 0}}}});
        return json_reply(body, status);
    });
    auto service = service_at(peer, "WebUI");
    service.secrets.push_back(
        {"Authorization", "Basic ", provider::Secret("dXNlcjpwYXNzd29yZA==")});
    auto backend = provider::make_webui_backend(facts_of("a1111"), service);
    const auto said = [&] {
        const auto result = backend->run(make_request(backend->models().front().id), {}, {});
        return result ? std::string() : result.error().message;
    };
    EXPECT_NE(said().find("Sampler not found"), std::string::npos) << said();
    EXPECT_NE(said().find("WebUI"), std::string::npos);
    status = 401;
    body = {{"detail", "Incorrect username or password dXNlcjpwYXNzd29yZA=="}};
    EXPECT_NE(said().find("Incorrect username"), std::string::npos) << said();
    EXPECT_EQ(said().find("dXNlcjpwYXNzd29yZA=="), std::string::npos) << said();
    status = 200;
    body = {{"images", Json::array()}, {"info", ""}};
    EXPECT_NE(said().find("without a picture"), std::string::npos) << said();
    body = {{"images", {"PHN2Zz48L3N2Zz4="}}, {"info", ""}};
    EXPECT_NE(said().find("no PNG, JPEG or WebP"), std::string::npos) << said();
    body = {{"images", {"!!!"}}, {"info", ""}};
    EXPECT_NE(said().find("base64"), std::string::npos) << said();
    EXPECT_EQ(peer.received().front().header("Authorization"), "Basic dXNlcjpwYXNzd29yZA==");
}

TEST(Webui, NobodyThere) {
    auto service = [] {
        ScriptedPeer gone([](const PeerRequest&, int) { return PeerReply{}; });
        return service_at(gone, "WebUI");
    }();
    auto backend = provider::make_webui_backend(facts_of("a1111"), service);
    const auto result = backend->run(make_request(backend->models().front().id), {}, {});
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("Nothing was sent; start it first"), std::string::npos)
        << result.error().message;
}

TEST(Iopaint, ErasesAndCannotBeAskedTwice) {
    ScriptedPeer peer([&](const PeerRequest& request, int) {
        EXPECT_EQ(request.path(), "/api/v1/inpaint");
        const Json body = Json::parse(request.body);
        const image::Image image = decoded(body["image"].get<std::string>());
        const image::Image mask = decoded(body["mask"].get<std::string>());
        if (image.size() != mask.size()) return json_reply({{"detail", "not match"}}, 400);
        expect_repaints_the_hole(Eyes::luma, mask);
        EXPECT_EQ(body["use_croper"], false);
        EXPECT_EQ(body["sd_seed"], 77);
        return PeerReply::http(200, "image/png", text_of(picture_file(kSize, {1, 2, 3})),
                               {"X-Seed: 77"});
    });
    auto backend = provider::make_iopaint_backend(facts_of("iopaint"), service_at(peer, "IOPaint"));
    const auto result = backend->run(make_request(backend->models().front().id), {}, {});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->answers.at(0).bytes, picture_file(kSize, {1, 2, 3}));
    EXPECT_EQ(peer.requests(), 1);
    edit::EditParams two;
    two.count = 2;
    EXPECT_FALSE(backend->check("x", two));
}

TEST(Iopaint, ClicksBecomeASelection) {
    Size answer = kSize;
    ScriptedPeer peer([&](const PeerRequest& request, int) {
        EXPECT_EQ(request.path(), "/api/v1/run_plugin_gen_mask");
        const Json body = Json::parse(request.body);
        EXPECT_EQ(body["name"], "InteractiveSeg");
        EXPECT_EQ(body["clicks"], Json::parse("[[30,20,1],[5,6,0]]"));
        // The colour of its own brush, translucent, over what was found.
        image::Image mask(answer, image::kRgba8);
        for (int y = 10; y < 30; ++y)
            for (int x = 25; x < 40; ++x) {
                const std::uint8_t brush[] = {255, 203, 0, 186};
                std::copy_n(brush, 4, mask.span().pixel<std::uint8_t>(x, y));
            }
        return PeerReply::http(
            200, "image/png",
            text_of(codec::encode(mask.view(), {}, codec::FileFormat::png).value()));
    });
    const auto service = service_at(peer, "IOPaint");
    const auto request = make_request("");
    const std::vector<provider::Click> clicks{{{30, 20}, true}, {{5, 6}, false}};
    const auto found = provider::select_by_clicks(service, request.pixels->view(), clicks, {});
    ASSERT_TRUE(found) << found.error().message;
    int covered = 0;
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            covered += *found->view().pixel<std::uint8_t>(x, y) == 255;
    EXPECT_EQ(covered, 20 * 15);
    EXPECT_EQ(*found->view().pixel<std::uint8_t>(30, 20), 255);
    EXPECT_FALSE(
        provider::select_by_clicks(service, request.pixels->view(), {{{1, 1}, false}}, {}));
    answer = {40, 40};
    const auto wrong = provider::select_by_clicks(service, request.pixels->view(), clicks, {});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, ErrorCode::corrupt);
}

class Sdcpp : public testing::Test {
  protected:
    // A job: queued, generating, then `ends`.
    PeerReply answer(const PeerRequest& request) {
        const std::string path = request.path();
        if (path == "/sdcpp/v1/capabilities")
            return native ? json_reply({{"supported_modes", {"img_gen"}}})
                          : PeerReply::http(404, "text/plain", "File Not Found");
        if (path == "/sdcpp/v1/img_gen") {
            const Json body = Json::parse(request.body);
            const image::Image mask = decoded(body["mask_image"].get<std::string>());
            EXPECT_EQ(mask.format().channels, 1);
            expect_repaints_the_hole(Eyes::luma, mask);
            EXPECT_EQ(body["width"], kSize.width);
            EXPECT_EQ(body["batch_count"], 2);
            return json_reply({{"id", "job_01HT"},
                               {"kind", "img_gen"},
                               {"status", "queued"},
                               {"created", 1},
                               {"poll_url", "/sdcpp/v1/jobs/job_01HT"}},
                              202);
        }
        if (path == "/sdcpp/v1/jobs/job_01HT/cancel") return json_reply({{"status", "cancelled"}});
        if (path == "/sdcpp/v1/jobs/job_01HT") {
            const int n = ++polls;
            Json job{{"id", "job_01HT"},
                     {"status", n == 1   ? "queued"
                                : n == 2 ? "generating"
                                         : ends},
                     {"result", nullptr},
                     {"error", nullptr}};
            if (job["status"] == "completed")
                job["result"] = {{"output_format", "png"},
                                 {"images",
                                  {{{"index", 0}, {"b64_json", picture_text(kSize, {1, 1, 1})}},
                                   {{"index", 1}, {"b64_json", picture_text(kSize, {2, 2, 2})}}}}};
            if (job["status"] == "failed")
                job["error"] = {{"code", "generation_failed"}, {"message", "out of memory"}};
            return json_reply(job);
        }
        EXPECT_EQ(path, "/v1/images/edits");
        const auto parts = parts_of(request);
        EXPECT_EQ(parts.count("image[]"), 1u);
        expect_repaints_the_hole(Eyes::luma, decoded(bytes_of(parts.find("mask")->second.bytes)));
        EXPECT_EQ(parts.find("size")->second.bytes, "64x48");
        if (ends == "failed") return json_reply({{"error", "prompt required"}}, 400);
        return json_reply({{"created", 1},
                           {"output_format", "png"},
                           {"data", {{{"b64_json", picture_text(kSize, {3, 3, 3})}}}}});
    }
    Result<edit::EditResult> run(std::stop_token stop = {}) {
        auto backend =
            provider::make_sdcpp_backend(facts_of("sdcpp"), service_at(*peer, "sd-server"));
        auto request = make_request(backend->models().front().id);
        request.params.count = 2;
        return backend->run(request, watched.observer(), stop);
    }
    bool native = true;
    std::string ends = "completed";
    std::atomic<int> polls{0};
    Watched watched;
    std::unique_ptr<ScriptedPeer> peer = std::make_unique<ScriptedPeer>(
        [this](const PeerRequest& request, int) { return answer(request); });
};

TEST_F(Sdcpp, AsksForItsJobUntilItIsDone) {
    const auto result = run();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->answers.size(), 2u);
    EXPECT_TRUE(watched.saw(Phase::queued));
    EXPECT_TRUE(watched.saw(Phase::thinking));
    EXPECT_EQ(peer->requests("POST"), 1);
}
TEST_F(Sdcpp, TellsWhyAJobFailed) {
    ends = "failed";
    const auto result = run();
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("out of memory"), std::string::npos)
        << result.error().message;
}
TEST_F(Sdcpp, CancelsItsJob) {
    ends = "generating";
    std::stop_source source;
    std::jthread later([&] {
        peer->wait_for([&] { return polls >= 2; });
        source.request_stop();
    });
    const auto result = run(source.get_token());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::cancelled);
    EXPECT_EQ(peer->received().back().path(), "/sdcpp/v1/jobs/job_01HT/cancel");
}
TEST_F(Sdcpp, FallsBackToTheOtherInterface) {
    native = false;
    const auto result = run();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->answers.at(0).bytes, picture_file(kSize, {3, 3, 3}));
    ends = "failed"; // its errors are plain strings
    const auto refused = run();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("prompt required"), std::string::npos);
}

class Comfyui : public testing::Test {
  protected:
    PeerReply answer(const PeerRequest& request) {
        const std::string path = request.path();
        if (path == "/upload/image") {
            const auto parts = parts_of(request);
            const Part& file = parts.find("image")->second;
            const std::size_t name = file.head.find("filename=\"") + 10;
            const std::string stored = file.head.substr(name, file.head.find('"', name) - name);
            uploads[stored] = bytes_of(file.bytes);
            return json_reply({{"name", stored}, {"subfolder", ""}, {"type", "input"}});
        }
        if (path == "/object_info/CheckpointLoaderSimple")
            return json_reply(Json::parse(
                R"({"CheckpointLoaderSimple":{"input":{"required":{"ckpt_name":[["a.safetensors","sd-inpaint.ckpt"],{}]}}}})"));
        if (path == "/prompt") {
            graph = Json::parse(request.body)["prompt"];
            client = Json::parse(request.body)["client_id"].get<std::string>();
            if (ends == "refused")
                return json_reply(
                    {{"error",
                      {{"type", "prompt_outputs_failed_validation"},
                       {"message", "Prompt outputs failed validation"},
                       {"details", ""}}},
                     {"node_errors",
                      {{"3",
                        {{"errors",
                          {{{"message", "Value not in list"}, {"details", "ckpt_name: 'x'"}}}},
                         {"class_type", "CheckpointLoaderSimple"}}}}}},
                    400);
            return json_reply(
                {{"prompt_id", "p-1"}, {"number", 1}, {"node_errors", Json::object()}});
        }
        if (path == "/queue") {
            if (request.method == "POST") return PeerReply::http(200, "text/plain", "");
            const Json entry{1, running, Json::object()};
            return json_reply({{"queue_running", {entry}}, {"queue_pending", Json::array()}});
        }
        if (path == "/interrupt") return PeerReply::http(200, "text/plain", "");
        if (path == "/history/p-1") {
            if (++polls < 3 || ends == "never") return json_reply(Json::object());
            Json entry{
                {"outputs", Json::object()},
                {"status",
                 {{"status_str", "success"}, {"completed", true}, {"messages", Json::array()}}}};
            if (ends == "error")
                entry["status"] = {
                    {"status_str", "error"},
                    {"completed", false},
                    {"messages",
                     Json::array({Json::array({"execution_start", Json::object()}),
                                  Json::array({"execution_error",
                                               {{"node_type", "KSampler"},
                                                {"exception_message", "CUDA out of memory"}}})})}};
            else
                for (const auto& [id, node] : graph.items())
                    if (node["class_type"] == "PreviewImage")
                        entry["outputs"][id]["images"] = {
                            {{"filename", "a b&c.png"}, {"subfolder", "x/y"}, {"type", "temp"}}};
            return json_reply({{"p-1", entry}});
        }
        if (path == "/ws")
            return told.empty() ? PeerReply::http(404, "text/plain", "") : socket(request);
        // As a form's fields are written, which is how a query is read there.
        EXPECT_EQ(request.target, "/view?filename=a+b%26c.png&subfolder=x/y&type=temp");
        return PeerReply::http(200, "image/png", text_of(picture_file(kSize, {5, 6, 7})));
    }
    // A websocket (RFC 6455) that says what it has to say, unmasked as servers do, and stays open.
    PeerReply socket(const PeerRequest& request) const {
        EXPECT_EQ(request.path(), "/ws");
        const std::string key =
            request.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        Bytes digest(SHA_DIGEST_LENGTH);
        ::SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(),
               reinterpret_cast<unsigned char*>(digest.data()));
        PeerReply reply;
        reply.bytes =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
            provider::encode_base64(digest) + "\r\n\r\n";
        for (const std::string& message : told) {
            reply.bytes += '\x81';
            reply.bytes += static_cast<char>(message.size()); // under 126 bytes
            reply.bytes += message;
        }
        reply.end = PeerEnd::hang;
        return reply;
    }
    Result<edit::EditResult> run(std::optional<Bytes> own = {}, std::stop_token stop = {}) {
        auto backend =
            provider::make_comfyui_backend(facts_of("comfyui"), service_at(*peer, "ComfyUI"), own);
        return backend->run(make_request(backend->models().front().id), watched.observer(), stop);
    }
    std::map<std::string, Bytes> uploads;
    Json graph;
    std::string ends = "success", running = "p-1";
    std::string client;
    std::vector<std::string> told; // over the websocket; empty: there is none
    std::atomic<int> polls{0};
    Watched watched;
    std::unique_ptr<ScriptedPeer> peer = std::make_unique<ScriptedPeer>(
        [this](const PeerRequest& request, int) { return answer(request); });
};

TEST_F(Comfyui, FillsTheBundledGraph) {
    const auto result = run();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->answers.at(0).bytes, picture_file(kSize, {5, 6, 7}));
    std::map<std::string, Json> by_class;
    for (const auto& [id, node] : graph.items())
        by_class[node["class_type"]] = node["inputs"];
    EXPECT_EQ(by_class["CheckpointLoaderSimple"]["ckpt_name"], "sd-inpaint.ckpt");
    EXPECT_EQ(by_class["KSampler"]["seed"], 77);
    EXPECT_EQ(graph["prompt"]["inputs"]["text"], "a red \"door\"");
    EXPECT_EQ(decoded(uploads[by_class["LoadImage"]["image"]]).size(), kSize);
    EXPECT_EQ(by_class["LoadImageMask"]["channel"], "red");
    expect_repaints_the_hole(Eyes::comfy_red, decoded(uploads[by_class["LoadImageMask"]["image"]]));
    EXPECT_TRUE(watched.saw(Phase::thinking));
}
TEST_F(Comfyui, TellsHowFarItIs) {
    told = {R"({"type":"status","data":{"status":{},"sid":"line-7"}})", "no json",
            R"({"type":"progress","data":7})", R"({"type":"progress","data":{"value":3,"max":0}})",
            R"({"type":"progress","data":{"value":5,"max":20,"node":"3"}})"};
    const auto result = run();
    ASSERT_TRUE(result) << result.error().message;
    bool quarter = false;
    for (const auto& [phase, done] : watched.phases)
        quarter |= phase == Phase::thinking && done == 0.25;
    EXPECT_TRUE(quarter);
    EXPECT_EQ(client, "line-7") << "the job is sent under the line's name";
}
TEST_F(Comfyui, IsDoneWithoutAWebsocketToo) {
    const auto result = run();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(watched.saw(Phase::thinking));
    EXPECT_FALSE(watched.saw(Phase::thinking, true)) << "no percentage is invented";
}
TEST_F(Comfyui, FillsTheArtistsOwnGraph) {
    const Json own{{"1",
                    {{"class_type", "LoadImage"},
                     {"inputs", {{"image", "?"}}},
                     {"_meta", {{"title", "maskwright picture"}}}}},
                   {"2",
                    {{"class_type", "LoadImage"},
                     {"inputs", {{"image", "?"}}},
                     {"_meta", {{"title", "maskwright mask"}}}}},
                   {"3",
                    {{"class_type", "CLIPTextEncode"},
                     {"inputs", {{"text", "?"}}},
                     {"_meta", {{"title", "maskwright prompt"}}}}},
                   {"4",
                    {{"class_type", "RandomNoise"},
                     {"inputs", {{"noise_seed", 5}}},
                     {"_meta", {{"title", "maskwright seed"}}}}},
                   {"5",
                    {{"class_type", "PreviewImage"},
                     {"inputs", {{"images", {"9", 0}}}},
                     {"_meta", {{"title", "maskwright result"}}}}}};
    const auto result = run(bytes_of(own.dump()));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(graph["4"]["inputs"]["noise_seed"], 77);
    EXPECT_EQ(graph["3"]["inputs"]["text"], "a red \"door\"");
    // The mask output of LoadImage is the inverse of alpha.
    expect_repaints_the_hole(Eyes::comfy_alpha, decoded(uploads[graph["2"]["inputs"]["image"]]));
}
TEST_F(Comfyui, RefusesGraphsItCannotUse) {
    EXPECT_FALSE(provider::check_comfyui_graph(bytes_of("no json")));
    EXPECT_FALSE(provider::check_comfyui_graph(bytes_of(R"({"nodes":[],"links":[]})")));
    const auto missing =
        provider::check_comfyui_graph(bytes_of(R"({"1":{"class_type":"LoadImage","inputs":{}}})"));
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().message.find("maskwright picture"), std::string::npos);
}
TEST_F(Comfyui, SaysWhatTheProgramSaid) {
    ends = "refused";
    auto result = run();
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("Value not in list: ckpt_name"), std::string::npos)
        << result.error().message;
    ends = "error";
    result = run();
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("KSampler"), std::string::npos) << result.error().message;
    EXPECT_NE(result.error().message.find("CUDA out of memory"), std::string::npos);
}
TEST_F(Comfyui, TakesItsJobBackWithoutHarmToOthers) {
    ends = "never";
    for (const char* runs : {"p-1", "somebody-else"}) {
        running = runs;
        polls = 0;
        std::stop_source source;
        std::jthread later([&] {
            peer->wait_for([&] { return polls >= 2; });
            source.request_stop();
        });
        const std::size_t before = peer->received().size();
        const auto result = run({}, source.get_token());
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::cancelled);
        int deleted = 0, interrupted = 0;
        const auto all = peer->received();
        for (std::size_t i = before; i < all.size(); ++i) {
            if (all[i].path() == "/queue" && all[i].method == "POST")
                deleted += Json::parse(all[i].body) == Json{{"delete", {"p-1"}}};
            interrupted += all[i].path() == "/interrupt";
        }
        EXPECT_EQ(deleted, 1);
        EXPECT_EQ(interrupted, running == "p-1" ? 1 : 0);
    }
}

} // namespace
} // namespace mw::test
