// The desktop's own file dialogs, for whichever tab asks.
#pragma once

#include <map>
#include <memory>

#include "app/window.h"
#include "desktop/file_chooser.h"
#include "session/desk.h"
#include "ui/shell.h"

namespace mw::app {

class DialogWork {
  public:
    explicit DialogWork(std::function<void()> wake) : wake_(std::move(wake)) {}

    // Before a tab's frame: whether it may ask.
    void prepare(ui::ShellState& shell, bool preferred) const;
    // After it: hands on what was asked. One dialog at a time: a newer one closes the other.
    void grant(ui::ShellState& shell, session::TabId tab, const Window& window);
    // What was answered. True when something was.
    bool pump(std::map<session::TabId, ui::ShellState>& shells, session::Desk& desk);

  private:
    std::function<void()> wake_;
    const desktop::Dialogs which_ = desktop::dialogs_of_environment();
    const bool may_ = desktop::may_have_dialogs(which_);
    bool missing_ = false; // it turned out that there is none
    std::unique_ptr<desktop::FileChooser> chooser_;
    session::TabId tab_ = 0; // that asked
};

} // namespace mw::app
