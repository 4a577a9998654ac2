// main() of every test program: it may be started again as the decoding child of a test that opens
// a picture.
#include <gtest/gtest.h>

#include "codec/codec.h"

int main(int argc, char** argv) {
    if (const auto status = mw::codec::run_as_decoder(argc, argv)) return *status;
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
