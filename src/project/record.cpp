#include "project/record.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace mw::project {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostText = 8u << 20, kMostLines = 20'000;
constexpr int kMostDepth = 16;

// --- every struct once, for both directions: fields(archive, value)

template <class A>
void fields(A& a, Rect& r) {
    a("x", r.x), a("y", r.y), a("width", r.width), a("height", r.height);
}
template <class A>
void fields(A& a, Size& s) {
    a("width", s.width), a("height", s.height);
}
template <class A>
void fields(A& a, composite::SeamParams& s) {
    a("kind", s.kind), a("feather_px", s.feather_px), a("reach_out_px", s.reach_out_px);
}
template <class A>
void fields(A& a, composite::GraftParams& p) {
    a("register", p.do_register), a("accept_large_move", p.accept_large_move);
    a("match_color", p.match_color), a("membrane", p.membrane);
    a("keep_unchanged", p.keep_unchanged), a("grain", p.grain), a("dither", p.dither);
    a("prove", p.prove), a("seam", p.seam), a("redact", p.redact);
}
template <class A>
void fields(A& a, composite::Registration& r) {
    a("dx", r.dx), a("dy", r.dy), a("xx", r.xx), a("xy", r.xy), a("yx", r.yx), a("yy", r.yy);
    a("scale", r.scale), a("rotation_degrees", r.rotation_degrees);
    a("residual_before", r.residual_before), a("residual_after", r.residual_after);
    a("applied", r.applied), a("asks", r.asks), a("reason", r.reason);
}
template <class A>
void fields(A& a, composite::ColorMatch& m) {
    a("applied", m.applied), a("curve", m.curve), a("gain", m.gain), a("offset", m.offset);
    a("delta_e_before", m.delta_e_before), a("delta_e_after", m.delta_e_after);
    a("reason", m.reason);
}
template <class A>
void fields(A& a, composite::Membrane& m) {
    a("applied", m.applied), a("mean_levels", m.mean_levels), a("most_levels", m.most_levels);
    a("reason", m.reason);
}
template <class A>
void fields(A& a, composite::Grain& g) {
    a("applied", g.applied), a("sigma_source", g.sigma_source);
    a("sigma_answer", g.sigma_answer), a("reason", g.reason);
}
template <class A>
void fields(A& a, composite::Respect& r) {
    a("verdict", r.verdict), a("mean_delta_e", r.mean_delta_e);
    a("changed_share", r.changed_share), a("text", r.text);
}
template <class A>
void fields(A& a, composite::CutOff& c) {
    a("left", c.left), a("above", c.above), a("right", c.right), a("below", c.below);
    a("text", c.text);
}
template <class A>
void fields(A& a, composite::GraftReport& r) {
    a("changed_outside_mask", r.changed_outside_mask);
    a("changed_inside_mask", r.changed_inside_mask);
    a("outside_sha256", r.outside_sha256), a("outside_sha256_before", r.outside_sha256_before);
    a("declared", r.declared), a("registration", r.registration);
    a("color_match", r.color_match), a("membrane", r.membrane), a("grain", r.grain);
    a("respect", r.respect), a("cut_off", r.cut_off), a("kept_share", r.kept_share);
    a("seam_visibility", r.seam_visibility);
    a("answer_outside_mean_abs", r.answer_outside_mean_abs), a("seconds", r.seconds);
    a("notes", r.notes), a("parts", r.parts);
}
template <class A>
void fields(A& a, edit::CropPlan& p) {
    a("crop", p.crop), a("request_size", p.request_size), a("scale", p.scale);
    a("padded", p.padded), a("resampling", p.resampling), a("notes", p.notes);
}
template <class A>
void fields(A& a, edit::PlanParams& p) {
    a("context_px", p.context_px), a("context_share", p.context_share);
    a("request_size", p.request_size), a("mask_grow_px", p.mask_grow_px), a("crop", p.crop);
    a("enlarge", p.enlarge), a("islands", p.islands), a("resampling", p.resampling);
}
template <class A>
void fields(A& a, edit::EditParams& p) {
    a("model", p.model), a("quality", p.quality), a("count", p.count), a("seed", p.seed);
    a("complexity", p.complexity), a("background", p.background);
    a("input_fidelity", p.input_fidelity), a("moderation", p.moderation), a("format", p.format);
    a("compression", p.compression), a("partials", p.partials), a("continues", p.continues);
    a("marks", p.marks);
}
template <class A>
void fields(A& a, edit::RequestFate& f) {
    a("outcome", f.outcome), a("service_request_id", f.service_request_id);
    a("journal_entry", f.journal_entry), a("most_usd", f.most_usd), a("actual_usd", f.actual_usd);
}
template <class A>
void fields(A& a, edit::EditResult& r) {
    a("estimate_usd", r.cost.estimate_usd), a("actual_usd", r.cost.actual_usd);
    a("what_was_done", r.what_was_done), a("notes", r.notes), a("service_id", r.service_id);
    a("revised_prompt", r.revised_prompt), a("laying", r.laying);
}
template <class A>
void fields(A& a, PointF& p) {
    a("x", p.x), a("y", p.y);
}
template <class A>
void fields(A& a, edit::Mark& m) {
    a("id", m.id), a("kind", m.kind), a("points", m.points), a("text", m.text);
    a("color", m.color), a("width_px", m.width_px);
}
template <class A>
void fields(A& a, edit::Markup& m) {
    a("marks", m.marks), a("hidden", m.hidden), a("last_id", m.last_id);
}
template <class A>
void fields(A& a, CanvasView& v) {
    a("fitted", v.fitted), a("center", v.center), a("zoom", v.zoom);
    a("turn_degrees", v.turn_degrees), a("mirrored", v.mirrored);
    a("exposure_stops", v.exposure_stops);
}
template <class A>
void fields(A& a, Marks& m) {
    a("starred", m.starred), a("trashed", m.trashed), a("collapsed", m.collapsed);
    a("name", m.name), a("note", m.note);
}
template <class A>
void fields(A& a, BaseChange& c) {
    a("base", c.base), a("shown", c.shown), a("judged", c.judged), a("standing", c.standing);
    a("prompt", c.prompt);
}
template <class A>
void fields(A& a, MarksChange& c) {
    a("id", c.id), a("marks", c.marks), a("base", c.base), a("shown", c.shown);
}

