#include "ui/export_options.h"

#include <fmt/format.h>
#include <imgui.h>

#include <array>

#include "embedded/icons.h"
#include "handoff/prepare.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using codec::FileFormat;
using handoff::Depth;
using handoff::ExportOptions;
using handoff::Region;

struct Source {
    image::PixelFormat pixels;
    bool scene_linear = false;
    std::size_t edits = 0; // on the way to what is shown
};

Source source_of(const session::SessionView& view) {
    Source source;
    if (view.document == nullptr) return source;
    const project::Document& d = *view.document;
    source.pixels = d.tree.picture(0)->format();
    source.scene_linear = d.color && d.color->scene_linear;
    for (project::IterationId id = d.shown; id > 0; id = d.tree.at(id).parent)
        ++source.edits;
    return source;
}

bool layered(FileFormat format) {
    return format == FileFormat::ora || format == FileFormat::psd;
}

Depth own_depth(image::SampleType type) {
    return type == image::SampleType::u8    ? Depth::u8
           : type == image::SampleType::u16 ? Depth::u16
                                            : Depth::f32;
}

// Whether the format takes the picture as it is; light is written as it is shown where it has no
// place.
bool takes_own_depth(FileFormat format, const Source& source) {
    return layered(format) || holds(format, own_depth(source.pixels.type)) ||
           (source.scene_linear && (format == FileFormat::png || format == FileFormat::webp ||
                                    format == FileFormat::jpeg));
}

// The nearest that the format holds, when what is chosen does not go.
void fit_depth(ExportOptions& options, FileFormat format, const Source& source) {
    if (layered(format)) options.depth = Depth::source;
    if (format == FileFormat::unknown || layered(format)) return;
    if (options.depth != Depth::source && !holds(format, options.depth))
        options.depth = Depth::source;
    if (options.depth != Depth::source || takes_own_depth(format, source)) return;
    options.depth = format == FileFormat::exr   ? Depth::f32
                    : format == FileFormat::png ? Depth::u16
                                                : Depth::u8;
}

void label(const char* words) {
    ImGui::AlignTextToFramePadding();
    text(words, colors().text_second);
    ImGui::SameLine(0, px(8));
}

void draw_format(FileDialogState& state, FileFormat format) {
    constexpr std::array kFormats = {
        std::pair{FileFormat::png, ".png"},  std::pair{FileFormat::tiff, ".tif"},
        std::pair{FileFormat::exr, ".exr"},  std::pair{FileFormat::webp, ".webp"},
        std::pair{FileFormat::jpeg, ".jpg"}, std::pair{FileFormat::ora, ".ora"},
        std::pair{FileFormat::psd, ".psd"}};
    int chosen = -1;
    for (int i = 0; i < static_cast<int>(kFormats.size()); ++i)
        if (kFormats[static_cast<std::size_t>(i)].first == format) chosen = i;
    const auto pressed = choices(
        {{"dialog.export.png", nullptr, "PNG", nullptr},
         {"dialog.export.tiff", nullptr, "TIFF", nullptr},
         {"dialog.export.exr", nullptr, "OpenEXR", nullptr},
         {"dialog.export.webp", nullptr, "WebP", nullptr},
         {"dialog.export.jpeg", nullptr, "JPEG", nullptr},
         {"dialog.export.ora", nullptr, "OpenRaster", nullptr, true,
          "Layers for Krita and GIMP: original, edits cut out, masks."},
         {"dialog.export.psd", nullptr, "Photoshop", nullptr, true,
          "Layers for Photoshop, GIMP and Krita: original, edits with layer masks, masks."}},
        chosen);
    if (pressed) {
        std::filesystem::path path(state.path);
        path.replace_extension(kFormats[static_cast<std::size_t>(*pressed)].second);
        state.path = path.string();
        state.replacing.clear();
        state.error.clear();
    }
    codec::EncodeOptions& encode = state.options.encode;
    if (format == FileFormat::webp) {
        ImGui::SameLine(0, px(16));
        toggle("dialog.export.lossless", "Lossless", encode.webp_lossless);
    }
    if (format == FileFormat::jpeg || (format == FileFormat::webp && !encode.webp_lossless)) {
        ImGui::SameLine(0, px(16));
        float quality = static_cast<float>(encode.jpeg_quality);
        slider("dialog.export.quality", "Quality", quality, 1, 100, {.width = px(144)});
        encode.jpeg_quality = static_cast<int>(quality + 0.5f);
    }
}

