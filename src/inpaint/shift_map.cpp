#include "inpaint/shift_map.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "base/parallel.h"
#include "inpaint/surroundings.h"

namespace mw::inpaint {
namespace {

constexpr int kLabels = kMaxShifts;
constexpr int kImpossible = 12'000;   // data term of a source that does not exist
constexpr int kMostDifference = 3000; // of two guide pixels, where more is no worse
constexpr int kChange = 4;            // of labels, even where nothing is seen
constexpr int kRarer = 8;             // so many places down the list of offsets cost one more
constexpr int kDrift = 60;            // of structure_of's luma, 30 levels of 8 bits
constexpr int kLastRounds = 3;
constexpr int kMostBelief = 16'000; // 16 bits hold a belief and two differences

using Row = std::array<std::int16_t, kLabels>;
enum Side { kLeft, kUp, kRight, kDown, kSides };

Side opposite(Side side) {
    return static_cast<Side>((side + 2) % kSides);
}

// The light falls off slowly, so that luma and colour may drift; what differs by more is another
// thing.
int drift_cost(int d) {
    const int more = std::max(0, std::abs(d) - kDrift);
    return d * d / 6 + 2 * more * more;
}

// Of two pixels of structure_of.
std::int16_t difference(const std::int16_t* a, const std::int16_t* b) {
    const int detail = a[0] - b[0], blue = a[1] - b[1], red = a[2] - b[2], texture = a[4] - b[4];
    const int sum =
        detail * detail + blue * blue + red * red + drift_cost(a[3] - b[3]) + texture * texture;
    return static_cast<std::int16_t>(std::min(sum / 64, kMostDifference));
}

// 16-bit lanes keep this at a few hundred cycles.
void send(const Row& belief, const std::int16_t* here, const std::int16_t* there, Row& message) {
    message.fill(std::numeric_limits<std::int16_t>::max());
    for (int a = 0; a < kLabels; ++a, here += kLabels, there += kLabels) {
        const std::int16_t h = belief[static_cast<std::size_t>(a)];
        for (int b = 0; b < kLabels; ++b) {
            const auto cost = static_cast<std::int16_t>(h + here[b] + there[b]);
            auto& m = message[static_cast<std::size_t>(b)];
            m = cost < m ? cost : m;
        }
    }
    const std::int16_t least = *std::min_element(message.begin(), message.end());
    for (std::int16_t& m : message)
        m = static_cast<std::int16_t>(std::min(m - least, kMostBelief));
}

class Labelling {
  public:
    Labelling(const Level& level, const std::vector<Point>& offsets, int patch_side)
        : level_(level), offsets_(offsets), radius_(std::min(2, patch_side / 2)) {}

    bool set_up(const std::stop_token& stop) {
        const Rect b = level_.hole_bounds;
        std::vector<int> index(level_.hole.size(), -1);
        for (int y = b.y; y < b.bottom(); ++y)
            for (int x = b.x; x < b.right(); ++x)
                if (level_.hole[level_.at(x, y)]) {
                    index[level_.at(x, y)] = static_cast<int>(nodes_.size());
                    nodes_.push_back({x, y});
                }
        near_.resize(nodes_.size());
        data_.resize(nodes_.size());
        messages_.assign(nodes_.size(), {});
        between_.resize(nodes_.size() * kLabels * kLabels);
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            const Point p = nodes_[i];
            const auto neighbour = [&](int x, int y) {
                const bool inside =
                    x >= 0 && y >= 0 && x < level_.size.width && y < level_.size.height;
                return inside ? index[level_.at(x, y)] : -1;
            };
            near_[i] = {neighbour(p.x - 1, p.y), neighbour(p.x, p.y - 1), neighbour(p.x + 1, p.y),
                        neighbour(p.x, p.y + 1)};
        }
        parallel_for(static_cast<int>(nodes_.size()), 64, [&](int begin, int end) {
            for (int i = begin; i < end && !stop.stop_requested(); ++i)
                set_up_costs(static_cast<std::size_t>(i));
        });
        return !stop.stop_requested();
    }

    // One pass through all nodes and one back.
    bool round(const std::stop_token& stop) {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (i % 64 == 0 && stop.stop_requested()) return false;
            pass(i, kRight, kDown);
        }
        for (std::size_t i = nodes_.size(); i-- > 0;) {
            if (i % 64 == 0 && stop.stop_requested()) return false;
            pass(i, kLeft, kUp);
        }
        return true;
    }

