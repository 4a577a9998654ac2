// Learned networks that fill holes, on this machine, from a file the artist points to.
#pragma once

#include <filesystem>
#include <memory>

#include "edit/backend.h"

namespace mw::provider {

// Provider "onnx", model "fill": LaMa or MI-GAN as learned::HoleModel takes them. It removes;
// check() refuses prompts that ask for more than that, a file that is not named, and a program
// built without ONNX Runtime. The file is read at the first request and kept. Answers are as the
// built-in engine's, one for each request.
std::unique_ptr<edit::EditBackend> make_learned_backend(std::filesystem::path file);

} // namespace mw::provider
