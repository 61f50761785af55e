// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "request.h"
#include "wire/ipv6_packet.h"
#include "wire/message.h"

namespace anchor6::load {

/// An ICMPv6 error that quotes the request.
struct IcmpError {
    static constexpr std::uint8_t destination_unreachable = 1;
    static constexpr std::uint8_t packet_too_big = 2;
    static constexpr std::uint8_t time_exceeded = 3;
    static constexpr std::uint8_t parameter_problem = 4;
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    /// Octet of the packet, in a Parameter Problem.
    std::uint32_t pointer = 0;
};

/// What an answer's authenticator is worth to who holds the key.
enum class Authenticity : std::uint8_t { unchecked, missing, bad, good };

/// What came back for a request.
struct Answer {
    wire::Ipv6Packet packet;
    std::variant<wire::BindingAcknowledgement, wire::BindingError, wire::HomeAgentDiscoveryReply,
                 wire::MobilePrefixAdvertisement, IcmpError, wire::ParseError>
        content;
    Authenticity authenticity = Authenticity::unchecked;

    /// A Binding Acknowledgement with a status below 128 and no wrong authenticator, a discovery
    /// reply, an advertisement.
    bool is_success() const;
    /// Sequence number or identifier that names the request; a refused number names another.
    std::optional<std::uint16_t> sequence() const;
    /// A message with another identifier answers another request, or none.
    bool is_bound_to_identifier() const;
};

/// Reads a packet as an answer to the request; nothing when it is none. A message with a wrong
/// checksum is none: no mobile node would see it.
std::optional<Answer> read_answer(std::span<const std::uint8_t> octets, const Request& request);

/// One line for a person, and one JSON object for a program.
std::string to_text(const Answer& answer, std::chrono::nanoseconds delay);
std::string to_json(const Answer& answer, std::chrono::nanoseconds delay);

} // namespace anchor6::load
