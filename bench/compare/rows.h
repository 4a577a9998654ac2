#pragma once

#include "scenes.h"

namespace mw::bench {

void metric_rows(const Scene& jpeg, const Scene& edit);  // in this process
void process_rows(const Scene& jpeg, const Scene& edit); // peers that are programs of their own

} // namespace mw::bench
