#include "compare/ciede2000.h"

#include "compare/metrics.h"

namespace mw::compare {

double ciede2000(const std::array<double, 3>& lab1, const std::array<double, 3>& lab2) {
    return ciede2000_of<double>(lab1.data(), lab2.data());
}

} // namespace mw::compare
