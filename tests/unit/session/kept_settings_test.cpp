// The window's settings as the text of a project, which may be anybody's.
#include <gtest/gtest.h>

#include "session/kept_settings.h"

namespace mw::session {
namespace {

KeptSettings unusual() {
    KeptSettings kept;
    RequestSettings& r = kept.request;
    r.provider = "openai", r.model = "gpt-image-1.5";
    r.context_px = 48, r.crop = Rect{-3, 4, 500, 600}, r.enlarge = 2.5, r.size = Size{1024, 1536};
    r.islands = edit::Islands::apart, r.resampling = edit::Resampling::edges, r.count = 3,
    r.seed = 1ull << 52;
    r.quality = "high", r.complexity = "fine", r.background = "opaque";
    r.input_fidelity = "low", r.format = "webp", r.compression = 80, r.partials = 2;
    kept.tool = Tool::smart;
    kept.brush.radius_px = 12.25, kept.brush.hardness = 0.5, kept.brush.opacity = 0.75;
    kept.brush.pressure_radius = false, kept.brush.pressure_opacity = true;
    kept.brush.stabiliser = 0.25;
    return kept;
}

TEST(KeptSettings, ComeBackAsTheyWere) {
    const KeptSettings kept = unusual();
    KeptSettings back;
    from_text(to_text(kept), back);
    EXPECT_EQ(back, kept);
    EXPECT_LT(to_text(kept).size(), 1000u);
    // And what was not set is not set again.
    back = kept;
    from_text(to_text(KeptSettings{}), back);
    EXPECT_EQ(back, KeptSettings{});
}

TEST(KeptSettings, NonsenseChangesNothing) {
    for (const char* text :
         {"", "{", "[]", "7", "null", "{\"tool\":\"axe\",\"brush\":7,\"request\":[]}",
          "{\"tool\":-1,\"brush\":{\"radius_px\":1e300,\"hardness\":\"x\"}}",
          "{\"tool\":1.5,\"brush\":{\"radius_px\":-1,\"opacity\":null}}"}) {
        KeptSettings kept = unusual();
        from_text(text, kept);
        EXPECT_EQ(kept, unusual()) << text;
    }
    KeptSettings kept;
    from_text(
        "{\"request\":{\"enlarge\":1e9,\"count\":-4,\"seed\":-1,\"islands\":44,"
        "\"size\":{\"width\":5},\"crop\":{\"x\":1},\"format\":[],\"partials\":null}}",
        kept);
    EXPECT_EQ(kept, KeptSettings{});
}

} // namespace
} // namespace mw::session
