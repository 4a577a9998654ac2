// Several documents open at once, a tab each: every one has a session of its own, so that what a
// job answers lands in the document it was asked from, whichever is looked at.
#pragma once

#include <vector>

#include "session/open_list.h"
#include "session/session.h"

namespace mw::session {

class Desk {
  public:
    // There is always at least one tab; an empty one is taken by what is opened next. What an
    // earlier run left open when it was cut off is opened again.
    explicit Desk(SessionParams params);
    ~Desk();

    // OpenFile, CloseDocument and what is about tabs is done here, the rest by the tab that is
    // looked at.
    void apply(const Action& action);
    // Takes in what the workers of all tabs reported. True when anything of the shown tab or of the
    // list of tabs changed.
    bool pump();
    const SessionView& view() const { return shown().view(); }
    // Of every tab.
    std::vector<const SessionView*> views() const {
        std::vector<const SessionView*> all;
        for (const Held& held : held_)
            all.push_back(&held.session->view());
        return all;
    }
    const Action* notice_action(std::uint64_t notice) const {
        return shown().notice_action(notice);
    }
    // Something to be said in the tab that is looked at; its button does `action` (null: none).
    void tell(const Notice& notice, const Action* action = nullptr) {
        shown().tell(notice, action);
    }
    // A job is waiting or running in any tab.
    bool busy() const;
    const std::vector<TabView>& tabs() const { return tabs_; }
    TabId shown_tab() const { return held_[shown_].id; }
    // Where this person's projects without a name lie; empty: nothing is kept.
    const SessionParams& params() const { return params_; }
    // The program is asked to end: false when something would be lost, which the shown tab then
    // says; asked again it is true.
    bool may_quit();

  private:
    struct Held {
        TabId id = 0;
        std::unique_ptr<Session> session;
        TabId from =
            0; // the tab that was looked at when this one was made for a file, until it opens
    };
    Session& shown() const { return *held_[shown_].session; }
    Held make();
    void open(const OpenFile& action);
    void close(std::size_t tab, bool sure);
    void select(std::size_t tab);
    std::size_t index_of(TabId tab) const; // held_.size(): none
    bool drop_failed();                    // tabs whose file did not open; true when one went
    bool bury();                           // sessions whose last work is done; true when one went
    void list_tabs();

    SessionParams params_;
    OpenList open_list_;
    TabId last_id_ = 0;
    std::vector<Held> held_;
    std::size_t shown_ = 0;
    std::vector<std::unique_ptr<Session>> closing_; // writing down what is left
    std::vector<TabView> tabs_;
    bool quit_refused_ = false;
};

} // namespace mw::session
