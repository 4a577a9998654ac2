// A hole and its fills beside each other, for people.
#pragma once

#include <map>
#include <string>

#include "peers.h"

namespace mw::bench {

// FOLDER/NAME.jpg: truth, hole, ours / G'MIC, Resynthesizer, Telea; those of them that are there.
// False, with a message on stderr, when it cannot be written.
bool write_sheet(const std::string& folder, const Hole& hole, const Scene& scene,
                 const std::map<std::string, Fill>& fills);

} // namespace mw::bench
