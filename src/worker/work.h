// The work of each job, called by the worker's threads and by the command line alike. All block;
// all end as cancelled soon after `stop`.
#pragma once

#include <functional>
#include <stop_token>

#include "worker/jobs.h"

namespace mw::worker {

using ReportProgress = std::function<void(JobProgress)>;

// Of a large picture it reports, as Partial, the rows that are there so far (see OpenJob).
Result<Outcome> open_file(const OpenJob& job, const ReportProgress& report, std::stop_token stop);
// Plan, request, decode, graft: the whole line from a mask to iterations. One request for each part
// of the mask, one after the other; when a later one fails, what was answered is grafted and a note
// says so.
Result<Edited> run_edit(const EditJob& job, const ReportProgress& report, std::stop_token stop);
// The answers of an earlier run, decoded and grafted as run_edit does.
Result<Edited> finish_edit(const FinishJob& job, const ReportProgress& report,
                           std::stop_token stop);
// `ending`: the program goes and there is no waiting any more.
Result<ProjectCreated> create_project(const CreateProjectJob& job, std::stop_token stop,
                                      std::stop_token ending);
Result<ProjectWritten> write_project(const WriteProjectJob& job, std::stop_token stop,
                                     std::stop_token ending);
Result<ProjectSavedAs> save_project_as(const SaveProjectAsJob& job);
Result<ProjectClosed> close_project(const CloseProjectJob& job);
Status write_thumbnail(const ThumbnailJob& job);
ThumbnailsRead read_thumbnails(const ReadThumbnailsJob& job, std::stop_token stop);
Glanced glance_at(const GlanceJob& job, std::stop_token stop);
// The pixels of an answer as a graft takes them: encoded sRGB, whatever its file says they are.
// `warnings`, when not null, gets what a person should know of the file (damaged, cut off).
Result<image::ImageRef> decode_answer(const edit::Answer& answer, std::stop_token stop,
                                      std::vector<std::string>* warnings = nullptr);
Result<Exported> export_picture(const ExportJob& job, std::stop_token stop);
// Decoded and encoded again as PNG in sRGB: nothing goes but the pixels. Where a photograph was
// taken, and by whom, is nobody's business.
Result<edit::Reference> load_reference(const std::filesystem::path& path,
                                       const codec::DecodeLimits& limits, std::stop_token stop);
Result<Outcome> mask_file(const MaskFileJob& job, std::stop_token stop);
Result<Compared> compare_pair(const CompareJob& job, std::stop_token stop);
// Works on job.bench, which nothing else may touch meanwhile.
Result<Regrafted> regraft(const RegraftJob& job, std::stop_token stop);
// Both work on job.bench, which nothing else may touch meanwhile.
Result<MaskMade> make_mask(const MaskJob& job, const ReportProgress& report, std::stop_token stop);
Result<Wired> find_wire(const WireJob& job, std::stop_token stop);
MaskCount count_mask(const mask::Mask& mask);

} // namespace mw::worker
