// What colours a set of pixels has: a mixture of Gaussians. Private to the room.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace mw::select {

using Color3 = std::array<float, 3>;

// Up to kComponents full-covariance Gaussians, as in Rother, Kolmogorov & Blake, "GrabCut" (2004):
// seeded by k-means++ with a fixed sequence, refined with hard assignment. Deterministic.
class ColorModel {
  public:
    static constexpr int kComponents = 5;

    // From scratch. `colors` in units where a step of 1 is about one just visible (CIELAB). An
    // empty set gives a model that finds every colour equally unlikely.
    void fit(std::span<const Color3> colors);
    // Assigns each colour to its likeliest component and fits the components anew.
    void refit(std::span<const Color3> colors);

    // -ln of the density, bounded above.
    float cost(const Color3& color) const;

  private:
    struct Component {
        Color3 mean{};
        std::array<float, 6> inverse{}; // xx, xy, xz, yy, yz, zz
        float constant = 0;             // -ln(weight) + ln(det) / 2
    };
    int likeliest(const Color3& color) const;
    void learn(std::span<const Color3> colors, std::span<const std::uint8_t> labels, int count);
    std::vector<Component> components_;
};

} // namespace mw::select
