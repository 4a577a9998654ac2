#include <fmt/format.h>

#include "base/hash.h"
#include "project/pack.h"
#include "project/record.h"
#include "project/store_core.h"

namespace mw::project {
namespace {

std::int64_t tile_number(const mask::Mask& mask, int tx, int ty) {
    return std::int64_t{ty} * mask.tiles_x() + tx;
}

} // namespace

Status Store::Core::guard_write() const {
    if (!open)
        return fail(ErrorCode::io, fmt::format("{} was closed.", display_path(path.filename())));
    if (!writable)
        return fail(ErrorCode::permission_denied,
                    fmt::format("{} is open to be read only; save it under another name to go on.",
                                display_path(path.filename())));
    return {};
}

void Store::Core::settle() {
    std::vector<std::function<void()>> committed;
    {
        const std::lock_guard lock(mutex);
        committed.swap(to_settle);
    }
    for (const auto& settle : committed)
        settle();
}

Status Store::Core::put_document(const Document& document, const std::filesystem::path& link,
                                 std::optional<std::int64_t> original, std::uint64_t original_size,
                                 const std::string& original_sha256,
                                 const std::string& pixels_sha) {
    const image::ImageRef picture = document.tree.picture(0);
    const std::string name = document.path.filename().string(), place = link.string(),
                      canvas = to_text(document.canvas), marks = to_text(document.markup);
    const Bytes file_digest = digest_of(original_sha256), pixel_digest = digest_of(pixels_sha);
    Query query(database,
                "INSERT INTO document(id, name, link, original, original_size, original_sha256, "
                "width, height, channels, sample_bytes, pixels_sha256, base, shown, canvas, "
                "prompt, state, marks, created_ms, program) "
                "VALUES(1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'maskwright')");
    query.bind(name);
    if (link.empty())
        query.bind_null();
    else
        query.bind(place);
    return query.bind(original)
        .bind(static_cast<std::int64_t>(original_size))
        .bind(file_digest)
        .bind(picture->width())
        .bind(picture->height())
        .bind(picture->format().channels)
        .bind(image::sample_bytes(picture->format().type))
        .bind(pixel_digest)
        .bind(document.base)
        .bind(document.shown)
        .bind(canvas)
        .bind(document.prompt)
        .bind(document.view_state)
        .bind(marks)
        .bind(now_ms())
        .run();
}

Status Store::Core::put_batch(const Batch& batch) {
    for (const std::uint64_t number : batch.dropped_commands) {
        const auto id = static_cast<std::int64_t>(number);
        for (const char* sql :
             {"DELETE FROM command_tile WHERE command = ?", "DELETE FROM command WHERE id = ?"})
            if (auto ok = Query(database, sql).bind(id).run(); !ok) return ok;
    }
    for (const Iteration& it : batch.iterations)
        if (auto ok = put_iteration(it); !ok) return ok;
    if (batch.pointer)
        if (auto ok = Query(database, "UPDATE document SET base = ?, shown = ?")
                          .bind(batch.pointer->base)
                          .bind(batch.pointer->shown)
                          .run();
            !ok)
            return ok;
    const mask::Mask grid(size);
    for (const Batch::CanvasTile& tile : batch.tiles) {
        const std::int64_t number = tile_number(grid, tile.tx, tile.ty);
        if (!tile.tile) {
            if (auto ok = Query(database, "DELETE FROM canvas WHERE tile = ?").bind(number).run();
                !ok)
                return ok;
            continue;
        }
        std::optional<std::int64_t> bytes;
        if (tile.tile != mask::full_tile()) {
            MW_TRY(blob, put(pack_tile(*tile.tile)));
            bytes = *blob;
        }
        if (auto ok = Query(database, "INSERT OR REPLACE INTO canvas(tile, bytes) VALUES(?, ?)")
                          .bind(number)
                          .bind(bytes)
                          .run();
            !ok)
            return ok;
    }
    if (batch.slots)
        if (auto ok = put_slots(*batch.slots); !ok) return ok;
    if (batch.view) {
        const std::string canvas = to_text(batch.view->canvas), marks = to_text(batch.view->markup);
        if (auto ok =
                Query(database, "UPDATE document SET canvas = ?, prompt = ?, state = ?, marks = ?")
                    .bind(canvas)
                    .bind(batch.view->prompt)
                    .bind(batch.view->state)
                    .bind(marks)
                    .run();
            !ok)
            return ok;
    }
    for (const Batch::UndoEntry& entry : batch.commands)
        if (auto ok = put_command(entry); !ok) return ok;
    return {};
}

Status Store::Core::put_slots(const std::vector<MaskSlot>& slots) {
    if (auto ok = database.run("DELETE FROM slot"); !ok) return ok;
    int place = 0;
    for (const MaskSlot& slot : slots) {
        MW_TRY(mask, put_mask(slot.mask));
        if (auto ok = Query(database, "INSERT INTO slot(id, place, name, mask) VALUES(?, ?, ?, ?)")
                          .bind(slot.id)
                          .bind(place++)
                          .bind(slot.name)
                          .bind(*mask)
                          .run();
            !ok)
            return ok;
    }
    return {};
}

Status Store::Core::put_iteration(const Iteration& it) {
    std::optional<std::int64_t> graft;
    if (it.id != 0 && !it.erased) {
        MW_TRY(written, put_graft(it));
        graft = *written;
    }
    const std::string view = view_to_text(it.view);
    std::optional<std::int64_t> a, b;
    if (it.combined) a = it.combined->a, b = it.combined->b;
    return Query(database,
                 "INSERT OR REPLACE INTO iteration(id, parent, graft, standing, prompt, "
                 "what_was_done, provider, model, request, service_id, view, estimate_usd, "
                 "actual_usd, seconds, created_ms, combined_a, combined_b, pinned, erased, name, "
                 "note, starred, trashed, collapsed) "
                 "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        .bind(it.id)
        .bind(it.parent)
        .bind(graft)
        .bind(static_cast<int>(it.standing))
        .bind(it.prompt)
        .bind(it.what_was_done)
        .bind(it.provider)
        .bind(it.model)
        .bind(it.request)
        .bind(it.service_id)
        .bind(view)
        .bind(it.cost.estimate_usd)
        .bind(it.cost.actual_usd)
        .bind(it.seconds)
        .bind(it.created_ms)
        .bind(a)
        .bind(b)
        .bind(int{it.pinned})
        .bind(int{it.erased})
        .bind(it.marks.name)
        .bind(it.marks.note)
        .bind(int{it.marks.starred})
        .bind(int{it.marks.trashed})
        .bind(int{it.marks.collapsed})
        .run();
}

Result<std::int64_t> Store::Core::put_graft(const Grafted& grafted) {
    if (const auto known = grafts.find(grafted.patch.identity());
        grafted.patch.identity() != 0 && known != grafts.end())
        return known->second;
    const auto self = shared_from_this();
    std::optional<std::int64_t> patch, mask, answers;
    Point at;
    if (!grafted.patch.empty()) {
        const auto value = grafted.patch.get();
        at = {value->rect.x, value->rect.y};
        patch = grafted.patch.key_in(this);
        if (*patch < 0) {
            if (value->pixels) {
                MW_TRY(blob, put(pack_image(value->pixels->view())));
                patch = *blob;
                to_settle.push_back([self, handle = grafted.patch, value, key = *blob, at] {
                    handle.settle(self->patch_load(key, at), self.get(), key);
                    self->recent.keep(value, value->pixels->byte_count());
                });
            } else {
                patch.reset();
            }
        }
    }
    if (!grafted.mask.empty()) {
        mask = grafted.mask.key_in(this);
        if (*mask < 0) {
            const auto value = grafted.mask.get();
            MW_TRY(blob, put_mask(*value));
            mask = *blob;
            to_settle.push_back([self, handle = grafted.mask, value, key = *blob] {
                handle.settle(self->mask_load(key), self.get(), key);
                self->recent.keep(value, value->tile_bytes());
            });
        }
    }
    if (!grafted.parts.empty()) {
        answers = grafted.parts.key_in(this);
        if (*answers < 0) {
            const auto value = grafted.parts.get();
            MW_TRY(written, put_answers(*value));
            answers = *written;
            std::size_t bytes = 0;
            for (const edit::AnsweredPart& part : *value)
                bytes += part.answer.bytes.size();
            to_settle.push_back([self, handle = grafted.parts, value, key = *written, bytes] {
                handle.settle(self->answers_load(key), self.get(), key);
                self->recent.keep(value, bytes);
            });
        }
    }
    const std::string settings = to_text(grafted.graft), report = to_text(grafted.report);
    if (auto ok = Query(database,
                        "INSERT INTO graft(x, y, patch, mask, answers, settings, report) "
                        "VALUES(?, ?, ?, ?, ?, ?, ?)")
                      .bind(at.x)
                      .bind(at.y)
                      .bind(patch)
                      .bind(mask)
                      .bind(answers)
                      .bind(settings)
                      .bind(report)
                      .run();
        !ok)
        return tl::unexpected(ok.error());
    MW_TRY(id, database.number("SELECT last_insert_rowid()"));
    if (const std::uint64_t identity = grafted.patch.identity(); identity != 0)
        to_settle.push_back([self, identity, key = *id] {
            const std::lock_guard lock(self->mutex);
            self->grafts[identity] = key;
        });
    return id;
}

Result<std::int64_t> Store::Core::put_answers(const std::vector<edit::AnsweredPart>& parts) {
    if (auto ok = Query(database, "INSERT INTO answers(id) VALUES(NULL)").run(); !ok)
        return tl::unexpected(ok.error());
    MW_TRY(id, database.number("SELECT last_insert_rowid()"));
    int seq = 0;
    for (const edit::AnsweredPart& part : parts) {
        // A document that had no file yet brings its requests with their answers.
        RequestRecord record;
        record.request = part.request;
        record.edit = part.request->id;
        record.part_mask = record.whole_mask = part.mask;
        if (auto ok = put_request(record); !ok) return tl::unexpected(ok.error());
        MW_TRY(answer, put_answer(part.request->id, -1, part.answer));
        MW_TRY(mask, put_mask(part.mask));
        if (auto ok =
                Query(database, "INSERT INTO part(answers, seq, answer, mask) VALUES(?, ?, ?, ?)")
                    .bind(*id)
                    .bind(seq++)
                    .bind(*answer)
                    .bind(*mask)
                    .run();
            !ok)
            return tl::unexpected(ok.error());
    }
    return id;
}

// The answer with these bytes; a new one at `seq`, or after the others when that is negative.
Result<std::int64_t> Store::Core::put_answer(const std::string& request, int seq,
                                             const edit::Answer& answer) {
    MW_TRY(file, put(answer.bytes));
    {
        Query known(database, "SELECT id FROM answer WHERE request = ? AND file = ?");
        MW_TRY(row, known.bind(request).bind(*file).next());
        if (*row && seq < 0) return known.integer(0);
    }
    if (seq < 0) {
        Query last(database, "SELECT coalesce(max(seq) + 1, 0) FROM answer WHERE request = ?");
        MW_TRY(row, last.bind(request).next());
        seq = *row ? static_cast<int>(last.integer(0)) : 0;
    }
    if (auto ok = Query(database,
                        "INSERT OR IGNORE INTO answer(request, seq, media_type, file, problem, "
                        "created_ms) VALUES(?, ?, ?, ?, '', ?)")
                      .bind(request)
                      .bind(seq)
                      .bind(answer.media_type)
                      .bind(*file)
                      .bind(now_ms())
                      .run();
        !ok)
        return tl::unexpected(ok.error());
    Query made(database, "SELECT id FROM answer WHERE request = ? AND seq = ?");
    MW_TRY(row, made.bind(request).bind(seq).next());
    return *row ? made.integer(0) : 0;
}

Status Store::Core::put_request(const RequestRecord& record) {
    const edit::EditRequest& request = *record.request;
    {
        Query known(database, "SELECT 1 FROM request WHERE id = ?");
        MW_TRY(row, known.bind(request.id).next());
        if (*row) return {};
    }
    const auto image_blob =
        [&](const image::ImageRef& image) -> Result<std::optional<std::int64_t>> {
        if (!image) return std::optional<std::int64_t>();
        auto blob = put(pack_image(image->view()));
        if (!blob) return tl::unexpected(blob.error());
        return std::optional(*blob);
    };
    MW_TRY(whole, put_mask(record.whole_mask));
    MW_TRY(mask, put_mask(record.part_mask));
    MW_TRY(sent, image_blob(request.mask));
    MW_TRY(soft, image_blob(request.soft_mask));
    MW_TRY(markup, image_blob(request.markup));
    const std::string params = to_text(request.params), plan = to_text(request.plan),
                      view = view_to_text(record.view), graft = to_text(record.graft);
    if (auto ok = Query(database,
                        "INSERT INTO request(id, number, parent, provider, model, prompt, params, "
                        "plan, view, graft, part, parts, whole_mask, mask, sent_mask, soft_mask, "
                        "markup, edit, state, outcome, created_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?, "
                        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'sent', '', ?)")
                      .bind(request.id)
                      .bind(record.number)
                      .bind(record.parent)
                      .bind(record.provider)
                      .bind(request.params.model)
                      .bind(request.prompt)
                      .bind(params)
                      .bind(plan)
                      .bind(view)
                      .bind(graft)
                      .bind(record.part)
                      .bind(record.parts)
                      .bind(*whole)
                      .bind(*mask)
                      .bind(*sent)
                      .bind(*soft)
                      .bind(*markup)
                      .bind(record.edit)
                      .bind(now_ms())
                      .run();
        !ok)
        return ok;
    int seq = 0;
    for (const edit::Reference& reference : request.params.references) {
        if (!reference.file) continue;
        MW_TRY(file, put(*reference.file));
        if (auto ok = Query(database,
                            "INSERT INTO reference(request, seq, name, media_type, width, height, "
                            "file) VALUES(?, ?, ?, ?, ?, ?, ?)")
                          .bind(request.id)
                          .bind(seq++)
                          .bind(reference.name)
                          .bind(reference.media_type)
                          .bind(reference.size.width)
                          .bind(reference.size.height)
                          .bind(*file)
                          .run();
            !ok)
            return ok;
    }
    return {};
}

Status Store::Core::put_command(const Batch::UndoEntry& entry) {
    const Command& command = entry.command;
    const auto number = static_cast<std::int64_t>(command.number);
    std::string kind, detail;
    std::optional<std::int64_t> graft;
    const MaskChange* tiles = nullptr;
    if (const auto* mask = std::get_if<MaskChange>(&command.change)) {
        kind = "mask";
        tiles = mask;
    } else if (const auto* base = std::get_if<BaseChange>(&command.change)) {
        kind = "base";
        detail = to_text(*base);
        if (!base->mask.empty()) tiles = &base->mask;
    } else if (const auto* marks = std::get_if<MarksChange>(&command.change)) {
        kind = "marks";
        detail = to_text(*marks);
    } else if (const auto* drawn = std::get_if<MarkupChange>(&command.change)) {
        kind = "markup";
        detail = to_text(edit::Markup{drawn->marks});
    } else {
        const auto& change = std::get<GraftChange>(command.change);
        kind = "graft";
        detail = std::to_string(change.id);
        MW_TRY(written, put_graft(change.graft));
        graft = *written;
    }
    if (auto ok = Query(database,
                        "INSERT OR REPLACE INTO command(id, undone, name, kind, detail, graft) "
                        "VALUES(?, ?, ?, ?, ?, ?)")
                      .bind(number)
                      .bind(int{entry.undone})
                      .bind(command.name)
                      .bind(kind)
                      .bind(detail)
                      .bind(graft)
                      .run();
        !ok)
        return ok;
    if (!tiles) return {};
    const auto value = tiles->get();
    const mask::Mask grid(size);
    for (const mask::MaskPatch::Tile& tile : value->tiles()) {
        const bool mixed = tile.tile && tile.tile != mask::full_tile();
        std::optional<std::int64_t> bytes;
        if (mixed) {
            MW_TRY(blob, put(pack_tile(*tile.tile)));
            bytes = *blob;
        }
        if (auto ok = Query(database,
                            "INSERT INTO command_tile(command, tile, state, bytes) "
                            "VALUES(?, ?, ?, ?)")
                          .bind(number)
                          .bind(tile_number(grid, tile.tx, tile.ty))
                          .bind(tile.tile ? 1 : 0)
                          .bind(bytes)
                          .run();
            !ok)
            return ok;
    }
    to_settle.push_back([self = shared_from_this(), handle = *tiles, value, number] {
        handle.settle(self->command_load(static_cast<std::uint64_t>(number)), self.get(), number);
        self->recent.keep(value, value->bytes());
    });
    return {};
}

// Foreign keys are off for it: each row that goes would be looked for in every table.
Status Store::Core::sweep() {
    if (auto ok = database.run("PRAGMA foreign_keys=OFF"); !ok) return ok;
    Transaction all(database);
    Status ok = all.begin();
    if (ok)
        ok = database.run(
            "DELETE FROM graft WHERE id NOT IN (SELECT graft FROM iteration WHERE graft IS NOT "
            "NULL UNION SELECT graft FROM command WHERE graft IS NOT NULL);"
            "DELETE FROM answers WHERE id NOT IN (SELECT answers FROM graft WHERE answers IS NOT "
            "NULL);"
            "DELETE FROM part WHERE answers NOT IN (SELECT id FROM answers);"
            "DELETE FROM blob WHERE id NOT IN ("
            "SELECT original FROM document WHERE original IS NOT NULL "
            "UNION SELECT whole_mask FROM request WHERE whole_mask IS NOT NULL "
            "UNION SELECT mask FROM request "
            "UNION SELECT sent_mask FROM request WHERE sent_mask IS NOT NULL "
            "UNION SELECT soft_mask FROM request WHERE soft_mask IS NOT NULL "
            "UNION SELECT markup FROM request WHERE markup IS NOT NULL "
            "UNION SELECT file FROM reference UNION SELECT file FROM answer "
            "UNION SELECT mask FROM part "
            "UNION SELECT patch FROM graft WHERE patch IS NOT NULL "
            "UNION SELECT mask FROM graft WHERE mask IS NOT NULL "
            "UNION SELECT bytes FROM canvas WHERE bytes IS NOT NULL "
            "UNION SELECT mask FROM slot "
            "UNION SELECT bytes FROM command_tile WHERE bytes IS NOT NULL);"
            "DELETE FROM piece WHERE blob NOT IN (SELECT id FROM blob)");
    if (ok) ok = all.commit();
    (void)database.run("PRAGMA foreign_keys=ON");
    return ok;
}

} // namespace mw::project
