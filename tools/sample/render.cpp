#include "render.h"

#include "label.h"
#include "light.h"
#include "material.h"
#include "rows.h"

namespace mw::sample {
namespace {

constexpr float kOffset = 0.012f; // Lifts a ray off the surface it starts from, centimetres.
constexpr int kBounces = 2;       // Diffuse bounces followed; the rest is a constant.
constexpr float kHoneyIor = 1.49f, kHoneyScatter = 0.055f, kHoneyLevel = 10.9f;

struct Path {
    const Scene& scene;
    Rng rng;
    uint32_t index; // Of this path in its pixel.
    Pair light_shift, bounce_shift, coat_shift;
};

Pair random_pair(Rng& rng) {
    const float u = rng.uniform();
    return {u, rng.uniform()};
}

// Light from one point of the window on a surface, over albedo; `n` null: on a speck of haze.
Vec window_light(Path& path, Vec p, const Vec* n, Pair r) {
    const Vec from = window_point(r), to = from - p;
    const float d2 = dot(to, to);
    const Vec w = to * (1 / std::sqrt(d2));
    const float facing = n ? dot(*n, w) / kPi : 0.25f / kPi;
    if (facing <= 0 || w.x >= 0) return {};
    // Haze lies inside the jar: its own wall must not count as an obstacle.
    const Vec start = n ? p + *n * kOffset : p + w * (distance_through_jar({p, w}) + 0.05f);
    const Vec seen = transmittance(path.scene, start, from);
    return window_radiance(from.y, from.z) * seen * (facing * -w.x * kGlassArea / d2);
}

float schlick(float f0, float c) {
    const float m = saturate(1 - c), m2 = m * m;
    return f0 + (1 - f0) * m2 * m2 * m;
}

Vec radiance(Path& path, Ray ray, int depth, bool sees_window);

// From the point where `ray` meets the jar's bare glass, through honey, and out.
// Glass and honey refract nearly alike, so the jar is one solid body.
Vec through_honey(Path& path, Ray ray, Vec p, int depth, bool sees_window) {
    Vec weight{1, 1, 1};
    const Vec n = smooth_normal(Part::Jar, p);
    auto bend = [](Vec d, Vec normal, float eta, Vec& out) {
        const float c = -dot(d, normal), k = 1 - eta * eta * (1 - c * c);
        if (k < 0) return false;
        out = normalize(d * eta + normal * (eta * c - std::sqrt(k)));
        return true;
    };
    Vec d = ray.d;
    bend(ray.d, n, 1 / kHoneyIor, d);
    p = p - n * kOffset;
    for (int i = 0; i < 5; ++i) {
        const float length_in = distance_through_jar({p, d});
        // The top of the jar is clear glass: count only the way below the honey's level.
        float honey = length_in;
        const float y1 = p.y + d.y * length_in;
        if (std::max(p.y, y1) > kHoneyLevel) {
            const float below = std::max(kHoneyLevel - std::min(p.y, y1), 0.0f);
            honey = length_in * below / std::max(std::abs(y1 - p.y), 1e-3f);
        }
        const float free_way = -std::log(1 - path.rng.uniform()) / kHoneyScatter;
        if (free_way < honey && p.y < kHoneyLevel) {
            p = p + d * free_way;
            weight = weight * exp_neg(kHoneyAbsorption, free_way + 2.5f);
            const Vec light = window_light(path, p, nullptr, random_pair(path.rng));
            return weight * (light * 1.6f + room_radiance({0.3f, 0.6f, 0}) * 0.5f);
        }
        weight = weight * exp_neg(kHoneyAbsorption, honey);
        p = p + d * length_in;
        const Vec inward = -smooth_normal(Part::Jar, p);
        float u, v;
        if (on_label(p, u, v)) {
            weight = weight * Vec{0.6f, 0.5f, 0.36f};
            d = cosine_direction(inward, random_pair(path.rng));
        } else {
            Vec out;
            const float c = -dot(d, inward);
            const bool leaves = bend(d, inward, kHoneyIor, out);
            if (leaves &&
                path.rng.uniform() >
                    schlick(0.04f, std::sqrt(saturate(1 - kHoneyIor * kHoneyIor * (1 - c * c))))) {
                return weight * radiance(path, {p - inward * kOffset, out}, depth + 1, sees_window);
            }
            d = d - inward * (2 * dot(d, inward));
        }
        p = p + inward * kOffset;
    }
    return weight * Vec{0.12f, 0.07f, 0.02f};
}

Vec coat_light(Path& path, const Surface& s, Ray ray, Vec p, int depth) {
    // Past the first surface the window is left out: brass would throw it about as sparks.
    const bool sees_window = depth == 0;
    const Pair r = depth == 0 ? r2_point(path.index, path.coat_shift) : random_pair(path.rng);
    const Vec h = ggx_half_vector(s.normal, s.alpha, r);
    const Vec d = normalize(ray.d - h * (2 * dot(ray.d, h)));
    if (dot(d, s.normal) <= 0) return {};
    const float c = -dot(ray.d, h);
    // A rough coat shadows itself at grazing angles; without it far table would turn to mirror.
    const float shade = 1 / (1 + 2.2f * s.alpha * (1 - saturate(c)) / std::max(saturate(c), 0.05f));
    const Vec f{schlick(s.f0.x, c), schlick(s.f0.y, c), schlick(s.f0.z, c)};
    return f * radiance(path, {p + s.normal * kOffset, d}, depth + 1, sees_window) *
           (s.coat * shade);
}

Vec radiance(Path& path, Ray ray, int depth, bool sees_window) {
    const Hit hit = trace(path.scene, ray);
    Vec light;
    if (meets_window(ray, hit.t, light)) return sees_window ? light : Vec{};
    if (hit.part == Part::None) return room_radiance(ray.d);
    float u, v;
    if (hit.part == Part::Jar && !on_label(hit.p, u, v)) {
        if (depth > 3) return Vec{0.16f, 0.09f, 0.025f};
        const Surface glass = surface_at(hit, true);
        const Vec inside = through_honey(path, ray, hit.p, depth, sees_window);
        const float f = schlick(0.04f, -dot(ray.d, glass.normal));
        return depth == 0 ? inside * (1 - f) + coat_light(path, glass, ray, hit.p, depth) : inside;
    }
    const Surface s = surface_at(hit, sees_window);
    if (s.metal) return depth > 2 ? s.f0 * 0.2f : coat_light(path, s, ray, hit.p, depth);
    const Pair r = depth == 0 ? r2_point(path.index, path.light_shift) : random_pair(path.rng);
    Vec diffuse = window_light(path, hit.p, &s.normal, r);
    if (depth < kBounces) {
        const Pair b = depth == 0 ? r2_point(path.index, path.bounce_shift) : random_pair(path.rng);
        const Vec d = cosine_direction(s.normal, b);
        diffuse = diffuse + radiance(path, {hit.p + s.normal * kOffset, d}, depth + 1, false);
    } else {
        diffuse = diffuse + Vec{0.12f, 0.1f, 0.08f};
    }
    Vec sum = s.albedo * diffuse;
    if (depth == 0 && s.coat > 0.01f) {
        const float f = s.coat * schlick(s.f0.x, -dot(ray.d, s.normal)) / (1 + 2 * s.alpha);
        sum = sum * (1 - f) + coat_light(path, s, ray, hit.p, depth);
    }
    return sum;
}

// Tent filter of radius one pixel: about the softness of a lens and a colour mosaic.
float tent(float u) {
    return u < 0.5f ? std::sqrt(2 * u) - 1 : 1 - std::sqrt(2 - 2 * u);
}

} // namespace

Ray camera_ray(int width, int height, float x, float y, Pair lens) {
    constexpr Vec eye{0.7f, 33, 94}, target{0.2f, 5.4f, 2};
    constexpr float kHalfView = 0.305f, kFocus = 93, kAperture = 0.33f;
    const Vec forward = normalize(target - eye);
    const Vec right = normalize(cross(forward, {0, 1, 0})), up = cross(right, forward);
    const float sx = (2 * x / static_cast<float>(width) - 1) * kHalfView;
    const float sy = (1 - 2 * y / static_cast<float>(height)) * kHalfView *
                     static_cast<float>(height) / static_cast<float>(width);
    const Vec focus = eye + (forward + right * sx + up * sy) * kFocus;
    const float rad = kAperture * std::sqrt(lens.u), a = 2 * kPi * lens.v;
    const Vec from = eye + right * (rad * std::cos(a)) + up * (rad * std::sin(a));
    return {from, normalize(focus - from)};
}

std::vector<Vec> render(const RenderOptions& o) {
    std::vector<Vec> film(static_cast<size_t>(o.width) * static_cast<size_t>(o.height));
    for_each_row(o.height, o.threads, [&](int y) {
        for (int x = 0; x < o.width; ++x) {
            Path path{o.scene, Rng(hash32(static_cast<uint32_t>(y * o.width + x))), 0, {}, {}, {}};
            path.light_shift = random_pair(path.rng);
            path.bounce_shift = random_pair(path.rng);
            path.coat_shift = random_pair(path.rng);
            const Pair film_shift = random_pair(path.rng), lens_shift = random_pair(path.rng);
            // Honey and brass scatter light about; they need more paths for as little noise.
            const Part seen =
                trace(o.scene, camera_ray(o.width, o.height, static_cast<float>(x) + 0.5f,
                                          static_cast<float>(y) + 0.5f, {0, 0}))
                    .part;
            const int count = seen == Part::Jar || seen == Part::Lid ? 4 * o.samples : o.samples;
            Vec sum;
            for (int i = 0; i < count; ++i) {
                path.index = static_cast<uint32_t>(i);
                // Different strides decorrelate the film, lens and light dimensions.
                const Pair f = r2_point(path.index * 7u + 1, film_shift);
                const Pair l = r2_point(path.index * 13u + 3, lens_shift);
                const float px = static_cast<float>(x) + 0.5f + tent(f.u);
                const float py = static_cast<float>(y) + 0.5f + tent(f.v);
                Vec c = radiance(path, camera_ray(o.width, o.height, px, py, l), 0, true);
                // A rare huge sample would stay as a spark in the picture; cap its brightness.
                const float cap = 12 / std::max(12.0f, luminance(c));
                sum = sum + c * cap;
            }
            film[static_cast<size_t>(y) * static_cast<size_t>(o.width) + static_cast<size_t>(x)] =
                sum * (1.0f / static_cast<float>(count));
        }
    });
    return film;
}

} // namespace mw::sample
