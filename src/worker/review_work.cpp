// Pages, contact sheets, flips and tables of a comparison.
#include <fmt/format.h>

#include <cctype>

#include "base/file.h"
#include "report/html.h"
#include "report/pictures.h"
#include "report/table.h"
#include "worker/pair_work.h"

namespace mw::worker {
namespace {

// Whole pictures that a page or a sheet may hold at once.
constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;

const compare::MetricSet kMetrics{};

std::string lower_extension(const std::filesystem::path& path) {
    std::string ending = path.extension().string();
    for (char& c : ending)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return ending;
}

Result<compare::DiffStats> measure(const PairPicture& a, image::ImageView b,
                                   const image::DisplayTransform& view, const mask::Mask* mask,
                                   double pixels_per_degree, std::stop_token stop) {
    compare::CompareParams params;
    params.views = {a.view, view};
    params.pixels_per_degree = pixels_per_degree;
    return compare::compare(a.picture->view(), b, mask, params, std::move(stop));
}

std::string dollars(const std::optional<double>& usd) {
    return usd && *usd > 0 ? fmt::format("${:.2f}", *usd) : std::string();
}

// The newest candidates whose whole pictures have room together.
std::size_t with_room(const ReviewJob& job, std::size_t most) {
    const std::int64_t each =
        std::max<std::int64_t>(1, job.a.picture->size().area() * job.a.picture->format().bytes());
    return std::min({job.candidates.size(), most,
                     static_cast<std::size_t>(std::max<std::int64_t>(1, kMostBytes / each))});
}

std::string left_out(std::size_t all, std::size_t taken) {
    return taken < all ? fmt::format("the newest {} of {} results are in it", taken, all)
                       : std::string();
}

// What the pair shows when it is no candidate: a raw answer, a file.
bool names_a_candidate(const ReviewJob& job, const std::string& name) {
    return std::any_of(job.candidates.begin(), job.candidates.end(),
                       [&](const ReviewCandidate& c) { return c.name == name; });
}

Result<report::Candidate> described(const ReviewJob& job, const std::string& name,
                                    const PairPicture& b, const mask::Mask* mask,
                                    std::stop_token stop) {
    report::Candidate one;
    one.name = name;
    one.picture = b.picture->view();
    one.view = b.view;
    auto stats = measure(job.a, one.picture, b.view, mask, job.heat.pixels_per_degree, stop);
    if (!stats) return tl::unexpected(stats.error());
    one.stats = std::move(*stats);
    const compare::Views views{job.a.view, b.view};
    compare::SpotParams params{job.heat.metric, 6};
    params.pixels_per_degree = job.heat.pixels_per_degree;
    auto spots = compare::worst_spots(job.a.picture->view(), one.picture, params, views, stop);
    if (!spots) return tl::unexpected(spots.error());
    one.spots = std::move(*spots);
    if (mask == nullptr) return one;
    auto areas = compare::changed_areas(job.a.picture->view(), one.picture, mask,
                                        compare::exact_change(), views, stop);
    if (!areas) return tl::unexpected(areas.error());
    using Tone = report::Candidate::Tone;
    one.findings.push_back({compare::areas_sentence(nullptr, &*areas),
                            one.stats.outside.changed == 0 ? Tone::good : Tone::bad});
    return one;
}

Result<std::string> page(const ReviewJob& job, std::string& note, std::stop_token stop) {
    report::Comparison c;
    c.title = job.title;
    c.name_a = job.name_a;
    c.a = job.a.picture->view();
    c.view = job.a.view;
    c.mask = job.mask ? &*job.mask : nullptr;
    c.metrics = kMetrics;
    c.heat = job.heat;
    const std::size_t taken = with_room(job, 16);
    note = left_out(job.candidates.size(), taken);
    std::vector<image::ImageRef> kept; // what the page's views look at
    if (!names_a_candidate(job, job.name_b)) {
        auto one = described(job, job.name_b, job.b, c.mask, stop);
        if (!one) return tl::unexpected(one.error());
        c.candidates.push_back(std::move(*one));
    }
    for (std::size_t i = job.candidates.size() - taken; i < job.candidates.size(); ++i) {
        const ReviewCandidate& from = job.candidates[i];
        kept.push_back(std::make_shared<const image::Image>(
            composite::apply(from.parent->view(), from.patch)));
        auto one = described(job, from.name, {kept.back(), from.view}, &from.mask, stop);
        if (!one) return tl::unexpected(one.error());
        one->prompt = from.prompt;
        one->model = from.model;
        one->cost = dollars(from.cost_usd);
        if (from.seconds) one->time = fmt::format("{:.1f} s", *from.seconds);
        c.candidates.push_back(std::move(*one));
    }
    return report::html_report(c);
}

Result<image::Image> sheet(const ReviewJob& job, std::string& note) {
    const std::size_t taken = with_room(job, report::kMostOnSheet - 1);
    note = left_out(job.candidates.size(), taken);
    std::vector<image::ImageRef> kept;
    std::vector<report::LabelledPicture> pictures{
        {job.a.picture->view(), job.a.view, "A: " + job.name_a, {}}};
    for (std::size_t i = job.candidates.size() - taken; i < job.candidates.size(); ++i) {
        const ReviewCandidate& from = job.candidates[i];
        kept.push_back(std::make_shared<const image::Image>(
            composite::apply(from.parent->view(), from.patch)));
        pictures.push_back({kept.back()->view(), from.view, from.name, from.prompt});
    }
    if (taken == 0) pictures.push_back({job.b.picture->view(), job.b.view, "B: " + job.name_b, {}});
    return report::contact_sheet(pictures, {3840, 0, job.title});
}

Result<std::string> table(const ReviewJob& job, bool csv, std::stop_token stop) {
    std::vector<report::Row> rows;
    for (const ReviewCandidate& from : job.candidates) {
        const image::Image whole = composite::apply(from.parent->view(), from.patch);
        auto stats = measure({from.parent, from.view}, whole.view(), from.view, &from.mask,
                             job.heat.pixels_per_degree, stop);
        if (!stats) return tl::unexpected(stats.error());
        rows.push_back({from.name, std::move(*stats), from.cost_usd, from.seconds, from.prompt});
    }
    return csv ? report::to_csv(rows, kMetrics) : report::to_json(rows, kMetrics);
}

Status write_text(const std::filesystem::path& path, const Result<std::string>& text) {
    if (!text) return tl::unexpected(text.error());
    return write_file_atomic(path, std::as_bytes(std::span(*text)));
}

Status write_flip(const ReviewJob& job) {
    const report::LabelledPicture pictures[] = {
        {job.a.picture->view(), job.a.view, "A: " + job.name_a, {}},
        {job.b.picture->view(), job.b.view, "B: " + job.name_b, {}}};
    const auto format =
        lower_extension(job.path) == ".gif" ? codec::FileFormat::gif : codec::FileFormat::webp;
    auto bytes = report::flip_animation(pictures, format);
    if (!bytes) return tl::unexpected(bytes.error());
    return write_file_atomic(job.path, *bytes);
}

} // namespace

ReviewKind review_kind(const std::filesystem::path& path) {
    const std::string ending = lower_extension(path);
    if (ending == ".html" || ending == ".htm") return ReviewKind::page;
    if (ending == ".png") return ReviewKind::sheet;
    if (ending == ".webp" || ending == ".gif") return ReviewKind::flip;
    if (ending == ".csv") return ReviewKind::csv;
    return ending == ".json" ? ReviewKind::json : ReviewKind::none;
}

Result<Reviewed> write_review(const ReviewJob& job, std::stop_token stop) {
    Reviewed done{job.path, {}};
    Status written;
    switch (review_kind(job.path)) {
        case ReviewKind::page:
            written = write_text(job.path, page(job, done.note, stop));
            break;
        case ReviewKind::sheet: {
            auto made = sheet(job, done.note);
            if (!made) return tl::unexpected(made.error());
            written = codec::save(job.path, made->view(), {});
            break;
        }
        case ReviewKind::flip:
            written = write_flip(job);
            break;
        case ReviewKind::csv:
        case ReviewKind::json:
            written = write_text(
                job.path, table(job, review_kind(job.path) == ReviewKind::csv, std::move(stop)));
            break;
        case ReviewKind::none:
            return fail(ErrorCode::invalid_argument,
                        fmt::format("{} ends in nothing that can be written; use .html, .png, "
                                    ".webp, .gif, .csv or .json.",
                                    display_path(job.path.filename())));
    }
    if (!written) return tl::unexpected(written.error());
    return done;
}

} // namespace mw::worker