void draw_depth_and_part(ExportOptions& options, FileFormat format, const Source& source) {
    label("Depth");
    const auto fits = [&](Depth depth) { return holds(format, depth); };
    if (const auto pressed = choices(
            {{"dialog.export.depth_own", nullptr, "Own", nullptr, takes_own_depth(format, source),
              "As deep as the picture: every sample is kept where the format can."},
             {"dialog.export.depth_8", nullptr, "8", nullptr, fits(Depth::u8)},
             {"dialog.export.depth_16", nullptr, "16", nullptr, fits(Depth::u16)},
             {"dialog.export.depth_half", nullptr, "Half", nullptr, fits(Depth::half)},
             {"dialog.export.depth_float", nullptr, "Float", nullptr, fits(Depth::f32)}},
            static_cast<int>(options.depth)))
        options.depth = static_cast<Depth>(*pressed);
    ImGui::SameLine(0, px(20));
    label("Part");
    if (const auto pressed =
            choices({{"dialog.export.whole", nullptr, "Whole", nullptr},
                     {"dialog.export.changed", nullptr, "Changed", nullptr, source.edits > 0,
                      "The rectangle round what differs from the original."},
                     {"dialog.export.mask", nullptr, "Mask", nullptr, source.edits > 0,
                      "The rectangle round the masks of the edits."}},
                    static_cast<int>(options.region)))
        options.region = static_cast<Region>(*pressed);
    ImGui::SameLine(0, px(16));
    const bool can_alpha = source.edits > 0 && format != FileFormat::jpeg;
    toggle("dialog.export.mask_alpha", "Mask as alpha", options.mask_alpha, can_alpha);
}

void draw_metadata(ExportOptions& options, FileFormat format) {
    label("Metadata");
    if (const auto pressed =
            choices({{"dialog.export.metadata_all", nullptr, "All", nullptr},
                     {"dialog.export.no_location", nullptr, "No location", nullptr, true,
                      "Without where it was taken, maker notes and embedded previews."},
                     {"dialog.export.no_metadata", nullptr, "None", nullptr, true,
                      "The colour profile and the resolution alone."}},
                    static_cast<int>(options.metadata)))
        options.metadata = static_cast<codec::KeepMetadata>(*pressed);
    if (!layered(format)) {
        ImGui::SameLine(0, px(16));
        toggle("dialog.export.srgb", "Convert to sRGB", options.to_srgb);
    }
    ImGui::SameLine(0, px(16));
    bool record = options.record == handoff::RecordChoice::always;
    if (toggle("dialog.export.record", "Edit record", record))
        options.record = record ? handoff::RecordChoice::always : handoff::RecordChoice::automatic;
    tooltip("Edit record", {},
            "A file beside it that says what was done. Where Content Credentials (C2PA) become "
            "untrue it is written in any case.");
}

// What the choice means for the promise.
void draw_meaning(const ExportOptions& options, FileFormat format, const Source& source) {
    const auto good = [](std::string_view words) {
        icon_text(icons::kCheckCircle, words, colors().good, colors().text_second, true);
    };
    const auto warn = [](std::string_view words) {
        icon_text(icons::kWarning, words, colors().warning, colors().text, true);
    };
    const bool floating = source.pixels.type == image::SampleType::f32;
    if (format == FileFormat::unknown)
        return icon_text(icons::kCheckCircle,
                         "PNG, TIFF, OpenEXR and lossless WebP keep every sample.",
                         colors().text_second, colors().text_second);
    if (layered(format))
        return floating
                   ? warn("Layers hold no floating point: written as shown, 16-bit sRGB.")
                   : good(source.edits == 1
                              ? std::string("The original, the edit and its mask; flattened it "
                                            "gives what is shown.")
                              : fmt::format("The original, {} edits and their masks; flattened it "
                                            "gives what is shown.",
                                            source.edits));
    if (format == FileFormat::jpeg && source.pixels.has_alpha())
        return warn("JPEG holds no transparency; choose PNG, TIFF or WebP for this picture.");
    if (!codec::is_lossless(format, options.encode))
        return warn(
            "This format re-encodes every pixel, so the file differs outside the mask too. "
            "PNG keeps them all.");
    const Depth own = own_depth(source.pixels.type);
    if (options.depth != Depth::source && options.depth < own)
        return warn(options.depth == Depth::half
                        ? "Half floats keep 11 significant bits; the rest of each sample is lost."
                        : "Every sample is rounded to this depth, outside the mask too.");
    if (source.scene_linear && format != FileFormat::exr && format != FileFormat::tiff)
        return warn("Light above white is lost: written as shown. OpenEXR and TIFF keep it.");
    if (options.to_srgb) return warn("Colours are converted, outside the mask too.");
    good("Keeps every sample; read back and checked.");
}

} // namespace

void reset_export_options(ExportOptions& options) {
    options.depth = Depth::source;
    options.region = Region::whole;
    options.mask_alpha = false;
    options.to_srgb = false;
}

void draw_export_options(const session::SessionView& view, FileDialogState& state) {
    const FileFormat format = codec::format_or_layers_for_path(state.path);
    const Source source = source_of(view);
    ExportOptions& options = state.options;
    draw_format(state, format);
    fit_depth(options, format, source);
    if (source.edits == 0) options.region = Region::whole;
    if (layered(format)) options.region = Region::whole, options.to_srgb = false;
    if (layered(format) || source.edits == 0 || format == FileFormat::jpeg)
        options.mask_alpha = false;
    if (layered(format))
        ImGui::Dummy(px(1, 28));
    else
        draw_depth_and_part(options, format, source);
    draw_metadata(options, format);
    draw_meaning(options, format, source);
}

} // namespace mw::ui
