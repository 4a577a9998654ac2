// What was spent, a file for each day: lines that are only ever added, each synced.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "edit/fate.h"

namespace mw::provider {

// USD of one day.
struct DaySpending {
    double known = 0;     // what services reported
    double pending = 0;   // at most, of requests that are not over
    double uncertain = 0; // at most, of requests whose fate is unknown
    int requests = 0;
    double most() const { return known + pending + uncertain; }
    void add(const DaySpending& other) {
        known += other.known, pending += other.pending, uncertain += other.uncertain;
        requests += other.requests;
    }
};

// Several programs may write at once: each line goes out under a lock of the file.
class Ledger {
  public:
    explicit Ledger(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Books `most_usd` as pending on `day` ("2026-11-27"). Refused, with the figures, when the day
    // would then be above `day_budget`; nothing is booked. Errors: of the file system; then nothing
    // may be sent.
    Status reserve(const std::string& day, const std::string& entry, const std::string& provider,
                   const std::string& model, double most_usd, std::optional<double> day_budget,
                   const std::string& project = {});
    // What it came to.
    Status settle(const std::string& day, const std::string& entry, const edit::RequestFate& fate);
    Result<DaySpending> spending(const std::string& day) const;
    // The same by project ("" for requests of none).
    Result<std::map<std::string, DaySpending>> by_project(const std::string& day) const;
    // The days that anything is booked on, oldest first.
    std::vector<std::string> days() const;

  private:
    std::filesystem::path folder_;
};

} // namespace mw::provider
