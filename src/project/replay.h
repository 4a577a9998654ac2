// Iterations made again from what is stored: the original's bytes, the answers as received, the
// masks and the settings. No network, the same bits on every machine.
#pragma once

#include <functional>

#include "project/store.h"

namespace mw::project {

// An answer's pixels as a graft takes them: encoded sRGB. In the decoding child, as any file.
Result<image::ImageRef> decode_answer(const edit::Answer& answer, std::stop_token stop = {},
                                      std::vector<std::string>* warnings = nullptr);

// The graft of stored answers over `parent`.
Result<composite::Graft> graft_again(image::ImageRef parent,
                                     const std::vector<edit::AnsweredPart>& parts,
                                     const composite::GraftParams& params,
                                     const image::DisplayTransform& view,
                                     std::stop_token stop = {});

struct Replayed {
    image::ImageRef picture;
    // Of those on the way that hold neither answer nor what they were combined from, the stored
    // pixels were taken.
    std::vector<IterationId> without_answer;
};
// The picture of an iteration, every graft on the way done again. The patches that the file holds
// are not looked at. corrupt where an answer is damaged; not_found for an iteration that is none.
Result<Replayed> replay(const Document& document, IterationId id, std::stop_token stop = {});

// What a crash left between answer and graft, as iterations to be added to the tree; answers that
// are no picture are left out and named.
Result<std::vector<Iteration>> finish(const Document& document, const Unfinished& unfinished,
                                      std::vector<std::string>* problems = nullptr,
                                      std::stop_token stop = {});

struct Verification {
    int iterations = 0; // those that are there
    int grafted_again = 0, combined = 0;
    std::int64_t parts = 0; // blobs that were hashed
    std::string original_sha256;
    // Of the SHA-256 of every iteration's picture, in order: the same for equal projects.
    std::string pictures_sha256;
    std::vector<std::string> problems; // sentences; empty: everything is as it was stored
};
// Every stored part against its hash, the original's pixels against theirs, and every graft done
// again and compared bit for bit. `progress`: iterations done, of how many.
Result<Verification> verify(Store& store, const Document& document,
                            const std::function<void(int, int)>& progress = {},
                            std::stop_token stop = {});

} // namespace mw::project
