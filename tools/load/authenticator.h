// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wire/address.h"

namespace anchor6::load {

/// What a mobile node shares with its home agent (RFC 4285 section 3).
struct SecurityAssociation {
    std::uint32_t spi = 0;
    std::vector<std::uint8_t> key;
};

/// The first 96 bits of HMAC-SHA1 over the addresses and what the authenticator covers of a
/// message (RFC 4285 section 5.1).
std::vector<std::uint8_t> make_authenticator(const SecurityAssociation& association,
                                             const wire::Address& care_of_address,
                                             const wire::Address& home_address,
                                             std::span<const std::uint8_t> covered);

} // namespace anchor6::load
