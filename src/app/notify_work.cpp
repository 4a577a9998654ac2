#include "app/notify_work.h"

#include <fmt/format.h>

#include <chrono>

namespace mw::app {
namespace {

using session::JobState;

std::string price(const session::JobView& job, const session::SessionView& view) {
    if (!job.paid) return {};
    std::optional<double> usd;
    if (job.fate) usd = job.fate->actual_usd;
    // Of the whole request, where it was made in parts.
    if (view.document != nullptr && job.state == JobState::finished) {
        const project::IterationTree& tree = view.document->tree;
        const project::Iteration& newest = tree.at(static_cast<int>(tree.size()) - 1);
        if (newest.cost.actual_usd) usd = newest.cost.actual_usd;
    }
    if (usd) return fmt::format(" It cost ${:.2f}.", *usd);
    if (job.fate && job.fate->most_usd > 0)
        return fmt::format(" It cost at most ${:.2f}.", job.fate->most_usd);
    return {};
}

std::string seconds(const session::JobView& job) {
    const double s = std::chrono::duration<double>(job.ended - job.submitted).count();
    return s < 90 ? fmt::format("{:.0f} s", s) : fmt::format("{:.0f} min", s / 60);
}

} // namespace

desktop::Notification notification_of(const session::JobView& job,
                                      const session::SessionView& view) {
    if (job.state == JobState::finished)
        return {"The answer is there",
                fmt::format("The request ended after {}.{}", seconds(job), price(job, view)),
                false};
    std::string text = "The request failed; the window says why.";
    if (job.paid && job.fate) {
        text += " ";
        text += edit::meaning(job.fate->outcome);
        if (job.fate->outcome != edit::Outcome::not_sent &&
            job.fate->outcome != edit::Outcome::refused)
            text += price(job, view);
    }
    return {"No answer came", std::move(text), true};
}

void NotifyWork::look(const session::Desk& desk, bool focused, bool wanted) {
    for (const session::SessionView* view : desk.views()) {
        for (const session::JobView& job : view->jobs) {
            if (job.kind != session::JobKind::edit) continue;
            const std::pair key{view->document_id, job.id};
            if (job.state == JobState::waiting || job.state == JobState::running) {
                going_.insert(key);
                continue;
            }
            if (going_.erase(key) == 0 || job.state == JobState::cancelled) continue;
            if (!focused && wanted) notifier_.tell(notification_of(job, *view));
        }
    }
}

} // namespace mw::app
