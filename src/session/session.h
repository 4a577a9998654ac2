// The application without a toolkit: actions in, state out. Owned by one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "mask/brush.h"
#include "session/action.h"
#include "session/preferences.h"
#include "session/recent_files.h"
#include "session/service.h"
#include "session/state.h"
#include "worker/worker.h"

namespace mw::session {

struct SessionParams {
    std::vector<std::shared_ptr<edit::EditBackend>>
        backends;                        // at least one; the first is the default
    std::vector<std::string> abilities;  // shown as help, a line each
    std::filesystem::path state_folder;  // recent files live here; empty: nothing is remembered
    std::function<void()> wake;          // from any thread, when pump() has something to do
    Services services;                   // empty functions: there are none
    std::shared_ptr<RecentFiles> recent; // shared by the documents of a program; null: its own
    std::shared_ptr<PreferenceFile> preferences; // shared likewise; null: its own
    int edit_lanes = 2;                          // requests that are worked on at once
};

class Session {
  public:
    explicit Session(SessionParams params);
    ~Session();

    void apply(const Action& action);
    // Takes in what the worker reported. True when anything changed.
    bool pump();
    const SessionView& view() const { return view_; }
    // The action behind a notice's button.
    const Action* notice_action(std::uint64_t notice) const;
    // What is to be said here though it came up elsewhere.
    void tell(const Notice& notice, const Action* action);
    // False when ending now would lose something; the view's notices say what. Asked again, the
    // artist knows.
    bool may_end();
    // A job is waiting or running (an elapsed time on the screen moves).
    bool busy() const;

  private:
    struct Impl;
    SessionView view_; // before impl_, which writes to it until the end
    std::unique_ptr<Impl> impl_;
};

} // namespace mw::session
