// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "authenticator.h"
#include "wire/icmpv6.h"
#include "wire/ipv6_packet.h"
#include "wire/message.h"

namespace anchor6::load {

/// Octets written over a message.
struct Patch {
    std::size_t offset = 0;
    std::vector<std::uint8_t> octets;
};

/// What is done to a good message before it leaves. The checksum is right for what comes out,
/// unless one is given.
struct Deformation {
    std::optional<std::uint8_t> payload_proto;
    std::optional<std::uint8_t> header_len;
    std::optional<std::uint8_t> type;
    std::vector<Patch> patches;
    std::optional<std::size_t> truncated_size;
    std::optional<std::uint16_t> checksum;
};

/// A Timestamp or MESG-ID option of a request: none, the clock and an offset, or its 64 bits.
struct ClockOffset {
    std::chrono::milliseconds offset{0};
};
using TimeChoice = std::variant<std::monostate, ClockOffset, std::uint64_t>;

/// Octets of a Mobility Header, as they are.
using RawMessage = std::vector<std::uint8_t>;

/// One message of a run, the same each time but for sequence number or identifier, and times.
struct Request {
    wire::Address source;
    wire::Address anchor;
    /// The node's, when it is not the source: an answer may come to it.
    std::optional<wire::Address> home_address;
    /// Put the home address into a Home Address option.
    bool home_address_option = true;
    std::variant<wire::BindingUpdate, RawMessage, wire::HomeAgentDiscoveryRequest,
                 wire::MobilePrefixSolicitation>
        message;
    std::vector<wire::OptionType> order{std::begin(wire::option_order),
                                        std::end(wire::option_order)};
    wire::Layout::Padding padding = wire::Layout::Padding::aligned;
    TimeChoice timestamp;
    TimeChoice message_id;
    /// An authenticator is made, and that of an answer verified, with this.
    std::optional<SecurityAssociation> association;
    Deformation deformation;

    const wire::Address& node_address() const { return home_address ? *home_address : source; }
    /// What a Binding Update binds the node's address to: the alternate care-of address, if any.
    const wire::Address& care_of_address() const;
};

/// Sequence number or identifier of the request with that index; nothing for raw octets.
std::optional<std::uint16_t> sequence_of(const Request& request, std::size_t index);

/// The packet of the request with that index, counted from 0, as it leaves at that time since 1970.
/// Empty when the message is longer than a Mobility Header can be.
std::vector<std::uint8_t> build_packet(const Request& request, std::size_t index,
                                       std::chrono::nanoseconds now);

} // namespace anchor6::load
