// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "format.h"

namespace anchor6::cli {

/// Asks the agent over its control socket; the answer is the agent's object, whose "ok" was true.
/// Throws Failure when the agent does not answer in time, or refuses.
Json ask_agent(const std::string& path, const std::string& command);

} // namespace anchor6::cli
