// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/binding.h"
#include "core/event.h"
#include "io/binding_message.h"
#include "io/kernel_table.h"
#include "io/netlink_socket.h"
#include "wire/address.h"

namespace anchor6::io {

/// The agent's side of the generic netlink family "anchor6", for one device. Failures that leave
/// the agent without its kernel side are std::runtime_error.
class KernelClient final : public KernelTable {
public:
    /// `owner`: the instance whose bindings it makes and sees.
    KernelClient(std::uint32_t ifindex, std::uint64_t owner);

    /// The multicast group that tells of changed bindings, and the port that our own changes come
    /// from.
    std::uint32_t binding_group() const { return binding_group_; }
    std::uint32_t port() const { return socket_.port(); }

    void set_reply_mark(std::uint32_t mark, std::uint32_t mask);

    std::vector<wire::Prefix> home_prefixes();
    void add_home_prefix(const wire::Prefix& prefix);
    /// False while bindings lie inside it.
    bool withdraw_home_prefix(const wire::Prefix& prefix);

    /// The owner's bindings.
    std::vector<core::KernelBinding> bindings();

    /// ENODEV is thrown: without its device the agent can keep no promise, and a new start adopts
    /// what is left.
    std::vector<int> apply(std::span<const core::KernelChange> changes) override;

private:
    std::uint16_t resolve_family();

    NetlinkSocket socket_;
    std::uint32_t binding_group_ = 0;
    KernelIdentity identity_;
};

} // namespace anchor6::io
