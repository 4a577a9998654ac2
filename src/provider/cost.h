// What a request costs, in tokens and in dollars.
#pragma once

#include "edit/backend.h"
#include "provider/model_data.h"

namespace mw::provider {

// Of one answer of this size; empty where the model's facts do not say (an unknown quality, a size
// that the table lacks). Output formula: u = round_half_even(B * short / long), tokens =
// ceil(B * u * (2,000,000 + w * h) / 4,000,000).
std::optional<std::int64_t> output_tokens(const OutputTokens& facts, Size size,
                                          const std::string& quality);

// Of one picture that is sent.
std::int64_t input_image_tokens(const InputTokens& facts, Size size);

// Of a prompt: an estimate, four characters to a token, and the facts' overhead.
std::int64_t input_text_tokens(const InputTokens& facts, std::size_t prompt_chars);

// The whole of a request: `count` answers, partials, the picture, references and the prompt. Exact
// where the quality is said; a range where it is left to the model or partials may be fewer. The
// mask, whose billing is disputed, counts in most_usd alone. Zero where no price is known.
edit::CostEstimate estimate_cost(const ModelFacts& model, Size request,
                                 const edit::EditParams& params, std::size_t prompt_chars = 200);

// As the service counted it.
struct Usage {
    std::int64_t input_text = 0, input_image = 0, output = 0;
    std::int64_t cached_text = 0, cached_image = 0; // of those in
    std::int64_t total = 0;
    bool known = false;
};
std::optional<double> actual_cost(const ModelFacts& model, const Usage& usage);

} // namespace mw::provider