// The last value of each enumeration.
constexpr int last_of(composite::SeamKind) {
    return static_cast<int>(composite::SeamKind::fitting);
}
constexpr int last_of(composite::Respect::Verdict) {
    return static_cast<int>(composite::Respect::Verdict::unrelated);
}
constexpr int last_of(edit::MarkKind) {
    return static_cast<int>(edit::MarkKind::note);
}
constexpr int last_of(Standing) {
    return static_cast<int>(Standing::rejected);
}
constexpr int last_of(edit::Islands) {
    return static_cast<int>(edit::Islands::apart);
}
constexpr int last_of(edit::Resampling) {
    return static_cast<int>(edit::Resampling::edges);
}
constexpr int last_of(edit::Laying) {
    return static_cast<int>(edit::Laying::redacted);
}
constexpr int last_of(edit::Outcome) {
    return static_cast<int>(edit::Outcome::undecodable);
}

// The number of the fewest digits that reads back as this float: as a double it would have 17.
double shortest(float value) {
    if (!std::isfinite(value)) return static_cast<double>(value);
    char digits[32];
    const auto end = std::to_chars(digits, std::end(digits), value).ptr;
    double out = 0;
    std::from_chars(digits, end, out);
    return out;
}

struct Writer {
    Json json = Json::object();

    template <class T>
    void operator()(const char* name, T& value) {
        json[name] = made(value);
    }
    template <class T>
    static Json made(T& value) {
        if constexpr (std::is_enum_v<T>) {
            return static_cast<int>(value);
        } else if constexpr (std::is_same_v<T, float>) {
            return shortest(value);
        } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
            return value;
        } else {
            Writer inner;
            fields(inner, value);
            return std::move(inner.json);
        }
    }
    template <class T>
    static Json made(std::optional<T>& value) {
        return value ? made(*value) : Json();
    }
    template <class T>
    static Json list(T& values) {
        Json out = Json::array();
        for (auto& value : values)
            out.push_back(made(value));
        return out;
    }
    template <class T>
    static Json made(std::vector<T>& values) {
        return list(values);
    }
    template <class T, std::size_t N>
    static Json made(std::array<T, N>& values) {
        return list(values);
    }
    static Json made(std::map<std::string, double>& values) { return values; }
};

struct Reader {
    const Json& json;

    template <class T>
    void operator()(const char* name, T& value) {
        if (const auto found = json.find(name); found != json.end()) take(*found, value);
    }
    template <class T>
    static void take(const Json& from, T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            if (from.is_boolean()) value = from.get<bool>();
        } else if constexpr (std::is_enum_v<T>) {
            int number = -1;
            take(from, number);
            if (number >= 0 && number <= last_of(T{})) value = static_cast<T>(number);
        } else if constexpr (std::is_integral_v<T>) {
            if (from.is_number_unsigned()) {
                const auto number = from.get<std::uint64_t>();
                if (std::in_range<T>(number)) value = static_cast<T>(number);
            } else if (from.is_number_integer()) {
                const auto number = from.get<std::int64_t>();
                if (std::in_range<T>(number)) value = static_cast<T>(number);
            }
        } else if constexpr (std::is_floating_point_v<T>) {
            if (!from.is_number()) return;
            const auto number = from.get<double>();
            if (std::isfinite(number) && std::abs(number) <= std::numeric_limits<T>::max())
                value = static_cast<T>(number);
        } else if constexpr (std::is_same_v<T, std::string>) {
            if (from.is_string()) value = from.get_ref<const std::string&>();
        } else {
            if (!from.is_object()) return;
            Reader inner{from};
            fields(inner, value);
        }
    }
    template <class T>
    static void take(const Json& from, std::optional<T>& value) {
        value.reset();
        if (from.is_null()) return;
        T made{};
        take(from, made);
        value = std::move(made);
    }
    template <class T>
    static void take(const Json& from, std::vector<T>& values) {
        values.clear();
        if (!from.is_array()) return;
        for (const Json& one : from) {
            if (values.size() == kMostLines) return;
            take(one, values.emplace_back());
        }
    }
    template <class T, std::size_t N>
    static void take(const Json& from, std::array<T, N>& values) {
        if (!from.is_array() || from.size() != N) return;
        for (std::size_t i = 0; i < N; ++i)
            take(from[i], values[i]);
    }
    static void take(const Json& from, std::map<std::string, double>& values) {
        if (!from.is_object()) return;
        for (const auto& [name, number] : from.items())
            if (values.size() < 100) take(number, values[name]);
    }
};

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Json> parsed(std::string_view text) {
    const auto damaged = fail(ErrorCode::corrupt, "a stored record is damaged");
    if (text.size() > kMostText) return damaged;
    bool deep = false;
    Json json = Json::parse(
        text.begin(), text.end(),
        [&](int depth, Json::parse_event_t, const Json&) {
            deep = deep || depth > kMostDepth;
            return !deep;
        },
        false);
    if (deep || json.is_discarded()) return damaged;
    return json;
}

