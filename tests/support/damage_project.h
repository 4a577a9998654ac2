// A project's file made worse, from a seed: for whatever opens one.
#pragma once

#include <random>

#include "base/file.h"

namespace mw::test {

// One change or some: cut off, bits and bytes exchanged, impossible numbers in the header and in
// pages, pages exchanged or copied, foreign schema, rows and texts of every value that the tables
// allow, blobs whose hash is right all the same. Never larger than twice the file.
Bytes damage_project(const Bytes& file, std::mt19937& random);

} // namespace mw::test
