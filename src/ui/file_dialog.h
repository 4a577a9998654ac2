// One dialog for opening a picture, loading a mask, saving a mask and exporting the result.
#pragma once

#include "desktop/file_chooser.h"
#include "session/action.h"
#include "ui/file_list.h"

namespace mw::ui {

enum class FilePurpose {
    none,
    open_picture,
    load_mask,
    save_mask,
    export_picture,
    open_to_compare,
    export_report,
    export_table,
    add_reference,
    save_project,
};

struct FileDialogState {
    FilePurpose purpose = FilePurpose::none; // none: closed
    FileList list;
    std::string path;      // as typed
    std::string error;     // why it cannot be done as typed
    std::string replacing; // the file that the person was asked about
    handoff::ExportOptions options;
    bool focus_path = false; // in the next frame, all of it selected
    std::filesystem::path last_folder;
    // The desktop's own dialog: whether there may be one, what it is to be asked (the window's
    // owner takes that), and what the answer will be for.
    bool native = false;
    std::optional<desktop::FileQuestion> question;
    FilePurpose asked = FilePurpose::none;
};

inline bool is_open(const FileDialogState& state) {
    return state.purpose != FilePurpose::none;
}
void open_file_dialog(FileDialogState& state, FilePurpose purpose,
                      const session::SessionView& view);
// What the desktop's dialog answered; ours opens where there is none, or when it cannot be done.
void take_file_answer(FileDialogState& state, const desktop::FileAnswer& answer,
                      const session::SessionView& view, session::Actions& out);
void draw_file_dialog(const session::SessionView& view, FileDialogState& state,
                      session::Actions& out);

} // namespace mw::ui
