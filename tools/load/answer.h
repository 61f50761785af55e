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
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    /// Octet of the packet, in a Parameter Problem.
    std::uint32_t pointer = 0;
};

/// What came back for a request.
struct Answer {
    wire::Ipv6Packet packet;
    std::variant<wire::BindingAcknowledgement, wire::BindingError, IcmpError, wire::ParseError>
        content;

    /// A Binding Acknowledgement with a status below 128.
    bool is_success() const;
    /// Sequence number that names the request; a refused number names another.
    std::optional<std::uint16_t> sequence() const;
};

/// Reads a packet as an answer to the request; nothing when it is none. A message with a wrong
/// checksum is none: no mobile node would see it.
std::optional<Answer> read_answer(std::span<const std::uint8_t> octets, const Request& request);

/// One line for a person, and one JSON object for a program.
std::string to_text(const Answer& answer, std::chrono::nanoseconds delay);
std::string to_json(const Answer& answer, std::chrono::nanoseconds delay);

} // namespace anchor6::load
