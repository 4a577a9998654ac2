// Which islands of a mask are sent together.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "edit/islands.h"
#include "edit/plan_steps.h"

namespace mw::edit {
namespace {

// The joint crop may be this many times the sum of the single ones.
constexpr double kWorthJoining = 4;
// Pairs are looked at in all ways; of more islands than this, near ones are taken together first.
constexpr std::size_t kMostItems = 64;

// Islands that go together.
struct Group {
    Rect support;
    double area = 0; // of the crop it needs
    std::vector<int> islands;
};

class Grouping {
  public:
    Grouping(Size picture, const SizeRules& rules, const PlanParams& params)
        : picture_(picture), rules_(rules), params_(params) {}

    // The crop's area before it is rounded to a legal size.
    double area(const Rect& support) const {
        const auto wish = wish_for(picture_, support, params_);
        const Size window = wish ? wish->window.size() : Size{};
        const double longer = window.longer_side();
        const double shorter = std::max<double>(std::min(window.width, window.height),
                                                longer / std::max(rules_.max_aspect, 1.0));
        return std::max(longer * shorter,
                        static_cast<double>(std::max<std::int64_t>(rules_.min_area, 1)));
    }
    // What the model takes at its own size.
    bool fits(const Rect& support) const {
        return support.size().longer_side() <= rules_.max_side && support.area() <= rules_.max_area;
    }
    Group group(const Rect& support, std::vector<int> islands) const {
        return {support, area(support), std::move(islands)};
    }
    // How many times the sum of the two crops the joint one is. One that would have to be scaled
    // down where the two are not is the last resort.
    double price(const Group& a, const Group& b) const {
        constexpr double kScaledDown = 1e9;
        const Rect joint = unite(a.support, b.support);
        const bool shrinks = !fits(joint) && fits(a.support) && fits(b.support);
        return area(joint) / (a.area + b.area) * (shrinks ? kScaledDown : 1);
    }

    // Joins the cheapest pair again and again: while it costs at most `most`, and further while
    // there are more groups than `bound`.
    void join(std::vector<Group>& groups, double most, std::size_t bound) const {
        const std::size_t n = groups.size();
        // The cheapest partner of each group among those after it.
        struct Best {
            double price = std::numeric_limits<double>::infinity();
            std::size_t with = 0;
        };
        std::vector<Best> best(n);
        std::vector<bool> gone(n);
        const auto search = [&](std::size_t i) {
            best[i] = {};
            for (std::size_t k = i + 1; k < n; ++k)
                if (!gone[k])
                    if (const double p = price(groups[i], groups[k]); p < best[i].price)
                        best[i] = {p, k};
        };
        for (std::size_t i = 0; i < n; ++i)
            search(i);
        for (std::size_t left = n; left > 1; --left) {
            std::size_t at = n;
            for (std::size_t i = 0; i < n; ++i)
                if (!gone[i] && (at == n || best[i].price < best[at].price)) at = i;
            if (best[at].price > most && left <= bound) break;
            const std::size_t with = best[at].with;
            Group& into = groups[at];
            into.support = unite(into.support, groups[with].support);
            into.area = area(into.support);
            into.islands.insert(into.islands.end(), groups[with].islands.begin(),
                                groups[with].islands.end());
            gone[with] = true;
            for (std::size_t i = 0; i <= with; ++i) {
                if (gone[i]) continue;
                if (i == at || best[i].with == at || best[i].with == with)
                    search(i);
                else if (i < at)
                    if (const double p = price(groups[i], into); p < best[i].price)
                        best[i] = {p, at};
            }
        }
        std::vector<Group> kept;
        for (std::size_t i = 0; i < n; ++i)
            if (!gone[i]) kept.push_back(std::move(groups[i]));
        groups = std::move(kept);
    }

