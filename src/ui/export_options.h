// What the export dialog asks besides the name: format, depth, colours, part, metadata.
#pragma once

#include "ui/file_dialog.h"

namespace mw::ui {

// The height of draw_export_options, in unscaled pixels.
inline constexpr float kExportOptionsHeight = 184;

// Choices that must not be taken over from one export to the next: the whole picture, its depth.
void reset_export_options(handoff::ExportOptions& options);
void draw_export_options(const session::SessionView& view, FileDialogState& state);

} // namespace mw::ui
