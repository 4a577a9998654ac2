// Store's inside, shared by its sources only.
#pragma once

#include <list>
#include <map>
#include <mutex>
#include <set>

#include "project/database.h"
#include "project/place.h"
#include "project/store.h"

// `name` becomes a Result; its error is returned.
#define MW_TRY(name, expression) \
    auto name = (expression);    \
    if (!(name)) return tl::unexpected((name).error())

namespace mw::project {

// Values that were read or written lately, so that what is looked at again is not read again.
class RecentValues {
  public:
    void keep(std::shared_ptr<const void> value, std::size_t bytes);

  private:
    std::mutex mutex_;
    std::list<std::pair<std::shared_ptr<const void>, std::size_t>> values_; // newest first
    std::size_t bytes_ = 0;
};

struct Store::Core : std::enable_shared_from_this<Store::Core> {
    explicit Core(Database opened) : database(std::move(opened)) {}
    ~Core();

    // --- blobs (store_blobs.cpp); the mutex is held
    Result<std::int64_t> put(std::span<const std::byte> bytes);
    Result<Bytes> get(std::int64_t blob, std::uint64_t most_bytes);
    Result<std::int64_t> put_mask(const mask::Mask& mask);
    Result<mask::Mask> get_mask(std::int64_t blob);

    // --- writing (store_write.cpp); the mutex is held, a transaction is open
    Status put_batch(const Batch& batch);
    Status put_iteration(const Iteration& it);
    Result<std::int64_t> put_graft(const Grafted& grafted);
    Result<std::int64_t> put_answers(const std::vector<edit::AnsweredPart>& parts);
    Result<std::int64_t> put_answer(const std::string& request, int seq,
                                    const edit::Answer& answer);
    Status put_request(const RequestRecord& record);
    Status put_command(const Batch::UndoEntry& entry);
    Status put_slots(const std::vector<MaskSlot>& slots);
    Status put_document(const Document& document, const std::filesystem::path& link,
                        std::optional<std::int64_t> original, std::uint64_t original_size,
                        const std::string& original_sha256, const std::string& pixels_sha256);
    // After the commit, without the mutex (a value that is read locks itself, then the store):
    // memory lets go of what the file has.
    void settle();
    Status guard_write() const;
    // `work` as one transaction; the mutex is taken.
    Status transact(const std::function<Status()>& work);
    // Connects to the file, takes it for this process alone and checks it; writes nothing.
    Status attach(const std::filesystem::path& file);
    // To the present version, and to a write-ahead log where that works.
    Status go_live();
    // What nothing refers to any more goes.
    Status sweep();

    // --- reading (store_read.cpp); the mutex is held
    Result<std::unique_ptr<Document>> read_document(const OpenParams& params);
    // The original's file, whole and checked against its SHA-256.
    Result<Bytes> read_original(const OpenParams& params);
    Status read_iterations(Document& document);
    Status read_canvas(Document& document);
    Status read_slots(Document& document);
    Status read_commands(Document& document);
    Result<Grafted> read_graft(std::int64_t id);
    Result<std::vector<Unfinished>> read_unfinished();
    Result<std::shared_ptr<const edit::EditRequest>> read_request(const std::string& id);
    Result<std::vector<edit::AnsweredPart>> read_answers(std::int64_t id);

    // --- values that are read when they are asked for (store_read.cpp)
    Stored<composite::Patch>::Load patch_load(std::int64_t blob, Point at);
    Stored<mask::Mask>::Load mask_load(std::int64_t blob);
    Stored<std::vector<edit::AnsweredPart>>::Load answers_load(std::int64_t id);
    MaskChange::Load command_load(std::uint64_t number);
    void problem(std::string text);

    mutable std::mutex mutex; // of the connection and all below
    Database database;
    std::filesystem::path path;      // as it was asked for
    std::filesystem::path temporary; // a private copy that goes with this; empty: none
    HeldFile held;                   // of `path`
    bool writable = false, open = true;
    int version_found = 0;
    Size size; // of the picture
    image::PixelFormat format;
    image::ColorSpaceRef color;
    std::map<std::uint64_t, std::int64_t> grafts; // by the identity of their patch
    std::map<std::string, std::weak_ptr<const edit::EditRequest>> requests;
    std::vector<std::function<void()>> to_settle;
    std::vector<std::string> notes; // of opening

    RecentValues recent;
    std::mutex problems_mutex;
    std::vector<std::string> problems;
};

tl::unexpected<Error> damaged(const std::filesystem::path& path, std::string_view what);
std::string hex_of(std::span<const std::byte> digest);
Bytes digest_of(std::string_view hex);
std::int64_t now_ms();

} // namespace mw::project
