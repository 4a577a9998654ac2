// Comparisons beside OpenCV, pixelmatch, odiff, ImageMagick, scikit-image and NVIDIA's FLIP at
// 3840 x 2160: the table of docs/performance.md. An argument names the rows to run.
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
    print_heading();
    const Scene jpeg = jpeg_scene(), edit = edit_scene();
    metric_rows(jpeg, edit);
    process_rows(jpeg, edit);
}
