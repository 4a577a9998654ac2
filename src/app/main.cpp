#include "cli/cli.h"
#include "codec/codec.h"
#ifdef MASKWRIGHT_UI
#include "app/main_loop.h"
#endif

int main(int argc, char** argv) {
    if (const auto status = mw::codec::run_as_decoder(argc, argv)) return *status;
#ifdef MASKWRIGHT_UI
    if (const auto window = mw::app::window_options(argc, argv))
        return mw::app::run_window(*window);
#endif
    return mw::cli::run(argc, argv);
}
