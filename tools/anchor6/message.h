// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <anchor6.h>

#include "wire/address.h"

namespace anchor6::cli {

// The objects of the netlink ABI as values, in requests and in answers. What a message does not
// carry is empty: a binding with few attributes is a filter. uapi/anchor6.h says what each means.

struct Device {
    std::optional<std::uint32_t> reply_mark;
    std::optional<std::uint32_t> reply_mask;
    std::optional<std::uint32_t> bindings_max;
    std::optional<std::uint32_t> home_bindings;
    std::optional<std::uint32_t> proxy_bindings;
    std::optional<std::uint32_t> far_ends;
    std::optional<std::uint8_t> mode;
    std::optional<std::uint32_t> outer_mark;
    std::optional<std::uint32_t> outer_vrf;
};

struct HomePrefix {
    wire::Address address;
    std::uint8_t length = 0;
    std::optional<std::uint32_t> bindings;
};

struct FarEnd {
    std::optional<wire::Address> local;
    std::optional<wire::Address> remote;
    std::optional<std::uint8_t> encap;
    std::optional<std::uint32_t> mtu;
    std::optional<std::uint32_t> bindings;
};

struct Binding {
    std::optional<std::uint8_t> cache;
    std::optional<wire::Address> prefix;
    std::optional<std::uint8_t> prefix_length;
    std::optional<FarEnd> far_end;
    std::optional<std::uint64_t> lifetime_ms;
    std::optional<std::uint64_t> cookie;
    std::optional<std::uint64_t> owner;
    std::optional<std::uint32_t> group;
    std::optional<std::uint64_t> down_packets;
    std::optional<std::uint64_t> down_bytes;
    std::optional<std::uint64_t> up_packets;
    std::optional<std::uint64_t> up_bytes;
};

struct Lookup {
    wire::Address address;
    std::optional<std::uint32_t> mark;
    std::optional<std::uint8_t> verdict;
};

struct Counter {
    std::string name;
    std::uint64_t value = 0;
    std::string text;
};

/// A request, an answer or a notification of the family.
struct Message {
    std::uint8_t command = ANCHOR6_CMD_UNSPEC;
    std::optional<std::uint32_t> ifindex;
    std::optional<Device> device;
    std::optional<HomePrefix> home_prefix;
    std::optional<Binding> binding;
    std::optional<Binding> shadowed;
    std::optional<FarEnd> far_end;
    std::optional<Lookup> lookup;
    std::optional<Counter> counter;
    std::optional<std::uint8_t> reason;
};

/// The names of the specification; "unknown" for what a newer kernel may send.
std::string_view cache_name(std::uint8_t cache);
std::string_view mode_name(std::uint8_t mode);
std::string_view encap_name(std::uint8_t encap);
std::string_view verdict_name(std::uint8_t verdict);
std::string_view reason_name(std::uint8_t reason);
std::string_view notification_name(std::uint8_t command);

} // namespace anchor6::cli
