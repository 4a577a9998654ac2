// Work on a document as an artist does it, from a seed, and what a document is made of as text: for
// tests of the project's file.
#pragma once

#include <random>

#include "edit/backend.h"
#include "project/store.h"

namespace mw::test {

// A picture with detail, as a PNG file. Returns its path.
std::filesystem::path write_picture(const std::filesystem::path& path, Size size,
                                    image::PixelFormat format = image::kRgb8);
std::unique_ptr<project::Document> open_picture(const std::filesystem::path& path);

enum class Deed { stroke, edit, undo, redo, prune, regraft, judge, look, slot, mark };

class ProjectScript {
  public:
    explicit ProjectScript(unsigned seed) : random_(seed) {}

    // One deed on the document; what cannot be done now becomes a stroke.
    void act(project::Document& document, Deed deed);
    Deed any();
    // An answered request about `mask`, grafted, as a child of the base. Small: some thousand
    // pixels.
    project::Iteration answered(const project::Document& document, const mask::Mask& mask,
                                std::vector<project::RequestRecord>* requests = nullptr);
    int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
    int largest_side = 40; // of what is painted

  private:
    std::mt19937 random_;
};

// Everything of a document that a file must give back, line by line; with its undo, undone and
// redone step by step on the way (the document is afterwards what it was).
std::string contents(project::Document& document);
// Without undo, for what only moves forward.
std::string tree_contents(const project::Document& document);

} // namespace mw::test