// Without the members that are nothing there and in `usual` alike (0, false, no text, no entries),
// which reading gives back: most of a report, of which there are many.
Json without_nothing(Json json, const Json& usual) {
    const auto nothing = [](const Json& j) {
        if (j.is_string()) return j.get_ref<const std::string&>().empty();
        return j.is_structured() ? j.empty() : j.is_null() || j == 0 || j == false;
    };
    for (auto it = json.begin(); it != json.end();) {
        const auto as_usual = usual.find(it.key());
        if (as_usual != usual.end() && it->is_object() && as_usual->is_object())
            *it = without_nothing(std::move(*it), *as_usual);
        const bool left_out = nothing(*it) && as_usual != usual.end() &&
                              (nothing(*as_usual) || as_usual->is_object());
        it = left_out ? json.erase(it) : std::next(it);
    }
    return json;
}

template <class T>
std::string text_of(const T& value) {
    T copy = value;
    return dumped(Writer::made(copy));
}
template <class T>
Status read_into(std::string_view text, T& value) {
    auto json = parsed(text);
    if (!json) return tl::unexpected(json.error());
    Reader::take(*json, value);
    return {};
}

} // namespace

std::string to_text(const composite::GraftParams& v) {
    return text_of(v);
}
std::string to_text(const composite::GraftReport& v) {
    composite::GraftReport report = v, usual;
    return dumped(without_nothing(Writer::made(report), Writer::made(usual)));
}
std::string to_text(const edit::CropPlan& v) {
    return text_of(v);
}
std::string to_text(const edit::PlanParams& v) {
    return text_of(v);
}
std::string to_text(const edit::EditParams& v) {
    return text_of(v);
}
std::string to_text(const edit::RequestFate& v) {
    return text_of(v);
}
std::string to_text(const edit::EditResult& v) { // not copied: its answers weigh
    edit::EditResult facts{{},           v.cost,           v.what_was_done, v.notes,
                           v.service_id, v.revised_prompt, v.laying};
    return dumped(Writer::made(facts));
}
std::string to_text(const std::vector<std::string>& v) {
    return text_of(v);
}
std::string to_text(const CanvasView& v) {
    return text_of(v);
}
std::string to_text(const BaseChange& v) {
    return text_of(v);
}
std::string to_text(const edit::Markup& v) {
    return text_of(v);
}
std::string to_text(const MarksChange& v) {
    return text_of(v);
}

Status from_text(std::string_view text, composite::GraftParams& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, composite::GraftReport& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, edit::CropPlan& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, edit::PlanParams& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, edit::EditParams& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, edit::RequestFate& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, edit::EditResult& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, std::vector<std::string>& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, CanvasView& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, BaseChange& v) {
    return read_into(text, v);
}
Status from_text(std::string_view text, Size picture, edit::Markup& v) {
    if (auto ok = read_into(text, v); !ok) return ok;
    std::erase_if(v.marks, [&](edit::Mark& mark) { return !edit::make_sane(mark, picture); });
    if (v.marks.size() > edit::kMostMarks) v.marks.resize(edit::kMostMarks);
    for (const edit::Mark& mark : v.marks)
        v.last_id = std::max(v.last_id, mark.id);
    return {};
}
Status from_text(std::string_view text, MarksChange& v) {
    return read_into(text, v);
}

std::string view_to_text(const image::DisplayTransform& view) {
    return dumped(
        {{"space", view.space() ? "picture" : "srgb"}, {"exposure_stops", view.exposure_stops()}});
}

Result<image::DisplayTransform> view_from_text(std::string_view text,
                                               const image::ColorSpaceRef& space) {
    auto json = parsed(text);
    if (!json) return tl::unexpected(json.error());
    std::string name;
    double stops = 0;
    if (json->is_object()) {
        Reader reader{*json};
        reader("space", name), reader("exposure_stops", stops);
    }
    return image::DisplayTransform(name == "picture" ? space : nullptr,
                                   std::clamp(stops, -20.0, 20.0));
}

} // namespace mw::project
