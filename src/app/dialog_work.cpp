#include "app/dialog_work.h"

#include "app/pen.h"

namespace mw::app {

void DialogWork::prepare(ui::ShellState& shell, bool preferred) const {
    // Asked for by name in the environment it goes over the preference.
    const bool wanted =
        preferred || which_ == desktop::Dialogs::portal || which_ == desktop::Dialogs::zenity;
    shell.files.native = wanted && may_ && !missing_;
}

void DialogWork::grant(ui::ShellState& shell, session::TabId tab, const Window& window) {
    if (!shell.files.question) return;
    desktop::FileQuestion question = std::move(*shell.files.question);
    shell.files.question.reset();
    question.parent = x11_window(window.handle());
    tab_ = tab;
    chooser_ = std::make_unique<desktop::FileChooser>(std::move(question), which_, wake_);
}

bool DialogWork::pump(std::map<session::TabId, ui::ShellState>& shells, session::Desk& desk) {
    auto answer = chooser_ ? chooser_->answer() : std::nullopt;
    if (!answer) return false;
    chooser_.reset();
    missing_ |= !answer->asked;
    const auto asker = shells.find(tab_);
    if (asker == shells.end()) return true; // closed meanwhile
    desk.apply(session::SelectTab{tab_});
    session::Actions actions;
    ui::take_file_answer(asker->second.files, *answer, desk.view(), actions);
    for (const session::Action& action : actions)
        desk.apply(action);
    return true;
}

} // namespace mw::app
