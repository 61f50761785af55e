// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/source_filter.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_gact.h>

namespace anchor6::io {

namespace {

constexpr std::string_view filter_kind = "flower";

/// The places of the filters, first one first; an administrator's own go before or behind.
enum Place : std::uint16_t { admitted = 0xa600, of_the_link = 0xa601, all_others = 0xa602 };

NetlinkMessage traffic_message(std::uint16_t type, std::uint16_t flags, std::uint32_t device,
                               std::uint32_t handle, std::uint32_t parent, std::uint32_t info) {
    NetlinkMessage message{type, flags};
    auto& header = message.extend<tcmsg>();
    header.tcm_family = AF_UNSPEC;
    header.tcm_ifindex = static_cast<int>(device);
    header.tcm_handle = handle;
    header.tcm_parent = parent;
    header.tcm_info = info;
    return message;
}

// One that is there already is as good.
NetworkRequest ingress(std::uint32_t device, const std::string& name) {
    NetlinkMessage message = traffic_message(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, device,
                                             TC_H_MAKE(TC_H_CLSACT, 0U), TC_H_CLSACT, 0);
    message.put(TCA_KIND, std::string_view{"clsact"});
    return {message, "ingress of " + name, EEXIST};
}

NetlinkMessage filter_message(std::uint16_t type, std::uint16_t flags, std::uint32_t device,
                              Place place, std::uint32_t handle) {
    return traffic_message(type, flags, device, handle,
                           TC_H_MAKE(TC_H_CLSACT, std::uint32_t{TC_H_MIN_INGRESS}),
                           TC_H_MAKE(std::uint32_t{place} << 16U, htons(ETH_P_IPV6)));
}

void put_type(NetlinkMessage& options) {
    const std::uint16_t type = htons(ETH_P_IPV6);
    options.put_octets(TCA_FLOWER_KEY_ETH_TYPE, &type, sizeof(type));
    options.put(TCA_FLOWER_FLAGS, std::uint32_t{TCA_CLS_FLAGS_SKIP_HW});
}

void put_source(NetlinkMessage& options, const wire::Prefix& prefix) {
    wire::Address::Octets mask{};
    for (std::size_t bit = 0; bit < prefix.length(); ++bit)
        mask[bit / 8] |= static_cast<std::uint8_t>(0x80U >> bit % 8);
    options.put(TCA_FLOWER_KEY_IPV6_SRC, prefix.address())
        .put(TCA_FLOWER_KEY_IPV6_SRC_MASK, wire::Address{mask});
}

void put_link_layer_source(NetlinkMessage& options, const wire::LinkLayerAddress& address) {
    std::array<std::uint8_t, ETH_ALEN> octets{};
    std::array<std::uint8_t, ETH_ALEN> mask{};
    mask.fill(0xff);
    std::ranges::copy_n(address.begin(),
                        static_cast<std::ptrdiff_t>(std::min(address.size(), octets.size())),
                        octets.begin());
    options.put_octets(TCA_FLOWER_KEY_ETH_SRC, octets.data(), octets.size())
        .put_octets(TCA_FLOWER_KEY_ETH_SRC_MASK, mask.data(), mask.size());
}

// Without an action a packet that matches goes its way.
void put_drop(NetlinkMessage& options) {
    options.nest(TCA_FLOWER_ACT, [](NetlinkMessage& actions) {
        actions.nest(1, [](NetlinkMessage& action) {
            action.put(TCA_ACT_KIND, std::string_view{"gact"});
            action.nest(TCA_ACT_OPTIONS | NLA_F_NESTED, [](NetlinkMessage& parameters) {
                tc_gact drop{};
                drop.action = TC_ACT_SHOT;
                parameters.put_octets(TCA_GACT_PARMS, &drop, sizeof(drop));
            });
        });
    });
}

template <class Fill>
NetlinkMessage new_filter(std::uint32_t device, Place place, std::uint32_t handle, Fill fill) {
    NetlinkMessage message =
        filter_message(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, device, place, handle);
    message.put(TCA_KIND, filter_kind).nest(TCA_OPTIONS, [&fill](NetlinkMessage& options) {
        fill(options);
        put_type(options);
    });
    return message;
}

NetworkRequest let_in(std::uint32_t device, const std::string& name, const wire::Prefix& source,
                      std::uint32_t handle) {
    auto message = new_filter(device, of_the_link, handle,
                              [&source](NetlinkMessage& options) { put_source(options, source); });
    return {message, "filter of " + name};
}

std::string describe(const AdmittedSource& source) {
    return "source " + source.prefix.to_string() + " of " +
           wire::link_layer_text(source.link_layer_address) + " on device " +
           std::to_string(source.device);
}

} // namespace

NetworkRequests begin_source_filter(std::uint32_t device, const std::string& name) {
    // Duplicate address detection, and what goes from link-local address to link-local address or
    // group: a router forwards neither.
    static const wire::Prefix unspecified = wire::Prefix::host({});
    static const wire::Prefix link_local = *wire::Prefix::parse("fe80::/10");
    NetworkRequests requests;
    requests.push_back(ingress(device, name));
    requests.push_back(let_in(device, name, unspecified, 1));
    requests.push_back(let_in(device, name, link_local, 2));
    requests.push_back({new_filter(device, all_others, 1, put_drop), "filter of " + name});
    return requests;
}

NetworkRequests end_source_filter(std::uint32_t device, const std::string& name) {
    NetworkRequests requests;
    for (const Place place : {admitted, of_the_link, all_others})
        requests.push_back({filter_message(RTM_DELTFILTER, 0, device, place, 0),
                            "removing the filter of " + name, ENOENT});
    return requests;
}

NetworkRequest admit_source(const AdmittedSource& source) {
    auto message =
        new_filter(source.device, admitted, source.handle, [&source](NetlinkMessage& options) {
            put_link_layer_source(options, source.link_layer_address);
            put_source(options, source.prefix);
        });
    return {message, describe(source)};
}

NetworkRequest refuse_source(const AdmittedSource& source) {
    NetlinkMessage message =
        filter_message(RTM_DELTFILTER, 0, source.device, admitted, source.handle);
    message.put(TCA_KIND, filter_kind);
    return {message, "removing " + describe(source), ENOENT};
}

} // namespace anchor6::io
