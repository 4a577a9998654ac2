#include "session/preferences.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"

namespace mw::session {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostFile = 4u << 20;
constexpr std::size_t kMostText = 32'000, kMostKeys = 500;
constexpr char kFileName[] = "preferences.json";

void read(const Json& from, const char* name, bool& value) {
    if (const auto at = from.find(name); at != from.end() && at->is_boolean())
        value = at->get<bool>();
}
template <class T>
void read(const Json& from, const char* name, T& value, double least, double most) {
    const auto at = from.find(name);
    if (at == from.end() || !at->is_number()) return;
    const double number = at->get<double>();
    if (number >= least && number <= most) value = static_cast<T>(number);
}
void read(const Json& from, const char* name, std::vector<std::string>& value, std::size_t most) {
    const auto at = from.find(name);
    if (at == from.end() || !at->is_array()) return;
    for (const Json& one : *at) {
        if (!one.is_string() || value.size() >= most) continue;
        const auto& text = one.get_ref<const std::string&>();
        if (!text.empty() && text.size() <= kMostText) value.push_back(text);
    }
}

} // namespace

const Preferences& default_preferences() {
    static const Preferences kDefault;
    return kDefault;
}

std::string to_text(const Preferences& p) {
    const Json all = {{"theme", p.theme == Theme::light ? "light" : "dark"},
                      {"scale", p.scale},
                      {"native_dialogs", p.native_dialogs},
                      {"notify", p.notify},
                      {"side_width", p.side_width},
                      {"tray_height", p.tray_height},
                      {"history_width", p.history_width},
                      {"side", p.side},
                      {"tray", p.tray},
                      {"key_preset", p.key_preset},
                      {"keys", p.keys},
                      {"prompts", p.prompts},
                      {"snippets", p.snippets},
                      {"usual_seconds", p.usual_seconds}};
    // Prompts may hold any bytes.
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Preferences preferences_from(std::string_view text) {
    Preferences p;
    const Json all = Json::parse(text, nullptr, false);
    if (!all.is_object()) return p;
    if (const auto at = all.find("theme"); at != all.end() && *at == "light")
        p.theme = Theme::light;
    read(all, "scale", p.scale, kLeastScale, kMostScale);
    read(all, "native_dialogs", p.native_dialogs);
    read(all, "notify", p.notify);
    constexpr double kMostSide = 4096;
    read(all, "side_width", p.side_width, 1, kMostSide);
    read(all, "tray_height", p.tray_height, 1, kMostSide);
    read(all, "history_width", p.history_width, 1, kMostSide);
    read(all, "side", p.side);
    read(all, "tray", p.tray);
    if (const auto at = all.find("key_preset"); at != all.end() && at->is_string())
        p.key_preset = at->get<std::string>();
    if (const auto at = all.find("keys"); at != all.end() && at->is_object())
        for (const auto& [id, keys] : at->items())
            if (keys.is_string() && p.keys.size() < kMostKeys) p.keys[id] = keys.get<std::string>();
    if (const auto at = all.find("usual_seconds"); at != all.end() && at->is_object())
        for (const auto& [model, seconds] : at->items())
            if (seconds.is_number() && seconds >= 0 && p.usual_seconds.size() < kMostKeys)
                p.usual_seconds[model] = seconds.get<double>();
    read(all, "prompts", p.prompts, kMostPrompts);
    read(all, "snippets", p.snippets, kMostSnippets);
    return p;
}

void remember_seconds(Preferences& p, const std::string& provider, const std::string& model,
                      double seconds) {
    constexpr double kNewest = 0.3;
    const auto [at, first] = p.usual_seconds.try_emplace(provider + "/" + model, seconds);
    if (!first) at->second += kNewest * (seconds - at->second);
}

std::optional<double> usual_seconds(const Preferences& p, const std::string& provider,
                                    const std::string& model) {
    const auto at = p.usual_seconds.find(provider + "/" + model);
    if (at == p.usual_seconds.end()) return std::nullopt;
    return at->second;
}

void remember_prompt(Preferences& p, const std::string& prompt) {
    if (prompt.find_first_not_of(" \t\n") == std::string::npos || prompt.size() > kMostText) return;
    std::erase(p.prompts, prompt);
    p.prompts.insert(p.prompts.begin(), prompt);
    if (p.prompts.size() > kMostPrompts) p.prompts.resize(kMostPrompts);
}

PreferenceFile::PreferenceFile(std::filesystem::path folder) : folder_(std::move(folder)) {
    if (folder_.empty()) return;
    if (const auto bytes = read_file(folder_ / kFileName, kMostFile))
        preferences_ =
            preferences_from({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
    written_ = preferences_;
}

void PreferenceFile::set(Preferences preferences, bool held) {
    preferences_ = std::move(preferences);
    if (held || folder_.empty() || preferences_ == written_) return;
    std::error_code ignored;
    std::filesystem::create_directories(folder_, ignored);
    const std::string text = to_text(preferences_);
    if (write_file_atomic(folder_ / kFileName, std::as_bytes(std::span(text))))
        written_ = preferences_;
}

} // namespace mw::session
