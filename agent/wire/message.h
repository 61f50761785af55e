// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/address.h"
#include "wire/mobility_option.h"
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

/// Heartbeat (RFC 5847 section 3.3).
struct Heartbeat {
    bool response = false;
    /// Nobody asked: the sender has restarted. Only with `response`.
    bool unsolicited = false;
    std::uint32_t sequence = 0;
    Options options;
    friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};

/// Flags of Binding Revocation messages (RFC 5846 section 5).
namespace revocation_flag {
inline constexpr std::uint16_t proxy_binding = 0x8000;
inline constexpr std::uint16_t ipv4_home_address_only = 0x4000;
inline constexpr std::uint16_t global = 0x2000;
} // namespace revocation_flag

/// Revocation Trigger (RFC 5846 section 5.1). Other values travel unchanged.
enum class RevocationTrigger : std::uint8_t {
    unspecified = 0,
    administrative_reason = 1,
    inter_mag_handover_same_access = 2,
    inter_mag_handover_different_access = 3,
    inter_mag_handover_unknown = 4,
    user_initiated = 5,
    access_network = 6,
    possible_out_of_sync = 7,
    per_peer_policy = 128,
    mobility_node_local_policy = 129,
};
/// From this value on triggers are for global revocation only.
inline constexpr std::uint8_t first_global_trigger = 128;

/// Status of a Binding Revocation Acknowledgement (RFC 5846 section 5.2).
enum class RevocationStatus : std::uint8_t {
    success = 0,
    partial_success = 1,
    binding_does_not_exist = 128,
    ipv4_home_address_option_required = 129,
    global_revocation_not_authorized = 130,
    mobile_node_identity_required = 131,
    mobile_node_is_attached = 132,
    trigger_not_supported = 133,
    revocation_not_supported = 134,
    proxy_revocation_not_supported = 135,
};

/// Binding Revocation Indication (RFC 5846 section 5.1).
struct BindingRevocationIndication {
    RevocationTrigger trigger = RevocationTrigger::unspecified;
    std::uint16_t sequence = 0;
    std::uint16_t flags = 0;
    Options options;
    bool has(std::uint16_t flag) const { return (flags & flag) != 0; }
    friend bool operator==(const BindingRevocationIndication&,
                           const BindingRevocationIndication&) = default;
};

/// Binding Revocation Acknowledgement (RFC 5846 section 5.2).
struct BindingRevocationAcknowledgement {
    RevocationStatus status = RevocationStatus::success;
    std::uint16_t sequence = 0;
    std::uint16_t flags = 0;
    Options options;
    friend bool operator==(const BindingRevocationAcknowledgement&,
                           const BindingRevocationAcknowledgement&) = default;
};

/// A message of a type that is known but not an anchor's business (return routability): ignored.
struct OtherMessage {
    std::uint8_t type = 0;
    friend bool operator==(const OtherMessage&, const OtherMessage&) = default;
};

using Message = std::variant<BindingUpdate, BindingAcknowledgement, BindingRefreshRequest,
                             BindingError, Heartbeat, BindingRevocationIndication,
                             BindingRevocationAcknowledgement, OtherMessage>;

/// Why a message was refused (RFC 6275 section 9.2), in the order of the checks.
enum class ParseFault : std::uint8_t {
    truncated,            ///< shorter than any Mobility Header: silence
    unknown_type,         ///< Binding Error 2
    bad_payload_proto,    ///< not 59; the kernel has sent a Parameter Problem
    header_too_short,     ///< Header Len below the type's minimum; likewise
    header_beyond_packet, ///< Header Len exceeds the packet: silence
    bad_option_length,    ///< an option leaves the message or has a wrong length: silence
    duplicate_option,     ///< an option occurs twice that may not: silence
    unknown_revocation,   ///< a Binding Revocation message of neither kind: silence
};

std::string_view fault_text(ParseFault fault);

struct ParseError {
    ParseFault fault = ParseFault::truncated;
    /// MH Type; 0 when the message is too short to have one.
    std::uint8_t type = 0;
    /// Octet of the Mobility Header where it was seen.
    std::size_t offset = 0;
    friend bool operator==(const ParseError&, const ParseError&) = default;
};

/// Longest Mobility Header, in octets: Header Len counts units of 8 octets after the first.
inline constexpr std::size_t max_message_size = 2048;

/// Reads one Mobility Header from its first octet; the kernel has verified the checksum. Octets
/// beyond Header Len are ignored, unknown options are skipped.
std::variant<Message, ParseError> parse(std::span<const std::uint8_t> octets);

/// Writes a Mobility Header: options aligned and padded to a multiple of 8 octets, checksum 0 (the
/// kernel fills it in). Empty when an option is longer than 255 octets or the whole longer than
/// max_message_size; what was parsed from unaligned options may grow so.
std::vector<std::uint8_t> serialise(const Message& message, const Layout& layout = {});

/// What the authenticator of a message with an authentication option covers (RFC 4285 section 5.1),
/// whatever authenticator stands there now: the message as serialise() will write it with one of 12
/// octets, from its first octet up to and including the SPI. Empty when there is no such option, it
/// is not the last, or the message cannot be written.
std::vector<std::uint8_t> authenticated_octets(const Message& message, const Layout& layout = {});

} // namespace anchor6::wire