    // Node by node the best label given those before it and the messages of those to come.
    std::vector<int> labels() const {
        std::vector<int> label(nodes_.size());
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            std::array<int, kLabels> cost = cost_beside(i, label, kLeft, kUp);
            for (const Side side : {kRight, kDown})
                if (near_[i][side] >= 0)
                    for (std::size_t a = 0; a < kLabels; ++a)
                        cost[a] += messages_[i][side][a];
            label[i] = static_cast<int>(std::min_element(cost.begin(), cost.end()) - cost.begin());
        }
        return label;
    }

    std::int64_t energy(const std::vector<int>& label) const {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            sum += cost_beside(i, label, kLeft, kUp)[static_cast<std::size_t>(label[i])];
        return sum;
    }

    // The best labels of every row (ahead: kRight) or column (kDown) in turn while the others stay
    // as they are, by dynamic programming: the energy never rises.
    bool improve_lines(Side ahead, std::vector<int>& label, const std::stop_token& stop) const {
        const Side back = opposite(ahead);
        const Side aside = ahead == kRight ? kUp : kLeft;
        std::vector<std::size_t> line;
        std::vector<Row> belief;
        for (std::size_t start = 0; start < nodes_.size(); ++start) {
            if (near_[start][back] >= 0) continue;
            if (stop.stop_requested()) return false;
            line.clear();
            for (int i = static_cast<int>(start); i >= 0; i = near_[line.back()][ahead])
                line.push_back(static_cast<std::size_t>(i));
            belief.resize(line.size());
            Row message{};
            for (std::size_t k = 0; k < line.size(); ++k) {
                auto cost = cost_beside(line[k], label, aside, opposite(aside));
                if (k > 0) send(belief[k - 1], between(line[k - 1]), between(line[k]), message);
                for (std::size_t a = 0; a < kLabels; ++a)
                    cost[a] += message[a];
                const int least = *std::min_element(cost.begin(), cost.end());
                for (std::size_t a = 0; a < kLabels; ++a)
                    belief[k][a] =
                        static_cast<std::int16_t>(std::min(cost[a] - least, kMostBelief));
            }
            for (std::size_t k = line.size(); k-- > 0;) {
                std::array<int, kLabels> cost{};
                for (std::size_t a = 0; a < kLabels; ++a)
                    cost[a] = belief[k][a];
                if (k + 1 < line.size()) add_change(line[k], line[k + 1], label, cost);
                label[line[k]] =
                    static_cast<int>(std::min_element(cost.begin(), cost.end()) - cost.begin());
            }
        }
        return true;
    }

    bool possible(std::size_t i, int label) const {
        return data_[i][static_cast<std::size_t>(label)] < kImpossible;
    }
    const std::vector<Point>& nodes() const { return nodes_; }

  private:
    const std::int16_t* between(std::size_t i) const {
        return between_.data() + i * kLabels * kLabels;
    }

    // Adds what each label of i costs beside the one that its neighbour n has.
    void add_change(std::size_t i, std::size_t n, const std::vector<int>& label,
                    std::array<int, kLabels>& cost) const {
        const auto row = static_cast<std::size_t>(label[n]) * kLabels;
        const std::int16_t *here = between(i) + row, *there = between(n) + row;
        for (std::size_t a = 0; a < kLabels; ++a)
            cost[a] += here[a] + there[a];
    }

    // Of each label of i, given the labels of its neighbours on two sides.
    std::array<int, kLabels> cost_beside(std::size_t i, const std::vector<int>& label, Side first,
                                         Side second) const {
        std::array<int, kLabels> cost;
        std::copy(data_[i].begin(), data_[i].end(), cost.begin());
        for (const Side side : {first, second})
            if (near_[i][side] >= 0)
                add_change(i, static_cast<std::size_t>(near_[i][side]), label, cost);
        return cost;
    }

    void set_up_costs(std::size_t i) {
        const Point p = nodes_[i];
        std::array<const std::int16_t*, kLabels> from{};
        data_[i].fill(kImpossible);
        for (std::size_t a = 0; a < offsets_.size(); ++a) {
            const int x = p.x + offsets_[a].x, y = p.y + offsets_[a].y;
            if (x < 0 || y < 0 || x >= level_.size.width || y >= level_.size.height) continue;
            if (!level_.source[level_.at(x, y)]) continue;
            from[a] = level_.pixel(x, y);
            const int unlike =
                unlikeness(level_, level_.at(p.x, p.y), level_.at(x, y), 1) / 16 / 64;
            data_[i][a] = static_cast<std::int16_t>(
                std::min(border_cost(p, offsets_[a]) + static_cast<int>(a) / kRarer + unlike,
                         kImpossible - 1));
        }
        std::int16_t* d = between_.data() + i * kLabels * kLabels;
        for (std::size_t a = 0; a < kLabels; ++a)
            for (std::size_t b = 0; b < kLabels; ++b, ++d)
                *d = from[a] && from[b] ? static_cast<std::int16_t>(difference(from[a], from[b]) +
                                                                    (a != b) * kChange)
                                        : static_cast<std::int16_t>(a == b ? 0 : kMostDifference);
    }

    // How badly the known pixels around p agree with those around its source.
    std::int16_t border_cost(Point p, Point offset) const {
        int sum = 0;
        for (int y = p.y - radius_; y <= p.y + radius_; ++y) {
            for (int x = p.x - radius_; x <= p.x + radius_; ++x) {
                if (x < 0 || y < 0 || x >= level_.size.width || y >= level_.size.height) continue;
                if (level_.hole[level_.at(x, y)]) continue;
                sum += difference(level_.pixel(x, y), level_.pixel(x + offset.x, y + offset.y));
            }
        }
        return static_cast<std::int16_t>(std::min(sum / 4, kImpossible / 2));
    }

    void pass(std::size_t i, Side first, Side second) {
        std::array<int, kLabels> sum{};
        for (std::size_t a = 0; a < kLabels; ++a)
            sum[a] = data_[i][a];
        for (std::size_t side = 0; side < kSides; ++side)
            if (near_[i][side] >= 0)
                for (std::size_t a = 0; a < kLabels; ++a)
                    sum[a] += messages_[i][side][a];
        // The node is shared by as many chains as start or end here, whichever is more.
        const auto& n = near_[i];
        const bool shared = (n[kLeft] >= 0 && n[kUp] >= 0) || (n[kRight] >= 0 && n[kDown] >= 0);
        const int least = *std::min_element(sum.begin(), sum.end());
        for (const Side side : {first, second}) {
            if (n[side] < 0) continue;
            Row belief;
            for (std::size_t a = 0; a < kLabels; ++a)
                belief[a] = static_cast<std::int16_t>(
                    std::clamp(((sum[a] - least) >> (shared ? 1 : 0)) - messages_[i][side][a],
                               -kMostBelief / 2, kMostBelief));
            const auto to = static_cast<std::size_t>(n[side]);
            send(belief, between(i), between(to), messages_[to][opposite(side)]);
        }
    }

    const Level& level_;
    const std::vector<Point>& offsets_;
    int radius_;
    std::vector<Point> nodes_; // hole pixels, row by row
    std::vector<std::array<int, kSides>> near_;
    std::vector<Row> data_;
    std::vector<std::array<Row, kSides>> messages_; // into the node, from that side
    std::vector<std::int16_t> between_;             // what two labels differ by at a node
};

} // namespace

