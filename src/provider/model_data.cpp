#include "provider/model_data.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "provider/payload_json.h"

extern const char* const kModelsJson; // built in from assets/models.json

namespace mw::provider {
namespace {

using Json = nlohmann::json;
constexpr std::string_view kSchema = "maskwright-models/1";

// Reads one object, remembering the first thing that is wrong.
class Reader {
  public:
    Reader(const Json& object, std::string place, std::string& problem)
        : object_(object), place_(std::move(place)), problem_(problem) {
        if (!object.is_object()) complain("", "must be an object");
    }
    const Json* at(const char* key) const { return member(object_, key); }
    Reader inside(const char* key) const {
        static const Json kEmpty = Json::object();
        const Json* value = at(key);
        return Reader(value ? *value : kEmpty, place_ + (place_.empty() ? "" : ".") + key,
                      problem_);
    }
    std::string text(const char* key, std::string fallback = {}) const {
        const Json* value = at(key);
        if (!value) return fallback;
        if (!value->is_string() || value->get_ref<const std::string&>().size() > 500) {
            complain(key, "must be a text of at most 500 characters");
            return fallback;
        }
        return value->get<std::string>();
    }
    std::vector<std::string> texts(const char* key) const {
        std::vector<std::string> out;
        const Json* value = at(key);
        if (!value) return out;
        if (!value->is_array() || value->size() > 100 ||
            !std::all_of(value->begin(), value->end(),
                         [](const Json& j) { return j.is_string() && j.size() == 1; })) {
            complain(key, "must be a list of texts");
            return out;
        }
        for (const Json& item : *value)
            out.push_back(item.get<std::string>());
        return out;
    }
    double number(const char* key, double fallback, double low, double high) const {
        const Json* value = at(key);
        if (!value) return fallback;
        const double number = value->is_number() ? value->get<double>() : low - 1;
        if (!(number >= low && number <= high)) {
            complain(key, fmt::format("must be {:g} to {:g}", low, high));
            return fallback;
        }
        return number;
    }
    template <class T = int>
    T whole(const char* key, T fallback, double low, double high) const {
        const double value = number(key, static_cast<double>(fallback), low, high);
        if (value != std::floor(value)) complain(key, "must be a whole number");
        return static_cast<T>(value);
    }
    bool truth(const char* key) const {
        const Json* value = at(key);
        if (value && !value->is_boolean()) complain(key, "must be true or false");
        return value && value->is_boolean() && value->get<bool>();
    }
    std::map<std::string, double> numbers(const char* key, double low, double high) const {
        std::map<std::string, double> out;
        const Json* value = at(key);
        if (!value) return out;
        const Reader inner(*value, place_ + "." + key, problem_);
        if (value->is_object())
            for (const auto& [name, item] : value->items())
                out[name] = inner.number(name.c_str(), 0, low, high);
        return out;
    }
    std::map<std::string, int> counts(const char* key) const {
        std::map<std::string, int> out;
        const Json* value = at(key);
        if (!value) return out;
        const Reader inner(*value, place_ + "." + key, problem_);
        if (value->is_object())
            for (const auto& [name, item] : value->items())
                out[name] = inner.whole(name.c_str(), 0, 0, 1e7);
        return out;
    }
    void complain(const char* key, std::string_view what) const {
        if (problem_.empty())
            problem_ =
                fmt::format("{}{}{} {}", place_, *key && !place_.empty() ? "." : "", key, what);
    }

