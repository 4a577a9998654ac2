#include "graft/scene.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>

#include "codec/codec.h"
#include "image/convert.h"
#include "image/resample.h"
#include "mask/shapes.h"

namespace mw::bench {
namespace {

using image::Image;

const Image& photo(const std::string& name) {
    static std::map<std::string, Image> cache;
    auto found = cache.find(name);
    if (found != cache.end()) return found->second;
    if (cache.size() > 4) cache.clear();
    auto picture = codec::decode_file(std::string(MW_SHARED_PHOTOS_DIR "/") + name);
    if (!picture) std::abort();
    Image rgb = image::convert(picture->pixels.view(), image::kRgb8);
    return cache.emplace(name, std::move(rgb)).first->second;
}

int pick(std::mt19937& random, int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(std::max(1, high - low + 1)));
}

// A window of `size` and kMargin around it, at 1:1 or from the picture shrunk to 2048; reflected
// where the picture ends.
Image cut(const Image& whole, Size size, bool shrink, std::mt19937& random) {
    Image small;
    const Image* from = &whole;
    const double side = whole.size().longer_side();
    if (shrink && side > 2200) {
        small = image::resample(whole.view(),
                                {static_cast<int>(std::lround(whole.width() * 2048 / side)),
                                 static_cast<int>(std::lround(whole.height() * 2048 / side))},
                                image::Filter::area);
        from = &small;
    }
    const Rect window{pick(random, 0, from->width() - size.width),
                      pick(random, 0, from->height() - size.height), size.width, size.height};
    return image::extract_reflected(from->view(), window.grown(kMargin));
}

mask::Mask shape_for(Size size, SceneOptions::Shape shape, std::mt19937& random) {
    const auto unit = [&] { return static_cast<double>(random()) / 4294967295.0; };
    const double w = size.width, h = size.height, side = std::min(w, h);
    if (shape == SceneOptions::Shape::most) {
        const double inset = 0.5 * (1 - std::sqrt(0.9));
        return mask::rectangle(size,
                               {w * inset, h * inset, w * (1 - 2 * inset), h * (1 - 2 * inset)});
    }
    if (shape == SceneOptions::Shape::megapixel)
        return mask::ellipse(size, {0.22 * w, 0.2 * h, 0.564 * w, 0.564 * h});
    double r = side * (0.12 + 0.16 * unit());
    double x = w * (0.35 + 0.3 * unit()), y = h * (0.35 + 0.3 * unit());
    if (shape == SceneOptions::Shape::touches_border) {
        x = random() % 2 ? 0.5 * r : w - 0.5 * r;
    }
    const auto disc = [&](double cx, double cy, double radius) {
        return mask::ellipse(size, {cx - radius, cy - radius, 2 * radius, 2 * radius});
    };
    switch (random() % 4) {
        case 0:
            return mask::ellipse(size, {x - 1.3 * r, y - 0.8 * r, 2.6 * r, 1.6 * r});
        case 1: {
            mask::Mask blob(size);
            for (int i = 0; i < 5; ++i)
                mask::combine(blob,
                              disc(x + r * (unit() - 0.5) * 1.6, y + r * (unit() - 0.5) * 1.6,
                                   r * (0.4 + 0.5 * unit())),
                              mask::CombineMode::add);
            return blob;
        }
        case 2: {
            mask::Mask stroke(size);
            const double angle = 6.283 * unit(), bend = unit() - 0.5;
            for (double t = -1.5; t <= 1.5; t += 0.05)
                mask::combine(stroke,
                              disc(x + r * t * std::cos(angle + bend * t),
                                   y + r * t * std::sin(angle + bend * t), 0.4 * r),
                              mask::CombineMode::add);
            return stroke;
        }
        default: {
            std::vector<PointF> points;
            for (int i = 0; i < 9; ++i) {
                const double a = 6.283 * i / 9, q = r * (0.7 + 0.6 * unit());
                points.push_back({x + q * std::cos(a), y + q * std::sin(a)});
            }
            return mask::polygon(size, points);
        }
    }
}

// Other colours than the context shows: the hue turned, the contrast changed.
void recolor(Image& picture, std::mt19937& random) {
    const auto unit = [&] { return static_cast<double>(random()) / 4294967295.0; };
    const double turn = 6.283 * unit(), strength = 0.6 + unit(), lift = 80 * (unit() - 0.5);
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x) {
            auto* p = picture.span().pixel<std::uint8_t>(x, y);
            const double l = 0.3 * p[0] + 0.59 * p[1] + 0.11 * p[2];
            const double u = p[0] - l, v = p[2] - l;
            const double nu = strength * (std::cos(turn) * u - std::sin(turn) * v);
            const double nv = strength * (std::sin(turn) * u + std::cos(turn) * v);
            const double nl = std::clamp(l * (0.8 + 0.4 * strength) + lift, 4.0, 251.0);
            const double rgb[3] = {nl + nu, nl - (0.3 * nu + 0.11 * nv) / 0.59, nl + nv};
            for (int c = 0; c < 3; ++c)
                p[c] = static_cast<std::uint8_t>(std::clamp(rgb[c], 4.0, 251.0) + 0.5);
        }
}

cv::Mat coverage_mat(Image& gray) {
    return {gray.height(), gray.width(), CV_8UC1, gray.bytes().data()};
}

