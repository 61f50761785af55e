// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "format.h"

namespace anchor6::cli {

/// Asks the agent over its control socket, with what the command needs in `request`; the answer is
/// the agent's object, whose "ok" was true. Throws Failure when the agent does not answer in time,
/// or refuses.
Json ask_agent(const std::string& path, const std::string& command, Json request = Json::object());

/// Asks for all that `list` of the answers holds, a page at a time. Throws as ask_agent().
std::vector<Json> ask_pages(const std::string& path, const std::string& command, const char* list);

/// Calls what takes an answer of the agent apart. Throws Failure when the answer is not what it
/// expects.
void understand(const std::function<void()>& take_apart);

} // namespace anchor6::cli