  private:
    const Json& object_;
    std::string place_;
    std::string& problem_;
};

edit::MaskPolarity polarity(const Reader& reader) {
    const std::string name = reader.text("mask", "alpha_zero_edits");
    if (name == "white_edits") return edit::MaskPolarity::white_edits;
    if (name == "black_edits") return edit::MaskPolarity::black_edits;
    if (name == "alpha_opaque_edits") return edit::MaskPolarity::alpha_opaque_edits;
    if (name != "alpha_zero_edits")
        reader.complain("mask",
                        "must be alpha_zero_edits, white_edits, black_edits or "
                        "alpha_opaque_edits");
    return edit::MaskPolarity::alpha_zero_edits;
}

bool is_date(const std::string& text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
           text.find_first_not_of("0123456789-") == std::string::npos;
}

void read_size(const Reader& size, edit::SizeRules& rules) {
    rules.multiple = size.whole("multiple", 1, 1, 4096);
    rules.min_side = size.whole("min_side", 1, 1, 32768);
    rules.max_side = size.whole("max_side", 32768, 1, 32768);
    rules.max_aspect = size.number("max_aspect", 1e9, 1, 1e9);
    rules.min_area = size.whole<std::int64_t>("min_area", 1, 1, 1e12);
    rules.max_area = size.whole<std::int64_t>("max_area", 1ll << 40, 1, 2e12);
    if (rules.min_side > rules.max_side || rules.min_area > rules.max_area)
        size.complain("", "allows no size");
}

ModelFacts read_model(const Json& json, const std::string& provider, edit::MaskPolarity mask,
                      std::string& problem) {
    Reader reader(json, provider + ", " + text_at(json, "id"), problem);
    ModelFacts facts;
    edit::ModelCapabilities& c = facts.capabilities;
    c.provider = provider;
    c.id = reader.text("id");
    if (c.id.empty() || c.id.size() > 100) reader.complain("id", "must be a short text");
    c.label = reader.text("label", c.id);
    facts.family = reader.text("family");
    facts.certainty = reader.text("certainty", "U");
    c.experimental = facts.certainty == "U";
    c.note = reader.text("note");
    c.shutdown = reader.text("shutdown");
    if (!c.shutdown.empty() && !is_date(c.shutdown))
        reader.complain("shutdown", "must be a date, 2026-12-01, or null");
    facts.snapshots = reader.texts("snapshots");
    facts.fields = reader.texts("fields");
    read_size(reader.inside("size"), c.size);
    c.qualities = reader.texts("qualities");
    c.formats = reader.texts("formats");
    c.backgrounds = reader.texts("backgrounds");
    c.complexities = reader.texts("complexities");
    c.input_fidelities = reader.texts("input_fidelities");
    c.moderations = reader.texts("moderations");
    c.max_partials = reader.whole("max_partials", 0, 0, 10);
    c.mask_polarity = reader.at("mask") ? polarity(reader) : mask;
    const Reader limits = reader.inside("limits");
    c.max_count = limits.whole("max_count", 1, 1, 1000);
    c.max_prompt_chars = limits.whole("max_prompt_chars", 32000, 1, 1e6);
    c.max_references = facts.has("references") ? limits.whole("max_references", 0, 0, 100) : 0;
    c.max_image_bytes = limits.whole<std::int64_t>("max_image_bytes", 0, 0, 1e12);
    c.max_mask_bytes = limits.whole<std::int64_t>("max_mask_bytes", 0, 0, 1e12);
    c.keeps_depth = false;
    c.takes_mask = facts.has("mask");
    c.takes_markup = facts.has("markup");
    c.takes_alpha = !facts.has("no_alpha");
    c.generates = facts.has("generate");
    c.converses = facts.has("responses");
    c.context_share = reader.number("context_share", 0.5, 0, 8);
    c.mask_grow_px = reader.whole("mask_grow_px", 0, 0, 256);
    if (reader.at("price")) {
        const Reader price = reader.inside("price");
        Price p;
        p.text_in = price.number("text_in", 0, 0, 1e6);
        p.text_in_cached = price.number("text_in_cached", p.text_in, 0, 1e6);
        p.image_in = price.number("image_in", 0, 0, 1e6);
        p.image_in_cached = price.number("image_in_cached", p.image_in, 0, 1e6);
        p.image_out = price.number("image_out", 0, 0, 1e6);
        p.certainty = price.text("certainty", "U");
        facts.price = p;
    }
    const Reader output = reader.inside("output_tokens");
    facts.output.bases = output.counts("bases");
    facts.output.per_partial = output.whole("per_partial", 0, 0, 1e6);
    facts.output.certainty = output.text("certainty", "U");
    if (const Json* table = output.at("table"); table && table->is_object())
        for (const auto& [size, unused] : table->items())
            facts.output.table[size] = output.inside("table").counts(size.c_str());
    const Reader input = reader.inside("input_tokens");
    facts.input.patch = input.whole("patch", 32, 1, 1024);
    facts.input.enlarge_below = input.whole("enlarge_below", 1024, 0, 32768);
    facts.input.max_enlarge = input.number("max_enlarge", 2, 1, 100);
    facts.input.max_patches = input.whole("max_patches", 1536, 1, 1e6);
    facts.input.overhead_text = input.whole("overhead_text", 16, 0, 1e6);
    facts.input.certainty = input.text("certainty", "U");
    facts.settings = reader.numbers("settings", -1e9, 1e9);
    for (const auto& [side, usd] : reader.numbers("image_prices", 0, 1e6)) {
        int pixels = 0;
        const auto [end, error] = std::from_chars(side.data(), side.data() + side.size(), pixels);
        if (error != std::errc() || end != side.data() + side.size() || pixels < 1)
            reader.complain("image_prices", "must be by a side in pixels");
        facts.image_prices[pixels] = usd;
    }
    c.free = reader.truth("free");
    c.can_stop = reader.truth("can_stop");
    return facts;
}

std::filesystem::path home_folder(const char* variable, const char* below) {
    if (const char* folder = std::getenv(variable); folder != nullptr && *folder == '/')
        return std::filesystem::path(folder) / "maskwright";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
        return std::filesystem::path(home) / below / "maskwright";
    return {};
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
    int y = 0, m = 0, d = 0;
    if (text.size() != 10) return {};
    std::from_chars(text.data(), text.data() + 4, y);
    std::from_chars(text.data() + 5, text.data() + 7, m);
    std::from_chars(text.data() + 8, text.data() + 10, d);
    const std::chrono::year_month_day date{std::chrono::year(y),
                                           std::chrono::month(static_cast<unsigned>(m)),
                                           std::chrono::day(static_cast<unsigned>(d))};
    if (!date.ok()) return {};
    return std::chrono::sys_days(date);
}

} // namespace

std::optional<double> ModelFacts::setting(std::string_view name) const {
    const auto it = settings.find(std::string(name));
    return it == settings.end() ? std::nullopt : std::optional(it->second);
}

bool ModelFacts::has(std::string_view field) const {
    return std::find(fields.begin(), fields.end(), field) != fields.end();
}

const ModelFacts* ProviderFacts::find(std::string_view id) const {
    for (const ModelFacts& model : models)
        if (model.capabilities.id == id ||
            std::find(model.snapshots.begin(), model.snapshots.end(), id) != model.snapshots.end())
            return &model;
    return nullptr;
}

const ProviderFacts* ModelData::find(std::string_view provider) const {
    const auto it = providers.find(std::string(provider));
    return it == providers.end() ? nullptr : &it->second;
}

Result<ModelData> parse_model_data(std::string_view text, const std::string& source) {
    auto json = parse_json(text);
    if (!json)
        return fail(ErrorCode::corrupt,
                    fmt::format("{} is not a table of models: {}", source, json.error().message));
    std::string problem;
    Reader root(*json, "", problem);
    ModelData data;
    if (root.text("schema") != kSchema)
        root.complain("schema", fmt::format("must be \"{}\"", kSchema));
    data.date = root.text("date");
    if (!is_date(data.date)) root.complain("date", "must be a date, 2026-11-22");
    if (const Json* providers = root.at("providers"); providers && providers->is_object()) {
        for (const auto& [name, value] : providers->items()) {
            Reader reader(value, name, problem);
            ProviderFacts& facts = data.providers[name];
            facts.name = name;
            facts.label = reader.text("label", name);
            facts.base_url = reader.text("base_url");
            facts.key_variables = reader.texts("key_variables");
            facts.base_url_variables = reader.texts("base_url_variables");
            facts.outer_models = reader.texts("outer_models");
            const edit::MaskPolarity mask = polarity(reader);
            if (const Json* models = reader.at("models"); models && models->is_array())
                for (const Json& model : *models)
                    facts.models.push_back(read_model(model, name, mask, problem));
            if (const Json* retired = reader.at("retired"); retired && retired->is_array())
                for (const Json& model : *retired)
                    facts.retired.push_back({text_at(model, "id"), text_at(model, "shutdown")});
        }
    } else {
        root.complain("providers", "must be an object");
    }
    if (!problem.empty())
        return fail(ErrorCode::corrupt,
                    fmt::format("{} is not a usable table of models: {}.", source, problem));
    return data;
}

const ModelData& built_in_models() {
    static const ModelData data = [] {
        auto parsed = parse_model_data(kModelsJson, "assets/models.json");
        assert(parsed && "a test reads it");
        return parsed ? *parsed : ModelData{};
    }();
    return data;
}

Result<ModelData> load_model_data() {
    ModelData data = built_in_models();
    std::filesystem::path path;
    if (const char* named = std::getenv("MASKWRIGHT_MODELS"); named != nullptr && *named != 0) {
        path = named;
    } else {
        const auto folder = config_folder();
        std::error_code error;
        if (folder.empty() || !std::filesystem::exists(folder / "models.json", error)) return data;
        path = folder / "models.json";
    }
    auto bytes = read_file(path, 4u << 20);
    if (!bytes) return tl::unexpected(bytes.error());
    auto own = parse_model_data({reinterpret_cast<const char*>(bytes->data()), bytes->size()},
                                display_path(path));
    if (!own) return tl::unexpected(own.error());
    data.date = own->date;
    for (auto& [name, facts] : own->providers) {
        auto [it, added] = data.providers.try_emplace(name, facts);
        if (added) continue;
        ProviderFacts& ours = it->second;
        if (!facts.base_url.empty()) ours.base_url = facts.base_url;
        if (!facts.outer_models.empty()) ours.outer_models = facts.outer_models;
        for (ModelFacts& model : facts.models) {
            const auto same = std::find_if(
                ours.models.begin(), ours.models.end(),
                [&](const ModelFacts& m) { return m.capabilities.id == model.capabilities.id; });
            if (same != ours.models.end())
                *same = std::move(model);
            else
                ours.models.push_back(std::move(model));
        }
        ours.retired.insert(ours.retired.end(), facts.retired.begin(), facts.retired.end());
    }
    return data;
}

std::filesystem::path config_folder() {
    return home_folder("XDG_CONFIG_HOME", ".config");
}
std::filesystem::path state_folder() {
    return home_folder("XDG_STATE_HOME", ".local/state");
}

std::string today() {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

std::string retirement_warning(const edit::ModelCapabilities& model, std::string_view today) {
    const auto end = parse_date(model.shutdown), now = parse_date(today);
    if (!end || !now) return {};
    const auto days = (*end - *now).count();
    if (days > 90) return {};
    if (days <= 0)
        return fmt::format("{} was shut down on {}; choose another model.", model.id,
                           model.shutdown);
    return fmt::format("{} ends on {}, in {} day{}; choose another model for work that goes on.",
                       model.id, model.shutdown, days, days == 1 ? "" : "s");
}

} // namespace mw::provider