// Replaced by `other` inside and by a repainting outside: what a model may do.
void lay(Image& onto, const Image& other, const cv::Mat& alpha) {
    for (int y = 0; y < onto.height(); ++y)
        for (int x = 0; x < onto.width(); ++x) {
            const float a = alpha.at<float>(y, x);
            auto* p = onto.span().pixel<std::uint8_t>(x, y);
            const auto* q = other.view().pixel<std::uint8_t>(x, y);
            for (int c = 0; c < 3; ++c)
                p[c] = static_cast<std::uint8_t>(static_cast<float>(p[c]) +
                                                 a * static_cast<float>(q[c] - p[c]) + 0.5f);
        }
}

// Discs of repainting until `share` of the context is covered.
cv::Mat repainted(Image& covered, double share, std::mt19937& random) {
    const int w = covered.width(), h = covered.height();
    cv::Mat alpha(h, w, CV_32F, cv::Scalar(0)), mask = coverage_mat(covered);
    const double context = w * h - cv::countNonZero(mask);
    cv::Mat hit(h, w, CV_8U, cv::Scalar(0));
    for (int i = 0; i < 400; ++i) {
        cv::circle(hit, {pick(random, 0, w - 1), pick(random, 0, h - 1)},
                   pick(random, w / 24, w / 8), cv::Scalar(255), cv::FILLED);
        cv::Mat outside;
        cv::bitwise_and(hit, mask == 0, outside);
        if (cv::countNonZero(outside) >= share * context) break;
    }
    hit.convertTo(alpha, CV_32F, 1.0 / 255);
    cv::GaussianBlur(alpha, alpha, {}, 2);
    return alpha;
}

} // namespace

std::vector<std::string> photo_names() {
    return {"bench_dog_512.png",     "desk_laptop_1280.jpg",     "flat_petals_24mp.jpg",
            "flower_dahlia_4k.jpg",  "interior_living_room.png", "kite_tail_1280.jpg",
            "kitty_fur_1280.jpg",    "kodim23_parrots.png",      "landscape_pier_20mp.jpg",
            "motorcycle_1280.jpg",   "night_city_lights.jpg",    "portrait_curly_hair.png",
            "poster_text_made.png",  "product_red_pepper.png",   "render_8k_33mp.jpg",
            "sign_colorado_9mp.jpg", "street_coffee_van.png",    "texture_fern_18mp.jpg"};
}

void finish(Scene& scene, const Image& wide, const Image& content, const SceneOptions& options,
            std::mt19937& random) {
    const Rect crop{kMargin, kMargin, wide.width() - 2 * kMargin, wide.height() - 2 * kMargin};
    scene.source = image::clone(wide.view().sub(crop));
    // Distance from the mask's edge inwards, on the wide frame: an edge of the crop is none.
    Image covered = image::extract_reflected(scene.mask.read(Rect::of(crop.size())).view(),
                                             Rect::of(crop.size()).grown(kMargin));
    cv::Mat inside, distance, alpha;
    cv::threshold(coverage_mat(covered), inside, 0, 255, cv::THRESH_BINARY);
    cv::distanceTransform(inside, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
    alpha = cv::min(cv::max((distance - kEditInset) / 8.0, 0.0), 1.0);
    Image edited = image::clone(wide.view());
    lay(edited, content, alpha);
    scene.ideal = image::clone(edited.view().sub(crop));
    if (options.changed_share > 0) {
        const cv::Mat paint = repainted(covered, options.changed_share, random);
        Image other = image::clone(content.view());
        cv::Mat flip(other.height(), other.width(), CV_8UC3, other.bytes().data());
        cv::flip(flip.clone(), flip, 0);
        Image repaint = image::clone(edited.view());
        lay(repaint, other, paint.mul(1 - alpha));
        edited = std::move(repaint);
        // Inside the mask the answer is what it was to be.
        for (int y = 0; y < edited.height(); ++y)
            for (int x = 0; x < edited.width(); ++x)
                if (inside.at<std::uint8_t>(y, x) && crop.contains(Point{x, y}))
                    std::copy_n(scene.ideal.view().pixel<std::uint8_t>(x - kMargin, y - kMargin), 3,
                                edited.span().pixel<std::uint8_t>(x, y));
    }
    scene.drift = options.drifts ? random_drift(random) : only_softer(random);
    scene.answer = answer_of(edited.view(), kMargin, scene.drift, random);
}

Scene make_scene(int photo_index, int index, const SceneOptions& options) {
    const auto names = photo_names();
    const auto count = static_cast<int>(names.size());
    std::mt19937 random(static_cast<unsigned>(1000 * photo_index + index + 17));
    random.discard(16);
    const std::string& name = names[static_cast<std::size_t>(photo_index)];
    const Image& whole = photo(name);
    static constexpr int kSides[] = {512, 640, 768, 1024};
    Size size{std::min(kSides[random() % 4], whole.width()),
              std::min(kSides[random() % 4], whole.height())};
    if (options.shape == SceneOptions::Shape::megapixel) size = {1024, 1024};
    const Image wide = cut(whole, size, index % 2 == 0, random);
    const int other = (photo_index + 1 + static_cast<int>(random() % unsigned(count - 1))) % count;
    Image content = cut(photo(names[static_cast<std::size_t>(other)]), size, true, random);
    recolor(content, random);
    Scene scene;
    scene.name = name + "#" + std::to_string(index);
    scene.mask = shape_for(size, options.shape, random);
    finish(scene, wide, content, options, random);
    return scene;
}

} // namespace mw::bench
