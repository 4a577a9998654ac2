// The edge-following lasso: anchors, the ways between them, the live way to the pointer.
#include "session/session_impl.h"

namespace mw::session {
namespace {

Point inside(Point p, Size size) {
    return {std::clamp(p.x, 0, size.width - 1), std::clamp(p.y, 0, size.height - 1)};
}

constexpr int kLive = -1;

} // namespace

void Session::Impl::drop_wire() {
    for (const auto& [id, stretch] : work.wire_jobs)
        worker->cancel(id);
    work.wire_jobs.clear();
    work.wire_next.reset();
    view.selection.wire.reset();
}

void Session::Impl::find_stretch(int stretch, Point from, Point to) {
    const auto id = submit(worker::WireJob{view.document_id, select_bench(), from, to},
                           JobKind::mask, "Follow the edge");
    work.wire_jobs.emplace(id, stretch);
}

void Session::Impl::on(const WireTo& a) {
    auto& wire = view.selection.wire;
    if (!document || !wire || wire->closing) return;
    const Point to = inside(a.at, document->mask.size());
    if (!wire->live.empty() && wire->live.back() == to) return;
    for (const auto& [id, stretch] : work.wire_jobs)
        if (stretch == kLive) { // one at a time, then to where the pointer is by then
            work.wire_next = to;
            return;
        }
    find_stretch(kLive, wire->anchors.back(), to);
}

void Session::Impl::on(const WireAnchor& a) {
    auto& wire = view.selection.wire;
    if (!document || stroke || (wire && wire->closing)) return;
    const Point at = inside(a.at, document->mask.size());
    if (!wire) {
        wire.emplace();
        wire->anchors = {at};
        return;
    }
    if (wire->anchors.back() == at) return;
    const bool known = !wire->live.empty() && wire->live.front() == wire->anchors.back() &&
                       wire->live.back() == at;
    wire->stretches.push_back(known ? wire->live : std::vector<Point>());
    // The way to the pointer begins here now.
    std::erase_if(work.wire_jobs, [&](const auto& job) {
        if (job.second == kLive) worker->cancel(job.first);
        return job.second == kLive;
    });
    work.wire_next.reset();
    wire->live.clear();
    if (!known)
        find_stretch(static_cast<int>(wire->stretches.size()) - 1, wire->anchors.back(), at);
    wire->anchors.push_back(at);
}

void Session::Impl::on(const WireBack&) {
    auto& wire = view.selection.wire;
    if (!wire || wire->closing) return;
    if (wire->anchors.size() == 1) return drop_wire();
    const int last = static_cast<int>(wire->stretches.size()) - 1;
    std::erase_if(work.wire_jobs, [&](const auto& job) {
        const bool gone = job.second == last || job.second == kLive;
        if (gone) worker->cancel(job.first);
        return gone;
    });
    wire->anchors.pop_back();
    wire->stretches.pop_back();
    wire->live.clear();
}

void Session::Impl::on(const WireClose& a) {
    auto& wire = view.selection.wire;
    if (!wire || wire->closing) return;
    if (wire->anchors.size() < 2) {
        drop_wire();
        return notify(Severity::info, "Set at least two points along the edge before closing it.");
    }
    const Point first = wire->anchors.front();
    on(WireAnchor{first});
    wire->closing = true;
    work.wire_mode = a.mode;
    close_wire();
}

// Selects once every stretch is known.
void Session::Impl::close_wire() {
    auto& wire = view.selection.wire;
    if (!wire || !wire->closing) return;
    worker::PolygonShape line;
    for (const std::vector<Point>& stretch : wire->stretches) {
        if (stretch.empty()) return;
        for (const Point& p : stretch)
            line.points.push_back({p.x + 0.5, p.y + 0.5});
    }
    drop_wire();
    on(Select{std::move(line), work.wire_mode});
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::Wired& found) {
    auto& wire = view.selection.wire;
    const auto job = work.wire_jobs.find(event.job);
    if (!wire || job == work.wire_jobs.end()) return;
    if (job->second == kLive)
        wire->live = std::move(found.path);
    else
        wire->stretches[static_cast<std::size_t>(job->second)] = std::move(found.path);
}

void Session::Impl::after_wire_job(const worker::JobEvent& event) {
    const auto job = work.wire_jobs.find(event.job);
    if (job == work.wire_jobs.end()) return;
    const bool live = job->second == kLive;
    work.wire_jobs.erase(job);
    if (!std::holds_alternative<worker::Finished>(event.what) && !live) return drop_wire();
    if (live && work.wire_next) {
        const Point to = *work.wire_next;
        work.wire_next.reset();
        on(WireTo{to});
    }
    close_wire();
}

} // namespace mw::session
