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
    keep_known(settings.input_fidelity, m->input_fidelities);
    keep_known(settings.format, m->formats);
    if (settings.format != "jpeg" && settings.format != "webp") settings.compression.reset();
    if (settings.compression) *settings.compression = std::clamp(*settings.compression, 0, 100);
    settings.partials = std::clamp(settings.partials, 0, m->max_partials);
    if (settings.references.size() > static_cast<std::size_t>(std::max(m->max_references, 0)))
        settings.references.resize(static_cast<std::size_t>(std::max(m->max_references, 0)));
}

void Session::Impl::refresh_service() {
    view.service = {};
    view.model_warning.clear();
    if (params.services.info)
        view.service = params.services.info(view.request.provider, edit_params().project);
    if (params.services.warning && model()) view.model_warning = params.services.warning(*model());
    ask_catalogue(false);
}

void Session::Impl::ask_catalogue(bool again) {
    const Services& s = params.services;
    const std::string name = s.catalogue_name ? s.catalogue_name(view.request.provider) : "";
    view.lists_models = !name.empty() && s.ask_catalogue;
    if (!view.lists_models) return refresh_catalogue();
    if (!catalogues.contains(name) && s.kept_catalogue)
        if (auto kept = s.kept_catalogue(name)) take_catalogue(name, std::move(*kept));
    const bool known = catalogues.contains(name);
    const bool may = again || (!known && view.service.has_key);
    if (may && !(known && catalogues[name].asking)) {
        catalogues[name].asking = true;
        worker::CatalogueJob job;
        job.document = view.document_id;
        job.provider = name;
        job.ask = [ask = s.ask_catalogue, name](std::stop_token stop) { return ask(name, stop); };
        catalogue_jobs[submit(std::move(job), JobKind::catalogue, "Models")] = name;
    }
    refresh_catalogue();
}

void Session::Impl::take_catalogue(const std::string& name, Catalogue catalogue) {
    // What the service says of a model's end is newer than any table.
    if (catalogue.models)
        for (edit::ModelCapabilities& known : view.models) {
            if (params.services.catalogue_name(known.provider) != name) continue;
            for (const edit::OfferedModel& offered : *catalogue.models)
                if (offered.id == known.id && !offered.shutdown.empty())
                    known.shutdown = offered.shutdown;
        }
    catalogues[name] = std::move(catalogue);
}

void Session::Impl::refresh_catalogue() {
    view.catalogue = {};
    if (!view.lists_models) return;
    const auto it = catalogues.find(params.services.catalogue_name(view.request.provider));
    if (it != catalogues.end()) view.catalogue = it->second;
}

void Session::Impl::on(const AskCatalogue&) {
    ask_catalogue(true);
}

void Session::Impl::on_outcome(const worker::JobEvent&, worker::Catalogued& answer) {
    Catalogue catalogue;
    catalogue.models = std::move(answer.models);
    catalogue.asked = "just now";
    take_catalogue(answer.provider, std::move(catalogue));
    refresh_service();
}

std::string Session::Impl::continued() const {
    if (!document || !model() || !model()->converses || anew_from == document->base) return {};
    const auto said = conversations.find(document->base);
    return said == conversations.end() ? std::string() : said->second.service_id;
}

void Session::Impl::on(const BeginConversation& a) {
    anew_from.reset();
    if (a.anew && document) anew_from = document->base;
}

void Session::Impl::refresh_conversation() {
    ConversationView& talk = view.conversation;
    talk = {};
    if (!document || !model() || !model()->converses) return;
    for (project::IterationId id = document->base; id != 0; id = document->tree.at(id).parent) {
        const auto said = conversations.find(id);
        if (said == conversations.end()) break;
        talk.turns.insert(talk.turns.begin(),
                          {id, document->tree.at(id).prompt, said->second.understood});
    }
    talk.anew = !talk.turns.empty() && anew_from == document->base;
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
    conversations.clear();
    anew_from.reset();
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
