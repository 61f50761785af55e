// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <netlink/msg.h>

#include "message.h"

namespace anchor6::cli {

/// Adds the attributes of a message behind its generic netlink header. Throws Failure when they do
/// not fit.
void encode(nl_msg* packet, const Message& message);

/// Checks a message of the kernel against the policies and reads it. Throws Failure when the
/// kernel speaks another ABI.
Message decode(nlmsghdr* packet);

} // namespace anchor6::cli
