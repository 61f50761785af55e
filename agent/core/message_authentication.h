// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "core/config.h"
#include "wire/message.h"

namespace anchor6::core {

/// What an authenticator covers beside the message (RFC 4285 section 5.1), in updates and answers
/// alike.
struct AuthenticatedAddresses {
    wire::Address care_of_address;
    wire::Address home_address;
};

/// First 96 bits of the HMAC; empty when the library could not compute it. `covered` is the message
/// up to and including the SPI.
std::vector<std::uint8_t> mn_ha_authenticator(const MnHaAssociation& association,
                                              const AuthenticatedAddresses& addresses,
                                              std::span<const std::uint8_t> covered);

/// Does the option prove that the holder of the key wrote its message?
bool is_authentic(const wire::MessageAuthentication& option, const MnHaAssociation& association,
                  const AuthenticatedAddresses& addresses);

/// Adds the authentication option to an update or an answer; nothing in it may change after that.
template <class Message>
void authenticate(Message& message, const MnHaAssociation& association,
                  const AuthenticatedAddresses& addresses);

/// Message identifiers are times and wrap as those of NTP do: is the first one later?
constexpr bool is_later(wire::MessageId id, wire::MessageId other) {
    return id != other && id - other < std::uint64_t{1} << 63;
}

/// The identifier is so near to the clock (RFC 4285 section 6).
bool is_timely(wire::MessageId id, wire::MessageId clock, std::chrono::milliseconds window);

} // namespace anchor6::core
