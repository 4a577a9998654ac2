#include <fmt/format.h>

#include "codec/codec.h"
#include "mask/cleanup.h"
#include "mask/mask_image.h"
#include "peers.h"
#include "rows.h"
#include "scenes.h"
#include "select/smart_select.h"
#include "table.h"

namespace mw::bench {
namespace {

mask::Mask answer(image::ImageView picture, const Rect& box, bool refine) {
    select::SmartSelectParams params;
    params.box = box;
    params.refine = refine;
    return *select::smart_select(picture, params);
}

double overlap(const mask::Mask& a, const mask::Mask& b) {
    const image::Image pa = a.read(a.rect()), pb = b.read(b.rect());
    double both = 0, either = 0;
    for (std::size_t i = 0; i < pa.byte_count(); ++i) {
        const bool in_a = pa.bytes()[i] >= std::byte{128}, in_b = pb.bytes()[i] >= std::byte{128};
        both += in_a && in_b;
        either += in_a || in_b;
    }
    return both / std::max(1.0, either);
}

std::optional<image::Image> load(const std::string& name) {
    auto picture = codec::decode_file(std::string(MW_SHARED_IMAGES_DIR) + "/" + name);
    if (!picture) return std::nullopt;
    return std::move(picture->pixels);
}

struct Photo {
    const char* file;
    const char* mask;
    const char* soft = nullptr;
};
constexpr Photo kPhotos[] = {
    {"bench_dog_512.png", "bench_dog_512.mask.png"},
    {"desk_laptop_1280.jpg", "desk_laptop_1280.mask.png"},
    {"flower_dahlia_4k.jpg", "flower_dahlia_4k.mask.png"},
    {"kite_tail_1280.jpg", "kite_tail_1280.mask.png"},
    {"kitty_fur_1280.jpg", "kitty_fur_1280.mask.png"},
    {"kodim23_parrots.png", "kodim23_parrots.mask.png"},
    {"motorcycle_1280.jpg", "motorcycle_1280.mask.png"},
    {"portrait_curly_hair.png", "portrait_curly_hair.mask.png",
     "portrait_curly_hair.mask_soft.png"},
    {"product_red_pepper.png", "product_red_pepper.mask.png", "product_red_pepper.mask_soft.png"},
    {"sign_colorado_9mp.jpg", "sign_colorado_9mp.mask.png"},
    {"sign_colorado_9mp.jpg", "sign_colorado_9mp.board.mask.png"},
    {"street_coffee_van.png", "street_coffee_van.menu.mask.png"},
};

std::string alpha_error(const mask::Mask& got, const mask::Mask& want) {
    const image::Image a = got.read(got.rect()), b = want.read(want.rect());
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < a.byte_count(); ++i) {
        const double d =
            (std::to_integer<int>(a.bytes()[i]) - std::to_integer<int>(b.bytes()[i])) / 255.0;
        sum += std::abs(d);
        squares += d * d;
    }
    return fmt::format("SAD {:.0f} px, MSE {:.4f}", sum, squares / double(a.byte_count()));
}

} // namespace

void smart_rows() {
    for (const int side : {1024, 2048, 8192}) {
        if (!wanted("smart select")) continue;
        Rect box;
        const image::Image picture = object_scene(side, box);
        const bool peer = opencv_available() && side == 1024;
        const auto run_peer = [&] { cv_grabcut(picture.view(), box); };
        for (const bool refine : {false, true})
            run({fmt::format("smart select {} x {}, {}", side, side,
                             refine ? "refined, soft edge" : "first answer"),
                 1, "answers", [&] { answer(picture.view(), box, refine); },
                 peer ? "OpenCV GrabCut" : "", peer ? std::function<void()>(run_peer) : nullptr, 0,
                 3});
    }
}

void photo_rows() {
    if (!wanted("photos")) return;
    fmt::print(
        "\n| photo, mask | overlap | first answer | refined | alpha against the soft mask |\n"
        "|---|---|---|---|---|\n");
    for (const Photo& photo : kPhotos) {
        const auto picture = load(std::string("photos/") + photo.file);
        const auto drawn = load(std::string("masks/") + photo.mask);
        if (!picture || !drawn) continue;
        // Half and more is in.
        const mask::Mask truth = mask::contrast(mask::from_image(drawn->view()).mask, 1);
        const Rect box = intersect(truth.bounds().grown(3), picture->rect());
        mask::Mask got;
        const double quick = best_of(3, [&] { answer(picture->view(), box, false); });
        const double whole = best_of(3, [&] { got = answer(picture->view(), box, true); });
        const auto soft =
            photo.soft ? load(std::string("masks/") + photo.soft) : std::optional<image::Image>();
        fmt::print("| {} | {:.3f} | {:.0f} ms | {:.0f} ms | {} |\n", photo.mask,
                   overlap(got, truth), quick * 1e3, whole * 1e3,
                   soft ? alpha_error(got, mask::from_image(soft->view()).mask) : "");
        std::fflush(stdout);
    }
}

} // namespace mw::bench
