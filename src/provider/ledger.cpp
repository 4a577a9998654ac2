#include "provider/ledger.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "provider/payload_json.h"

namespace mw::provider {
namespace {

using Json = nlohmann::json;

tl::unexpected<Error> cannot(const std::filesystem::path& path, int error) {
    return fail(code_from_errno(error),
                fmt::format("Cannot write the ledger {}: {}. Nothing is sent that is not in it.",
                            display_path(path), text_from_errno(error)));
}

// The day's file, locked.
class DayFile {
  public:
    DayFile(const std::filesystem::path& folder, const std::string& day)
        : path_(folder / (day + ".jsonl")) {
        std::error_code ignored;
        std::filesystem::create_directories(folder, ignored);
        fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd_ < 0) {
            error_ = errno;
            return;
        }
        while (::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~DayFile() {
        if (fd_ >= 0) ::close(fd_);
    }
    DayFile(const DayFile&) = delete;
    DayFile& operator=(const DayFile&) = delete;

    Status opened() const { return fd_ >= 0 ? Status{} : Status(cannot(path_, error_)); }
    Status add(const Json& json) const {
        std::string line = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        // A line that a crash cut off must not swallow this one.
        const off_t end = ::lseek(fd_, 0, SEEK_END);
        char last = '\n';
        if (end > 0 && ::pread(fd_, &last, 1, end - 1) == 1 && last != '\n')
            line.insert(line.begin(), '\n');
        for (std::size_t done = 0; done < line.size();) {
            const ssize_t n = ::write(fd_, line.data() + done, line.size() - done);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return cannot(path_, errno);
            done += static_cast<std::size_t>(n);
        }
        return ::fsync(fd_) == 0 ? Status{} : Status(cannot(path_, errno));
    }

  private:
    std::filesystem::path path_;
    int fd_ = -1, error_ = 0;
};

} // namespace

Status Ledger::reserve(const std::string& day, const std::string& entry,
                       const std::string& provider, const std::string& model, double most_usd,
                       std::optional<double> day_budget, const std::string& project) {
    const DayFile file(folder_, day);
    if (Status ok = file.opened(); !ok) return ok;
    if (day_budget) {
        auto spent = spending(day);
        if (!spent) return tl::unexpected(spent.error());
        if (spent->most() + most_usd > *day_budget + 1e-9)
            return fail(ErrorCode::refused,
                        fmt::format("This may cost up to ${:.4f}, and ${:.4f} of today's budget of "
                                    "${:.4f} is spent or may be; nothing was sent. Raise the "
                                    "budget, or ask for less.",
                                    most_usd, spent->most(), *day_budget));
    }
    return file.add({{"entry", entry},
                     {"what", "pending"},
                     {"provider", provider},
                     {"model", model},
                     {"project", project},
                     {"most_usd", most_usd}});
}

Status Ledger::settle(const std::string& day, const std::string& entry,
                      const edit::RequestFate& fate) {
    const DayFile file(folder_, day);
    if (Status ok = file.opened(); !ok) return ok;
    Json json{{"entry", entry}, {"outcome", to_string(fate.outcome)}};
    switch (fate.outcome) {
        case edit::Outcome::not_sent:
        case edit::Outcome::refused:
            json["what"] = "nothing";
            break;
        default:
            json["what"] = fate.actual_usd ? "actual" : "uncertain";
            json["usd"] = fate.actual_usd.value_or(fate.most_usd);
    }
    return file.add(json);
}

Result<DaySpending> Ledger::spending(const std::string& day) const {
    auto projects = by_project(day);
    if (!projects) return tl::unexpected(projects.error());
    DaySpending sum;
    for (const auto& [name, spent] : *projects)
        sum.add(spent);
    return sum;
}

Result<std::map<std::string, DaySpending>> Ledger::by_project(const std::string& day) const {
    std::map<std::string, DaySpending> sums;
    const auto path = folder_ / (day + ".jsonl");
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return sums;
    auto bytes = read_file(path, 64u << 20);
    if (!bytes) return tl::unexpected(bytes.error());
    std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    struct Item {
        std::string what, project;
        double usd = 0;
    };
    std::map<std::string, Item> items;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        const auto json = parse_json(line);
        if (!json) continue; // cut off by a crash
        Item& item = items[text_at(*json, "entry")];
        item.what = text_at(*json, "what");
        if (item.what == "pending") item.project = text_at(*json, "project");
        const Json* usd = member(*json, item.what == "pending" ? "most_usd" : "usd");
        item.usd = usd && usd->is_number() ? usd->get<double>() : 0;
    }
    for (const auto& [entry, item] : items) {
        DaySpending& sum = sums[item.project];
        ++sum.requests;
        if (item.what == "pending") sum.pending += item.usd;
        if (item.what == "uncertain") sum.uncertain += item.usd;
        if (item.what == "actual") sum.known += item.usd;
    }
    return sums;
}

std::vector<std::string> Ledger::days() const {
    std::vector<std::string> days;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error))
        if (entry.path().extension() == ".jsonl") days.push_back(entry.path().stem().string());
    std::sort(days.begin(), days.end());
    return days;
}

} // namespace mw::provider
