// What is known about services and their models: assets/models.json, built in, and a file of the
// user's over it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "edit/model.h"

namespace mw::provider {

// USD for 1,000,000 tokens.
struct Price {
    double text_in = 0, text_in_cached = 0, image_in = 0, image_in_cached = 0, image_out = 0;
    std::string certainty; // P vendor, S third party, T tried, U unverified
};

// Of one picture: by the base of a quality, or by a table of sizes ("1024x1536").
struct OutputTokens {
    std::map<std::string, int> bases;
    std::map<std::string, std::map<std::string, int>> table;
    int per_partial = 0;
    std::string certainty;
};

// Of one picture that is sent.
struct InputTokens {
    int patch = 32;           // pixels to a side
    int enlarge_below = 1024; // the longer side is enlarged to it,
    double max_enlarge = 2;   // so many times at most
    int max_patches = 1536;   // shrunk to
    int overhead_text = 16;   // tokens besides those of the prompt
    std::string certainty;
};

struct ModelFacts {
    edit::ModelCapabilities capabilities;
    std::string family, certainty;
    std::vector<std::string> snapshots;
    std::vector<std::string> fields; // mask, markup, references, stream, generate, responses
    std::optional<Price> price;      // absent: not known
    OutputTokens output;
    InputTokens input;
    // Numbers of a service that has more of them than we have parameters ("steps").
    std::map<std::string, double> settings;
    // USD for an answer whose longer side is at most so many pixels; empty: by tokens.
    std::map<int, double> image_prices;
    std::optional<double> setting(std::string_view name) const;
    bool has(std::string_view field) const;
};

struct RetiredModel {
    std::string id, shutdown;
};

struct ProviderFacts {
    std::string name, label, base_url;
    std::vector<std::string> key_variables, base_url_variables; // of the environment
    std::vector<std::string> outer_models; // text models that may call the picture tool
    std::vector<ModelFacts> models;        // in the order they are offered
    std::vector<RetiredModel> retired;
    const ModelFacts* find(std::string_view id) const; // also by a snapshot's name
};

struct ModelData {
    std::string date; // of the facts, "2026-11-22"
    std::map<std::string, ProviderFacts> providers;
    const ProviderFacts* find(std::string_view provider) const;
};

// Errors: corrupt, naming the place ("openai, gpt-image-2: size.multiple must be 1 to 4096").
Result<ModelData> parse_model_data(std::string_view json, const std::string& source);

// What is built in.
const ModelData& built_in_models();

// With the file that MASKWRIGHT_MODELS names, or models.json in the user's configuration folder,
// over it: a provider's model of the same id is replaced, others are added. A file that cannot be
// used is an error, not silently left out.
Result<ModelData> load_model_data();

// $XDG_CONFIG_HOME/maskwright or ~/.config/maskwright; empty: neither is set.
std::filesystem::path config_folder();
// $XDG_STATE_HOME/maskwright or ~/.local/state/maskwright; empty: neither is set.
std::filesystem::path state_folder();

// "gpt-image-1.5 ends on 2026-12-01, in 4 days; …" within 90 days of it or after, else empty. Today
// as "YYYY-MM-DD".
std::string retirement_warning(const edit::ModelCapabilities& model, std::string_view today);
std::string today();

} // namespace mw::provider
