// Our client through a judge of the service's published contract: a matrix of parameters, each sent
// once. MASKWRIGHT_CONTRACT_URL is the judge, a validating proxy that answers 422 or 500 with what
// is wrong; without it there is nothing to do (tests/cli/test_contract.py starts one).
#include <gtest/gtest.h>

#include <cstdlib>

#include "codec/codec.h"
#include "provider/openai_backend.h"
#include "support/temp_folder.h"

namespace mw::test {
namespace {

std::shared_ptr<image::Image> picture(image::PixelFormat format) {
    auto out = std::make_shared<image::Image>(Size{64, 48}, format);
    for (int y = 12; y < 36; ++y)
        for (int x = 16; x < 48; ++x)
            *out->span().pixel<std::uint8_t>(x, y) = 255;
    return out;
}

edit::Reference reference() {
    auto file = codec::encode(picture(image::kRgb8)->view(), {}, codec::FileFormat::jpeg).value();
    return {"a reference", std::make_shared<const Bytes>(std::move(file)), "image/jpeg", {64, 48}};
}

struct Combination {
    edit::EditRequest request;
    bool stream = false;
};

std::vector<Combination> matrix() {
    std::vector<Combination> all;
    const auto pixels = picture(image::kRgb8), mask = picture(image::kGray8);
    int n = 0;
    for (const char* model : {"gpt-image-2", "gpt-image-2.5-flare", "gpt-image-2.6-sunburst"})
        for (const char* quality : {"", "low", "medium", "high"})
            for (const char* format : {"", "jpeg", "webp"})
                for (const char* background : {"", "auto", "opaque", "transparent"})
                    for (const int count : {1, 2}) {
                        const std::string_view b = background, f = format, m = model;
                        if (b == "transparent" && (f == "jpeg" || m == "gpt-image-2")) continue;
                        Combination one;
                        edit::EditRequest& r = one.request;
                        ++n;
                        r.id = "contract-" + std::to_string(n);
                        r.prompt =
                            n % 3 ? "make it red" : "ein \"Tor\", \xC3\xA4\xE2\x82\xAC\n<b>&amp;";
                        r.params.model = model;
                        r.params.quality = quality;
                        r.params.format = format;
                        r.params.background = background;
                        r.params.count = count;
                        if ((f == "jpeg" || f == "webp") && n % 2) r.params.compression = n % 101;
                        // What a model without edits gets is not asked of one with a picture.
                        const bool edits = n % 5 != 0;
                        one.stream = count == 1 && n % 2;
                        if (one.stream) r.params.partials = n % 4;
                        if (edits) {
                            r.pixels = pixels;
                            if (n % 7) r.mask = r.soft_mask = mask;
                            for (int i = 0; i < n % 3; ++i)
                                r.params.references.push_back(reference());
                        } else if (n % 2) {
                            r.params.moderation = n % 4 == 1 ? "low" : "auto";
                        }
                        r.plan.crop = {0, 0, 64, 48};
                        const Size sizes[] = {{1024, 1024}, {1536, 1024}, {1024, 1536}};
                        r.plan.request_size = sizes[n % 3];
                        all.push_back(std::move(one));
                    }
    return all;
}

TEST(Contract, NoCombinationViolatesIt) {
    const char* url = std::getenv("MASKWRIGHT_CONTRACT_URL");
    if (!url) GTEST_SKIP() << "MASKWRIGHT_CONTRACT_URL names no judge";
    TempFolder folder;
    provider::OpenAiParams params;
    params.facts = *provider::built_in_models().find("openai");
    params.base = provider::parse_url(url).value();
    params.key_variables = {"MASKWRIGHT_API_KEY"};
    params.key_needed = false;
    params.calls.journal = folder / "journal";
    params.calls.ledger = folder / "ledger";
    params.calls.limits.total = std::chrono::seconds(60);
    const auto streaming = provider::make_openai_backend(params);
    for (provider::ModelFacts& model : params.facts.models)
        std::erase(model.fields, "stream");
    const auto plain = provider::make_openai_backend(params);
    const std::vector<Combination> all = matrix();
    EXPECT_GE(all.size(), 200u);
    int sent = 0, violations = 0;
    for (const auto& [request, stream] : all) {
        const auto result = (stream ? streaming : plain)->run(request, {}, {});
        ++sent;
        if (result) continue;
        ++violations;
        EXPECT_TRUE(result) << request.id << ' ' << request.params.model
                            << " q=" << request.params.quality << " f=" << request.params.format
                            << " b=" << request.params.background << " n=" << request.params.count
                            << " refs=" << request.params.references.size()
                            << " edits=" << (request.pixels != nullptr) << ": "
                            << result.error().message;
        if (violations > 5) break;
    }
    std::printf("%d combinations, %d violations\n", sent, violations);
}

} // namespace
} // namespace mw::test
