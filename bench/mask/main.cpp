// Timings of the mask beside named peers, one thread, best of several turns: the table of
// docs/performance.md. An argument runs only the rows whose name contains it.
#include <fmt/format.h>

#include "base/parallel.h"
#include "peers.h"
#include "rows.h"
#include "table.h"

int main(int argc, char** argv) {
    using namespace mw::bench;
    if (argc > 1) set_filter(argv[1]);
    mw::set_parallel_threads(1);
    OpenCv::start();
    if (!MypaintSurface::available())
        fmt::print("libmypaint is not installed: its rows have no peer.\n");
    if (!OpenCv::available()) fmt::print("OpenCV is not installed: its rows have no peer.\n");
    if (!libpng_available()) fmt::print("libpng is not installed: its rows have no peer.\n");
    print_heading();
    brush_rows();
    refine_rows();
    memory_rows();
    png_rows();
}
