// Requests that leave this machine and cost money.
#include <fmt/format.h>

#include <algorithm>

#include "session/session_impl.h"

namespace mw::session {
namespace {

void keep_known(std::string& value, const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), value) == known.end()) value.clear();
}

} // namespace

void Session::Impl::fit_to_model(RequestSettings& settings) const {
    const edit::ModelCapabilities* m = model();
    if (!m) return;
    keep_known(settings.quality, m->qualities);
    keep_known(settings.complexity, m->complexities);
    keep_known(settings.background, m->backgrounds);
    settings.partials = std::clamp(settings.partials, 0, m->max_partials);
    if (settings.references.size() > static_cast<std::size_t>(std::max(m->max_references, 0)))
        settings.references.resize(static_cast<std::size_t>(std::max(m->max_references, 0)));
}

void Session::Impl::refresh_service() {
    view.service = {};
    view.model_warning.clear();
    if (params.services.info) view.service = params.services.info(view.request.provider);
    if (params.services.warning && model()) view.model_warning = params.services.warning(*model());
}

void Session::Impl::on(const AddReference& a) {
    const edit::ModelCapabilities* m = model();
    if (!m || m->max_references < 1)
        return notify(Severity::info, "This model takes no references; choose another one.");
    if (view.request.references.size() >= static_cast<std::size_t>(m->max_references))
        return notify(Severity::info,
                      fmt::format("{} takes at most {} references; remove one first.", m->label,
                                  m->max_references));
    submit(worker::ReferenceJob{view.document_id, a.path}, JobKind::reference,
           "Reference " + display_path(a.path.filename()));
}

void Session::Impl::on(const RemoveReference& a) {
    if (a.index >= view.request.references.size()) return;
    view.request.references.erase(view.request.references.begin() +
                                  static_cast<std::ptrdiff_t>(a.index));
    planned_revision = ~0ull; // another price
}

void Session::Impl::on(const ServicesChanged&) {
    refresh_service();
}

void Session::Impl::on(const ForgetLeftOver& a) {
    if (params.services.forget) params.services.forget(a.entry);
}

void Session::Impl::on_outcome(const worker::JobEvent&, worker::ReferenceLoaded& loaded) {
    view.request.references.push_back(std::move(loaded.reference));
    fit_to_model(view.request);
    planned_revision = ~0ull;
}

void Session::Impl::on_fate(const worker::JobEvent& event, const edit::RequestFate& fate) {
    if (JobView* entry = job(event.job)) entry->fate = fate;
    refresh_service();
}

void Session::Impl::tell_unknown(const JobView& entry, const std::string& message) {
    if (!entry.fate || entry.fate->outcome != edit::Outcome::unknown) return;
    std::string text = message;
    if (text.empty())
        text = fmt::format("Cancelled here{}. It may have been charged, up to ${:.3f}.",
                           entry.can_stop ? "" : "; the service cannot be stopped",
                           entry.fate->most_usd);
    // Nothing is bought a second time by itself: that is the artist's to say.
    notify(Severity::warning, std::move(text), "Run again", Run{});
}

void Session::Impl::deliver_answers() {
    for (const auto& [engine, entry] : journaled)
        engine->delivered(entry);
    journaled.clear();
}

void Session::Impl::offer_left_over() {
    constexpr std::size_t kMost = 3;
    for (std::size_t i = 0; i < params.services.left_over.size(); ++i) {
        const LeftOver& left = params.services.left_over[i];
        if (i == kMost)
            return notify(Severity::warning,
                          fmt::format("{} more paid requests of earlier runs wait; maskwright jobs "
                                      "lists them.",
                                      params.services.left_over.size() - kMost));
        if (left.entry.empty())
            notify(Severity::warning, left.text);
        else if (left.picture.empty())
            notify(Severity::warning, left.text, "Do not tell again", ForgetLeftOver{left.entry});
        else
            notify(Severity::warning, left.text, "Open the answer", OpenFile{left.picture});
    }
}

} // namespace mw::session
