// Selections beside OpenCV, one thread, best of several turns: the table of docs/performance.md. An
// argument names the part to run: flood, scissors, smart select, photos (overlap with drawn masks),
// or more of a flood's name.
#include <fmt/format.h>

#include "base/parallel.h"
#include "codec/codec.h"
#include "peers.h"
#include "rows.h"
#include "table.h"

int main(int argc, char** argv) {
    using namespace mw::bench;
    if (const auto code = mw::codec::run_as_decoder(argc, argv)) return *code;
    if (argc > 1) set_filter(argv[1]);
    mw::set_parallel_threads(1);
    opencv_start();
    if (!opencv_available()) fmt::print("OpenCV is not installed: there is no peer.\n");
    print_heading();
    flood_rows();
    scissors_rows();
    smart_rows();
    photo_rows();
}
