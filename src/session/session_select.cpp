// What an artist does with the selection tools, the refinements and the kept masks.
#include <fmt/format.h>

#include <cmath>

#include "mask/refine.h"
#include "session/session_impl.h"

namespace mw::session {
namespace {

constexpr std::size_t kMostName = 60;

std::string trimmed(std::string name) {
    const auto first = name.find_first_not_of(" \t\n");
    if (first == std::string::npos) return "";
    name = name.substr(first, name.find_last_not_of(" \t\n") - first + 1);
    std::size_t end = std::min(name.size(), kMostName);
    while (end < name.size() && end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80)
        --end; // not inside a UTF-8 sequence
    return name.substr(0, end);
}

bool same_points(const std::vector<Point>& points, const Size& size) {
    for (const Point& p : points)
        if (!Rect::of(size).contains(p)) return false;
    return !points.empty();
}

} // namespace

void Session::Impl::on(const Select& a) {
    if (!document || stroke) return;
    worker::MaskOp op{with_settings(a.shape, view.selection.settings), a.mode};
    Basis basis = Basis::fresh;
    // One more colour to a range: the range with both.
    const LastMaskStep* last = work.tasks.empty() ? last_mask_step() : nullptr;
    auto* range = std::get_if<select::ColorRangeParams>(&std::get<worker::Shape>(op.what));
    if (range != nullptr && !same_points(range->at, document->mask.size()))
        return notify(Severity::info, "Click a colour in the picture first.");
    if (range != nullptr && last != nullptr && a.mode == CombineMode::add) {
        const auto* shape = std::get_if<worker::Shape>(&last->op.what);
        const auto* earlier =
            shape != nullptr ? std::get_if<select::ColorRangeParams>(shape) : nullptr;
        if (earlier != nullptr && last->op.mode != CombineMode::subtract &&
            last->op.mode != CombineMode::intersect) {
            range->at.insert(range->at.begin(), earlier->at.begin(), earlier->at.end());
            op.mode = last->op.mode;
            basis = Basis::continues;
        }
    }
    add_mask_task(std::move(op), basis, false);
}

void Session::Impl::on(const SetSelect& a) {
    const SelectSettings before = view.selection.settings;
    const SelectSettings now = sane(a.settings);
    view.selection.settings = now;
    if (!document || stroke) return;
    const auto changed = [&](const worker::MaskOp& op) {
        return worker::MaskOp{with_settings(std::get<worker::Shape>(op.what), now), op.mode};
    };
    if (!work.tasks.empty()) {
        MaskTask& newest = work.tasks.back();
        const auto* shape = std::get_if<worker::Shape>(&newest.op.what);
        if (shape == nullptr || !follows_settings(*shape)) return;
        if (differ_for(*shape, before, now))
            change_last_task(changed(newest.op), a.held);
        else if (newest.held && !a.held)
            change_last_task(newest.op, false);
        return;
    }
    const LastMaskStep* last = last_mask_step();
    const auto* shape = last != nullptr ? std::get_if<worker::Shape>(&last->op.what) : nullptr;
    if (shape == nullptr || !follows_settings(*shape) || !differ_for(*shape, before, now)) return;
    add_mask_task(changed(last->op), Basis::adjusts, a.held);
}

void Session::Impl::on(const ScribbleObject& a) {
    if (!document || stroke || a.line.empty()) return;
    const Size size = document->mask.size();
    select::SmartSelectParams object;
    worker::MaskOp op{worker::Shape(object), a.mode};
    Basis basis = Basis::fresh;
    const worker::MaskOp* earlier = nullptr;
    if (!work.tasks.empty())
        earlier = &work.tasks.back().op; // still being made
    else if (const LastMaskStep* last = last_mask_step())
        earlier = &last->op;
    if (earlier != nullptr) {
        const auto* shape = std::get_if<worker::Shape>(&earlier->what);
        const auto* smart =
            shape != nullptr ? std::get_if<select::SmartSelectParams>(shape) : nullptr;
        if (smart != nullptr) {
            object = *smart;
            op.mode = earlier->mode;
            basis = Basis::continues;
        }
    }
    if (basis == Basis::fresh && a.outside)
        return notify(Severity::info,
                      "Box or scribble the object first; then say what does not belong to it.");
    mask::Mask& strokes = a.outside ? object.outside : object.inside;
    if (strokes.size() != size) strokes = mask::Mask(size);
    mask::Brush brush;
    brush.radius_px = std::isnan(a.radius_px) ? 8 : std::clamp(a.radius_px, 0.5, 512.0);
    brush.hardness = 1;
    brush.pressure_radius = false;
    strokes = mask::paint_stroke(strokes, brush, a.line);
    if (strokes.empty()) return; // wholly outside the picture
    // A later stroke is a better word than an earlier one.
    mask::Mask& other = a.outside ? object.inside : object.outside;
    if (other.size() == size) mask::combine(other, strokes, CombineMode::subtract);
    if (a.outside && object.box.empty() && object.inside.empty())
        return notify(Severity::info, "Nothing is left of the object; scribble on it again.");
    op.what = with_settings(worker::Shape(std::move(object)), view.selection.settings);
    if (!work.tasks.empty() && basis == Basis::continues)
        return change_last_task(std::move(op), false);
    add_mask_task(std::move(op), basis, false);
}

void Session::Impl::on(const ClickSelect& a) {
    if (!document || stroke || !params.services.click_select) return;
    worker::AskedShape shape{a.clicks, params.services.click_select};
    std::erase_if(shape.clicks, [&](const worker::AskedShape::Click& click) {
        return !document->mask.rect().contains(click.at);
    });
    if (shape.clicks.empty()) return;
    worker::MaskOp op{worker::Shape(shape), a.mode};
    Basis basis = Basis::fresh;
    // One more click on the same thing: asked again with all of them.
    const LastMaskStep* last = work.tasks.empty() ? last_mask_step() : nullptr;
    const worker::MaskOp* earlier = !work.tasks.empty() ? &work.tasks.back().op
                                    : last != nullptr   ? &last->op
                                                        : nullptr;
    const auto* before = earlier != nullptr ? std::get_if<worker::Shape>(&earlier->what) : nullptr;
    const auto* asked_before =
        before != nullptr ? std::get_if<worker::AskedShape>(before) : nullptr;
    if (asked_before != nullptr && a.mode == CombineMode::replace) {
        shape.clicks.insert(shape.clicks.begin(), asked_before->clicks.begin(),
                            asked_before->clicks.end());
        op = {worker::Shape(shape), earlier->mode};
        basis = Basis::continues;
    }
    if (std::none_of(shape.clicks.begin(), shape.clicks.end(),
                     [](const worker::AskedShape::Click& c) { return c.belongs; }))
        return notify(Severity::info, "Click on the thing that is meant first.");
    if (!work.tasks.empty() && basis == Basis::continues)
        return change_last_task(std::move(op), false);
    add_mask_task(std::move(op), basis, false);
}

void Session::Impl::on(const TryRefine& a) {
    if (!document || stroke || std::isnan(a.how.amount)) return;
    if (!work.tasks.empty() && work.tasks.back().held) {
        const auto* how = std::get_if<Refinement>(&work.tasks.back().op.what);
        if (how != nullptr && how->kind == a.how.kind) {
            if (!(*how == a.how)) change_last_task({a.how, {}}, true);
            return;
        }
    }
    add_mask_task({a.how, {}}, basis_of(a.how.kind), true);
}

void Session::Impl::on(const RefineMask& a) {
    if (!document || stroke || std::isnan(a.how.amount)) return;
    if (!work.tasks.empty() && work.tasks.back().held && !a.anew) {
        const auto* how = std::get_if<Refinement>(&work.tasks.back().op.what);
        if (how != nullptr && how->kind == a.how.kind) {
            if (*how == a.how) {
                work.tasks.back().held = false;
                return advance_mask_work();
            }
            return change_last_task({a.how, {}}, false);
        }
    }
    add_mask_task({a.how, {}}, a.anew ? Basis::fresh : basis_of(a.how.kind), false);
}

Basis Session::Impl::basis_of(RefineKind kind) const {
    if (!has_amount(kind)) return Basis::fresh;
    const LastMaskStep* last = work.tasks.empty() ? last_mask_step() : nullptr;
    const auto* how = last != nullptr ? std::get_if<Refinement>(&last->op.what) : nullptr;
    return how != nullptr && how->kind == kind ? Basis::adjusts : Basis::fresh;
}

void Session::Impl::change_whole_mask(RefineKind kind, std::size_t quick_bytes) {
    if (!document || stroke) return;
    const worker::MaskOp op{Refinement{kind, 0}, {}};
    if (kind == RefineKind::clear && !document->mask.empty()) work.cleared = document->mask;
    if (kind != RefineKind::invert) drop_mask_work();
    if (!work.tasks.empty() || document->mask.tile_bytes() > quick_bytes)
        return add_mask_task(op, Basis::fresh, false);
    change_mask(kind == RefineKind::invert ? mask::inverted(document->mask)
                : kind == RefineKind::fill ? mask::Mask::full(document->mask.size())
                                           : mask::Mask(document->mask.size()),
                name_of(op));
}

void Session::Impl::on(const CancelMaskWork&) {
    drop_mask_work();
    drop_wire();
}

void Session::Impl::on(const Reselect&) {
    if (!document || !work.cleared) return;
    on(Select{worker::GivenShape{*work.cleared}, CombineMode::replace});
}

void Session::Impl::on(const SetPaintLimit& a) {
    if (!document || stroke) return;
    SelectionView& s = view.selection;
    if (a.on && document->mask.empty())
        return notify(Severity::info,
                      "Painting can be held to a selection: select something first.");
    if (!a.on && !s.limit) return;
    s.limit = a.on ? std::optional(document->mask) : std::nullopt;
    ++s.limit_revision;
}

void Session::Impl::on(const SaveSlot& a) {
    if (!document) return;
    if (document->mask.empty())
        return notify(Severity::info, "There is no mask to keep yet: paint or select first.");
    int id = 0;
    for (const MaskSlot& slot : document->slots)
        id = std::max(id, slot.id);
    ++id;
    std::string name = trimmed(a.name);
    if (name.empty()) name = fmt::format("Mask {}", id);
    document->slots.push_back({id, std::move(name), document->mask});
}

void Session::Impl::on(const RestoreSlot& a) {
    if (!document || a.slot.mask.size() != document->mask.size()) return;
    auto& slots = document->slots;
    for (const MaskSlot& slot : slots)
        if (slot.id == a.slot.id) return;
    const auto after = std::find_if(slots.begin(), slots.end(),
                                    [&](const MaskSlot& s) { return s.id > a.slot.id; });
    slots.insert(after, a.slot);
}

void Session::Impl::on(const RecallSlot& a) {
    if (!document) return;
    for (const MaskSlot& slot : document->slots)
        if (slot.id == a.id) return on(Select{worker::GivenShape{slot.mask}, a.mode});
}

void Session::Impl::on(const RenameSlot& a) {
    if (!document) return;
    const std::string name = trimmed(a.name);
    for (MaskSlot& slot : document->slots)
        if (slot.id == a.id && !name.empty()) slot.name = name;
}

void Session::Impl::on(const DeleteSlot& a) {
    if (!document) return;
    auto& slots = document->slots;
    const auto it =
        std::find_if(slots.begin(), slots.end(), [&](const MaskSlot& s) { return s.id == a.id; });
    if (it == slots.end()) return;
    const MaskSlot gone = std::move(*it);
    slots.erase(it);
    notify(Severity::info, fmt::format("The kept mask \"{}\" was deleted.", gone.name),
           "Bring it back", RestoreSlot{gone});
}

void Session::Impl::on(const CopyMask& a) {
    if (!document || !document->tree.contains(a.from)) return;
    const mask::Mask its = *document->tree.at(a.from).mask;
    if (its.size() != document->mask.size() || its.empty())
        return notify(Severity::info, "The original was made with no mask.");
    on(Select{worker::GivenShape{its}, a.mode});
}

} // namespace mw::session
