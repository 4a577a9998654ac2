#include "support/project_script.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "mask/shapes.h"
#include "project/pack.h"

namespace mw::test {
namespace {

image::Image detailed(Size size, image::PixelFormat format, unsigned seed) {
    image::Image picture(size, format);
    std::mt19937 random(seed);
    const auto samples =
        static_cast<std::size_t>(size.width) * static_cast<std::size_t>(format.channels);
    for (int y = 0; y < size.height; ++y)
        for (std::size_t i = 0; i < samples; ++i) {
            const auto smooth = static_cast<unsigned>(y * 2) + static_cast<unsigned>(i);
            const unsigned value = (smooth / 3 + random() % 24) & 0xff;
            std::byte* at = picture.span().row_bytes(y) +
                            i * static_cast<std::size_t>(image::sample_bytes(format.type));
            if (format.type == image::SampleType::u8) {
                *at = static_cast<std::byte>(value);
            } else if (format.type == image::SampleType::u16) {
                const auto deep = static_cast<std::uint16_t>(value * 257 ^ (random() & 0xff));
                std::memcpy(at, &deep, 2);
            } else {
                const float deep = static_cast<float>(value) / 255.0f;
                std::memcpy(at, &deep, 4);
            }
        }
    return picture;
}

std::string hash_of(std::span<const std::byte> bytes) {
    return sha256_hex(bytes).substr(0, 16);
}
std::string hash_of(const mask::Mask& mask) {
    return hash_of(project::pack_mask(mask));
}

} // namespace

std::filesystem::path write_picture(const std::filesystem::path& path, Size size,
                                    image::PixelFormat format) {
    const image::Image picture = detailed(size, format, 7);
    if (!codec::save(path, picture.view(), {})) std::abort();
    return path;
}

std::unique_ptr<project::Document> open_picture(const std::filesystem::path& path) {
    auto picture = codec::decode_file(path);
    if (!picture) std::abort();
    return std::make_unique<project::Document>(path, std::move(*picture));
}

Deed ProjectScript::any() {
    constexpr Deed kUsual[] = {Deed::stroke, Deed::stroke,  Deed::stroke, Deed::edit,  Deed::edit,
                               Deed::undo,   Deed::undo,    Deed::redo,   Deed::prune, Deed::judge,
                               Deed::look,   Deed::regraft, Deed::slot,   Deed::mark};
    return kUsual[random_() % std::size(kUsual)];
}

project::Iteration ProjectScript::answered(const project::Document& document,
                                           const mask::Mask& mask,
                                           std::vector<project::RequestRecord>* requests) {
    const image::ImageRef source = document.tree.picture(document.base);
    edit::ModelCapabilities model;
    model.provider = "script";
    model.id = "m1";
    edit::PlanParams plan_params;
    plan_params.context_px = 6;
    auto parts = edit::plan_parts(source->size(), mask, model.size, plan_params);
    if (!parts) std::abort();
    project::Iteration it;
    it.parent = document.base;
    it.prompt = fmt::format("make it {}", below(1000));
    it.provider = model.provider;
    it.model = model.id;
    it.what_was_done = "drew over it";
    it.request = 1 + below(1000);
    it.cost.actual_usd = 0.25;
    it.service_id = "svc";
    std::vector<edit::AnsweredPart> answered;
    std::vector<composite::GraftPart> graft_parts;
    for (std::size_t i = 0; i < parts->size(); ++i) {
        const edit::PlannedPart& part = (*parts)[i];
        edit::EditParams params;
        params.model = model.id;
        auto request =
            edit::make_request(source->view(), {}, part, model, it.prompt, params, plan_params);
        if (!request) std::abort();
        image::Image drawn = detailed(part.plan.request_size, image::kRgb8, random_());
        auto file = codec::encode(drawn.view(), {}, codec::FileFormat::png);
        if (!file) std::abort();
        edit::AnsweredPart one{std::make_shared<const edit::EditRequest>(std::move(*request)),
                               part.mask,
                               {std::move(*file), "image/png"}};
        if (requests) {
            project::RequestRecord record;
            record.request = one.request;
            record.edit = requests->empty() ? one.request->id : requests->front().edit;
            record.part = static_cast<int>(i);
            record.parts = static_cast<int>(parts->size());
            record.part_mask = part.mask;
            record.whole_mask = mask;
            record.parent = document.base;
            record.provider = model.provider;
            record.number = it.request;
            requests->push_back(std::move(record));
        }
        graft_parts.push_back(
            {std::make_shared<const image::Image>(std::move(drawn)), part.mask, part.plan});
        answered.push_back(std::move(one));
    }
    auto grafter = composite::Grafter::create(source, std::move(graft_parts));
    auto graft = grafter ? grafter->run({}) : tl::unexpected(grafter.error());
    if (!graft) std::abort();
    it.patch = std::move(graft->patch);
    it.report = std::move(graft->report);
    it.mask = mask;
    it.parts = std::move(answered);
    return it;
}

void ProjectScript::act(project::Document& document, Deed deed) {
    auto& tree = document.tree;
    const Size size = document.mask.size();
    const auto pick = [&] {
        for (int tries = 0; tries < 20; ++tries)
            if (const int id = below(static_cast<int>(tree.size())); tree.alive(id)) return id;
        return 0;
    };
    switch (deed) {
        case Deed::edit: {
            if (document.mask.empty()) break;
            const project::IterationId id = tree.add(answered(document, document.mask));
            document.shown = id;
            return;
        }
        case Deed::undo:
            if (!document.undo.can_undo()) break;
            document.undo.undo(document.undo_target());
            return;
        case Deed::redo:
            if (!document.undo.can_redo()) break;
            document.undo.redo(document.undo_target());
            return;
        case Deed::prune: {
            const int id = pick();
            if (id == 0 || tree.descends(document.base, id) || tree.descends(document.shown, id))
                break;
            project::Marks marks = tree.at(id).marks;
            document.undo.push(
                {"Prune", project::MarksChange{id, marks, document.base, document.shown}});
            marks.trashed = true;
            marks.note = "not this one";
            tree.set_marks(id, marks);
            return;
        }
        case Deed::judge: {
            const int id = pick();
            if (id == 0) break;
            project::BaseChange before{document.base, document.shown, id, tree.at(id).standing};
            const mask::Mask its = *tree.at(id).mask;
            mask::MaskPatch patch(document.mask, its);
            if (!patch.empty()) before.mask = std::move(patch);
            before.prompt = document.prompt;
            tree.set_standing(id, project::Standing::accepted);
            document.base = document.shown = id;
            document.mask = its;
            document.prompt = tree.at(id).prompt;
            document.undo.push({"Accept", std::move(before)});
            return;
        }
        case Deed::regraft: {
            const int id = pick();
            if (id == 0 || !tree.replaceable(id)) break;
            project::Grafted next = tree.at(id);
            auto patch = next.patch.get();
            image::Image other = image::clone(patch->pixels->view());
            other.span().row_bytes(0)[0] = static_cast<std::byte>(below(256));
            next.patch = composite::Patch{patch->rect,
                                          std::make_shared<const image::Image>(std::move(other))};
            next.graft.seam.feather_px = below(30);
            tree.swap_graft(id, next);
            document.undo.push({"Graft", project::GraftChange{id, std::move(next)}});
            return;
        }
        case Deed::mark: {
            project::MarkupChange before{document.markup.marks};
            edit::Mark mark;
            mark.id = ++document.markup.last_id;
            mark.points = {{double(below(90)), 4}, {50, double(20 + below(60))}};
            document.markup.marks.push_back(mark);
            document.undo.push({"Arrow", std::move(before)});
            return;
        }
        case Deed::look:
            document.shown = pick();
            document.canvas.zoom = 1 + below(8);
            document.canvas.fitted = false;
            document.prompt = fmt::format("words {}", below(100));
            document.view_state = fmt::format("{{\"tool\":{}}}", below(9));
            return;
        case Deed::slot:
            document.slots.push_back(
                {below(1 << 20), fmt::format("kept {}", below(100)), document.mask});
            if (document.slots.size() > 3) document.slots.erase(document.slots.begin());
            return;
        case Deed::stroke:
            break;
    }
    mask::Mask painted = document.mask;
    const double w = 4 + below(largest_side), h = 4 + below(largest_side);
    mask::combine(
        painted,
        mask::ellipse(size, {double(below(size.width)) - 2, double(below(size.height)) - 2, w, h}),
        below(4) == 0 ? mask::CombineMode::subtract : mask::CombineMode::add);
    if (painted.empty()) painted = mask::rectangle(size, {2, 2, 9, 9});
    mask::MaskPatch patch(document.mask, painted);
    if (patch.empty()) return;
    document.mask = std::move(painted);
    document.undo.push({"Brush stroke", std::move(patch)});
}

std::string tree_contents(const project::Document& document) {
    std::string out = fmt::format(
        "base {} shown {} prompt {} state {} zoom {} mask {}\n", document.base, document.shown,
        document.prompt, document.view_state, document.canvas.zoom, hash_of(document.mask));
    for (const edit::Mark& mark : document.markup.marks)
        out += fmt::format("mark {} {} {}\n", mark.id, mark.points[0].x, mark.points[1].y);
    for (const project::MaskSlot& slot : document.slots)
        out += fmt::format("slot {} {} {}\n", slot.id, slot.name, hash_of(slot.mask));
    for (std::size_t i = 0; i < document.tree.size(); ++i) {
        const auto id = static_cast<project::IterationId>(i);
        const project::Iteration& it = document.tree.any(id);
        out += fmt::format(
            "{} of {} {} {} {} {} {} {} trashed {} {} pinned {} cost {} settings {} "
            "changed {} {}",
            it.id, it.parent, static_cast<int>(it.standing), it.prompt, it.what_was_done,
            it.provider, it.model, it.request, it.marks.trashed, it.marks.note, it.pinned,
            it.cost.actual_usd.value_or(0), it.graft.seam.feather_px.value_or(-1),
            it.report.changed_inside_mask, it.report.outside_sha256.substr(0, 8));
        if (!it.patch.empty() && it.patch->pixels)
            out += fmt::format(" patch {},{} {}", it.patch->rect.x, it.patch->rect.y,
                               hash_of(it.patch->pixels->bytes()));
        if (!it.mask.empty()) out += " mask " + hash_of(*it.mask);
        for (const edit::AnsweredPart& part : *it.parts.get())
            out += fmt::format(" answer {} {} {} {}", part.request->id, part.request->plan.crop.x,
                               hash_of(part.answer.bytes), hash_of(part.mask));
        out += "\n";
    }
    return out;
}

std::string contents(project::Document& document) {
    std::string out = tree_contents(document);
    const auto moved = [&] {
        return fmt::format("{} {} {} {}\n", document.base, document.shown, hash_of(document.mask),
                           document.markup.marks.size());
    };
    int undone = 0, redone = 0;
    for (; document.undo.can_undo(); ++undone) {
        out += document.undo.next_undo()->name + " ";
        document.undo.undo(document.undo_target());
        out += moved();
    }
    for (; redone < undone; ++redone)
        document.undo.redo(document.undo_target());
    for (redone = 0; document.undo.can_redo(); ++redone) {
        out += document.undo.next_redo()->name + " ";
        document.undo.redo(document.undo_target());
        out += moved();
    }
    for (; redone > 0; --redone)
        document.undo.undo(document.undo_target());
    return out;
}

} // namespace mw::test
