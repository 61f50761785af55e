// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/binding_message.h"

#include <algorithm>
#include <chrono>

#include <linux/genetlink.h>

#include <anchor6.h>

namespace anchor6::io {

namespace {

static_assert(static_cast<int>(core::Cache::home) == ANCHOR6_CACHE_HOME);
static_assert(static_cast<int>(core::Cache::proxy) == ANCHOR6_CACHE_PROXY);

void put_key(NetlinkMessage& nest, core::Cache cache, const wire::Prefix& prefix) {
    nest.put(ANCHOR6_BINDING_A_CACHE, static_cast<std::uint8_t>(cache))
        .put(ANCHOR6_BINDING_A_PREFIX, prefix.address())
        .put(ANCHOR6_BINDING_A_PREFIX_LENGTH, prefix.length());
}

void put_binding(NetlinkMessage& nest, const core::KernelBinding& binding, std::uint64_t owner) {
    auto lifetime = std::clamp<std::int64_t>(binding.lifetime.count(), 1, ANCHOR6_LIFETIME_MS_MAX);
    put_key(nest, binding.cache, binding.prefix);
    nest.nest(ANCHOR6_BINDING_A_FAR_END, [&binding](NetlinkMessage& far_end) {
        far_end.put(ANCHOR6_FAR_END_A_LOCAL, binding.local)
            .put(ANCHOR6_FAR_END_A_REMOTE, binding.remote);
    });
    nest.put(ANCHOR6_BINDING_A_LIFETIME_MS, static_cast<std::uint64_t>(lifetime))
        .put(ANCHOR6_BINDING_A_COOKIE, binding.cookie)
        .put(ANCHOR6_BINDING_A_OWNER, owner)
        .put(ANCHOR6_BINDING_A_GROUP, binding.group);
}

template <std::uint16_t Max>
std::optional<wire::Address> read_address(const NetlinkAttributes<Max>& attributes,
                                          std::uint16_t type) {
    auto octets = attributes.template value<wire::Address::Octets>(type);
    return octets ? std::optional{wire::Address{*octets}} : std::nullopt;
}

template <std::uint16_t Max>
std::optional<wire::Prefix> read_prefix(const NetlinkAttributes<Max>& attributes,
                                        std::uint16_t address_type, std::uint16_t length_type) {
    auto address = read_address(attributes, address_type);
    auto length = attributes.template value<std::uint8_t>(length_type);
    return address && length ? wire::Prefix::of(*address, *length) : std::nullopt;
}

const nlattr* find_nest(const nlmsghdr* message, std::uint16_t type) {
    return NetlinkAttributes<ANCHOR6_A_MAX>{message, sizeof(genlmsghdr)}.find(type);
}

} // namespace

NetlinkMessage kernel_request(const KernelIdentity& identity, std::uint8_t command,
                              std::uint16_t flags) {
    NetlinkMessage message{identity.family, flags};
    auto& header = message.extend<genlmsghdr>();
    header.cmd = command;
    header.version = ANCHOR6_GENL_VERSION;
    message.put(ANCHOR6_A_IFINDEX, identity.ifindex);
    return message;
}

NetlinkMessage binding_request(const KernelIdentity& identity, const core::KernelChange& change) {
    if (const auto* removal = std::get_if<core::DeleteKernelBinding>(&change)) {
        NetlinkMessage message = kernel_request(identity, ANCHOR6_CMD_BINDING_DEL, 0);
        message.nest(ANCHOR6_A_BINDING, [removal](NetlinkMessage& nest) {
            put_key(nest, removal->cache, removal->prefix);
        });
        return message;
    }
    const auto& binding = std::get<core::SetKernelBinding>(change).binding;
    NetlinkMessage message = kernel_request(identity, ANCHOR6_CMD_BINDING_SET, NLM_F_CREATE);
    message.nest(ANCHOR6_A_BINDING, [&binding, &identity](NetlinkMessage& nest) {
        put_binding(nest, binding, identity.owner);
    });
    return message;
}

NetlinkMessage binding_dump_request(const KernelIdentity& identity) {
    NetlinkMessage message = kernel_request(identity, ANCHOR6_CMD_BINDING_GET, 0);
    message.nest(ANCHOR6_A_BINDING, [&identity](NetlinkMessage& filter) {
        filter.put(ANCHOR6_BINDING_A_OWNER, identity.owner);
    });
    return message;
}

std::optional<core::KernelBinding> read_binding(const nlmsghdr* message) {
    NetlinkAttributes<ANCHOR6_BINDING_A_MAX> attributes{find_nest(message, ANCHOR6_A_BINDING)};
    NetlinkAttributes<ANCHOR6_FAR_END_A_MAX> far_end{attributes.find(ANCHOR6_BINDING_A_FAR_END)};
    auto cache = attributes.value<std::uint8_t>(ANCHOR6_BINDING_A_CACHE);
    auto prefix =
        read_prefix(attributes, ANCHOR6_BINDING_A_PREFIX, ANCHOR6_BINDING_A_PREFIX_LENGTH);
    auto local = read_address(far_end, ANCHOR6_FAR_END_A_LOCAL);
    auto remote = read_address(far_end, ANCHOR6_FAR_END_A_REMOTE);
    auto lifetime = attributes.value<std::uint64_t>(ANCHOR6_BINDING_A_LIFETIME_MS);
    if (!cache || !prefix || !local || !remote || !lifetime ||
        (*cache != ANCHOR6_CACHE_HOME && *cache != ANCHOR6_CACHE_PROXY))
        return {};
    return core::KernelBinding{
        static_cast<core::Cache>(*cache),
        *prefix,
        *local,
        *remote,
        std::chrono::milliseconds{*lifetime},
        attributes.value<std::uint64_t>(ANCHOR6_BINDING_A_COOKIE).value_or(0),
        attributes.value<std::uint32_t>(ANCHOR6_BINDING_A_GROUP).value_or(0)};
}

NetlinkMessage home_prefix_request(const KernelIdentity& identity, std::uint8_t command,
                                   const wire::Prefix& prefix) {
    NetlinkMessage message = kernel_request(identity, command, 0);
    message.nest(ANCHOR6_A_HOME_PREFIX, [&prefix](NetlinkMessage& nest) {
        nest.put(ANCHOR6_HOME_PREFIX_A_ADDRESS, prefix.address())
            .put(ANCHOR6_HOME_PREFIX_A_LENGTH, prefix.length());
    });
    return message;
}

std::optional<wire::Prefix> read_home_prefix(const nlmsghdr* message) {
    NetlinkAttributes<ANCHOR6_HOME_PREFIX_A_MAX> attributes{
        find_nest(message, ANCHOR6_A_HOME_PREFIX)};
    return read_prefix(attributes, ANCHOR6_HOME_PREFIX_A_ADDRESS, ANCHOR6_HOME_PREFIX_A_LENGTH);
}

} // namespace anchor6::io
