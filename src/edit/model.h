// What is known about a model, as data: nothing about a particular model is written into code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mw::edit {

// Which request sizes a model accepts and how its answers come.
struct SizeRules {
    int multiple = 1; // both sides are multiples of it
    int min_side = 1;
    int max_side = 32768;
    std::int64_t min_area = 1; // in pixels
    std::int64_t max_area = 1ll << 40;
    double max_aspect = 1e9; // longer side over shorter
};

// How a mask says what to change. The same file means opposite things to different services.
enum class MaskPolarity : std::uint8_t {
    // RGBA: white under alpha 0 is changed, black under alpha 255 is kept. Right for those that
    // look at the alpha (OpenAI, Azure, ComfyUI) and for those that drop it and look at the white.
    alpha_zero_edits,
    white_edits,        // grey
    black_edits,        // grey
    alpha_opaque_edits, // RGBA: white under alpha 255 is changed, black under alpha 0 is kept
};

struct ModelCapabilities {
    std::string provider; // "builtin"
    std::string id;       // "patchmatch"
    std::string label;    // for people
    SizeRules size;
    std::vector<std::string> qualities; // empty: no such choice
    int max_count = 1;                  // candidates of one request
    int max_prompt_chars = 32000;       // Unicode code points
    double context_share = 0.25;        // context it wants, of the mask's longer side
    int mask_grow_px = 0;     // how far its mask is grown, so that no rim of the thing stays
    bool keeps_depth = false; // takes and returns 16-bit samples; else 8-bit
    bool takes_grey = false;  // else a grey picture is sent as RGB
    bool takes_alpha = true;  // else a picture's alpha is not sent
    MaskPolarity mask_polarity = MaskPolarity::alpha_zero_edits;
    std::int64_t max_mask_bytes = 4'000'000; // of the mask's file; 0: no limit
    std::int64_t max_image_bytes = 0;        // of any picture's file; 0: no limit
    bool free = false;                       // costs nothing

    // Parameters by their values; empty: the model has no such parameter and it is never sent.
    std::vector<std::string> complexities, backgrounds, input_fidelities, moderations;
    std::vector<std::string> formats; // of answers; empty: no choice
    int max_partials = 0;             // partial pictures while it works
    int max_references = 0;           // pictures to go by, besides the one that is edited
    bool takes_mask = true;
    bool takes_markup = false; // a drawn overlay, instead of a mask
    bool generates = false;    // can start from nothing
    bool copies = false;       // from elsewhere in the picture: can be told where not from
    bool converses = false;    // can go on from an earlier answer
    bool can_stop = false;     // cancelling a running request stops the work, and perhaps the cost
    std::string shutdown;      // "2026-12-01", the day the service ends it; empty: not announced
    std::string note;          // for people
    bool experimental = false; // what is known of it is not verified
};

// What a service says of one of its models, for the key in use.
struct OfferedModel {
    std::string id;
    std::string shutdown; // "2026-12-01"; empty: none told
};

} // namespace mw::edit
