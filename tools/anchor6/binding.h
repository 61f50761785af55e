// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "message.h"

namespace anchor6::cli {

/// "2001:db8::/64"; "any" in a filter that does not say.
std::string binding_prefix(const Binding& binding);
/// The far end's address.
std::string binding_remote(const Binding& binding);
/// "1m 23s"
std::string binding_expiry(const Binding& binding);

} // namespace anchor6::cli
