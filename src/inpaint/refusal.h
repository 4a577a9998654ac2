// What is said when a prompt cannot be done. Internal to the room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mw::inpaint {

enum class Ability {
    none,
    remove,
    recolor,
    blur,
    pixelate,
    brighten,
    desaturate,
    contrast,
    temper,
    hue,
    tone,
    curve,
    sharpen,
    denoise,
    fill,
    redact,
    clone,
    text
};

// ErrorCode::engine: the prompt (shortened), the reason when there is one, the nearest ability
// (none: guessed from the words), and all abilities.
Error refusal(std::string_view prompt, const std::vector<std::string>& words,
              std::string_view reason, Ability nearest);

} // namespace mw::inpaint
