#include "project/store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "base/hash.h"
#include "project/record.h"
#include "project/schema.h"
#include "project/store_core.h"

namespace mw::project {

namespace {

constexpr std::uint64_t kMostOriginal = 2ull << 30;
// Files above this are not read as a whole when they are opened: every part is checked by its hash
// when it is used.
constexpr std::uint64_t kWholeCheck = 32u << 20;

Batch everything_of(const Document& document) {
    Batch all;
    for (std::size_t i = 0; i < document.tree.size(); ++i) {
        // Erased ones keep their number.
        all.iterations.push_back(document.tree.any(static_cast<IterationId>(i)));
    }
    const mask::Mask& mask = document.mask;
    for (int ty = 0; ty < mask.tiles_y(); ++ty)
        for (int tx = 0; tx < mask.tiles_x(); ++tx)
            if (mask.tile(tx, ty)) all.tiles.push_back({tx, ty, mask.tile(tx, ty)});
    if (!document.slots.empty()) all.slots = document.slots;
    for (const Command& command : document.undo.undo_commands())
        all.commands.push_back({false, command});
    for (const Command& command : document.undo.redo_commands())
        all.commands.push_back({true, command});
    return all;
}

// The bytes that give the document's pixels back.
struct Original {
    Bytes bytes;
    bool as_opened = false; // those of the file at document.path
};
Result<Original> original_of(const Document& document, const codec::DecodeLimits& limits,
                             std::string* note) {
    const image::ImageRef picture = document.tree.picture(0);
    if (!document.path.empty())
        if (auto bytes = read_file(document.path, kMostOriginal)) {
            const auto decoded = codec::decode(*bytes, display_path(document.path), limits);
            if (decoded && image::identical(decoded->pixels.view(), picture->view()))
                return Original{std::move(*bytes), true};
        }
    const bool deep = picture->format().type == image::SampleType::f32;
    MW_TRY(bytes, codec::encode(picture->view(), document.metadata,
                                deep ? codec::FileFormat::tiff : codec::FileFormat::png));
    const auto decoded = codec::decode(*bytes, "the picture", limits);
    if (!decoded) return tl::unexpected(decoded.error());
    if (!image::identical(decoded->pixels.view(), picture->view()))
        return fail(ErrorCode::io, "The picture cannot be stored without loss.");
    if (note && !document.path.empty())
        *note = fmt::format(
            "{} is gone or was changed since it was opened; the picture was stored "
            "as it was then.",
            display_path(document.path.filename()));
    return Original{std::move(*bytes), false};
}

Status check_content(Database& database, std::uint64_t bytes) {
    const auto check = [&](const std::string& sql) -> Status {
        MW_TRY(said, database.text(sql.c_str()));
        if (*said == "ok") return {};
        return damaged(database.path(), "its inner structure is broken");
    };
    if (bytes <= kWholeCheck) return check("PRAGMA quick_check(1)");
    for (const std::string& sql : schema_of(kSchemaVersion)) {
        const std::string name = sql.substr(13, sql.find('(') - 13);
        if (name == "blob" || name == "piece") continue;
        if (auto ok = check(fmt::format("PRAGMA quick_check({})", name)); !ok) return ok;
    }
    return {};
}

std::uint64_t size_of(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

} // namespace

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Store::Store(std::shared_ptr<Core> core) : core_(std::move(core)) {}
Store::~Store() {
    (void)close();
}

Store::Core::~Core() {
    std::error_code ignored;
    if (!temporary.empty()) std::filesystem::remove_all(temporary, ignored);
}

Status Store::Core::transact(const std::function<Status()>& work) {
    {
        const std::lock_guard lock(mutex);
        if (auto ok = guard_write(); !ok) return ok;
        Transaction all(database);
        Status ok = all.begin();
        if (ok) ok = work();
        if (ok) ok = all.commit();
        if (!ok) {
            to_settle.clear();
            return ok;
        }
    }
    settle();
    return {};
}

// The file was made by this program a moment ago, or its header was checked. Nothing is written
// before the schema is known to be ours.
Status Store::Core::attach(const std::filesystem::path& file) {
    MW_TRY(opened, Database::open(file, Database::Mode::read_write));
    const std::uint64_t bytes = size_of(file);
    opened->set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(1500) +
                         std::chrono::milliseconds(bytes / 20'000));
    if (auto ok = opened->run("BEGIN EXCLUSIVE"); !ok) return ok; // kept: locking_mode=EXCLUSIVE
    MW_TRY(version, check_schema(*opened));
    if (auto ok = check_content(*opened, bytes); !ok) return ok;
    if (auto ok = opened->run("COMMIT"); !ok) return ok;
    opened->set_deadline({});
    version_found = *version;
    database = std::move(*opened);
    return {};
}

// Everything was read and makes sense: from here on the file is written to.
Status Store::Core::go_live() {
    if (auto ok = migrate(database, version_found); !ok) return ok;
    if (temporary.empty()) {
        MW_TRY(mode, database.text("PRAGMA journal_mode=WAL"));
        if (*mode != "wal")
            notes.push_back(
                fmt::format("{} lies where the safest way of writing does not work "
                            "(a network drive?); an older one is used.",
                            display_path(path.filename())));
    }
    return database.run(
        "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000; PRAGMA "
        "journal_size_limit=16777216");
}

Result<std::shared_ptr<Store>> Store::create(const std::filesystem::path& path,
                                             const Document& document, const CreateParams& params,
                                             std::string* note) {
    std::error_code ignored;
    if (!params.overwrite &&
        std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
        return fail(ErrorCode::refused,
                    fmt::format("{} exists already; choose another name.", display_path(path)));
    if (is_held(path))
        return fail(ErrorCode::refused,
                    fmt::format("{} is open here; choose another name.", display_path(path)));
    MW_TRY(original, original_of(document, params.limits, note));
    const std::string sha = sha256_hex(original->bytes);
    const std::filesystem::path temporary = temporary_beside(path);
    std::shared_ptr<Core> core;
    Status ok = [&]() -> Status {
        MW_TRY(opened, Database::open(temporary, Database::Mode::create));
        core = std::make_shared<Core>(std::move(*opened));
        core->path = path;
        core->writable = true;
        core->size = document.tree.picture(0)->size();
        core->format = document.tree.picture(0)->format();
        core->color = document.color;
        if (auto set = core->database.run("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=FULL");
            !set)
            return set;
        Transaction all(core->database);
        if (auto begun = all.begin(); !begun) return begun;
        if (auto made = create_schema(core->database); !made) return made;
        std::filesystem::path link;
        std::optional<std::int64_t> blob;
        if (params.link_original && original->as_opened) {
            const auto folder = std::filesystem::weakly_canonical(path, ignored).parent_path();
            const auto file = std::filesystem::weakly_canonical(document.path, ignored);
            const auto relative = file.lexically_relative(folder);
            link = !relative.empty() && *relative.begin() != ".." ? relative : file;
        } else {
            MW_TRY(put, core->put(original->bytes));
            blob = *put;
        }
        if (auto row = core->put_document(document, link, blob, original->bytes.size(), sha,
                                          pixels_sha256(document.tree.picture(0)->view()));
            !row)
            return row;
        if (auto rest = core->put_batch(everything_of(document)); !rest) return rest;
        return all.commit();
    }();
    if (ok) ok = core->database.close();
    if (ok)
        ok = move_into_place(temporary, path, params.overwrite);
    else
        std::filesystem::remove(temporary, ignored);
    if (ok && !core->held.take(path))
        ok = fail(ErrorCode::io, fmt::format("{} went away.", display_path(path)));
    if (ok) ok = core->attach(path);
    if (ok) ok = core->go_live();
    if (!ok) {
        // Half a start is none, but what took the place of another file is whole.
        if (core && core->held.taken() && !params.overwrite) {
            core->database = {};
            std::filesystem::remove(path, ignored);
            std::filesystem::remove(std::filesystem::path(path) += "-wal", ignored);
        }
        return tl::unexpected(ok.error());
    }
    core->settle();
    return std::shared_ptr<Store>(new Store(std::move(core)));
}

Result<Bytes> Store::Core::read_original(const OpenParams& params) {
    std::string link;
    std::int64_t blob = -1, bytes = 0;
    Bytes digest;
    {
        Query query(database,
                    "SELECT link, original, original_size, original_sha256 FROM document");
        MW_TRY(row, query.next());
        if (!*row) return damaged(path, "its document is missing");
        link = query.text(0);
        if (!query.is_null(1)) blob = query.integer(1);
        bytes = query.integer(2);
        const auto sum = query.blob(3);
        digest.assign(sum.begin(), sum.end());
    }
    if (blob >= 0) {
        auto stored = get(blob, kMostOriginal);
        if (!stored && stored.error().code == ErrorCode::corrupt)
            return damaged(path, "the original picture in it is broken");
        return stored;
    }
    std::filesystem::path file = params.original;
    if (file.empty()) {
        const auto folder = std::filesystem::absolute(path).parent_path();
        std::error_code error;
        file = std::filesystem::weakly_canonical(folder / link, error);
        const auto inside =
            file.lexically_relative(std::filesystem::weakly_canonical(folder, error));
        if ((error || inside.empty() || *inside.begin() == "..") && !params.follow_outside_link)
            return fail(ErrorCode::refused,
                        fmt::format("{} uses the picture {}, which lies outside its folder and was "
                                    "not looked at; say where the picture is.",
                                    display_path(path.filename()), display_path(link)));
    }
    auto read = read_file(file, kMostOriginal);
    if (!read)
        return fail(read.error().code,
                    fmt::format("{} uses the picture {}, which is not there any more; put it back, "
                                "or say where it is. The project was not changed.",
                                display_path(path.filename()), display_path(file)));
    if (static_cast<std::int64_t>(read->size()) != bytes || digest_of(sha256_hex(*read)) != digest)
        return fail(ErrorCode::corrupt,
                    fmt::format("{} uses the picture {}, which is another one by now; put the old "
                                "one back, or say where it is. The project was not changed.",
                                display_path(path.filename()), display_path(file)));
    return read;
}

Result<std::unique_ptr<Document>> Store::Core::read_document(const OpenParams& params) {
    std::string name, canvas, prompt, state, marks;
    std::int64_t base = 0, shown = 0, width = 0, height = 0, channels = 0, sample = 0;
    {
        Query query(database,
                    "SELECT name, width, height, channels, sample_bytes, base, shown, canvas, "
                    "prompt, state, marks FROM document");
        MW_TRY(row, query.next());
        if (!*row) return damaged(path, "its document is missing");
        name = query.text(0);
        width = query.integer(1), height = query.integer(2), channels = query.integer(3);
        sample = query.integer(4), base = query.integer(5), shown = query.integer(6);
        canvas = query.text(7), prompt = query.text(8), state = query.text(9),
        marks = query.text(10);
    }
    MW_TRY(bytes, read_original(params));
    MW_TRY(picture, codec::decode(*bytes, display_path(name), params.limits, params.stop));
    bytes->clear();
    bytes->shrink_to_fit();
    if (picture->pixels.width() != width || picture->pixels.height() != height ||
        picture->pixels.format().channels != channels ||
        image::sample_bytes(picture->pixels.format().type) != sample)
        return damaged(path, "the original picture in it is another one");
    // A name is a label: it leads nowhere but into the project's own folder.
    std::filesystem::path label = std::filesystem::path(name).filename();
    if (label.empty() || label == "." || label == "..") label = "picture";
    auto document = std::make_unique<Document>(path.parent_path() / label, std::move(*picture));
    size = document->tree.picture(0)->size();
    format = document->tree.picture(0)->format();
    color = document->color;
    if (auto ok = read_iterations(*document); !ok) return tl::unexpected(ok.error());
    const auto known = [&](std::int64_t id) {
        return id >= 0 && id < static_cast<std::int64_t>(document->tree.size()) &&
               document->tree.contains(static_cast<IterationId>(id));
    };
    if (!known(base) || !known(shown)) return damaged(path, "what it shows does not exist");
    document->base = static_cast<IterationId>(base);
    document->shown = static_cast<IterationId>(shown);
    if (auto ok = from_text(canvas, document->canvas); !ok) return tl::unexpected(ok.error());
    if (auto ok = from_text(marks, size, document->markup); !ok) return tl::unexpected(ok.error());
    document->prompt = std::move(prompt);
    document->view_state = std::move(state);
    if (auto ok = read_canvas(*document); !ok) return tl::unexpected(ok.error());
    if (auto ok = read_slots(*document); !ok) return tl::unexpected(ok.error());
    if (auto ok = read_commands(*document); !ok) return tl::unexpected(ok.error());
    return document;
}

Result<OpenedProject> Store::open(const std::filesystem::path& asked, const OpenParams& params) {
    std::error_code error;
    const std::filesystem::path path = std::filesystem::weakly_canonical(asked, error);
    HeldFile held;
    if (std::filesystem::exists(path, error) && !held.take(path))
        return fail(ErrorCode::refused,
                    fmt::format("{} is open here already.", display_path(path.filename())));
    if (auto ok = check_header(path); !ok) return tl::unexpected(ok.error());
    auto core = std::make_shared<Core>(Database());
    core->path = path;
    core->held = std::move(held);
    std::string why;
    if (params.read_only) {
        why = "is open to be read only, as asked for";
    } else if (!can_write(path)) {
        why =
            "cannot be written (a read-only folder or medium, or another owner) and is open to "
            "be read only; save it under another name to go on";
    } else {
        auto ok = core->attach(path);
        if (!ok && ok.error().code != ErrorCode::permission_denied)
            return tl::unexpected(ok.error());
        core->writable = ok.has_value();
        if (!ok)
            why =
                "is open in another window or program; here it is as it was a moment ago, to be "
                "read only";
    }
    if (!core->writable) {
        MW_TRY(copy, private_copy(path));
        core->temporary = copy->parent_path();
        if (auto ok = core->attach(*copy); !ok) {
            // The copy's name says nothing to anybody.
            Error told = ok.error();
            const std::string from = copy->filename().string(), to = display_path(path.filename());
            if (const auto at = told.message.find(from); at != std::string::npos)
                told.message.replace(at, from.size(), to);
            return tl::unexpected(std::move(told));
        }
        core->notes.push_back(fmt::format("{} {}.", display_path(path.filename()), why));
    }
    OpenedProject opened;
    const std::lock_guard lock(core->mutex);
    MW_TRY(document, core->read_document(params));
    opened.document = std::move(*document);
    MW_TRY(unfinished, core->read_unfinished());
    opened.unfinished = std::move(*unfinished);
    if (auto ok = core->go_live(); !ok) return tl::unexpected(ok.error());
    opened.notes = std::move(core->notes);
    opened.store = std::shared_ptr<Store>(new Store(core));
    return opened;
}

Status Store::write(const Batch& batch) {
    if (batch.empty()) return {};
    return core_->transact([&] { return core_->put_batch(batch); });
}

Status Store::write_request(const RequestRecord& record) {
    return core_->transact([&] { return core_->put_request(record); });
}

Status Store::write_answers(const std::string& request_id, const edit::EditResult& result) {
    return core_->transact([&]() -> Status {
        int seq = 0;
        for (const edit::Answer& answer : result.answers)
            if (auto id = core_->put_answer(request_id, seq++, answer); !id)
                return tl::unexpected(id.error());
        const std::string facts = to_text(result);
        return Query(core_->database,
                     "UPDATE request SET state = 'answered', outcome = ? WHERE id = ?")
            .bind(facts)
            .bind(request_id)
            .run();
    });
}

Status Store::write_fate(const std::string& request_id, const edit::RequestFate& fate) {
    return core_->transact([&] {
        const std::string text = to_text(fate);
        return Query(core_->database,
                     "UPDATE request SET state = 'failed', outcome = ? WHERE id = ? AND state = "
                     "'sent'")
            .bind(text)
            .bind(request_id)
            .run();
    });
}

Status Store::dismiss(const std::string& edit) {
    return core_->transact([&] {
        return Query(core_->database, "UPDATE request SET state = 'dismissed' WHERE edit = ?")
            .bind(edit)
            .run();
    });
}

Status Store::save_as(const std::filesystem::path& path, bool overwrite) {
    Core& core = *core_;
    const std::lock_guard lock(core.mutex);
    if (!core.open) return core.guard_write();
    std::error_code ignored;
    if (is_held(path))
        return fail(ErrorCode::refused,
                    fmt::format("{} is open here; choose another name.", display_path(path)));
    if (!overwrite && std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
        return fail(ErrorCode::refused,
                    fmt::format("{} exists already; choose another name.", display_path(path)));
    const std::filesystem::path temporary = temporary_beside(path);
    Status ok = [&]() -> Status {
        MW_TRY(target, Database::open(temporary, Database::Mode::create));
        if (auto set = target->run("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=FULL"); !set)
            return set;
        sqlite3_backup* backup =
            sqlite3_backup_init(target->handle(), "main", core.database.handle(), "main");
        if (!backup) return target->failure();
        sqlite3_backup_step(backup, -1);
        if (sqlite3_backup_finish(backup) != SQLITE_OK) return target->failure();
        // At rest a project is one file without a log.
        if (auto set = target->text("PRAGMA journal_mode=DELETE"); !set)
            return tl::unexpected(set.error());
        return target->close();
    }();
    if (ok)
        ok = move_into_place(temporary, path, overwrite);
    else
        std::filesystem::remove(temporary, ignored);
    if (!ok) return ok;
    HeldFile held;
    if (!held.take(path))
        return fail(ErrorCode::io, fmt::format("{} went away.", display_path(path)));
    Database before = std::move(core.database);
    const std::filesystem::path was = std::exchange(core.path, path);
    const std::filesystem::path copy = std::exchange(core.temporary, {});
    if (ok = core.attach(path); ok) ok = core.go_live();
    if (!ok) { // goes on where it was
        core.database = std::move(before);
        core.path = was;
        core.temporary = copy;
        return ok;
    }
    core.held = std::move(held);
    core.writable = true;
    before.forget_statements();
    if (copy.empty()) (void)before.text("PRAGMA journal_mode=DELETE");
    (void)before.close();
    if (!copy.empty()) std::filesystem::remove_all(copy, ignored);
    return {};
}

Status Store::close() {
    Core& core = *core_;
    const std::lock_guard lock(core.mutex);
    if (!core.open) return {};
    core.open = false;
    Status ok;
    if (core.writable) {
        (void)core.sweep(); // what stays is only room
        core.database.forget_statements();
        if (auto mode = core.database.text("PRAGMA journal_mode=DELETE"); !mode)
            ok = tl::unexpected(mode.error());
    }
    if (auto closed = core.database.close(); !closed && ok) ok = closed;
    core.held = {};
    return ok;
}

Status Store::check_parts(std::int64_t& parts, std::string& original_sha256,
                          std::vector<std::string>& problems, const Document& document) {
    Core& core = *core_;
    const std::lock_guard lock(core.mutex);
    std::vector<std::int64_t> ids;
    {
        Query query(core.database, "SELECT id FROM blob ORDER BY id");
        for (;;) {
            MW_TRY(row, query.next());
            if (!*row) break;
            ids.push_back(query.integer(0));
        }
    }
    parts = 0;
    for (const std::int64_t id : ids) {
        if (core.get(id, kMostOriginal))
            ++parts;
        else
            problems.push_back(fmt::format("Part {} is damaged.", id));
    }
    Query query(core.database, "SELECT original_sha256, pixels_sha256 FROM document");
    MW_TRY(row, query.next());
    if (!*row) return damaged(core.path, "its document is missing");
    original_sha256 = hex_of(query.blob(0));
    if (hex_of(query.blob(1)) != pixels_sha256(document.tree.picture(0)->view()))
        problems.push_back(
            "The original's file gives other pixels than it did when it was opened "
            "first.");
    return {};
}

std::filesystem::path Store::path() const {
    const std::lock_guard lock(core_->mutex);
    return core_->path;
}

bool Store::read_only() const {
    const std::lock_guard lock(core_->mutex);
    return !core_->writable;
}

Result<Bytes> Store::original_file(const OpenParams& params) const {
    const std::lock_guard lock(core_->mutex);
    return core_->read_original(params);
}

std::vector<std::string> Store::take_problems() {
    const std::lock_guard lock(core_->problems_mutex);
    return std::exchange(core_->problems, {});
}

bool is_project(const std::filesystem::path& path) {
    return path.extension() == ".mwr" || is_held(path) || looks_like_project(path);
}

} // namespace mw::project
