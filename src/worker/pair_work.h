// The work of a comparison's jobs. All block; all end as cancelled soon after `stop`, a heat map
// when it is done.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "worker/review_jobs.h"

namespace mw::worker {

// Errors: those of the decoder, when an answer is no picture.
Result<RawMade> raw_over_parent(const RawJob& job, std::stop_token stop);
// A file of the document's shape is scaled to its size, any other laid on its top left corner.
Result<BesideOpened> open_beside(const BesideJob& job, std::stop_token stop);
// Errors: invalid_argument when the sides have different sizes or nothing overlaps.
Result<PairFigures> judge_pair(const PairJob& job, std::stop_token stop);
Result<HeatMade> make_heat(const HeatJob& job, std::stop_token stop);
Result<CandidateJudged> judge_candidate(const CandidateJob& job, std::stop_token stop);
// Errors: those of measuring, encoding and writing; invalid_argument for an ending that says
// nothing.
Result<Reviewed> write_review(const ReviewJob& job, std::stop_token stop);

} // namespace mw::worker
