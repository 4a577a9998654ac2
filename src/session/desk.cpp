#include "session/desk.h"

#include <algorithm>

namespace mw::session {
namespace {

namespace fs = std::filesystem;

bool opening(const SessionView& view) {
    return std::any_of(view.jobs.begin(), view.jobs.end(),
                       [](const JobView& job) { return job.kind == JobKind::open; });
}

bool same_file(const fs::path& a, const fs::path& b) {
    if (a.empty() || b.empty()) return false;
    if (a.lexically_normal() == b.lexically_normal()) return true;
    std::error_code ignored;
    return fs::equivalent(a, b, ignored) && !ignored;
}

// Of the document, to be seen in a list of tabs.
TabView tab_view(TabId id, const Session& session) {
    const SessionView& view = session.view();
    TabView tab;
    tab.id = id;
    for (const JobView& job : view.jobs) {
        const bool going = job.state == JobState::waiting || job.state == JobState::running;
        if (going && !is_quiet(job.kind)) tab.busy = true;
        if (job.kind == JobKind::open) tab.title = job.label;
    }
    if (view.document != nullptr) {
        tab.title = view.title;
        tab.file = view.project.path.empty() ? view.document->path : view.project.path;
        tab.read_only = view.project.read_only;
    }
    tab.trouble = !view.project.trouble.empty();
    return tab;
}

} // namespace

Desk::Desk(SessionParams params) : params_(std::move(params)), open_list_(params_.state_folder) {
    if (!params_.recent) params_.recent = std::make_shared<RecentFiles>(params_.state_folder);
    if (!params_.preferences)
        params_.preferences = std::make_shared<PreferenceFile>(params_.state_folder);
    held_.push_back(make());
    // Only the first tells of what earlier runs left.
    params_.services.left_over.clear();
    for (const fs::path& project : open_list_.take_left_open()) {
        std::error_code ignored;
        if (!fs::exists(project, ignored)) continue; // cut off before there was anything in it
        OpenFile again{project};
        again.recovers = true;
        open(again);
    }
    select(0);
    list_tabs();
}

Desk::~Desk() {
    open_list_.forget();
}

Desk::Held Desk::make() {
    Held held;
    held.id = ++last_id_;
    held.session = std::make_unique<Session>(params_);
    if (held_.empty()) return held;
    RequestSettings request = view().request;
    request.crop.reset();
    request.references.clear();
    held.session->apply(SetRequest{std::move(request)});
    return held;
}

void Desk::apply(const Action& action) {
    quit_refused_ = false;
    if (const auto* file = std::get_if<OpenFile>(&action)) {
        open(*file);
    } else if (const auto* closed = std::get_if<CloseDocument>(&action)) {
        close(closed->tab == 0 ? shown_ : index_of(closed->tab), closed->discard);
    } else if (const auto* chosen = std::get_if<SelectTab>(&action)) {
        select(index_of(chosen->tab));
    } else if (const auto* step = std::get_if<StepTab>(&action)) {
        const int count = static_cast<int>(held_.size());
        const int to = static_cast<int>(shown_) + step->by;
        select(static_cast<std::size_t>((to % count + count) % count));
    } else {
        shown().apply(action);
    }
    list_tabs();
}

void Desk::open(const OpenFile& action) {
    for (std::size_t i = 0; i < held_.size(); ++i) {
        const SessionView& view = held_[i].session->view();
        if (view.document == nullptr) continue;
        if (same_file(action.path, view.document->path) ||
            same_file(action.path, view.project.path))
            return select(i);
    }
    if (shown().view().document != nullptr || opening(shown().view())) {
        Held added = make();
        added.from = shown_tab();
        held_.insert(held_.begin() + static_cast<std::ptrdiff_t>(shown_) + 1, std::move(added));
        select(shown_ + 1);
    }
    shown().apply(action);
}

void Desk::select(std::size_t tab) {
    if (tab >= held_.size() || tab == shown_) return;
    const SessionView& from = view();
    // What is in the artist's hand stays there.
    const Actions hand{SetTool{from.tool}, SetBrush{from.brush}, SetMaskStyle{from.mask_style}};
    shown_ = tab;
    for (const Action& action : hand)
        shown().apply(action);
}

void Desk::close(std::size_t tab, bool sure) {
    if (tab >= held_.size()) return;
    Session& session = *held_[tab].session;
    session.apply(CloseDocument{sure});
    if (session.view().document != nullptr) return select(tab); // it asks something
    if (held_.size() == 1) return;
    // What it still has to write down goes on unseen.
    closing_.push_back(std::move(held_[tab].session));
    const std::size_t next = tab < shown_ || shown_ + 1 == held_.size() ? shown_ - 1 : shown_;
    if (tab == shown_) {
        const SessionView& from = closing_.back()->view();
        const std::size_t seen = tab + 1 < held_.size() ? tab + 1 : tab - 1;
        for (const Action& action : {Action(SetTool{from.tool}), Action(SetBrush{from.brush}),
                                     Action(SetMaskStyle{from.mask_style})})
            held_[seen].session->apply(action);
    }
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(tab));
    shown_ = std::min(next, held_.size() - 1);
}

std::size_t Desk::index_of(TabId tab) const {
    const auto at = std::find_if(held_.begin(), held_.end(),
                                 [tab](const Held& held) { return held.id == tab; });
    return static_cast<std::size_t>(at - held_.begin());
}

bool Desk::pump() {
    bool any = false;
    for (std::size_t i = 0; i < held_.size(); ++i)
        any |= held_[i].session->pump() && i == shown_;
    any |= drop_failed();
    any |= bury();
    const std::vector<TabView> before = tabs_;
    list_tabs();
    return any || before != tabs_;
}

bool Desk::drop_failed() {
    bool any = false;
    for (std::size_t i = 0; i < held_.size();) {
        Held& held = held_[i];
        const SessionView& view = held.session->view();
        if (view.document != nullptr) held.from = 0;
        const std::size_t from = held.from != 0 ? index_of(held.from) : held_.size();
        if (from == held_.size() || opening(view)) {
            ++i;
            continue;
        }
        // What is wrong with the file is said where it was asked for.
        for (const Notice& notice : view.notices)
            held_[from].session->tell(notice, held.session->notice_action(notice.id));
        if (i == shown_) select(from);
        const TabId seen = shown_tab();
        held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
        shown_ = index_of(seen);
        any = true;
    }
    return any;
}

bool Desk::bury() {
    for (auto& session : closing_)
        session->pump();
    return std::erase_if(closing_, [](const auto& session) { return !session->busy(); }) > 0;
}

bool Desk::busy() const {
    return !closing_.empty() || std::any_of(held_.begin(), held_.end(),
                                            [](const Held& held) { return held.session->busy(); });
}

bool Desk::may_quit() {
    if (quit_refused_) return true;
    for (std::size_t i = 0; i < held_.size(); ++i) {
        if (held_[i].session->view().document == nullptr) continue;
        if (held_[i].session->may_end()) continue;
        select(i);
        quit_refused_ = true;
    }
    list_tabs();
    return !quit_refused_;
}

void Desk::list_tabs() {
    tabs_.clear();
    std::vector<fs::path> open;
    for (const Held& held : held_) {
        tabs_.push_back(tab_view(held.id, *held.session));
        const ProjectView& project = held.session->view().project;
        if (!project.path.empty() && !project.read_only) open.push_back(project.path);
    }
    open_list_.write(open);
}

} // namespace mw::session
