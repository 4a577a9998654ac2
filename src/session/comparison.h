// What a session remembers of its comparison beside what is shown of it. For the room only.
#pragma once

#include <map>
#include <set>

#include "session/compare_state.h"

namespace mw::session {

struct Comparison {
    // Whole pictures of iterations that are on the canvas; another graft is another picture.
    struct Held {
        std::uint64_t patch = 0; // its identity
        image::ImageRef picture;
    };
    std::map<project::IterationId, Held> held;
    std::set<project::IterationId> used; // of those, since the last look

    struct Raw {
        image::ImageRef picture; // null: on its way, or it failed
        image::ImageRef parent;
        std::string note;
        worker::JobId job = 0; // 0: over
    };
    std::map<project::IterationId, Raw> raws;

    struct File {
        CompareFile listed;
        image::ImageRef picture;
        image::DisplayTransform display;
        std::string note;
        worker::JobId job = 0;
        bool as_b = false;
    };
    std::vector<File> files;
    int last_file = 0;

    // What the figures and the heat map on hand are of, and what is asked for.
    struct Key {
        image::ImageRef a, b;
        image::DisplayTransform display_a, display_b;
        Point nudge;
        std::uint64_t mask = 0; // revision of the document's mask, when that is meant
        int metric = -1;
        double gain = 0, distance = 0;
        bool operator==(const Key&) const = default;
    };
    Key figures_of, heat_of;
    worker::JobId figures_job = 0, heat_job = 0;
    std::shared_ptr<const worker::PairFigures> figures;
    std::string figures_problem;
    worker::HeatMade heat;

    struct Judged {
        std::uint64_t patch = 0;                         // its identity
        std::shared_ptr<const compare::DiffStats> stats; // null: it failed
        double distance = 0;
    };
    std::map<project::IterationId, Judged> judged;
    worker::JobId candidate_job = 0;
};

} // namespace mw::session
