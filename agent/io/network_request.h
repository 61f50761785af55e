// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/netlink_message.h"
#include "wire/address.h"
#include "wire/link_layer_address.h"

namespace anchor6::io {

// What a gateway and a node change of the machine's network, as values, and the rtnetlink requests
// that change it. A NetworkChange carries them out.

/// Who has made a route, a rule, an address or a neighbour entry: the protocol number that the
/// kernel keeps with it, by which what an earlier run left is known. The anchor has 0xa6.
enum class Maker : std::uint8_t { node = 0xa7, gateway = 0xa8 };

/// A request and what it is about, for who reads that the kernel has refused it.
struct NetworkRequest {
    NetlinkMessage message;
    std::string what;
    /// The refusal (errno) that means that everything is so already; 0: none does.
    int satisfied_by = 0;
};
using NetworkRequests = std::vector<NetworkRequest>;

/// An ip6tnl device: IPv6 in IPv6, without an encapsulation limit (RFC 2473).
struct TunnelDevice {
    std::string name;
    wire::Address local;
    wire::Address remote;
    std::uint8_t hop_limit = 64;
};

/// Makes the device, without a link-local address, and sets it up: of a tunnel nobody needs to
/// discover neighbours.
NetworkRequests create_tunnel(const TunnelDevice& tunnel);
/// Gives an existing device of that name other ends.
NetworkRequest change_tunnel(const TunnelDevice& tunnel);
/// A device that holds addresses. One of that name that is there already stays.
NetworkRequest create_dummy(const std::string& name);
NetworkRequest delete_device(const std::string& name);
NetworkRequest set_up(const std::string& device);
NetworkRequest set_link_layer_address(const std::string& device,
                                      const wire::LinkLayerAddress& address);

/// An address on a device.
struct DeviceAddress {
    std::uint32_t device = 0;
    wire::Address address;
    /// Of the route to its neighbours; 128: none.
    std::uint8_t prefix_length = wire::Prefix::max_length;
    /// In use at once, and nobody is asked whether it is unique (RFC 4862 section 5.4).
    bool without_detection = false;
    /// A mobile node's home address: preferred as source (RFC 5014).
    bool home = false;
};

/// An address that is there already gets these properties.
NetworkRequest add_address(const DeviceAddress& address, Maker maker);
NetworkRequest delete_address(const DeviceAddress& address);

struct Route {
    enum class Kind : std::uint8_t { unicast, unreachable };
    /// ::/0 for all destinations.
    wire::Prefix destination;
    /// Only of packets with such a source.
    std::optional<wire::Prefix> source;
    /// RT_TABLE_MAIN or another.
    std::uint32_t table = 0;
    Kind kind = Kind::unicast;
    /// 0 unless unicast.
    std::uint32_t device = 0;
    std::optional<wire::Address> gateway;
    /// 0: the kernel's own.
    std::uint32_t metric = 0;
    friend bool operator==(const Route&, const Route&) = default;
};

/// Takes the place of a route to the same destination from the same source with the same metric.
NetworkRequest set_route(const Route& route, Maker maker);
NetworkRequest delete_route(const Route& route, Maker maker);

struct Rule {
    enum class Action : std::uint8_t { look_up, blackhole };
    std::uint32_t priority = 0;
    /// By name, so that a device may come and go; "lo": of the router itself; empty: any.
    std::string input_device;
    std::optional<wire::Prefix> source;
    std::optional<wire::Prefix> destination;
    Action action = Action::look_up;
    /// To look up.
    std::uint32_t table = 0;
    /// IPv6 next header; 0: any.
    std::uint8_t protocol = 0;
    /// Of a packet that has no source yet: it is taken if it would get one of `source`.
    bool chooses_source = false;
    /// What only a default route leads to is not found.
    bool without_default_route = false;
    friend bool operator==(const Rule&, const Rule&) = default;
};

NetworkRequest add_rule(const Rule& rule, Maker maker);
NetworkRequest delete_rule(const Rule& rule, Maker maker);

/// A neighbour that need not be asked for its link-layer address.
struct PermanentNeighbour {
    std::uint32_t device = 0;
    wire::Address address;
    wire::LinkLayerAddress link_layer_address;
    friend bool operator==(const PermanentNeighbour&, const PermanentNeighbour&) = default;
};

NetworkRequest set_neighbour(const PermanentNeighbour& neighbour, Maker maker);
NetworkRequest delete_neighbour(const PermanentNeighbour& neighbour);

/// The others come after those that are there.
void append(NetworkRequests& requests, NetworkRequests more);

} // namespace anchor6::io
