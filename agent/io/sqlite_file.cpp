// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/sqlite_file.h"

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include <sqlite3.h>

namespace anchor6::io::sqlite {

namespace {

// The most that the "unix" VFS writes with one call.
constexpr std::size_t gathered_max = 0x1ffff;
constexpr char vfs_name[] = "anchor6";

sqlite3_vfs* system_vfs() {
    return sqlite3_vfs_find("unix");
}

/// SQLite gives the memory, with room for the system's file behind it.
struct GatheringFile {
    sqlite3_file base;
    std::vector<std::uint8_t> gathered;
    sqlite3_int64 start = 0;

    sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    const sqlite3_io_methods& methods() { return *file()->pMethods; }
    bool follows(sqlite3_int64 offset) const {
        return offset == start + static_cast<sqlite3_int64>(gathered.size());
    }

    int flush() {
        if (gathered.empty())
            return SQLITE_OK;
        const int result =
            methods().xWrite(file(), gathered.data(), static_cast<int>(gathered.size()), start);
        gathered.clear();
        return result;
    }

    int write(const void* data, int size, sqlite3_int64 offset) {
        const auto* octets = static_cast<const std::uint8_t*>(data);
        if (!follows(offset) || gathered.size() + static_cast<std::size_t>(size) > gathered_max)
            if (const int result = flush(); result != SQLITE_OK)
                return result;
        if (gathered.empty())
            start = offset;
        gathered.insert(gathered.end(), octets, octets + size);
        return SQLITE_OK;
    }
};

static_assert(sizeof(GatheringFile) % alignof(sqlite3_int64) == 0);

GatheringFile& own(sqlite3_file* file) {
    return *reinterpret_cast<GatheringFile*>(file);
}

/// Calls a method of the system's file when nothing is held back any longer.
template <class Method, class... Arguments>
int flushed(sqlite3_file* file, Method method, Arguments... arguments) {
    GatheringFile& gathering = own(file);
    const int result = gathering.flush();
    return result != SQLITE_OK ? result
                               : (gathering.methods().*method)(gathering.file(), arguments...);
}

int close_file(sqlite3_file* file) {
    const int result = own(file).flush();
    const int closed = own(file).methods().xClose(own(file).file());
    own(file).~GatheringFile();
    return result != SQLITE_OK ? result : closed;
}

int read_file(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
    return flushed(file, &sqlite3_io_methods::xRead, data, size, offset);
}
int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    try {
        return own(file).write(data, size, offset);
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    }
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return flushed(file, &sqlite3_io_methods::xTruncate, size);
}
int sync_file(sqlite3_file* file, int flags) {
    return flushed(file, &sqlite3_io_methods::xSync, flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return flushed(file, &sqlite3_io_methods::xFileSize, size);
}
int lock_file(sqlite3_file* file, int level) {
    return own(file).methods().xLock(own(file).file(), level);
}
int unlock_file(sqlite3_file* file, int level) {
    return flushed(file, &sqlite3_io_methods::xUnlock, level);
}
int check_lock(sqlite3_file* file, int* result) {
    return own(file).methods().xCheckReservedLock(own(file).file(), result);
}
int control_file(sqlite3_file* file, int operation, void* argument) {
    return flushed(file, &sqlite3_io_methods::xFileControl, operation, argument);
}
int sector_size(sqlite3_file* file) {
    return own(file).methods().xSectorSize(own(file).file());
}
int device_characteristics(sqlite3_file* file) {
    return own(file).methods().xDeviceCharacteristics(own(file).file());
}

// Version 1 knows no shared memory, which exclusive locking does without.
constexpr sqlite3_io_methods gathering_methods{
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open_file(sqlite3_vfs* /*vfs*/, sqlite3_filename path, sqlite3_file* file, int flags,
              int* out_flags) {
    auto* gathering = new (file) GatheringFile{};
    const int result = system_vfs()->xOpen(system_vfs(), path, gathering->file(), flags, out_flags);
    // Without methods SQLite does not close a file that could not be opened.
    if (result == SQLITE_OK)
        gathering->base.pMethods = &gathering_methods;
    else
        gathering->~GatheringFile();
    return result;
}

// All but the opening of files is the system's.
sqlite3_vfs make_vfs() {
    sqlite3_vfs vfs = *system_vfs();
    vfs.szOsFile += static_cast<int>(sizeof(GatheringFile));
    vfs.zName = vfs_name;
    vfs.xOpen = open_file;
    return vfs;
}

} // namespace

const char* gathering_vfs() {
    static sqlite3_vfs vfs = make_vfs();
    static const int registered = sqlite3_vfs_register(&vfs, 0);
    return registered == SQLITE_OK ? vfs_name : nullptr;
}

} // namespace anchor6::io::sqlite
