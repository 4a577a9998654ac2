// The tree of iterations as a list: search, stars, names, notes, branches folded, what is compared,
// two results combined, the trash.
#pragma once

#include "project/search.h"
#include "session/action.h"
#include "session/history.h"
#include "ui/thumbnails.h"

namespace mw::ui {

struct HistoryState {
    bool open = false;
    bool focus_search = false;
    bool trash = false; // what is in it is listed instead
    std::string query, query_problem;
    project::Query parsed;
    std::string parsed_text; // what `parsed` was made of

    // Name and note of one iteration, while they are written.
    project::IterationId writing = -1;
    std::string name, note;
    bool focus_name = false;

    project::IterationId scrolled_to = -1;
    worker::DocumentId document = 0; // of the above
    ThumbnailCache thumbnails;
};

// The contents of its region.
void draw_history(const session::SessionView& view, HistoryState& state, session::Actions& out);

// Sides of the comparison, as the panel's buttons set them.
void compare_with(const session::SessionView& view, project::IterationId id, bool as_b,
                  session::Actions& out);

} // namespace mw::ui
