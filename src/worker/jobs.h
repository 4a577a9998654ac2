// What goes down to the worker and what comes up, as values.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "codec/codec.h"
#include "compare/stats.h"
#include "composite/graft.h"
#include "edit/backend.h"
#include "handoff/edit_record.h"
#include "handoff/export_options.h"
#include "handoff/layers.h"
#include "image/image.h"
#include "mask/mask.h"
#include "project/combination.h"
#include "worker/ids.h"
#include "worker/mask_job.h"
#include "worker/pair_jobs.h"
#include "worker/project_jobs.h"
#include "worker/review_jobs.h"

namespace mw::project {
class Store;
}

namespace mw::worker {

// While a large picture is decoded, Partial tells of the rows that are there: its rectangle is the
// whole picture's, its pixels are every 2^k-th of every 2^k-th row from the top, so that a row of
// them spans the picture.
struct OpenJob {
    std::filesystem::path path; // a picture or a project
    codec::DecodeLimits limits;
};

// Plan, send, graft: everything a request needs is frozen here.
struct EditJob {
    DocumentId document = 0;
    project::IterationId parent = 0;
    std::int64_t request = 0; // its number in the document
    std::shared_ptr<edit::EditBackend> backend;
    edit::ModelCapabilities model;
    std::string prompt;
    edit::EditParams params;
    edit::PlanParams plan;
    composite::GraftParams graft;
    // Where each request is written before it leaves, and its answers before they are decoded: the
    // window's project or, where that is null, the one a verb was given; both null: nowhere.
    ProjectFileRef project;
    std::shared_ptr<project::Store> store;
    image::ImageRef source;
    image::DisplayTransform view; // how the source is shown to the artist and to the model
    mask::Mask mask;
    // The first candidate is shown at once: its whole picture, a copy of the source's size, is made
    // here and not by the thread that shows it.
    bool for_canvas = false;
};

// An answer that an earlier run of the program received and did not graft any more. Ends as Edited.
struct FinishJob {
    DocumentId document = 0;
    std::int64_t request = 0;
    image::ImageRef source;
    std::shared_ptr<const project::Unfinished> left;
};

// Writes a picture, or a part of it, with what its numbers mean: its own samples where the format
// can hold them and say so, else converted, with a note; as layers when the name ends in .psd or
// .ora. Reads it back to count what differs from the original where the union of the masks is 0.
struct ExportJob {
    DocumentId document = 0;
    std::filesystem::path path;
    image::ImageRef picture;
    image::ImageRef original;
    mask::Mask touched; // union of the masks between original and picture
    codec::Metadata metadata;
    handoff::ExportOptions options;
    image::DisplayTransform view;     // what the numbers mean
    std::vector<handoff::Step> steps; // of layers: how the picture came about
    // The picture of the last redaction on the way, null: none. Then it is the lowest layer, the
    // steps are those after it, and nothing goes into the file or the record that was there before.
    image::ImageRef redacted;
    handoff::EditRecord record;   // what would be written beside it
    bool overwrite_record = true; // else an edit record that exists is refused
};

struct MaskFileJob {
    DocumentId document = 0;
    std::filesystem::path path;
    bool load = false; // else save `mask`
    mask::Mask mask;
};

// Figures of a pair; a newer one replaces an older one still waiting.
struct CompareJob {
    DocumentId document = 0;
    project::IterationId a = 0, b = 0;
    image::ImageRef picture_a, picture_b;
    std::optional<mask::Mask> mask;
    image::DisplayTransform view; // of both
};

// What is needed to graft an iteration's answers again, and what is kept between one time and the
// next. Handed on from job to job; only the one that runs reads or writes it.
struct GraftBench {
    image::ImageRef source; // the parent's picture
    std::vector<edit::AnsweredPart> parts;
    mask::Mask mask; // the artist's whole mask
    image::DisplayTransform view;
    std::optional<composite::Grafter> grafter; // made by the first job
};

// The stored answer with other settings, no new request. Without params.prove it is a preview: no
// counts, no hashes, no whole picture. These jobs run one after the other in the order given.
struct RegraftJob {
    DocumentId document = 0;
    project::IterationId iteration = 0;
    composite::GraftParams params;
    std::shared_ptr<GraftBench> bench;
    // Not empty: first each part's mask is grown by so many pixels to each side, within its crop.
    std::vector<composite::CutOff> grow;
};

// The regions of two iterations in one.
struct CombineJob {
    DocumentId document = 0;
    project::CombinationSource source;
};

// What would be sent of a mask whose islands take longer to find than a frame may last.
struct PlanJob {
    DocumentId document = 0;
    Size picture;
    mask::Mask mask;
    edit::SizeRules rules;
    edit::PlanParams params;
};

// A small picture of a document, for lists, at `file`.
struct ThumbnailJob {
    DocumentId document = 0;
    std::filesystem::path file;
    image::ImageRef picture;
    image::DisplayTransform view;
};
struct ThumbnailWritten {};
std::filesystem::path thumbnail_file(const std::filesystem::path& folder,
                                     const std::filesystem::path& of);
// Those that are there, by the file they are of: what, where.
struct ReadThumbnailsJob {
    DocumentId document = 0;
    std::vector<std::pair<std::filesystem::path, std::filesystem::path>> files;
};
struct ThumbnailsRead {
    std::map<std::filesystem::path, image::ImageRef> pictures; // kRgba8
};
// A small picture of a file in a folder that is looked through; null where it has none, or takes
// more than a glance to read.
struct GlanceJob {
    DocumentId document = 0;
    std::filesystem::path file;
};
struct Glanced {
    std::filesystem::path file;
    image::ImageRef picture; // kRgba8
};

// A picture to go by, as it will be sent.
struct ReferenceJob {
    DocumentId document = 0;
    std::filesystem::path path;
};

// Asks a service for its models; `ask` blocks.
struct CatalogueJob {
    DocumentId document = 0;
    std::string provider;
    std::function<Result<std::vector<edit::OfferedModel>>(std::stop_token)> ask;
};

using Job = std::variant<OpenJob, EditJob, ExportJob, MaskFileJob, CompareJob, RegraftJob, PlanJob,
                         RawJob, BesideJob, PairJob, HeatJob, CandidateJob, ReferenceJob, MaskJob,
                         WireJob, MaskCountJob, ReviewJob, CombineJob, CatalogueJob, FinishJob,
                         CreateProjectJob, WriteProjectJob, SaveProjectAsJob, CloseProjectJob,
                         ThumbnailJob, ReadThumbnailsJob, GlanceJob>;

struct Candidate {
    std::vector<edit::AnsweredPart> parts;
    composite::Graft graft;
    image::ImageRef picture; // the whole picture with it, where EditJob::for_canvas asked for it
};

// An answer that no candidate holds, as received: what is wrong with it, or empty when other parts
// had fewer answers.
struct UnusedAnswer {
    edit::AnsweredPart part;
    std::string problem;
};

struct Opened {
    std::filesystem::path path;
    std::shared_ptr<codec::Picture> picture;
};
struct ProjectOpened {
    std::filesystem::path path;
    std::shared_ptr<project::OpenedProject> project;
};
struct Edited {
    std::int64_t request = 0;
    std::string provider, model;
    std::string prompt;
    mask::Mask mask;
    composite::GraftParams graft;
    image::DisplayTransform view;
    // At least one, unless `problem` is set: everything was answered with what cannot be used.
    // Candidate k holds the k-th answer of each part of the mask that was answered.
    std::vector<Candidate> candidates;
    std::vector<UnusedAnswer> unused;
    std::optional<Error> problem;
    std::string what_was_done;
    std::string revised_prompt;           // of the first part; empty: not told
    std::string service_id;               // of the last answer, for EditParams::continues
    std::vector<edit::RequestFate> fates; // of requests to services, one a part
    edit::Cost cost;
    double seconds = 0;
    std::map<std::string, double> seconds_by_phase; // plan, request, graft
    std::vector<std::string> notes;
};
struct Exported {
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    bool lossless = false;
    // Samples of the file, read back, that differ from the original (converted in the same way)
    // outside every mask.
    std::int64_t changed_outside = 0;
    std::vector<std::string> notes; // what was converted or lost; a sentence each
    std::size_t layers = 0;         // 0: a plain picture
    Rect region;                    // of the whole picture
    std::filesystem::path record;   // the edit record beside it; empty: none was written
};
struct MaskLoaded {
    mask::Mask mask;
    std::string note;
};
struct MaskSaved {
    std::filesystem::path path;
};
struct Compared {
    project::IterationId a = 0, b = 0;
    compare::DiffStats stats;
};
struct Regrafted {
    project::IterationId iteration = 0;
    project::Grafted grafted; // of a preview: without mask and parts
    image::ImageRef picture;  // the whole picture with it; null for a preview
};
struct Combined {
    project::IterationId parent = 0;
    project::Combination of;
    project::Grafted grafted;
};
struct Planned {
    std::vector<edit::PlannedPart> parts;
};
struct ReferenceLoaded {
    edit::Reference reference;
};
struct Catalogued {
    std::string provider;
    std::vector<edit::OfferedModel> models;
};
using Outcome =
    std::variant<Opened, Edited, Exported, MaskLoaded, MaskSaved, Compared, Regrafted, Planned,
                 RawMade, BesideOpened, PairFigures, HeatMade, CandidateJudged, ReferenceLoaded,
                 MaskMade, Wired, MaskCount, Reviewed, Combined, Catalogued, ProjectOpened,
                 ProjectCreated, ProjectWritten, ProjectSavedAs, ProjectClosed, ThumbnailWritten,
                 ThumbnailsRead, Glanced>;

struct Started {};
struct PhaseChanged {
    edit::Phase phase = edit::Phase::queued;
    std::optional<double> fraction;
    int part = 0, parts = 1; // of the mask: which of them is asked for, from 0
};
struct Partial {
    composite::Patch patch; // over the parent's picture, through the mask; or see OpenJob
};
// What became of a request that left this machine, or should have.
struct FateTold {
    edit::RequestFate fate;
};
// What a job says while it runs.
using JobProgress = std::variant<PhaseChanged, Partial, FateTold, MaskPreview>;
struct Finished {
    Outcome outcome;
};
struct Failed {
    Error error;
    std::vector<UnusedAnswer> unused = {}; // of an edit: what it was answered with all the same
};
struct Cancelled {};

struct JobEvent {
    JobId job = 0;
    DocumentId document = 0;
    project::IterationId parent = 0; // of an EditJob
    std::variant<Started, PhaseChanged, Partial, FateTold, MaskPreview, Finished, Failed, Cancelled>
        what;
};

} // namespace mw::worker
