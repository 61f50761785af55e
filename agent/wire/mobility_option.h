// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/address.h"
#include "wire/link_layer_address.h"
#include "wire/reader.h"
#include "wire/timestamp.h"
#include "wire/writer.h"

namespace anchor6::wire {

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

/// Mobility Message Authentication option (RFC 4285 section 5), the last of a message.
struct MessageAuthentication {
    static constexpr std::uint8_t mn_ha = 1;
    /// Octets of an authenticator by HMAC_SHA1_SPI: the first 96 bits of the HMAC.
    static constexpr std::size_t authenticator_size = 12;
    std::uint8_t subtype = mn_ha;
    std::uint32_t spi = 0;
    std::vector<std::uint8_t> authenticator;
    /// What parse() found for the authenticator to cover: the message from its first octet up to
    /// and including the SPI, with checksum 0. Empty when an option other than padding follows:
    /// then the authenticator proves nothing. Not written.
    std::vector<std::uint8_t> covered;
    friend bool operator==(const MessageAuthentication&, const MessageAuthentication&) = default;
};

/// The mobility options that anchor6 knows, in the order of RFC 5213 section 6.9.1.5. An option
/// that is no list keeps its first occurrence; a second one is a parse error.
struct Options {
    std::optional<MnIdentifier> mn_identifier;
    std::vector<PrefixOption> home_network_prefixes;
    std::optional<std::uint8_t> handoff_indicator;
    std::optional<std::uint8_t> access_technology_type;
    std::optional<Timestamp> timestamp;
    std::optional<LinkLayerAddress> link_layer_identifier;
    std::optional<Address> link_local_address;
    std::optional<Address> alternate_care_of_address;
    std::vector<PrefixOption> mobile_network_prefixes;
    /// Binding Refresh Advice, units of 4 s.
    std::optional<std::uint16_t> refresh_advice;
    /// Restart Counter (RFC 5847 section 3.3).
    std::optional<std::uint32_t> restart_counter;
    std::optional<MessageId> message_id;
    std::optional<MessageAuthentication> authentication;
    /// Options of a correspondent registration: a home registration with one is discarded.
    bool nonce_indices = false;
    bool binding_authorization_data = false;
    friend bool operator==(const Options&, const Options&) = default;
};

/// Type numbers of the options above (IANA).
enum class OptionType : std::uint8_t {
    pad_1 = 0,
    pad_n = 1,
    binding_refresh_advice = 2,
    alternate_care_of_address = 3,
    nonce_indices = 4,
    binding_authorization_data = 5,
    mobile_network_prefix = 6,
    mn_identifier = 8,
    message_authentication = 9,
    message_id = 10,
    home_network_prefix = 22,
    handoff_indicator = 23,
    access_technology_type = 24,
    mn_link_layer_identifier = 25,
    link_local_address = 26,
    timestamp = 27,
    restart_counter = 28,
};

/// The order in which anchor6 writes options. An authenticator comes behind what it covers.
inline constexpr OptionType option_order[] = {
    OptionType::mn_identifier,
    OptionType::home_network_prefix,
    OptionType::handoff_indicator,
    OptionType::access_technology_type,
    OptionType::timestamp,
    OptionType::mn_link_layer_identifier,
    OptionType::link_local_address,
    OptionType::alternate_care_of_address,
    OptionType::mobile_network_prefix,
    OptionType::binding_refresh_advice,
    OptionType::nonce_indices,
    OptionType::restart_counter,
    OptionType::message_id,
    OptionType::message_authentication,
    OptionType::binding_authorization_data,
};

/// How options lie in a message. Order and padding are free on the wire; tests and the load
/// generator choose others than the usual ones.
struct Layout {
    enum class Padding : std::uint8_t {
        aligned,   ///< each option where its alignment wants it, PadN before it and at the end
        unaligned, ///< one after the other, PadN at the end
        zeros,     ///< one after the other, zero octets at the end
    };
    /// Options of a type that is not named are left out; those of one named twice are repeated.
    std::span<const OptionType> order = option_order;
    Padding padding = Padding::aligned;
};

/// Short name of an option ("mnid", "hnp", ...), empty for a type that is not known.
std::string_view option_name(OptionType type);
std::optional<OptionType> option_of_name(std::string_view name);

/// What is wrong with the option that begins at this octet.
struct OptionFault {
    enum class Kind : std::uint8_t { bad_length, duplicate };
    Kind kind = Kind::bad_length;
    std::size_t offset = 0;
};

/// Reads the options up to the end of a reader that began with the message; unknown ones are
/// skipped.
std::optional<OptionFault> read_options(Reader& reader, Options& options);

/// Appends the options and fills up to a multiple of 8 octets; false if one is too long to be
/// written.
bool write_options(Writer& writer, const Options& options, const Layout& layout);

} // namespace anchor6::wire
