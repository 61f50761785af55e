// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace anchor6::io {

/// What to throw when a system call has failed and errno says why.
inline std::system_error system_error(const std::string& what, int error = errno) {
    return {error, std::generic_category(), what};
}

} // namespace anchor6::io
