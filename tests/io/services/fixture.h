// What the tests of services share: a request, pictures as a service would send them, and masks
// read the way each service reads them.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "codec/codec.h"
#include "image/convert.h"
#include "provider/base64.h"
#include "provider/model_data.h"
#include "provider/paid_call.h"
#include "provider/service.h"
#include "support/scripted_peer.h"
#include "support/temp_folder.h"

namespace mw::test {

using Json = nlohmann::json;

inline constexpr Size kSize{64, 48};
inline constexpr Rect kHole{20, 16, 24, 16};

inline Bytes bytes_of(std::string_view text) {
    const auto* at = reinterpret_cast<const std::byte*>(text.data());
    return {at, at + text.size()};
}
inline std::string text_of(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A file of one colour.
inline Bytes picture_file(Size size, std::array<std::uint8_t, 3> color,
                          codec::FileFormat format = codec::FileFormat::png) {
    image::Image pixels(size, image::kRgb8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            std::copy(color.begin(), color.end(), pixels.span().pixel<std::uint8_t>(x, y));
    return codec::encode(pixels.view(), {}, format).value();
}
inline std::string picture_text(Size size, std::array<std::uint8_t, 3> color) {
    return provider::encode_base64(picture_file(size, color));
}

inline edit::EditRequest make_request(const std::string& model,
                                      std::string prompt = "a red \"door\"", Size size = kSize) {
    edit::EditRequest request;
    request.id = "20261127T000000.000-0123456789abcdef";
    request.prompt = std::move(prompt);
    request.params.model = model;
    request.params.seed = 77;
    request.plan.crop = Rect::of(size);
    request.plan.request_size = size;
    auto pixels = std::make_shared<image::Image>(size, image::kRgb8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            *pixels->span().pixel<std::uint8_t>(x, y) = static_cast<std::uint8_t>(3 * x);
    auto mask = std::make_shared<image::Image>(size, image::kGray8);
    for (int y = kHole.y; y < kHole.bottom(); ++y)
        std::fill_n(mask->span().pixel<std::uint8_t>(kHole.x, y), kHole.width, std::uint8_t{255});
    request.pixels = pixels;
    request.mask = request.soft_mask = mask;
    return request;
}

inline image::Image decoded(const Bytes& file) {
    auto picture = codec::decode(file, "file");
    EXPECT_TRUE(picture) << (picture ? "" : picture.error().message);
    return picture ? std::move(picture->pixels) : image::Image();
}
inline image::Image decoded(std::string_view base64) {
    Bytes bytes;
    EXPECT_TRUE(provider::decode_base64(base64, bytes));
    return decoded(bytes);
}

// Where each kind of service repaints, seen with its own eyes.
enum class Eyes {
    openai,      // alpha 0
    comfy_alpha, // the mask output of LoadImage: 1 - alpha, and nothing where there is no alpha
    comfy_red,   // LoadImageMask on red
    webui,       // alpha above 128 when any is below 255, else luma
    luma,        // stable-diffusion.cpp, which throws alpha away; IOPaint; BFL
};
inline bool repaints(Eyes eyes, const image::Image& file, bool any_alpha, int x, int y) {
    const bool has_alpha = file.format().has_alpha();
    const image::Image rgba = image::convert(file.view().sub({x, y, 1, 1}), image::kRgba8);
    const auto* p = rgba.view().pixel<std::uint8_t>(0, 0);
    const bool white = 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2] > 127;
    switch (eyes) {
        case Eyes::openai:
            return has_alpha && p[3] == 0;
        case Eyes::comfy_alpha:
            return has_alpha && p[3] < 128;
        case Eyes::comfy_red:
            return p[0] > 127;
        case Eyes::webui:
            return any_alpha ? p[3] > 128 : white;
        case Eyes::luma:
            return white;
    }
    return false;
}
inline void expect_repaints_the_hole(Eyes eyes, const image::Image& file, Rect hole = kHole) {
    bool any_alpha = false;
    if (file.format().has_alpha()) {
        const image::Image rgba = image::convert(file.view(), image::kRgba8);
        for (int y = 0; y < rgba.height(); ++y)
            for (int x = 0; x < rgba.width(); ++x)
                any_alpha = any_alpha || rgba.view().pixel<std::uint8_t>(x, y)[3] < 255;
    }
    int wrong = 0;
    for (int y = 0; y < file.height(); ++y)
        for (int x = 0; x < file.width(); ++x)
            wrong += repaints(eyes, file, any_alpha, x, y) != hole.contains(Point{x, y});
    EXPECT_EQ(wrong, 0);
}

// A part of a multipart body by its name: what its head says and its bytes.
struct Part {
    std::string head, bytes;
};
inline std::multimap<std::string, Part> parts_of(const PeerRequest& request) {
    std::multimap<std::string, Part> parts;
    const std::string type = request.header("Content-Type");
    const std::string edge = "--" + type.substr(type.find("boundary=") + 9);
    for (std::size_t at = request.body.find(edge); at != std::string::npos;) {
        const std::size_t head = at + edge.size() + 2, next = request.body.find(edge, head);
        const std::size_t end = request.body.find("\r\n\r\n", head);
        if (next == std::string::npos || end == std::string::npos) break;
        Part part{request.body.substr(head, end - head),
                  request.body.substr(end + 4, next - 2 - end - 4)};
        const std::size_t name = part.head.find("name=\"") + 6;
        parts.emplace(part.head.substr(name, part.head.find('"', name) - name), std::move(part));
        at = next;
    }
    return parts;
}

inline PeerReply json_reply(const Json& body, int status = 200) {
    return PeerReply::http(status, "application/json", body.dump());
}

struct Watched {
    std::vector<std::pair<edit::Phase, std::optional<double>>> phases;
    int partials = 0;
    std::optional<edit::RequestFate> fate;
    edit::EditObserver observer() {
        edit::EditObserver o;
        o.on_phase = [this](edit::Phase phase, std::optional<double> done) {
            const std::lock_guard lock(mutex);
            phases.emplace_back(phase, done);
        };
        o.on_partial = [this](image::ImageRef) { ++partials; };
        o.on_fate = [this](const edit::RequestFate& f) { fate = f; };
        return o;
    }
    bool saw(edit::Phase phase, bool with_fraction = false) {
        const std::lock_guard lock(mutex);
        for (const auto& [p, done] : phases)
            if (p == phase && (!with_fraction || done)) return true;
        return false;
    }
    std::mutex mutex;
};

inline provider::Service service_at(const ScriptedPeer& peer, std::string label,
                                    std::string path = {}) {
    provider::Service service;
    service.label = std::move(label);
    service.base = provider::parse_url(peer.url() + path).value();
    service.hint = "start it first";
    service.limits.total = std::chrono::seconds(20);
    return service;
}
inline provider::ProviderFacts facts_of(std::string_view name) {
    const auto* facts = provider::built_in_models().find(name);
    EXPECT_NE(facts, nullptr) << name;
    return facts ? *facts : provider::ProviderFacts{};
}

} // namespace mw::test
