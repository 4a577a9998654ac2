#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "provider/journal.h"
#include "provider/ledger.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {"--output", "-o", 1, "OUT",
     "of recover: the file for the answer; OUT-1, OUT-2 ... of several"},
    kBaseUrlOption,
    kForceHttpOption,
    kOverwriteOption,
    kJsonOption,
};

// What of it can be had without asking anybody.
bool has_answer(const ParsedArgs& args, provider::JournalRecord record) {
    record.remote_job.clear();
    const auto options = backend_options(args);
    return options && provider::recover_entry(*options, record, {}).has_value();
}

Json describe(const ParsedArgs& args, const provider::JournalRecord& record) {
    const provider::JournalRequest& r = record.request;
    Json json;
    json["entry"] = r.id;
    json["created"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time_t{r.created}));
    json["provider"] = r.provider;
    json["model"] = r.model;
    json["prompt"] = r.prompt.substr(0, 400);
    const bool answer = record.response_bytes > 0 && has_answer(args, record);
    // A program that ended after the last byte of an answer and before the picture had it.
    const bool late = record.interrupted && answer;
    json["outcome"] = to_string(late ? edit::Outcome::answered : record.outcome);
    json["interrupted"] = record.interrupted;
    json["recoverable"] = answer || !record.remote_job.empty();
    json["meaning"] = record.message.empty()
                          ? std::string(meaning(late ? edit::Outcome::answered : record.outcome))
                          : record.message;
    json["most_usd"] = r.most_usd;
    if (record.actual_usd) json["actual_usd"] = *record.actual_usd;
    if (!record.service_request_id.empty()) json["service_request_id"] = record.service_request_id;
    json["crop"] = to_json(r.crop);
    json["request_size"] = to_json(r.request_size);
    json["response_bytes"] = record.response_bytes;
    return json;
}

Json to_json(const provider::DaySpending& spent) {
    return {{"known_usd", spent.known},
            {"pending_usd", spent.pending},
            {"uncertain_usd", spent.uncertain},
            {"requests", spent.requests}};
}

// Today, each of the last days, and each project over those.
Status add_ledger(Json& json, const provider::Ledger& ledger) {
    constexpr std::size_t kMostDays = 31;
    std::vector<std::string> days = ledger.days();
    if (days.size() > kMostDays)
        days.erase(days.begin(), days.end() - static_cast<std::ptrdiff_t>(kMostDays));
    json["today"] = to_json(provider::DaySpending{});
    std::map<std::string, provider::DaySpending> projects;
    for (const std::string& day : days) {
        const auto spent = ledger.by_project(day);
        if (!spent) return tl::unexpected(spent.error());
        provider::DaySpending sum;
        for (const auto& [project, part] : *spent) {
            sum.add(part);
            projects[project].add(part);
        }
        json["days"][day] = to_json(sum);
        if (day == provider::today()) json["today"] = to_json(sum);
    }
    for (const auto& [project, sum] : projects)
        json["projects"][project.empty() ? "none" : project] = to_json(sum);
    return {};
}

CommandResult list(const ParsedArgs& args, const std::filesystem::path& state) {
    auto records = provider::read_journal(provider::journal_folder(state));
    if (!records) return failure(records);
    Json json, entries = Json::array();
    for (const provider::JournalRecord& record : *records)
        entries.push_back(describe(args, record));
    if (Status ok = add_ledger(json, provider::Ledger(provider::ledger_folder(state))); !ok)
        return failure(ok);
    json["entries"] = std::move(entries);
    print_result(json, args);
    return {};
}

CommandResult recover(const ParsedArgs& args, const std::filesystem::path& journal,
                      const std::string& id) {
    if (auto ok = require(kJobsVerb.spec, args, {"--output"}); !ok) return ok;
    auto record = provider::read_journal_record(journal, id);
    if (!record) return failure(record);
    auto options = backend_options(args);
    if (!options) return usage_failure(options);
    const InterruptWatch watch;
    auto result = provider::recover_entry(*options, *record, watch.token());
    if (!result) return failure(result);
    const auto names = output_names(*args.value("--output"), result->answers.size());
    for (const std::string& name : names)
        if (Status ok = check_output(name, args); !ok) return failure(ok);
    Json json = describe(args, *record);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (Status ok = write_file_atomic(names[i], result->answers[i].bytes); !ok)
            return failure(ok);
        json["outputs"].push_back(names[i]);
    }
    // Safe in the files now.
    if (Status ok = provider::forget_journal_entry(journal, id); !ok)
        print_note(ok.error().message);
    const Rect& crop = record->request.crop;
    print_note(
        fmt::format("graft it with: maskwright composite SOURCE --result {} --mask MASK "
                    "--crop {},{},{},{} -o OUT",
                    names.front(), crop.x, crop.y, crop.width, crop.height));
    print_result(json, args);
    return {};
}

CommandResult run_jobs(const ParsedArgs& args) {
    const auto state = provider::state_folder();
    if (state.empty())
        return usage_failure("Neither HOME nor XDG_STATE_HOME is set, so there is no journal.");
    const std::string what = args.operands.empty() ? "list" : args.operands[0];
    const auto journal = provider::journal_folder(state);
    if (what == "list" && args.operands.size() <= 1) return list(args, state);
    if ((what == "recover" || what == "forget") && args.operands.size() == 2) {
        if (what == "recover") return recover(args, journal, args.operands[1]);
        if (Status ok = provider::forget_journal_entry(journal, args.operands[1]); !ok)
            return failure(ok);
        return {};
    }
    return usage_failure("jobs wants: list, recover ENTRY -o OUT, or forget ENTRY.");
}

} // namespace

const Verb kJobsVerb{
    {"jobs", "[list|recover ENTRY|forget ENTRY]", 0, 2,
     "paid requests that were cut off, their answers, and today's spending", kOptions},
    run_jobs};

} // namespace mw::cli
