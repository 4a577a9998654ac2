// Settings, reports and plans as small JSON texts, and back. What is read may be hostile: depth and
// length are limited, numbers are brought within range, what is missing keeps its default. For the
// room only.
#pragma once

#include <string>
#include <string_view>

#include "composite/graft.h"
#include "edit/backend.h"
#include "project/document.h"

namespace mw::project {

std::string to_text(const composite::GraftParams& params);
std::string to_text(const composite::GraftReport& report);
std::string to_text(const edit::CropPlan& plan);
std::string to_text(const edit::PlanParams& params);
std::string to_text(const edit::EditParams& params); // without references and markup
std::string to_text(const edit::RequestFate& fate);
std::string to_text(const edit::EditResult& result); // without the answers
std::string to_text(const std::vector<std::string>& lines);
std::string to_text(const CanvasView& view);
// What a command changes, without tiles and graft.
std::string to_text(const BaseChange& change);
std::string to_text(const MarksChange& change);
std::string to_text(const edit::Markup& markup);
// Exposure, and whether the picture's own space is meant.
std::string view_to_text(const image::DisplayTransform& view);

// corrupt when the text is no JSON of a sane size and depth.
Status from_text(std::string_view text, composite::GraftParams& params);
Status from_text(std::string_view text, composite::GraftReport& report);
Status from_text(std::string_view text, edit::CropPlan& plan);
Status from_text(std::string_view text, edit::PlanParams& params);
Status from_text(std::string_view text, edit::EditParams& params);
Status from_text(std::string_view text, edit::RequestFate& fate);
Status from_text(std::string_view text, edit::EditResult& result);
Status from_text(std::string_view text, std::vector<std::string>& lines);
Status from_text(std::string_view text, CanvasView& view);
Status from_text(std::string_view text, BaseChange& change);
Status from_text(std::string_view text, MarksChange& change);
// Marks that say nothing are left out (edit::make_sane).
Status from_text(std::string_view text, Size picture, edit::Markup& markup);
Result<image::DisplayTransform> view_from_text(std::string_view text,
                                               const image::ColorSpaceRef& space);

} // namespace mw::project
