#include "support/faulty_files.h"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"

namespace mw::test {
namespace {

DiskPlan plan;

// What a disk holds of a file for sure, and what came later.
struct Remembered {
    struct Change {
        sqlite3_int64 at = 0; // a truncation: the length
        Bytes bytes;          // empty: a truncation
    };
    Bytes synced;
    std::vector<Change> later;
    bool removed = false; // and whether that is on the disk is not known
};
std::map<std::string, Remembered> disk;
std::string remembering; // files whose path starts so

struct File {
    sqlite3_file base;
    sqlite3_file* real;
    Remembered* remembered; // null: nothing is
};
Remembered* memory_of(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->remembered;
}
void apply(Bytes& image, const Remembered::Change& change) {
    const auto at = static_cast<std::size_t>(change.at);
    if (change.bytes.empty()) {
        image.resize(at);
        return;
    }
    image.resize(std::max(image.size(), at + change.bytes.size()));
    std::copy(change.bytes.begin(), change.bytes.end(), image.begin() + change.at);
}
sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->real;
}
sqlite3_vfs* real_vfs = nullptr;

bool fails() {
    ++plan.seen;
    if (plan.fault == DiskFault::none) return false;
    const bool now = plan.lasts ? plan.seen > plan.after : plan.seen == plan.after + 1;
    plan.failed += now ? 1 : 0;
    return now;
}
int code() {
    return plan.fault == DiskFault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int close_file(sqlite3_file* f) {
    return real(f)->pMethods->xClose(real(f));
}
int read_file(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
    return real(f)->pMethods->xRead(real(f), to, n, at);
}
int write_file(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
    if (fails()) {
        if (plan.fault == DiskFault::short_write && n > 1)
            (void)real(f)->pMethods->xWrite(real(f), from, n / 2, at);
        return code();
    }
    const auto* bytes = static_cast<const std::byte*>(from);
    if (Remembered* memory = memory_of(f)) memory->later.push_back({at, Bytes(bytes, bytes + n)});
    return real(f)->pMethods->xWrite(real(f), from, n, at);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 n) {
    if (fails()) return SQLITE_IOERR_TRUNCATE;
    if (Remembered* memory = memory_of(f)) memory->later.push_back({n, {}});
    return real(f)->pMethods->xTruncate(real(f), n);
}
int sync_file(sqlite3_file* f, int flags) {
    if (fails()) return plan.fault == DiskFault::full ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
    if (Remembered* memory = memory_of(f)) {
        for (const Remembered::Change& change : memory->later)
            apply(memory->synced, change);
        memory->later.clear();
    }
    return real(f)->pMethods->xSync(real(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* n) {
    return real(f)->pMethods->xFileSize(real(f), n);
}
int lock_file(sqlite3_file* f, int l) {
    return real(f)->pMethods->xLock(real(f), l);
}
int unlock_file(sqlite3_file* f, int l) {
    return real(f)->pMethods->xUnlock(real(f), l);
}
int check_lock(sqlite3_file* f, int* out) {
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}
int control(sqlite3_file* f, int op, void* arg) {
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}
int sector_size(sqlite3_file* f) {
    return real(f)->pMethods->xSectorSize(real(f));
}
int traits(sqlite3_file* f) {
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}
// Version 1: no shared memory, as on a network drive.
const sqlite3_io_methods kMethods = {1,         close_file,  read_file, write_file,  truncate_file,
                                     sync_file, file_size,   lock_file, unlock_file, check_lock,
                                     control,   sector_size, traits,    nullptr,     nullptr,
                                     nullptr,   nullptr,     nullptr,   nullptr};

bool remembers(std::string_view name) {
    return !remembering.empty() && name.starts_with(remembering);
}
int open_file(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out) {
    auto* file = reinterpret_cast<File*>(f);
    file->real = reinterpret_cast<sqlite3_file*>(file + 1);
    file->base.pMethods = nullptr;
    file->remembered = nullptr;
    if (name && remembers(name)) {
        // Read once, before SQLite locks it: closing a file drops its locks.
        const bool known = disk.contains(name) && !disk[name].removed;
        Remembered& memory = disk[name];
        if (!known) {
            auto bytes = mw::read_file(name);
            memory = {bytes ? std::move(*bytes) : Bytes{}, {}, false};
        }
        file->remembered = &memory;
    }
    const int result = real_vfs->xOpen(real_vfs, name, file->real, flags, out);
    if (file->real->pMethods) file->base.pMethods = &kMethods;
    return result;
}
int remove_file(sqlite3_vfs*, const char* name, int sync_folder) {
    if (const auto known = disk.find(name); remembers(name) && known != disk.end()) {
        if (sync_folder)
            disk.erase(known);
        else
            known->second.removed = true;
    }
    return real_vfs->xDelete(real_vfs, name, sync_folder);
}

sqlite3_vfs* faulty() {
    static sqlite3_vfs vfs = [] {
        sqlite3_initialize();
        real_vfs = sqlite3_vfs_find(nullptr);
        sqlite3_vfs made = *real_vfs;
        made.zName = "faulty";
        made.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
        made.xOpen = open_file;
        made.xDelete = remove_file;
        made.pNext = nullptr;
        return made;
    }();
    return &vfs;
}

} // namespace

DiskPlan& disk_plan() {
    return plan;
}

FaultyFiles::FaultyFiles(const std::filesystem::path& remembered) {
    plan = {};
    disk.clear();
    remembering = remembered.string();
    sqlite3_vfs_register(faulty(), 1);
}
FaultyFiles::~FaultyFiles() {
    remembering.clear();
    sqlite3_vfs_register(real_vfs, 1);
}

void FaultyFiles::lose_power(const std::filesystem::path& folder, std::mt19937& random) const {
    constexpr std::size_t kSector = 512;
    for (const auto& [name, memory] : disk) {
        if (memory.removed && random() % 2 == 0) continue;
        Bytes image = memory.synced;
        // None, all, or some of what was on its way.
        const unsigned way = random() % 4;
        for (const Remembered::Change& change : memory.later) {
            if (way == 0) break;
            if (way == 1 || change.bytes.empty()) {
                if (way == 1 || random() % 2 == 0) apply(image, change);
                continue;
            }
            for (std::size_t from = 0; from < change.bytes.size(); from += kSector) {
                if (random() % 2 == 0) continue;
                const auto first = change.bytes.begin() + static_cast<std::ptrdiff_t>(from);
                const auto n = std::min(kSector, change.bytes.size() - from);
                apply(image, {change.at + static_cast<sqlite3_int64>(from),
                              Bytes(first, first + static_cast<std::ptrdiff_t>(n))});
            }
        }
        if (image.empty()) continue;
        std::ofstream(folder / std::filesystem::path(name).filename(), std::ios::binary)
            .write(reinterpret_cast<const char*>(image.data()),
                   static_cast<std::streamsize>(image.size()));
    }
}

} // namespace mw::test
