// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "wire/address.h"
#include "wire/status.h"

namespace anchor6::wire {

/// Flags of a Binding Update, as the 16 bit field of RFC 6275 section 6.1.7 holds them.
namespace bu_flag {
inline constexpr std::uint16_t acknowledge = 0x8000;
inline constexpr std::uint16_t home_registration = 0x4000;
inline constexpr std::uint16_t link_local = 0x2000;
inline constexpr std::uint16_t key_management = 0x1000;
inline constexpr std::uint16_t map_registration = 0x0800;
inline constexpr std::uint16_t mobile_router = 0x0400;
inline constexpr std::uint16_t proxy_registration = 0x0200;
inline constexpr std::uint16_t force_udp = 0x0100;
inline constexpr std::uint16_t tlv_header = 0x0080;
inline constexpr std::uint16_t bulk = 0x0040;
} // namespace bu_flag

/// Flags of a Binding Acknowledgement (RFC 6275 section 6.1.8).
namespace ba_flag {
inline constexpr std::uint8_t key_management = 0x80;
inline constexpr std::uint8_t mobile_router = 0x40;
inline constexpr std::uint8_t proxy_registration = 0x20;
} // namespace ba_flag

/// Handoff Indicator (RFC 5213 section 8.4). Other values travel unchanged.
enum class HandoffIndicator : std::uint8_t {
    reserved = 0,
    new_interface = 1,
    between_interfaces = 2,
    between_mags = 3,
    unknown = 4,
    unchanged = 5,
};

/// Mobile Node Identifier option (RFC 4283): subtype 1 is a NAI. The octets are the peer's.
struct MnIdentifier {
    static constexpr std::uint8_t nai = 1;
    std::uint8_t subtype = nai;
    std::string identifier;
    friend bool operator==(const MnIdentifier&, const MnIdentifier&) = default;
};

/// Home Network Prefix option (RFC 5213 section 8.3) and Mobile Network Prefix option (RFC 3963),
/// the octets as received: the prefix may be ::, the length anything.
struct PrefixOption {
    std::uint8_t length = 0;
    Address prefix;
    /// The prefix, if the length is at most 128 and no bit is set beyond it.
    std::optional<Prefix> value() const;
    friend bool operator==(const PrefixOption&, const PrefixOption&) = default;
};

/// The mobility options that anchor6 knows, in the order of RFC 5213 section 6.9.1.5. An option
/// that is no list keeps its first occurrence; a second one is a parse error.
struct Options {
    std::optional<MnIdentifier> mn_identifier;
    std::vector<PrefixOption> home_network_prefixes;
    std::optional<std::uint8_t> handoff_indicator;
    std::optional<std::uint8_t> access_technology_type;
    /// As on the wire: 48 bits of seconds since 1970, 16 bits of fraction (RFC 5213 section 8.8).
    std::optional<std::uint64_t> timestamp;
    std::optional<std::vector<std::uint8_t>> link_layer_identifier;
    std::optional<Address> link_local_address;
    std::optional<Address> alternate_care_of_address;
    std::vector<PrefixOption> mobile_network_prefixes;
    /// Binding Refresh Advice, units of 4 s.
    std::optional<std::uint16_t> refresh_advice;
    /// Options of a correspondent registration: a home registration with one is discarded.
    bool nonce_indices = false;
    bool binding_authorization_data = false;
    friend bool operator==(const Options&, const Options&) = default;
};

/// Binding Update, or with the P flag Proxy Binding Update.
struct BindingUpdate {
    std::uint16_t sequence = 0;
    std::uint16_t flags = 0;
    /// Units of 4 s; 0 de-registers.
    std::uint16_t lifetime = 0;
    Options options;
    bool has(std::uint16_t flag) const { return (flags & flag) != 0; }
    friend bool operator==(const BindingUpdate&, const BindingUpdate&) = default;
};

/// Binding Acknowledgement, or with the P flag Proxy Binding Acknowledgement.
struct BindingAcknowledgement {
    Status status = Status::accepted;
    std::uint8_t flags = 0;
    std::uint16_t sequence = 0;
    /// Units of 4 s.
    std::uint16_t lifetime = 0;
    Options options;
    friend bool operator==(const BindingAcknowledgement&, const BindingAcknowledgement&) = default;
};

/// Binding Refresh Request (RFC 6275 section 6.1.2).
struct BindingRefreshRequest {
    friend bool operator==(const BindingRefreshRequest&, const BindingRefreshRequest&) = default;
};

/// Binding Error (RFC 6275 section 6.1.9).
struct BindingError {
    static constexpr std::uint8_t unknown_binding = 1;
    static constexpr std::uint8_t unrecognized_type = 2;
    std::uint8_t status = 0;
    Address home_address;
    friend bool operator==(const BindingError&, const BindingError&) = default;
};

/// A message of a type that is known but not an anchor's business (return routability): ignored.
struct OtherMessage {
    std::uint8_t type = 0;
    friend bool operator==(const OtherMessage&, const OtherMessage&) = default;
};

using Message = std::variant<BindingUpdate, BindingAcknowledgement, BindingRefreshRequest,
                             BindingError, OtherMessage>;

/// Why a message was refused (RFC 6275 section 9.2), in the order of the checks.
enum class ParseFault : std::uint8_t {
    truncated,           ///< shorter than the fixed part: silence
    unknown_type,        ///< Binding Error 2
    bad_payload_proto,   ///< not 59; the kernel has sent a Parameter Problem
    header_too_short,    ///< Header Len below the type's minimum; likewise
    header_beyond_packet,///< Header Len exceeds the packet: silence
    bad_option_length,   ///< an option leaves the message or has a wrong length: silence
    duplicate_option,    ///< an option occurs twice that may not: silence
};

struct ParseError {
    ParseFault fault = ParseFault::truncated;
    std::uint8_t type = 0;
    /// Octet of the Mobility Header where it was seen.
    std::size_t offset = 0;
    friend bool operator==(const ParseError&, const ParseError&) = default;
};

/// Reads one Mobility Header from its first octet; the kernel has verified the checksum. Octets
/// beyond Header Len are ignored, unknown options are skipped.
std::variant<Message, ParseError> parse(std::span<const std::uint8_t> octets);

/// Writes a Mobility Header: options aligned and padded to a multiple of 8 octets, checksum 0 (the
/// kernel fills it in).
std::vector<std::uint8_t> serialise(const Message& message);

} // namespace anchor6::wire
