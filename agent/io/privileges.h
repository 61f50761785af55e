// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace anchor6::io {

/// Makes the directory of a file when it is missing and gives it to the user that the agent will
/// be; only root can, everybody else must find it there. Throws std::runtime_error.
void prepare_directory(const std::string& file, const std::string& user);

/// Keeps CAP_NET_ADMIN and CAP_NET_RAW, nothing else and nothing more ever, and becomes `user` if
/// started as root and the name is not empty. Throws std::runtime_error.
void reduce_privileges(const std::string& user);

} // namespace anchor6::io
