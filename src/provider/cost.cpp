#include "provider/cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mw::provider {
namespace {

std::int64_t round_half_even(std::int64_t numerator, std::int64_t denominator) {
    const std::int64_t whole = numerator / denominator, twice = 2 * (numerator % denominator);
    if (twice > denominator || (twice == denominator && whole % 2 == 1)) return whole + 1;
    return whole;
}

std::int64_t ceil_divide(std::int64_t a, std::int64_t b) {
    return (a + b - 1) / b;
}

} // namespace

std::optional<std::int64_t> output_tokens(const OutputTokens& facts, Size size,
                                          const std::string& quality) {
    if (const auto row = facts.table.find(fmt::format("{}x{}", size.width, size.height));
        row != facts.table.end()) {
        const auto cell = row->second.find(quality);
        return cell == row->second.end() ? std::nullopt : std::optional<std::int64_t>(cell->second);
    }
    const auto base = facts.bases.find(quality);
    if (base == facts.bases.end() || size.empty()) return std::nullopt;
    const std::int64_t b = base->second;
    const std::int64_t shorter = std::min(size.width, size.height);
    const std::int64_t longer = std::max(size.width, size.height);
    const std::int64_t u = round_half_even(b * shorter, longer);
    return ceil_divide(b * u * (2'000'000 + shorter * longer), 4'000'000);
}

std::int64_t input_image_tokens(const InputTokens& facts, Size size) {
    double w = size.width, h = size.height;
    if (w <= 0 || h <= 0) return 0;
    const double longest = std::max(w, h);
    if (longest < facts.enlarge_below) {
        const double by = std::min(facts.max_enlarge, facts.enlarge_below / longest);
        w *= by;
        h *= by;
    }
    const auto patches = [&](double side) { return std::ceil(side / facts.patch - 1e-9); };
    if (patches(w) * patches(h) <= facts.max_patches)
        return static_cast<std::int64_t>(patches(w) * patches(h));
    // Shrunk to the area, then until one of the sides is a whole number of patches.
    double by = std::sqrt(double(facts.max_patches) * facts.patch * facts.patch / (w * h));
    const double across = w * by / facts.patch, down = h * by / facts.patch;
    by *= std::min(std::max(std::floor(across), 1.0) / across,
                   std::max(std::floor(down), 1.0) / down);
    return static_cast<std::int64_t>(
        std::min<double>(patches(w * by) * patches(h * by), facts.max_patches));
}

std::int64_t input_text_tokens(const InputTokens& facts, std::size_t prompt_chars) {
    return facts.overhead_text + static_cast<std::int64_t>((prompt_chars + 3) / 4);
}

edit::CostEstimate estimate_cost(const ModelFacts& model, Size request,
                                 const edit::EditParams& params, std::size_t prompt_chars) {
    if (!model.image_prices.empty()) {
        const auto at = model.image_prices.lower_bound(request.longer_side());
        const double each =
            at == model.image_prices.end() ? model.image_prices.rbegin()->second : at->second;
        const double usd = each * std::max(params.count, 1);
        return {usd, usd, usd};
    }
    if (!model.price) return {};
    std::vector<std::string> qualities = model.capabilities.qualities;
    if (!params.quality.empty() && params.quality != "auto") qualities = {params.quality};
    std::int64_t low = -1, high = 0;
    for (const std::string& quality : qualities)
        if (const auto tokens = output_tokens(model.output, request, quality)) {
            low = low < 0 ? *tokens : std::min(low, *tokens);
            high = std::max(high, *tokens);
        }
    low = std::max<std::int64_t>(low, 0);
    const std::int64_t count = std::max(params.count, 1);
    const std::int64_t partials =
        std::int64_t{std::max(params.partials, 0)} * model.output.per_partial;
    std::int64_t image_in = input_image_tokens(model.input, request);
    for (const edit::Reference& reference : params.references)
        image_in += input_image_tokens(model.input, reference.size);
    if (params.marked()) image_in += input_image_tokens(model.input, request);
    const Price& price = *model.price;
    const double in = double(image_in) * price.image_in +
                      double(input_text_tokens(model.input, prompt_chars)) * price.text_in;
    edit::CostEstimate cost;
    cost.low_usd = (in + double(count * low) * price.image_out) / 1e6;
    cost.high_usd = (in + double(count * (high + partials)) * price.image_out) / 1e6;
    cost.most_usd = cost.high_usd;
    if (model.capabilities.takes_mask)
        cost.most_usd += double(input_image_tokens(model.input, request)) * price.image_in / 1e6;
    return cost;
}

std::optional<double> actual_cost(const ModelFacts& model, const Usage& usage) {
    if (!model.price || !usage.known) return std::nullopt;
    const Price& price = *model.price;
    const auto part = [](std::int64_t all, std::int64_t cached, double full, double less) {
        cached = std::clamp<std::int64_t>(cached, 0, all);
        return double(all - cached) * full + double(cached) * less;
    };
    return (part(usage.input_text, usage.cached_text, price.text_in, price.text_in_cached) +
            part(usage.input_image, usage.cached_image, price.image_in, price.image_in_cached) +
            double(usage.output) * price.image_out) /
           1e6;
}

} // namespace mw::provider
