// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/binding.h"
#include "core/event.h"
#include "io/netlink_message.h"

namespace anchor6::io {

/// The genl family and device that requests to the kernel module name, and whose bindings they are.
struct KernelIdentity {
    std::uint16_t family = 0;
    std::uint32_t ifindex = 0;
    std::uint64_t owner = 0;
};

/// A request of the family about the device, to be filled further.
NetlinkMessage kernel_request(const KernelIdentity& identity, std::uint8_t command,
                              std::uint16_t flags);
/// Creates or replaces, or deletes, one binding.
NetlinkMessage binding_request(const KernelIdentity& identity, const core::KernelChange& change);
/// Dumps the owner's bindings.
NetlinkMessage binding_dump_request(const KernelIdentity& identity);
/// One message of that dump; nothing when the kernel left out what a binding must have.
std::optional<core::KernelBinding> read_binding(const nlmsghdr* message);

/// Declares or withdraws a home prefix.
NetlinkMessage home_prefix_request(const KernelIdentity& identity, std::uint8_t command,
                                   const wire::Prefix& prefix);
std::optional<wire::Prefix> read_home_prefix(const nlmsghdr* message);

} // namespace anchor6::io
