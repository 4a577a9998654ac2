#include "app/services.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/places.h"
#include "base/file.h"
#include "learned/click_model.h"
#include "mask/mask_image.h"
#include "provider/iopaint_backend.h"
#include "provider/journal.h"
#include "provider/keys.h"
#include "provider/ledger.h"
#include "provider/proxy.h"
#include "provider/registry.h"
#include "provider/services.h"

namespace mw::app {
namespace {

namespace fs = std::filesystem;

bool speaks_openai(const std::string& provider) {
    return provider.starts_with("openai");
}

session::ServiceInfo info_of(const std::string& provider, const std::string& project) {
    session::ServiceInfo info;
    if (!speaks_openai(provider)) return info;
    const auto params = provider::openai_params(provider);
    if (!params) {
        info.problem = params.error().message;
        return info;
    }
    info.origin = params->base.origin();
    info.needs_key = params->key_needed;
    if (const auto key = provider::keys().find_quick(info.origin, params->key_variables);
        key && *key) {
        info.has_key = true;
        info.key_from = to_string((*key)->source);
    }
    info.budget_usd = params->calls.day_budget;
    if (const auto spent = provider::Ledger(params->calls.ledger).by_project(provider::today()))
        for (const auto& [name, part] : *spent) {
            info.spent_usd += part.known;
            info.uncertain_usd += part.uncertain + part.pending;
            if (!project.empty() && name == project) info.project_usd = part.known;
        }
    return info;
}

// A whole answer of an earlier run, written where the window can open it; empty: none came.
fs::path recovered(const provider::JournalRecord& record) {
    provider::JournalRecord local = record;
    local.remote_job.clear(); // the network is not asked at a start
    if (local.response_bytes == 0) return {};
    const auto result = provider::recover_entry({}, local, {});
    if (!result || result->answers.empty()) return {};
    const fs::path folder = state_folder() / "recovered";
    std::error_code error;
    fs::create_directories(folder, error);
    const edit::Answer& answer = result->answers.front();
    const std::string ending = answer.media_type.substr(answer.media_type.find('/') + 1);
    const fs::path file = folder / (record.request.id + "." + ending);
    if (!write_file_atomic(file, answer.bytes)) return {};
    return file;
}

session::LeftOver left_over(const provider::JournalRecord& record) {
    const std::string prompt = record.request.prompt.substr(0, 60);
    session::LeftOver left;
    left.entry = record.request.id;
    left.picture = recovered(record);
    const edit::Outcome outcome = left.picture.empty() ? record.outcome : edit::Outcome::answered;
    left.text = outcome == edit::Outcome::answered
                    ? fmt::format(
                          "An earlier run paid for an answer to \"{}\" that never reached a "
                          "picture; it is kept.",
                          prompt)
                    : fmt::format("The request \"{}\" of an earlier run: {}. {}{}", prompt,
                                  to_string(outcome), meaning(outcome),
                                  record.remote_job.empty()
                                      ? ""
                                      : " The service may have it: maskwright jobs recover asks.");
    return left;
}

// What a service said of its models, kept for a day.
fs::path catalogue_file(const std::string& name) {
    return state_folder() / ("models-" + name + ".json");
}

std::optional<session::Catalogue> kept_catalogue(const std::string& name) {
    const auto bytes = read_file(catalogue_file(name), 4u << 20);
    if (!bytes) return std::nullopt;
    const auto json = nlohmann::json::parse(
        std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), nullptr,
        false);
    if (!json.is_object() || !json.contains("models") || !json["models"].is_array() ||
        json.value("day", "") != provider::today())
        return std::nullopt;
    // Another address has other models.
    const auto params = provider::openai_params(name);
    if (!params || json.value("origin", "") != params->base.origin()) return std::nullopt;
    session::Catalogue kept;
    kept.models.emplace();
    kept.asked = "today";
    for (const auto& one : json["models"])
        if (one.is_object() && one.contains("id") && one["id"].is_string())
            kept.models->push_back({one["id"].get<std::string>(),
                                    one.contains("shutdown") && one["shutdown"].is_string()
                                        ? one["shutdown"].get<std::string>()
                                        : ""});
    return kept;
}

Result<std::vector<edit::OfferedModel>> ask_catalogue(const std::string& name,
                                                      std::stop_token stop) {
    const auto params = provider::openai_params(name);
    if (!params) return tl::unexpected(params.error());
    auto listed = provider::list_models(*params, std::move(stop));
    if (!listed) return tl::unexpected(listed.error());
    std::vector<edit::OfferedModel> models;
    nlohmann::json rows = nlohmann::json::array();
    for (provider::RetiredModel& one : *listed) {
        models.push_back({std::move(one.id), one.shutdown.substr(0, 10)});
        rows.push_back({{"id", models.back().id}, {"shutdown", models.back().shutdown}});
    }
    const std::string text = nlohmann::json{
        {"day", provider::today()},
        {"origin", params->base.origin()},
        {"models", rows}}.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
    // Without the file it is asked again next time.
    std::error_code ignored;
    fs::create_directories(state_folder(), ignored);
    (void)write_file_atomic(catalogue_file(name), std::as_bytes(std::span(text)));
    return models;
}

// Where IOPaint has been set up, what it takes for the thing under the clicks.
worker::AskedShape::Ask iopaint_select() {
    if (const auto url = provider::environment_variable("MASKWRIGHT_IOPAINT_URL");
        !url || url->empty())
        return {};
    return [](image::ImageView seen, const std::vector<worker::AskedShape::Click>& clicks,
              std::stop_token stop) -> Result<mask::Mask> {
        auto service = provider::service_named("iopaint", {});
        if (!service) return tl::unexpected(service.error());
        std::vector<provider::Click> there;
        for (const auto& click : clicks)
            there.push_back({click.at, click.belongs});
        auto coverage = provider::select_by_clicks(*service, seen, there, std::move(stop));
        if (!coverage) return tl::unexpected(coverage.error());
        return mask::from_image(coverage->view()).mask;
    };
}

// Where two files of Segment Anything are named, they do.
worker::AskedShape::Ask learned_select() {
    const auto encoder = provider::environment_variable("MASKWRIGHT_CLICK_ENCODER"),
               decoder = provider::environment_variable("MASKWRIGHT_CLICK_DECODER");
    if (!encoder || encoder->empty() || !decoder || decoder->empty()) return {};
    // Read at the first click; asked on the mask lane alone.
    auto kept = std::make_shared<std::optional<learned::ClickModel>>();
    return [encoder = *encoder, decoder = *decoder, kept](
               image::ImageView seen, const std::vector<worker::AskedShape::Click>& clicks,
               std::stop_token stop) -> Result<mask::Mask> {
        if (!*kept) {
            auto model = learned::ClickModel::load(encoder, decoder);
            if (!model) return tl::unexpected(model.error());
            *kept = std::move(*model);
        }
        std::vector<learned::Click> there;
        for (const auto& click : clicks)
            there.push_back({click.at, click.belongs});
        auto coverage = (*kept)->select(seen, there, std::move(stop));
        if (!coverage) return tl::unexpected(coverage.error());
        return mask::from_image(coverage->view()).mask;
    };
}

} // namespace

