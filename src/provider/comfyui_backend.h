// ComfyUI: a graph of nodes with our picture, mask, prompt and seed put into it.
#pragma once

#include <memory>
#include <optional>

#include "provider/service.h"

namespace mw::provider {

// Provider "comfyui". `graph`: one that the user saved in the API format, its nodes marked by their
// titles: "maskwright picture" and "maskwright mask" (LoadImage, LoadImageMask), "maskwright
// prompt" (an input "text"), "maskwright seed" (an input "seed" or "noise_seed"; may be missing),
// "maskwright result" (the node whose pictures count). Empty: the bundled inpaint graph with the
// model's name as checkpoint, or the first one that the program has, one named "inpaint" preferred.
//
// The mask is a picture whose red channel is white where it repaints, and without alpha: right for
// LoadImageMask on red; for a LoadImage marked as the mask, whose mask output is the inverse of
// alpha, it is sent with alpha 0 there. Jobs wait in a queue; cancelling takes ours out of it, or
// interrupts it when it is the one that runs.
std::unique_ptr<edit::EditBackend> make_comfyui_backend(ProviderFacts facts, Service service,
                                                        std::optional<Bytes> graph = {});

// The graph is one that can be used. Errors: corrupt, invalid_argument (what mark is missing).
Status check_comfyui_graph(const Bytes& graph);

} // namespace mw::provider
