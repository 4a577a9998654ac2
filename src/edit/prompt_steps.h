// What an engine understood of a prompt, as parameters that people can change. The prompt is what
// counts: steps are read from it, and a change of one makes another prompt.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace mw::edit {

struct PromptParameter {
    enum class Kind : std::uint8_t { number, whole_number, color, choice, text };
    std::string name; // for people: "strength"
    Kind kind = Kind::number;
    double value = 0, low = 0, high = 1; // of a choice the index
    std::string unit;                    // "px", "%"; empty: none
    // What the engine does without it, for people; empty: it has to be said.
    std::string automatic;
    bool open = false;            // it is not said
    std::array<float, 3> color{}; // sRGB, 0..1 encoded
    std::vector<std::string> choices;
    std::string words; // of a text, UTF-8
    bool operator==(const PromptParameter&) const = default;
};

struct PromptStep {
    int kind = 0;     // the engine's own
    std::string name; // for people: "Brighten"
    std::vector<PromptParameter> parameters;
    bool operator==(const PromptStep&) const = default;
};

} // namespace mw::edit
