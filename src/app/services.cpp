#include "app/services.h"

#include <fmt/format.h>

#include "app/places.h"
#include "base/file.h"
#include "provider/journal.h"
#include "provider/keys.h"
#include "provider/ledger.h"
#include "provider/registry.h"

namespace mw::app {
namespace {

namespace fs = std::filesystem;

bool speaks_openai(const std::string& provider) {
    return provider.starts_with("openai");
}

session::ServiceInfo info_of(const std::string& provider) {
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
    if (const auto spent = provider::Ledger(params->calls.ledger).spending(provider::today())) {
        info.spent_usd = spent->known;
        info.uncertain_usd = spent->uncertain + spent->pending;
    }
    return info;
}

// A whole answer of an earlier run, written where the window can open it; empty: none came.
fs::path recovered(const provider::JournalRecord& record) {
    provider::JournalRecord local = record;
    local.remote_job.clear(); // the network is not asked at a start
    if (local.response_bytes == 0 || !speaks_openai(record.request.provider)) return {};
    const auto params = provider::openai_params(record.request.provider);
    if (!params) return {};
    const auto result = provider::recover_answer(*params, local, {});
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
