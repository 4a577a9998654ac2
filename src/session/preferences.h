// What the artist chose for the program as a whole, remembered between starts.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mw::session {

enum class Theme { dark, light };

struct Preferences {
    Theme theme = Theme::dark;
    double scale = 0;           // of the window's contents, 0.75 .. 4; 0: what the monitor says
    bool native_dialogs = true; // the desktop's own for files, where it offers them
    bool notify = true;         // by the desktop, while the window is not looked at

    // Design pixels, and whether the panel is there.
    float side_width = 320, tray_height = 148, history_width = 280;
    bool side = true, tray = true;

    std::string key_preset;                  // empty: our own
    std::map<std::string, std::string> keys; // what differs from it: command's id to its keys

    std::vector<std::string> prompts;  // that were run, newest first, each once
    std::vector<std::string> snippets; // kept by the artist, in the order they were kept

    // What requests took here, by provider and model, seconds: the newest ones weigh most.
    std::map<std::string, double> usual_seconds;

    bool operator==(const Preferences&) const = default;
};
const Preferences& default_preferences();

constexpr double kLeastScale = 0.75, kMostScale = 4;
constexpr std::size_t kMostPrompts = 50, kMostSnippets = 200;

// JSON. What is missing, of another kind or out of range stays as it is by default; text that is no
// JSON is all defaults.
std::string to_text(const Preferences& preferences);
Preferences preferences_from(std::string_view text);

void remember_seconds(Preferences& preferences, const std::string& provider,
                      const std::string& model, double seconds);
// Absent: it was never waited for.
std::optional<double> usual_seconds(const Preferences& preferences, const std::string& provider,
                                    const std::string& model);

// To the front; at most kMostPrompts are kept, and none that says nothing.
void remember_prompt(Preferences& preferences, const std::string& prompt);

// Preferences and the file they live in, shared by the documents of a program.
class PreferenceFile {
  public:
    // Reads `folder`/preferences.json when it is there; an empty folder remembers nothing beyond
    // this run.
    explicit PreferenceFile(std::filesystem::path folder);

    const Preferences& get() const { return preferences_; }
    // `held`: not written yet, a panel's edge is still being dragged. A failure to write is
    // ignored: choices hold for this run.
    void set(Preferences preferences, bool held = false);

  private:
    std::filesystem::path folder_;
    Preferences preferences_, written_;
};

} // namespace mw::session
