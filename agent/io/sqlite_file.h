// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace anchor6::io::sqlite {

/// The name of a VFS whose files hold back writes that follow each other, and write them with one
/// system call: at the latest before they are synced, read or closed. For one connection with
/// exclusive locking. SQLite itself writes a page of the write-ahead log with two calls.
const char* gathering_vfs();

} // namespace anchor6::io::sqlite
