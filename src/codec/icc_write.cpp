// Profiles of our own: curves and a matrix, version 4.3.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "codec/codec.h"
#include "image/primaries.h"

namespace mw::codec {
namespace {

class ProfileWriter {
  public:
    void u16(unsigned v) {
        bytes_.push_back(std::byte(v >> 8 & 255));
        bytes_.push_back(std::byte(v & 255));
    }
    void u32(std::uint32_t v) {
        u16(v >> 16);
        u16(v & 0xffff);
    }
    void fixed(double v) { // s15Fixed16
        u32(static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(v * 65536))));
    }
    void text(std::string_view s) {
        for (const char c : s)
            bytes_.push_back(static_cast<std::byte>(c));
    }
    void align() { bytes_.resize((bytes_.size() + 3) / 4 * 4); }
    Bytes take() { return std::move(bytes_); }

  private:
    Bytes bytes_;
};

Bytes unicode_tag(std::string_view ascii) {
    ProfileWriter w;
    w.text("mluc");
    w.u32(0);
    w.u32(1);
    w.u32(12);
    w.text("enUS");
    w.u32(static_cast<std::uint32_t>(2 * ascii.size()));
    w.u32(28);
    for (const char c : ascii)
        w.u16(static_cast<unsigned char>(c));
    w.align();
    return w.take();
}

Bytes xyz_tag(double x, double y, double z) {
    ProfileWriter w;
    w.text("XYZ ");
    w.u32(0);
    w.fixed(x);
    w.fixed(y);
    w.fixed(z);
    return w.take();
}

Bytes matrix_tag(const std::array<double, 9>& m) {
    ProfileWriter w;
    w.text("sf32");
    w.u32(0);
    for (const double v : m)
        w.fixed(v);
    return w.take();
}

Bytes parametric_tag(unsigned kind, std::initializer_list<double> values) {
    ProfileWriter w;
    w.text("para");
    w.u32(0);
    w.u16(kind);
    w.u16(0);
    for (const double v : values)
        w.fixed(v);
    return w.take();
}

template <class F>
bool follows(const std::vector<float>& table, F formula) {
    if (table.size() < 256) return false; // too few to tell
    for (std::size_t i = 0; i < table.size(); ++i)
        if (std::abs(formula(double(i) / double(table.size() - 1)) - double(table[i])) > 1e-5)
            return false;
    return true;
}

// A formula where it is one: a table has 16 bits, which are few in the dark.
Bytes curve_tag(const std::vector<float>& table) {
    if (table.empty()) return parametric_tag(0, {1});
    const auto srgb = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    if (follows(table, srgb))
        return parametric_tag(3, {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045});
    const double middle = table[table.size() / 2];
    const double at = double(table.size() / 2) / double(table.size() - 1);
    // As the tag will hold it.
    const double gamma = std::round(std::log(middle) / std::log(at) * 65536) / 65536;
    if (gamma > 0 && gamma < 100 && follows(table, [&](double v) { return std::pow(v, gamma); }))
        return parametric_tag(0, {gamma});
    ProfileWriter w;
    w.text("curv");
    w.u32(0);
    // Readers refuse longer ones; 65536 entries are thinned to every fifteenth.
    const std::size_t step = table.size() > 4096 && (table.size() - 1) % 15 == 0 ? 15 : 1;
    w.u32(static_cast<std::uint32_t>((table.size() - 1) / step + 1));
    for (std::size_t i = 0; i < table.size(); i += step)
        w.u16(static_cast<unsigned>(std::lround(65535 * std::clamp(table[i], 0.0f, 1.0f))));
    w.align();
    return w.take();
}

} // namespace

Bytes profile_of(const image::ColorSpace& space, int color_channels) {
    if (space.kind != image::ColorSpace::Kind::shaper) return {};
    std::vector<std::pair<std::string_view, Bytes>> tags{
        {"desc", unicode_tag(space.name)},
        {"cprt", unicode_tag("No copyright, use freely")},
        {"wtpt", xyz_tag(0.9642, 1, 0.8249)},
        {"chad", matrix_tag(image::adaptation_to_d50())}};
    if (color_channels == 1) {
        tags.emplace_back("kTRC", curve_tag(space.curve[0]));
    } else {
        std::array<double, 9> m{};
        std::ranges::copy(space.to_srgb, m.begin());
        m = image::matrix_to_d50_from_srgb(m);
        constexpr std::string_view kColors[] = {"rXYZ", "gXYZ", "bXYZ"},
                                   kCurves[] = {"rTRC", "gTRC", "bTRC"};
        for (std::size_t k = 0; k < 3; ++k) {
            tags.emplace_back(kColors[k], xyz_tag(m[k], m[3 + k], m[6 + k]));
            const auto& own = space.curve[k].empty() ? space.curve[0] : space.curve[k];
            tags.emplace_back(kCurves[k], curve_tag(own));
        }
    }
    ProfileWriter table, data;
    std::size_t at = 128 + 4 + 12 * tags.size();
    table.u32(static_cast<std::uint32_t>(tags.size()));
    std::vector<std::pair<std::size_t, const Bytes*>> written;
    Bytes body;
    for (const auto& [name, bytes] : tags) {
        // Equal curves are one.
        const auto same = std::ranges::find_if(
            written, [&data = bytes](const auto& w) { return *w.second == data; });
        const std::size_t offset = same != written.end() ? same->first : at;
        table.text(name);
        table.u32(static_cast<std::uint32_t>(offset));
        table.u32(static_cast<std::uint32_t>(bytes.size()));
        if (same != written.end()) continue;
        written.emplace_back(at, &bytes);
        body.insert(body.end(), bytes.begin(), bytes.end());
        at += bytes.size();
    }
    ProfileWriter head; // 7.2
    head.u32(static_cast<std::uint32_t>(at));
    head.u32(0);
    head.u32(0x04300000);
    head.text("mntr");
    head.text(color_channels == 1 ? "GRAY" : "RGB ");
    head.text("XYZ ");
    for (const unsigned v : {2026u, 1u, 1u, 0u, 0u, 0u}) // the same bytes on any day
        head.u16(v);
    head.text("acsp");
    for (int i = 0; i < 5; ++i) // platform, flags, manufacturer, model
        head.u32(0);
    head.u32(0); // attributes, second half
    head.u32(1); // relative colorimetric
    head.fixed(0.9642);
    head.fixed(1);
    head.fixed(0.8249);
    Bytes out = head.take();
    out.resize(128);
    const Bytes list = table.take();
    out.insert(out.end(), list.begin(), list.end());
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

} // namespace mw::codec