ShiftMap shift_map(const Level& structure, std::vector<Point> offsets, int patch_side,
                   const std::function<void()>& round_done, const std::stop_token& stop) {
    ShiftMap map;
    map.offsets = std::move(offsets);
    Labelling labelling(structure, map.offsets, patch_side);
    if (!labelling.set_up(stop)) return map;
    // The bound that the messages raise goes up steadily, the labels read from them do not get
    // better steadily: the best of all rounds count, and are improved further.
    const auto improve = [&](std::vector<int>& labels) {
        return labelling.improve_lines(kRight, labels, stop) &&
               labelling.improve_lines(kDown, labels, stop);
    };
    std::vector<int> best;
    map.energy = std::numeric_limits<std::int64_t>::max();
    for (int round = 0; round < kShiftRounds; ++round) {
        if (!labelling.round(stop)) return map;
        std::vector<int> labels = labelling.labels();
        if (!improve(labels)) return map;
        if (const std::int64_t energy = labelling.energy(labels); energy < map.energy) {
            map.energy = energy;
            best = std::move(labels);
        }
        round_done();
    }
    for (int i = 0; i < kLastRounds; ++i)
        if (!improve(best)) return map;
    map.energy = labelling.energy(best);
    for (std::size_t i = 0; i < best.size(); ++i)
        if (!labelling.possible(i, best[i])) best[i] = -1;
    map.labels = std::move(best);
    return map;
}

} // namespace mw::inpaint
