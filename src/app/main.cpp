#include "cli/cli.h"
#include "codec/codec.h"

int main(int argc, char** argv) {
    if (const auto status = mw::codec::run_as_decoder(argc, argv)) return *status;
    return mw::cli::run(argc, argv);
}
