#include "app/picture_out.h"

#include <fmt/format.h>

#include "codec/codec.h"
#include "handoff/prepare.h"
#include "project/redaction.h"

namespace mw::app {
namespace {

// Three times as fast as the level of an export, for a tenth more bytes that do not live long.
constexpr int kQuickCompression = 1;

} // namespace

desktop::Clipboard::Encode png_of(const session::SessionView& view, project::IterationId id,
                                  bool region) {
    const project::IterationTree& tree = view.document->tree;
    handoff::ExportSource source;
    source.picture = tree.picture(id);
    source.original = tree.picture(0);
    source.touched = *view.mask;
    source.view = view.display;
    source.redacted = project::last_redaction(tree, id) != 0;
    source.metadata = codec::kept_metadata(view.document->metadata, codec::KeepMetadata::none);
    handoff::ExportOptions options;
    options.encode.png_compression = kQuickCompression;
    options.region = region ? handoff::Region::mask : handoff::Region::whole;
    options.mask_alpha = region;
    return
        [source = std::move(source), options, region](std::stop_token) -> Result<desktop::ToCopy> {
            auto made = handoff::prepare_export(source, codec::FileFormat::png, options);
            if (!made) return tl::unexpected(made.error());
            auto bytes = codec::encode(made->picture->view(), made->metadata,
                                       codec::FileFormat::png, made->encode);
            if (!bytes) return tl::unexpected(bytes.error());
            const bool deep = made->picture->format().type != image::SampleType::u8;
            desktop::ToCopy copy{
                std::move(*bytes),
                fmt::format("{} is on the clipboard: {} x {}{}.",
                            region ? "What the mask covers" : "The picture", made->picture->width(),
                            made->picture->height(), deep ? ", 16 bit" : "")};
            for (const std::string& note : made->notes)
                copy.said += " " + note;
            return copy;
        };
}

} // namespace mw::app
