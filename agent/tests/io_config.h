// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace anchor6::tests {

/// The smallest configuration, whose group's last table is its home prefix.
inline const std::string agent_table = "[agent]\n"
                                       "instance = 7\n";
inline const std::string group_table = "[[group]]\n"
                                       "name = \"north\"\n"
                                       "id = 1\n"
                                       "home_agent_address = \"2001:db8:f::1\"\n"
                                       "lma_address = \"2001:db8:f::2\"\n"
                                       "[[group.home_prefix]]\n"
                                       "prefix = \"2001:db8:1000::/36\"\n";

} // namespace anchor6::tests
