// Requests as the OpenAI endpoints take them: only parameters that the model has.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "edit/backend.h"
#include "provider/http.h"
#include "provider/journal.h"
#include "provider/model_data.h"

namespace mw::provider {

// The files of a request, encoded once.
struct UploadSet {
    std::shared_ptr<const Bytes> image, mask, markup; // PNG; null: not sent
    std::vector<edit::Reference> references;          // with the marked picture where the model
                                                      // takes no markup
    std::string prompt;                               // with a word on that picture
    std::vector<std::string> notes;
};
// Errors: too_large where a file is over the model's limit even as small as it can be made.
Result<UploadSet> encode_uploads(const edit::EditRequest& request,
                                 const edit::ModelCapabilities& model);

// Body of /images/edits (multipart), or of /images/generations (JSON) where there is no picture.
RequestBody images_body(const edit::EditRequest& request, const ModelFacts& model,
                        const UploadSet& uploads, bool stream);
// Body of /responses with the picture tool pinned to the model: in the background, as a stream.
RequestBody responses_body(const edit::EditRequest& request, const ModelFacts& model,
                           const UploadSet& uploads, const std::string& outer_model);

} // namespace mw::provider
