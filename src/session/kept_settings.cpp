#include "session/kept_settings.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace mw::session {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostText = 64u << 10, kMostWord = 200;
constexpr int kMostSide = 1 << 20;

// Of the tools in their order: a number would be another tool's once there are more of them.
constexpr auto kToolNames = std::to_array<std::string_view>(
    {"brush", "eraser", "pan", "crop", "markup", "clone", "heal", "rectangle", "ellipse", "lasso",
     "polygon", "scissors", "wand", "color_range", "luminance_range", "smart"});
static_assert(kToolNames.size() == static_cast<std::size_t>(Tool::smart) + 1);

struct Reader {
    const Json& from;

    const Json* find(const char* name) const {
        const auto found = from.is_object() ? from.find(name) : from.end();
        return found == from.end() ? nullptr : &*found;
    }
    void operator()(const char* name, std::string& value) const {
        if (const Json* j = find(name); j && j->is_string())
            if (const auto& text = j->get_ref<const std::string&>(); text.size() <= kMostWord)
                value = text;
    }
    void operator()(const char* name, bool& value) const {
        if (const Json* j = find(name); j && j->is_boolean()) value = j->get<bool>();
    }
    void operator()(const char* name, double& value, double least, double most) const {
        const Json* j = find(name);
        if (!j || !j->is_number()) return;
        const double number = j->get<double>();
        if (number >= least && number <= most) value = number;
    }
    template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
    void operator()(const char* name, T& value, std::int64_t least, std::int64_t most) const {
        const Json* j = find(name);
        if (!j || !j->is_number_integer()) return;
        const auto number = j->get<std::int64_t>();
        if (number >= least && number <= most) value = static_cast<T>(number);
    }
    template <class T>
    void operator()(const char* name, std::optional<T>& value, std::int64_t least,
                    std::int64_t most) const {
        if (!find(name)) return value.reset();
        T made = value.value_or(T{});
        (*this)(name, made, least, most);
        value = made;
    }
};

} // namespace

std::string to_text(const KeptSettings& kept) {
    const RequestSettings& r = kept.request;
    Json request = {{"provider", r.provider},
                    {"model", r.model},
                    {"enlarge", r.enlarge},
                    {"islands", static_cast<int>(r.islands)},
                    {"resampling", static_cast<int>(r.resampling)},
                    {"count", r.count},
                    {"seed", r.seed},
                    {"quality", r.quality},
                    {"complexity", r.complexity},
                    {"background", r.background},
                    {"input_fidelity", r.input_fidelity},
                    {"format", r.format},
                    {"partials", r.partials}};
    if (r.context_px) request["context_px"] = *r.context_px;
    if (r.compression) request["compression"] = *r.compression;
    if (r.size) request["size"] = {{"width", r.size->width}, {"height", r.size->height}};
    if (r.crop)
        request["crop"] = {{"x", r.crop->x},
                           {"y", r.crop->y},
                           {"width", r.crop->width},
                           {"height", r.crop->height}};
    const Json brush = {{"radius_px", kept.brush.radius_px},
                        {"hardness", kept.brush.hardness},
                        {"opacity", kept.brush.opacity},
                        {"pressure_radius", kept.brush.pressure_radius},
                        {"pressure_opacity", kept.brush.pressure_opacity},
                        {"stabiliser", kept.brush.stabiliser}};
    const Json all = {{"request", request},
                      {"tool", kToolNames[static_cast<std::size_t>(kept.tool)]},
                      {"brush", brush}};
    return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void from_text(std::string_view text, KeptSettings& kept) {
    if (text.size() > kMostText) return;
    const Json all = Json::parse(text.begin(), text.end(), nullptr, false);
    if (!all.is_object()) return;
    const Reader top{all};
    std::string tool;
    top("tool", tool);
    if (const auto known = std::ranges::find(kToolNames, tool); known != kToolNames.end())
        kept.tool = static_cast<Tool>(known - kToolNames.begin());
    if (const Json* j = top.find("brush")) {
        const Reader read{*j};
        mask::Brush& b = kept.brush;
        read("radius_px", b.radius_px, 0.5, 4096), read("hardness", b.hardness, 0, 1);
        read("opacity", b.opacity, 0, 1), read("stabiliser", b.stabiliser, 0, 1);
        read("pressure_radius", b.pressure_radius), read("pressure_opacity", b.pressure_opacity);
    }
    const Json* j = top.find("request");
    if (!j || !j->is_object()) return;
    const Reader read{*j};
    RequestSettings& r = kept.request;
    read("provider", r.provider), read("model", r.model);
    read("enlarge", r.enlarge, 1, 8), read("islands", r.islands, 0, int(edit::Islands::apart));
    read("resampling", r.resampling, 0, int(edit::Resampling::edges));
    read("count", r.count, 1, 1000), read("partials", r.partials, 0, 100);
    read("seed", r.seed, 0, std::numeric_limits<std::int64_t>::max());
    read("quality", r.quality), read("complexity", r.complexity);
    read("background", r.background), read("input_fidelity", r.input_fidelity);
    read("format", r.format);
    read("context_px", r.context_px, 0, kMostSide), read("compression", r.compression, 0, 100);
    r.size.reset();
    if (const Json* size = read.find("size")) {
        Size made;
        Reader{*size}("width", made.width, 1, kMostSide);
        Reader{*size}("height", made.height, 1, kMostSide);
        if (!made.empty()) r.size = made;
    }
    r.crop.reset();
    if (const Json* crop = read.find("crop")) {
        Rect made;
        Reader{*crop}("x", made.x, -kMostSide, kMostSide);
        Reader{*crop}("y", made.y, -kMostSide, kMostSide);
        Reader{*crop}("width", made.width, 1, kMostSide);
        Reader{*crop}("height", made.height, 1, kMostSide);
        if (!made.empty()) r.crop = made;
    }
}

} // namespace mw::session
