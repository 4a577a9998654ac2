#include "project/document.h"

namespace mw::project {

Document::Document(std::filesystem::path file, codec::Picture picture)
    : path(std::move(file)),
      metadata(std::move(picture.metadata)),
      format(picture.format),
      source_bits(picture.source_bits),
      color(std::move(picture.color)),
      warnings(std::move(picture.warnings)),
      provenance(picture.provenance),
      tree(std::make_shared<const image::Image>(std::move(picture.pixels))),
      mask(tree.picture(0)->size()) {}

} // namespace mw::project