void add_services(session::SessionParams& params) {
    session::Services& services = params.services;
    for (const std::string& name : provider::provider_names()) {
        if (auto backend = provider::make_backend(name))
            params.backends.push_back(std::move(*backend));
        else if (services.left_over.empty()) // once: the providers share the reason
            services.left_over.push_back({{}, backend.error().message, {}});
    }
    services.info = info_of;
    services.catalogue_name = [](const std::string& provider) {
        return speaks_openai(provider) ? std::string("openai") : std::string();
    };
    services.kept_catalogue = kept_catalogue;
    services.ask_catalogue = ask_catalogue;
    services.click_select = learned_select();
    if (!services.click_select) services.click_select = iopaint_select();
    services.warning = [](const edit::ModelCapabilities& model) {
        return provider::retirement_warning(model, provider::today());
    };
    const fs::path journal = provider::journal_folder(state_folder());
    services.forget = [journal](const std::string& entry) {
        (void)provider::forget_journal_entry(journal, entry);
    };
    if (const auto records = provider::read_journal(journal))
        for (const provider::JournalRecord& record : *records) {
            if (record.outcome == edit::Outcome::not_sent ||
                record.outcome == edit::Outcome::refused) {
                (void)provider::forget_journal_entry(journal, record.request.id); // nothing owed
                continue;
            }
            services.left_over.push_back(left_over(record));
        }
}

std::string set_key(const std::string& provider, std::string key, bool keyring) {
    provider::Secret secret(std::move(key));
    if (!secret.fits_header())
        return "That is no key: it has a space or a character that no key has.";
    const auto params = provider::openai_params(provider);
    if (!params) return params.error().message;
    const std::string origin = params->base.origin();
    provider::keys().set_for_session(origin, secret);
    if (keyring)
        if (const Status stored = provider::Keys::store_in_keyring(origin, secret); !stored)
            return stored.error().message;
    return {};
}

} // namespace mw::app
