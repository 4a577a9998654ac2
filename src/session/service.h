// What the session knows of services, given to it by whoever owns them.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "edit/model.h"
#include "worker/mask_job.h"

namespace mw::session {

// Of the provider that is chosen.
struct ServiceInfo {
    std::string origin;               // "https://api.openai.com"; empty: the engine of this machine
    bool has_key = false;             // one is known without asking the desktop's keyring
    std::string key_from;             // "the environment"
    bool needs_key = true;            // else it answers without one
    double project_usd = 0;           // today, on the open picture
    double spent_usd = 0;             // today, as services reported it
    double uncertain_usd = 0;         // today, that may have been charged
    std::optional<double> budget_usd; // a day's; absent: none
    std::string problem;              // why it cannot be used; a sentence
    bool operator==(const ServiceInfo&) const = default;
};

// Of an earlier run: a paid request whose answer never reached a picture.
struct LeftOver {
    std::string entry;             // of the journal; empty: there is none
    std::string text;              // what became of it, for people
    std::filesystem::path picture; // the answer as received; empty: none came
};

// What the service said of its own models, for the key that is used.
struct Catalogue {
    bool asking = false;
    std::optional<std::vector<edit::OfferedModel>> models; // the newest answer; absent: none yet
    std::string asked;                                     // when that was, for people
    std::string problem;                                   // of the last try; empty: none
};

// Quick, called on the session's thread, unless it says otherwise.
struct Services {
    std::function<ServiceInfo(const std::string& provider, const std::string& project)> info;
    // Of a model's end, or empty.
    std::function<std::string(const edit::ModelCapabilities&)> warning;
    // Under which name a provider's models are listed by its service; empty: they are not.
    std::function<std::string(const std::string& provider)> catalogue_name;
    // The newest answer that is still good; and a new one, asked on another thread.
    std::function<std::optional<Catalogue>(const std::string& name)> kept_catalogue;
    std::function<Result<std::vector<edit::OfferedModel>>(const std::string& name, std::stop_token)>
        ask_catalogue;
    // What lies under clicks, asked of a program on another thread; empty: there is none.
    worker::AskedShape::Ask click_select;
    std::vector<LeftOver> left_over;
    // Nobody needs the entry any more: its answer was opened, or the artist knows.
    std::function<void(const std::string& entry)> forget;
};

} // namespace mw::session
