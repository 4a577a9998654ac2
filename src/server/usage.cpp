#include "server/usage.h"

#include "provider/cost.h"
#include "server/models.h"

namespace mw::server {

Usage usage_of(const ImageCall& call, Size size, const std::vector<Size>& inputs) {
    // The engine's own name is billed like the first model that has a price.
    const Model* model = find_model(call.model);
    if (!model || !model->facts)
        for (const Model& other : models())
            if (other.facts && other.facts->price) {
                model = &other;
                break;
            }
    Usage usage;
    if (!model || !model->facts) return usage;
    const provider::ModelFacts& facts = *model->facts;
    usage.text_tokens =
        static_cast<int>(provider::input_text_tokens(facts.input, call.prompt.size()));
    for (const Size input : inputs)
        usage.image_tokens += static_cast<int>(provider::input_image_tokens(facts.input, input));
    const std::string quality = call.quality == "auto" ? "medium" : call.quality;
    auto tokens = provider::output_tokens(facts.output, size, quality);
    if (!tokens) tokens = provider::output_tokens(facts.output, size, "high");
    usage.output_tokens = static_cast<int>(tokens.value_or(0)) * call.n;
    usage.output_tokens += facts.output.per_partial * call.partial_images;
    return usage;
}

} // namespace mw::server
