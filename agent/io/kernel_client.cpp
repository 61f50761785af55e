// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/kernel_client.h"

#include <stdexcept>

#include <linux/genetlink.h>

#include <anchor6.h>

#include "io/log.h"

namespace anchor6::io {

namespace {

/// More multicast groups than the family has.
constexpr std::uint16_t groups_max = 8;

void require(const Acknowledgement& acknowledgement, const std::string& what) {
    if (!acknowledgement.ok())
        throw std::runtime_error("kernel: " + what + ": " + acknowledgement.describe());
}

/// The number of the group with that name, in one entry of CTRL_ATTR_MCAST_GROUPS.
std::uint32_t group_number(const nlattr* entry, std::string_view name) {
    NetlinkAttributes<CTRL_ATTR_MCAST_GRP_MAX> attributes{entry};
    if (attributes.text(CTRL_ATTR_MCAST_GRP_NAME) != name)
        return 0;
    return attributes.value<std::uint32_t>(CTRL_ATTR_MCAST_GRP_ID).value_or(0);
}

std::string describe(const core::KernelChange& change) {
    if (const auto* removal = std::get_if<core::DeleteKernelBinding>(&change))
        return "deleting " + removal->prefix.to_string();
    const auto& binding = std::get<core::SetKernelBinding>(change).binding;
    return "binding " + binding.prefix.to_string() + " to " + binding.remote.to_string();
}

} // namespace

KernelClient::KernelClient(std::uint32_t ifindex, std::uint64_t owner)
    : socket_(NETLINK_GENERIC), identity_{resolve_family(), ifindex, owner} {
}

std::uint16_t KernelClient::resolve_family() {
    NetlinkMessage request{GENL_ID_CTRL, 0};
    auto& header = request.extend<genlmsghdr>();
    header.cmd = CTRL_CMD_GETFAMILY;
    header.version = 1;
    request.put(CTRL_ATTR_FAMILY_NAME, std::string_view{ANCHOR6_GENL_NAME});
    std::uint16_t family = 0;
    Acknowledgement found = socket_.transact(request, [&](const nlmsghdr* message) {
        NetlinkAttributes<CTRL_ATTR_MAX> attributes{message, sizeof(genlmsghdr)};
        family = attributes.value<std::uint16_t>(CTRL_ATTR_FAMILY_ID).value_or(0);
        NetlinkAttributes<groups_max> groups{attributes.find(CTRL_ATTR_MCAST_GROUPS)};
        for (std::uint16_t index = 0; index <= groups_max; ++index)
            binding_group_ |= group_number(groups.find(index), ANCHOR6_MCGRP_BINDINGS);
    });
    require(found, "generic netlink family " ANCHOR6_GENL_NAME);
    if (family == 0)
        throw std::runtime_error("kernel: generic netlink family without a number");
    return family;
}

void KernelClient::set_reply_mark(std::uint32_t mark, std::uint32_t mask) {
    NetlinkMessage request = kernel_request(identity_, ANCHOR6_CMD_DEVICE_SET, 0);
    request.nest(ANCHOR6_A_DEVICE, [mark, mask](NetlinkMessage& nest) {
        nest.put(ANCHOR6_DEVICE_A_REPLY_MARK, mark).put(ANCHOR6_DEVICE_A_REPLY_MASK, mask);
    });
    require(socket_.transact(request), "reply mark");
}

std::vector<wire::Prefix> KernelClient::home_prefixes() {
    return dump_values<wire::Prefix>(socket_,
                                     kernel_request(identity_, ANCHOR6_CMD_HOME_PREFIX_GET, 0),
                                     read_home_prefix, "dump of home prefixes");
}

void KernelClient::add_home_prefix(const wire::Prefix& prefix) {
    require(socket_.transact(home_prefix_request(identity_, ANCHOR6_CMD_HOME_PREFIX_ADD, prefix)),
            "home prefix " + prefix.to_string());
}

bool KernelClient::withdraw_home_prefix(const wire::Prefix& prefix) {
    Acknowledgement withdrawn =
        socket_.transact(home_prefix_request(identity_, ANCHOR6_CMD_HOME_PREFIX_DEL, prefix));
    if (withdrawn.error == EBUSY)
        return false;
    if (withdrawn.error != ENOENT)
        require(withdrawn, "withdrawing home prefix " + prefix.to_string());
    return true;
}

std::vector<core::KernelBinding> KernelClient::bindings() {
    return dump_values<core::KernelBinding>(socket_, binding_dump_request(identity_), read_binding,
                                            "dump of bindings");
}

std::vector<int> KernelClient::apply(std::span<const core::KernelChange> changes) {
    std::vector<NetlinkMessage> requests;
    requests.reserve(changes.size());
    for (const core::KernelChange& change : changes)
        requests.push_back(binding_request(identity_, change));
    std::vector<Acknowledgement> acknowledgements = socket_.transact(requests);
    std::vector<int> errors;
    errors.reserve(changes.size());
    for (std::size_t index = 0; index < changes.size(); ++index) {
        Acknowledgement& acknowledgement = acknowledgements[index];
        if (acknowledgement.error == ENODEV)
            throw std::runtime_error("kernel: the anchor6 device is gone");
        bool deletes = std::holds_alternative<core::DeleteKernelBinding>(changes[index]);
        if (deletes && acknowledgement.error == ENOENT)
            acknowledgement = {};
        if (!acknowledgement.ok())
            log::warn("kernel: {}: {}", describe(changes[index]), acknowledgement.describe());
        errors.push_back(acknowledgement.error);
    }
    return errors;
}

} // namespace anchor6::io
