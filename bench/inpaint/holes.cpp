#include "holes.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "codec/codec.h"
#include "image/convert.h"
#include "image/resample.h"

namespace mw::bench {
namespace {

const image::Image* photograph(const std::string& path, int shrink) {
    static std::map<std::string, image::Image> kept;
    const std::string key = fmt::format("{} {}", path, shrink);
    if (const auto it = kept.find(key); it != kept.end()) return &it->second;
    const auto picture = codec::decode_file(path);
    if (!picture) {
        fmt::print(stderr, "{}: {}\n", path, picture.error().message);
        return nullptr;
    }
    image::Image rgb = image::convert(picture->pixels.view(), image::kRgb8);
    if (shrink > 1)
        rgb = image::resample(rgb.view(), {rgb.width() / shrink, rgb.height() / shrink},
                              image::Filter::area);
    kept.clear(); // holes of one photograph follow each other
    return &kept.emplace(key, std::move(rgb)).first->second;
}

bool inside(Shape shape, double u, double v) { // -1 .. 1 across the bounds
    const double r = std::hypot(u, v), angle = std::atan2(v, u);
    switch (shape) {
        case Shape::rectangle:
            return true;
        case Shape::ellipse:
            return r <= 1;
        case Shape::blob:
            return r <= 0.86 + 0.09 * std::sin(3 * angle + 1) + 0.05 * std::sin(7 * angle);
    }
    return false;
}

} // namespace

const std::vector<Hole>& holes() {
    using enum Shape;
    constexpr const char *kPier = "landscape_pier_20mp.jpg", *kVan = "street_coffee_van.png",
                         *kFern = "texture_fern_18mp.jpg", *kNight = "night_city_lights.jpg",
                         *kPortrait = "portrait_curly_hair.png",
                         *kPepper = "product_red_pepper.png", *kSign = "sign_colorado_9mp.jpg",
                         *kPoster = "poster_text_made.png", *kPetals = "flat_petals_24mp.jpg",
                         *kDahlia = "flower_dahlia_4k.jpg", *kRender = "render_8k_33mp.jpg";
    static const std::vector<Hole> list = {
        {"pier-sky", "sky", kPier, 2, {100, 0, 1632, 1224}, {500, 120, 600, 400}, ellipse, true},
        {"pier-horizon", "edge", kPier, 2, {0, 300, 1632, 1224}, {300, 700, 400, 260}, ellipse},
        {"pier-boards",
         "structure",
         kPier,
         2,
         {500, 599, 1632, 1224},
         {1050, 1350, 450, 260},
         blob,
         true},
        {"pier-rail",
         "edge",
         kPier,
         2,
         {1100, 599, 1632, 1224},
         {1750, 1000, 360, 300},
         ellipse,
         true},
        {"pier-water", "sky", kPier, 2, {0, 599, 1632, 1224}, {100, 900, 600, 420}, ellipse},
        {"van-wall",
         "structure",
         kVan,
         1,
         {416, 0, 1632, 1224},
         {1500, 150, 420, 420},
         ellipse,
         true},
        {"van-pavement",
         "structure",
         kVan,
         1,
         {416, 134, 1632, 1224},
         {1600, 1190, 380, 150},
         rectangle},
        {"van-door", "mixed", kVan, 1, {416, 134, 1632, 1224}, {1150, 780, 330, 240}, blob},
        {"van-roof", "edge", kVan, 1, {416, 0, 1632, 1224}, {900, 110, 380, 160}, ellipse, true},
        {"van-joint", "structure", kVan, 1, {416, 134, 1632, 1224}, {1600, 620, 300, 420}, blob},
        {"fern-bright",
         "texture",
         kFern,
         2,
         {900, 300, 1632, 1224},
         {1500, 560, 420, 320},
         ellipse,
         true},
        {"fern-dark", "texture", kFern, 2, {0, 504, 1632, 1224}, {150, 950, 500, 400}, blob},
        {"fern-low", "texture", kFern, 2, {600, 504, 1632, 1224}, {900, 1250, 420, 360}, ellipse},
        {"fern-large", "texture", kFern, 2, {900, 300, 1632, 1224}, {1300, 700, 640, 560}, ellipse},
        {"fern-top", "texture", kFern, 2, {400, 0, 1632, 1224}, {1000, 60, 360, 300}, blob},
        {"night-lights",
         "texture",
         kNight,
         2,
         {300, 192, 1632, 1224},
         {1000, 850, 420, 300},
         ellipse},
        {"night-limb",
         "edge",
         kNight,
         2,
         {200, 0, 1632, 1224},
         {800, 380, 420, 320},
         ellipse,
         true},
        {"night-stars", "sky", kNight, 2, {400, 0, 1632, 1224}, {1100, 60, 560, 260}, rectangle},
        {"night-cloud", "mixed", kNight, 2, {496, 192, 1632, 1224}, {1200, 600, 500, 300}, blob},
        {"portrait-hair",
         "texture",
         kPortrait,
         1,
         {0, 0, 1365, 1465},
         {700, 560, 330, 260},
         ellipse,
         true},
        {"portrait-shirt",
         "mixed",
         kPortrait,
         1,
         {0, 583, 1365, 1465},
         {420, 1650, 460, 300},
         ellipse},
        {"portrait-twigs", "edge", kPortrait, 1, {0, 0, 1365, 1465}, {100, 60, 360, 300}, ellipse},
        {"portrait-curls",
         "mixed",
         kPortrait,
         1,
         {0, 583, 1365, 1465},
         {980, 900, 300, 360},
         ellipse},
        {"pepper-ground", "sky", kPepper, 1, {0, 0, 1446, 1400}, {60, 60, 420, 520}, ellipse},
        {"pepper-edge", "edge", kPepper, 1, {0, 648, 1446, 1400}, {80, 1100, 320, 380}, ellipse},
        {"pepper-body", "mixed", kPepper, 1, {0, 648, 1446, 1400}, {700, 1100, 380, 460}, blob},
        {"pepper-corner", "sky", kPepper, 1, {0, 648, 1446, 1400}, {20, 1560, 400, 440}, rectangle},
        {"sign-sky", "sky", kSign, 2, {0, 0, 1560, 1290}, {750, 120, 640, 480}, ellipse},
        {"sign-horizon", "edge", kSign, 2, {0, 210, 1560, 1290}, {850, 880, 420, 260}, ellipse},
        {"sign-gravel",
         "texture",
         kSign,
         2,
         {0, 210, 1560, 1290},
         {150, 1230, 520, 240},
         ellipse,
         true},
        {"sign-grass", "texture", kSign, 2, {0, 210, 1560, 1290}, {900, 1100, 480, 280}, blob},
        {"sign-post",
         "structure",
         kSign,
         2,
         {0, 210, 1560, 1290},
         {540, 930, 260, 240},
         ellipse,
         true},
        {"sign-near",
         "texture",
         kSign,
         1,
         {1400, 1700, 1632, 1224},
         {1900, 2100, 560, 480},
         rectangle},
        {"poster-bars",
         "structure",
         kPoster,
         1,
         {0, 900, 1600, 1250},
         {420, 1180, 520, 300},
         rectangle,
         true},
        {"poster-band", "edge", kPoster, 1, {0, 0, 1600, 1250}, {560, 640, 480, 220}, ellipse},
        {"poster-ramps",
         "structure",
         kPoster,
         1,
         {0, 1010, 1600, 1250},
         {500, 1440, 400, 420},
         ellipse},
        {"petals-sky", "sky", kPetals, 3, {368, 0, 1632, 1224}, {1300, 150, 500, 520}, rectangle},
        {"petals-tips", "edge", kPetals, 3, {0, 109, 1632, 1224}, {820, 600, 360, 300}, ellipse},
        {"petals-veins",
         "structure",
         kPetals,
         3,
         {0, 109, 1632, 1224},
         {200, 800, 400, 380},
         ellipse,
         true},
        {"dahlia-petals", "mixed", kDahlia, 2, {100, 0, 1680, 1192}, {620, 560, 320, 300}, ellipse},
        {"dahlia-blur", "sky", kDahlia, 2, {440, 0, 1680, 1192}, {1450, 400, 500, 480}, ellipse},
        {"dahlia-edge", "edge", kDahlia, 2, {0, 0, 1680, 1192}, {250, 480, 380, 320}, blob},
        {"render-ground", "sky", kRender, 4, {0, 0, 1920, 1080}, {1400, 200, 440, 600}, ellipse},
        {"render-edge", "edge", kRender, 4, {0, 0, 1920, 1080}, {1100, 560, 360, 260}, ellipse},
    };
    return list;
}

bool for_tuning(std::size_t index) {
    return index % 2 == 0;
}

std::optional<Scene> load(const Hole& hole, const std::string& photos) {
    const image::Image* photo = photograph(photos + "/" + hole.photo, hole.shrink);
    if (!photo || !photo->rect().contains(hole.crop) || !hole.crop.contains(hole.bounds))
        return std::nullopt;
    Scene scene;
    scene.truth = image::clone(photo->view().sub(hole.crop));
    scene.bounds = hole.bounds.translated(-hole.crop.x, -hole.crop.y);
    scene.mask = image::Image(hole.crop.size(), image::kGray8);
    scene.before = image::clone(scene.truth.view());
    std::int64_t count = 0;
    const Rect b = scene.bounds;
    for (int y = b.y; y < b.bottom(); ++y)
        for (int x = b.x; x < b.right(); ++x) {
            const double u = (x - b.x + 0.5) * 2 / b.width - 1;
            const double v = (y - b.y + 0.5) * 2 / b.height - 1;
            if (!inside(hole.shape, u, v)) continue;
            *scene.mask.span().pixel<std::uint8_t>(x, y) = 255;
            std::uint8_t* p = scene.before.span().pixel<std::uint8_t>(x, y);
            p[0] = 255, p[1] = 0, p[2] = 200;
            ++count;
        }
    scene.part = static_cast<double>(count) / static_cast<double>(hole.crop.area());
    return scene;
}

} // namespace mw::bench