  private:
    Size picture_;
    SizeRules rules_;
    PlanParams params_;
};

// Every island a group of its own; of many, those whose middles lie in one square of a grid, as
// fine as it may be.
std::vector<Group> first_groups(const std::vector<Rect>& islands, const Grouping& grouping) {
    std::vector<Group> groups;
    for (int side = 1;; side *= 2) {
        std::map<std::pair<int, int>, Group> squares;
        for (std::size_t i = 0; i < islands.size(); ++i) {
            const Rect& r = islands[i];
            const bool single = side == 1 && islands.size() <= kMostItems;
            auto& square = squares[single ? std::pair{static_cast<int>(i), 0}
                                          : std::pair{(r.y + r.height / 2) / side,
                                                      (r.x + r.width / 2) / side}];
            square.support = unite(square.support, r);
            square.islands.push_back(static_cast<int>(i));
            if (squares.size() > kMostItems) break;
        }
        if (squares.size() > kMostItems) continue;
        for (auto& [at, square] : squares)
            groups.push_back(grouping.group(square.support, std::move(square.islands)));
        return groups;
    }
}

std::vector<Group> group_islands(const std::vector<Rect>& islands, Islands mode,
                                 const Grouping& grouping) {
    std::vector<Group> groups = first_groups(islands, grouping);
    if (mode == Islands::apart) {
        grouping.join(groups, 0, kMostParts);
        return groups;
    }
    // First what costs nothing, so that a cluster of specks counts once.
    grouping.join(groups, 1, groups.size());
    Group joint;
    double sum = 0;
    bool all_fit = true;
    for (const Group& g : groups) {
        all_fit = all_fit && grouping.fits(g.support);
        joint.support = unite(joint.support, g.support);
        sum += g.area;
        joint.islands.insert(joint.islands.end(), g.islands.begin(), g.islands.end());
    }
    const bool shrinks = all_fit && !grouping.fits(joint.support);
    if (!shrinks && grouping.area(joint.support) <= kWorthJoining * sum) return {joint};
    grouping.join(groups, kWorthJoining, kMostParts);
    return groups;
}

} // namespace

Result<std::vector<PlannedPart>> plan_parts(Size picture, const mask::Mask& mask,
                                            const SizeRules& rules, const PlanParams& params) {
    std::vector<PlannedPart> parts;
    const auto in_one = [&]() -> Result<std::vector<PlannedPart>> {
        auto plan = plan_crop(picture, mask, rules, params);
        if (!plan) return tl::unexpected(plan.error());
        parts.push_back({mask, std::move(*plan)});
        return std::move(parts);
    };
    if (const Status ok = check_mask(picture, mask); !ok) return tl::unexpected(ok.error());
    if (params.islands == Islands::together || params.crop) return in_one();
    const IslandMap map = find_islands(mask);
    if (map.bounds.size() == 1) return in_one();
    std::vector<Group> groups =
        group_islands(map.bounds, params.islands, Grouping(picture, rules, params));
    if (groups.size() == 1) return in_one();

    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return a.support.area() > b.support.area();
    });
    std::vector<int> group_of(map.bounds.size());
    for (std::size_t g = 0; g < groups.size(); ++g)
        for (const int island : groups[g].islands)
            group_of[static_cast<std::size_t>(island)] = static_cast<int>(g);
    std::vector<mask::Mask> masks =
        cut_islands(mask, map, group_of, static_cast<int>(groups.size()));
    for (std::size_t g = 0; g < groups.size(); ++g) {
        auto plan = plan_support(picture, groups[g].support, rules, params);
        if (!plan) return tl::unexpected(plan.error());
        parts.push_back({std::move(masks[g]), std::move(*plan)});
    }
    if (params.islands == Islands::apart && groups.size() < map.bounds.size())
        parts.front().plan.notes.push_back(
            fmt::format("the mask's {} islands are sent in {} requests, near ones together: more "
                        "are not sent at once",
                        map.bounds.size(), groups.size()));
    return parts;
}

} // namespace mw::edit
