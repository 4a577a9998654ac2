#include <fmt/format.h>

#include "base/hash.h"
#include "project/pack.h"
#include "project/record.h"
#include "project/store_core.h"

namespace mw::project {

namespace {

constexpr std::uint64_t kMostAnswer = 1ull << 30;
constexpr std::size_t kMostIterations = 100'000, kMostCommands = 100'000;

template <class E>
E bounded(std::int64_t value, E last) {
    return value >= 0 && value <= static_cast<std::int64_t>(last) ? static_cast<E>(value) : E{};
}

} // namespace

tl::unexpected<Error> damaged(const std::filesystem::path& path, std::string_view what) {
    return fail(ErrorCode::corrupt,
                fmt::format("{} is damaged: {}. \"maskwright project recover\" saves what it still "
                            "holds.",
                            display_path(path.filename()), what));
}

void Store::Core::problem(std::string text) {
    const std::lock_guard lock(problems_mutex);
    if (problems.size() < 100 &&
        std::find(problems.begin(), problems.end(), text) == problems.end())
        problems.push_back(std::move(text));
}

// --- what is read when it is asked for. The store may be gone by then.

Stored<composite::Patch>::Load Store::Core::patch_load(std::int64_t blob, Point at) {
    return [weak = weak_from_this(), blob, at]() -> std::shared_ptr<const composite::Patch> {
        const auto self = weak.lock();
        if (!self) return nullptr;
        Result<Bytes> bytes;
        {
            const std::lock_guard lock(self->mutex);
            if (!self->open) return nullptr;
            const auto most = static_cast<std::uint64_t>(self->size.area()) *
                              static_cast<std::uint64_t>(self->format.bytes());
            bytes = self->get(blob, 2 * most + 4096);
        }
        const auto most = static_cast<std::uint64_t>(self->size.area()) *
                          static_cast<std::uint64_t>(self->format.bytes());
        auto pixels = bytes ? unpack_image(*bytes, most) : tl::unexpected(bytes.error());
        if (pixels) {
            const Rect rect{at.x, at.y, pixels->width(), pixels->height()};
            if (pixels->format() == self->format && Rect::of(self->size).contains(rect)) {
                auto patch = std::make_shared<const composite::Patch>(composite::Patch{
                    rect, std::make_shared<const image::Image>(std::move(*pixels))});
                self->recent.keep(patch, patch->pixels->byte_count());
                return patch;
            }
        }
        self->problem(
            fmt::format("{}: the pixels of a result are damaged; its parent is shown in "
                        "their place.",
                        display_path(self->path.filename())));
        return nullptr;
    };
}

Stored<mask::Mask>::Load Store::Core::mask_load(std::int64_t blob) {
    return [weak = weak_from_this(), blob]() -> std::shared_ptr<const mask::Mask> {
        const auto self = weak.lock();
        if (!self) return nullptr;
        const std::lock_guard lock(self->mutex);
        if (!self->open) return nullptr;
        auto mask = self->get_mask(blob);
        if (!mask) {
            self->problem(fmt::format("{}: the mask of a result is damaged; it is taken as empty.",
                                      display_path(self->path.filename())));
            return std::make_shared<const mask::Mask>(self->size);
        }
        auto made = std::make_shared<const mask::Mask>(std::move(*mask));
        self->recent.keep(made, made->tile_bytes());
        return made;
    };
}

Stored<std::vector<edit::AnsweredPart>>::Load Store::Core::answers_load(std::int64_t id) {
    return
        [weak = weak_from_this(), id]() -> std::shared_ptr<const std::vector<edit::AnsweredPart>> {
            const auto self = weak.lock();
            if (!self) return nullptr;
            const std::lock_guard lock(self->mutex);
            if (!self->open) return nullptr;
            auto parts = self->read_answers(id);
            if (!parts) {
                self->problem(
                    fmt::format("{}: the answer of a result is damaged; it cannot be grafted "
                                "again.",
                                display_path(self->path.filename())));
                return nullptr;
            }
            std::size_t bytes = 0;
            for (const edit::AnsweredPart& part : *parts)
                bytes += part.answer.bytes.size();
            auto made = std::make_shared<const std::vector<edit::AnsweredPart>>(std::move(*parts));
            self->recent.keep(made, bytes);
            return made;
        };
}

MaskChange::Load Store::Core::command_load(std::uint64_t number) {
    return [weak = weak_from_this(), number]() -> std::shared_ptr<const mask::MaskPatch> {
        const auto self = weak.lock();
        if (!self) return nullptr;
        const std::lock_guard lock(self->mutex);
        if (!self->open) return nullptr;
        const auto failed = [&]() -> std::shared_ptr<const mask::MaskPatch> {
            self->problem(fmt::format("{}: a step of undo is damaged and does nothing.",
                                      display_path(self->path.filename())));
            return nullptr;
        };
        const mask::Mask grid(self->size);
        const std::int64_t tiles = std::int64_t{grid.tiles_x()} * grid.tiles_y();
        std::vector<std::pair<mask::MaskPatch::Tile, std::int64_t>> found;
        {
            Query query(self->database,
                        "SELECT tile, state, bytes FROM command_tile WHERE command = ?");
            query.bind(static_cast<std::int64_t>(number));
            for (;;) {
                auto row = query.next();
                if (!row) return failed();
                if (!*row) break;
                const std::int64_t tile = query.integer(0);
                if (tile < 0 || tile >= tiles) return failed();
                mask::MaskPatch::Tile made{static_cast<int>(tile % grid.tiles_x()),
                                           static_cast<int>(tile / grid.tiles_x()), nullptr};
                const bool full = query.integer(1) != 0 && query.is_null(2);
                if (full) made.tile = mask::full_tile();
                found.emplace_back(made, query.is_null(2) ? -1 : query.integer(2));
            }
        }
        std::vector<mask::MaskPatch::Tile> made;
        for (auto& [tile, blob] : found) {
            if (blob >= 0) {
                auto bytes = self->get(blob, 4 * sizeof(mask::MaskTile));
                auto unpacked = bytes ? unpack_tile(*bytes, grid.tile_rect(tile.tx, tile.ty).size())
                                      : tl::unexpected(bytes.error());
                if (!unpacked) return failed();
                tile.tile = std::move(*unpacked);
            } else if (tile.tile && grid.tile_rect(tile.tx, tile.ty).area() !=
                                        mask::kTileSide * mask::kTileSide) {
                return failed();
            }
            made.push_back(std::move(tile));
        }
        auto patch = std::make_shared<const mask::MaskPatch>(mask::MaskPatch(std::move(made)));
        self->recent.keep(patch, patch->bytes());
        return patch;
    };
}

// --- at once

Result<std::shared_ptr<const edit::EditRequest>> Store::Core::read_request(const std::string& id) {
    if (auto known = requests[id].lock()) return known;
    auto request = std::make_shared<edit::EditRequest>();
    request->id = id;
    std::array<std::optional<std::int64_t>, 3> images; // sent mask, soft mask, markup
    {
        Query query(database,
                    "SELECT prompt, params, plan, sent_mask, soft_mask, markup FROM request WHERE "
                    "id = ?");
        MW_TRY(row, query.bind(id).next());
        if (!*row) return damaged(path, "a request is missing");
        request->prompt = query.text(0);
        if (auto ok = from_text(query.text(1), request->params); !ok)
            return tl::unexpected(ok.error());
        if (auto ok = from_text(query.text(2), request->plan); !ok)
            return tl::unexpected(ok.error());
        for (int i = 0; i < 3; ++i)
            if (!query.is_null(3 + i)) images[static_cast<std::size_t>(i)] = query.integer(3 + i);
    }
    const edit::CropPlan& plan = request->plan;
    const auto sane = [](const Size& s) {
        return s.width > 0 && s.height > 0 && s.width <= 1 << 16 && s.height <= 1 << 16;
    };
    if (!sane(plan.crop.size()) || !sane(plan.request_size) || std::abs(plan.crop.x) > 1 << 20 ||
        std::abs(plan.crop.y) > 1 << 20 || !(plan.scale > 0 && plan.scale < 1e6))
        return damaged(path, "the plan of a request makes no sense");
    image::ImageRef* const targets[] = {&request->mask, &request->soft_mask, &request->markup};
    for (std::size_t i = 0; i < images.size(); ++i) {
        if (!images[i]) continue;
        MW_TRY(bytes, get(*images[i], kMostAnswer));
        MW_TRY(image, unpack_image(*bytes, kMostAnswer));
        *targets[i] = std::make_shared<const image::Image>(std::move(*image));
    }
    std::vector<std::pair<edit::Reference, std::int64_t>> references;
    {
        Query query(database,
                    "SELECT name, media_type, width, height, file FROM reference WHERE request = ? "
                    "ORDER BY seq LIMIT 64");
        query.bind(id);
        for (;;) {
            MW_TRY(row, query.next());
            if (!*row) break;
            edit::Reference reference;
            reference.name = query.text(0);
            reference.media_type = query.text(1);
            reference.size = {static_cast<int>(query.integer(2)),
                              static_cast<int>(query.integer(3))};
            references.emplace_back(std::move(reference), query.integer(4));
        }
    }
    for (auto& [reference, file] : references) {
        MW_TRY(bytes, get(file, kMostAnswer));
        reference.file = std::make_shared<const Bytes>(std::move(*bytes));
        request->params.references.push_back(std::move(reference));
    }
    requests[id] = request;
    return std::shared_ptr<const edit::EditRequest>(std::move(request));
}

Result<std::vector<edit::AnsweredPart>> Store::Core::read_answers(std::int64_t id) {
    struct Row {
        std::string request, media_type;
        std::int64_t file = 0, mask = 0;
    };
    std::vector<Row> rows;
    {
        Query query(database,
                    "SELECT answer.request, answer.media_type, answer.file, part.mask FROM part "
                    "JOIN answer ON answer.id = part.answer WHERE part.answers = ? ORDER BY "
                    "part.seq LIMIT 64");
        query.bind(id);
        for (;;) {
            MW_TRY(row, query.next());
            if (!*row) break;
            rows.push_back({query.text(0), query.text(1), query.integer(2), query.integer(3)});
        }
    }
    std::vector<edit::AnsweredPart> parts;
    for (const Row& row : rows) {
        edit::AnsweredPart part;
        MW_TRY(request, read_request(row.request));
        part.request = std::move(*request);
        MW_TRY(mask, get_mask(row.mask));
        part.mask = std::move(*mask);
        MW_TRY(bytes, get(row.file, kMostAnswer));
        part.answer = {std::move(*bytes), row.media_type};
        parts.push_back(std::move(part));
    }
    return parts;
}

Result<Grafted> Store::Core::read_graft(std::int64_t id) {
    Query query(database,
                "SELECT x, y, patch, mask, answers, settings, report FROM graft WHERE id = ?");
    MW_TRY(row, query.bind(id).next());
    if (!*row) return damaged(path, "a graft is missing");
    Grafted made;
    const std::int64_t x = query.integer(0), y = query.integer(1);
    if (!query.is_null(2)) {
        if (x < 0 || y < 0 || x >= size.width || y >= size.height)
            return damaged(path, "a graft lies outside the picture");
        const Point at{static_cast<int>(x), static_cast<int>(y)};
        made.patch = {patch_load(query.integer(2), at), this, query.integer(2)};
        grafts[made.patch.identity()] = id;
    }
    if (!query.is_null(3)) made.mask = {mask_load(query.integer(3)), this, query.integer(3)};
    if (!query.is_null(4)) made.parts = {answers_load(query.integer(4)), this, query.integer(4)};
    if (auto ok = from_text(query.text(5), made.graft); !ok) return tl::unexpected(ok.error());
    if (auto ok = from_text(query.text(6), made.report); !ok) return tl::unexpected(ok.error());
    return made;
}

Status Store::Core::read_iterations(Document& document) {
    Query query(database,
                "SELECT id, parent, graft, standing, prompt, what_was_done, provider, model, "
                "request, service_id, view, estimate_usd, actual_usd, seconds, created_ms, "
                "combined_a, combined_b, pinned, erased, name, note, starred, trashed, collapsed "
                "FROM iteration ORDER BY id");
    for (;;) {
        MW_TRY(row, query.next());
        if (!*row) break;
        const std::int64_t id = query.integer(0), parent = query.integer(1);
        // The original has a row of its own, for its marks; the others follow without gaps.
        if (id != 0 && (id != static_cast<std::int64_t>(document.tree.size()) ||
                        id > static_cast<std::int64_t>(kMostIterations)))
            return damaged(path, "iterations are missing");
        Iteration it;
        it.marks = {query.integer(21) != 0, query.integer(22) != 0, query.integer(23) != 0,
                    query.text(19), query.text(20)};
        if (id == 0) {
            document.tree.set_marks(0, it.marks);
            if (query.integer(17) != 0) document.tree.pin(0);
            continue;
        }
        if (parent < 0 || parent >= id) return damaged(path, "an iteration has no parent");
        it.erased = query.integer(18) != 0;
        if (!it.erased) {
            // What is erased goes with all that was made from it.
            if (!document.tree.contains(static_cast<IterationId>(parent)))
                return damaged(path, "an iteration has no parent");
            if (query.is_null(2)) return damaged(path, "an iteration has no graft");
            MW_TRY(graft, read_graft(query.integer(2)));
            static_cast<Grafted&>(it) = std::move(*graft);
        }
        it.parent = static_cast<IterationId>(parent);
        it.standing = bounded(query.integer(3), Standing::rejected);
        it.prompt = query.text(4);
        it.what_was_done = query.text(5);
        it.provider = query.text(6);
        it.model = query.text(7);
        it.request = query.integer(8);
        it.service_id = query.text(9);
        MW_TRY(view, view_from_text(query.text(10), color));
        it.view = std::move(*view);
        if (!query.is_null(11)) it.cost.estimate_usd = query.real(11);
        if (!query.is_null(12)) it.cost.actual_usd = query.real(12);
        it.seconds = query.real(13);
        it.created_ms = query.integer(14);
        if (!query.is_null(15) && !query.is_null(16)) {
            const std::int64_t a = query.integer(15), b = query.integer(16);
            if (a >= 0 && b >= 0 && a < id && b < id)
                it.combined = {static_cast<IterationId>(a), static_cast<IterationId>(b)};
        }
        it.pinned = query.integer(17) != 0;
        document.tree.restore(std::move(it));
    }
    return {};
}

Status Store::Core::read_canvas(Document& document) {
    std::vector<std::pair<std::int64_t, std::int64_t>> tiles;
    {
        Query query(database, "SELECT tile, bytes FROM canvas");
        const std::int64_t most = std::int64_t{document.mask.tiles_x()} * document.mask.tiles_y();
        for (;;) {
            MW_TRY(row, query.next());
            if (!*row) break;
            if (query.integer(0) < 0 || query.integer(0) >= most)
                return damaged(path, "a tile of the mask lies outside the picture");
            tiles.emplace_back(query.integer(0), query.is_null(1) ? -1 : query.integer(1));
        }
    }
    for (const auto& [number, blob] : tiles) {
        const int tx = static_cast<int>(number % document.mask.tiles_x());
        const int ty = static_cast<int>(number / document.mask.tiles_x());
        const Size inside = document.mask.tile_rect(tx, ty).size();
        if (blob < 0) {
            if (inside.area() != mask::kTileSide * mask::kTileSide)
                return damaged(path, "a tile of the mask lies outside the picture");
            document.mask.set_tile(tx, ty, mask::full_tile());
            continue;
        }
        auto bytes = get(blob, 4 * sizeof(mask::MaskTile));
        auto tile = bytes ? unpack_tile(*bytes, inside) : tl::unexpected(bytes.error());
        if (!tile) {
            problem(fmt::format("{}: a part of the mask is damaged and was left out.",
                                display_path(path.filename())));
            continue;
        }
        document.mask.set_tile(tx, ty, std::move(*tile));
    }
    return {};
}

Status Store::Core::read_slots(Document& document) {
    std::vector<std::pair<MaskSlot, std::int64_t>> slots;
    {
        Query query(database, "SELECT id, name, mask FROM slot ORDER BY place, id LIMIT 1000");
        for (;;) {
            MW_TRY(row, query.next());
            if (!*row) break;
            slots.push_back(
                {{static_cast<int>(query.integer(0)), query.text(1), {}}, query.integer(2)});
        }
    }
    for (auto& [slot, blob] : slots) {
        auto mask = get_mask(blob);
        if (!mask) {
            problem(fmt::format("{}: a kept mask is damaged and was left out.",
                                display_path(path.filename())));
            continue;
        }
        slot.mask = std::move(*mask);
        document.slots.push_back(std::move(slot));
    }
    return {};
}

Status Store::Core::read_commands(Document& document) {
    std::deque<Command> done, undone;
    const auto known = [&](IterationId id) { return document.tree.contains(id); };
    Query query(database,
                "SELECT id, undone, name, kind, detail, graft, "
                "EXISTS(SELECT 1 FROM command_tile WHERE command = command.id) FROM command "
                "ORDER BY id");
    std::size_t count = 0;
    for (;;) {
        MW_TRY(row, query.next());
        if (!*row) break;
        if (++count > kMostCommands || query.integer(0) <= 0)
            return damaged(path, "its undo makes no sense");
        Command command;
        command.number = static_cast<std::uint64_t>(query.integer(0));
        command.name = query.text(2);
        const std::string kind = query.text(3), detail = query.text(4);
        const MaskChange tiles =
            query.integer(6) != 0 ? MaskChange(command_load(command.number), this, query.integer(0))
                                  : MaskChange();
        bool sane = true;
        if (kind == "mask") {
            command.change = tiles;
        } else if (kind == "base") {
            BaseChange base;
            if (auto ok = from_text(detail, base); !ok) return ok;
            sane = known(base.base) && known(base.shown) && (base.judged < 0 || known(base.judged));
            base.mask = tiles;
            command.change = std::move(base);
        } else if (kind == "marks") {
            MarksChange marks;
            if (auto ok = from_text(detail, marks); !ok) return ok;
            sane = known(marks.id) && known(marks.base) && known(marks.shown);
            command.change = std::move(marks);
        } else if (kind == "markup") {
            edit::Markup drawn;
            if (auto ok = from_text(detail, size, drawn); !ok) return ok;
            command.change = MarkupChange{std::move(drawn.marks)};
        } else if (kind == "graft" && !query.is_null(5)) {
            GraftChange change;
            change.id = std::atoi(detail.c_str());
            sane = change.id != 0 && known(change.id);
            MW_TRY(graft, read_graft(query.integer(5)));
            change.graft = std::move(*graft);
            command.change = std::move(change);
        } else {
            sane = false;
        }
        if (!sane) return damaged(path, "its undo makes no sense");
        (query.integer(1) != 0 ? undone : done).push_back(std::move(command));
    }
    document.undo.restore(std::move(done), std::move(undone));
    return {};
}

Result<std::vector<Unfinished>> Store::Core::read_unfinished() {
    struct Row {
        std::string id, edit, provider, view, graft, outcome, state;
        std::int64_t number, parent, whole_mask, mask;
    };
    std::vector<Row> rows;
    {
        Query query(database,
                    "SELECT id, edit, provider, view, graft, outcome, state, number, parent, "
                    "whole_mask, mask FROM request WHERE state IN ('sent', 'answered') AND "
                    "NOT EXISTS (SELECT 1 FROM part JOIN answer ON answer.id = part.answer WHERE "
                    "answer.request = request.id) ORDER BY edit, part LIMIT 1000");
        for (;;) {
            MW_TRY(row, query.next());
            if (!*row) break;
            rows.push_back(
                {query.text(0), query.text(1), query.text(2), query.text(3), query.text(4),
                 query.text(5), query.text(6), query.integer(7), query.integer(8),
                 query.is_null(9) ? query.integer(10) : query.integer(9), query.integer(10)});
        }
    }
    std::vector<Unfinished> found;
    for (const Row& row : rows) {
        if (row.state == "sent") {
            notes.push_back(fmt::format(
                "A request was sent ({}) and its answer did not come before the program ended; it "
                "may have been charged.",
                row.id));
            continue;
        }
        auto request = read_request(row.id);
        auto mask = get_mask(row.mask), whole = get_mask(row.whole_mask);
        if (!request || !mask || !whole) continue;
        Unfinished::Part part{*request, std::move(*mask), {}};
        std::vector<std::pair<std::string, std::int64_t>> files;
        {
            Query query(database,
                        "SELECT media_type, file FROM answer WHERE request = ? ORDER BY "
                        "seq LIMIT 64");
            query.bind(row.id);
            for (;;) {
                MW_TRY(next, query.next());
                if (!*next) break;
                files.emplace_back(query.text(0), query.integer(1));
            }
        }
        for (const auto& [type, file] : files)
            if (auto bytes = get(file, kMostAnswer))
                part.answers.push_back({std::move(*bytes), type});
        if (part.answers.empty()) continue;
        edit::EditResult result;
        (void)from_text(row.outcome, result);
        if (found.empty() || found.back().edit != row.edit) {
            Unfinished next;
            next.edit = row.edit;
            next.provider = row.provider;
            next.number = row.number;
            next.parent = static_cast<IterationId>(row.parent);
            next.mask = std::move(*whole);
            (void)from_text(row.graft, next.graft);
            if (auto view = view_from_text(row.view, color)) next.view = std::move(*view);
            next.result = std::move(result);
            found.push_back(std::move(next));
        } else {
            auto& cost = found.back().result.cost;
            if (result.cost.actual_usd)
                cost.actual_usd = cost.actual_usd.value_or(0) + *result.cost.actual_usd;
            if (result.cost.estimate_usd)
                cost.estimate_usd = cost.estimate_usd.value_or(0) + *result.cost.estimate_usd;
        }
        found.back().parts.push_back(std::move(part));
    }
    return found;
}

} // namespace mw::project
