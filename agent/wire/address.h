// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anchor6::wire {

/// An IPv6 address, its 16 octets in network order.
class Address {
public:
    static constexpr std::size_t size = 16;
    using Octets = std::array<std::uint8_t, size>;

    constexpr Address() = default;
    constexpr explicit Address(const Octets& octets) : octets_(octets) {}

    /// Reads the text forms of RFC 4291; nothing else, no scope identifier.
    static std::optional<Address> parse(std::string_view text);
    /// The canonical form of RFC 5952.
    std::string to_string() const;

    constexpr const Octets& octets() const { return octets_; }

    bool is_unspecified() const;
    bool is_loopback() const;
    bool is_multicast() const;
    bool is_link_local() const;
    bool is_ipv4_mapped() const;
    /// What a home address and a care-of address must be (RFC 6275 9.5.1): unicast, and none of
    /// unspecified, loopback, link-local, IPv4-mapped.
    bool is_routable_unicast() const;

    // clang-tidy 14 takes the zero inside a defaulted <=> for a null pointer.
    friend constexpr auto operator<=>(const Address&,
                                      const Address&) = default; // NOLINT(modernize-use-nullptr)

private:
    Octets octets_{};
};

/// An IPv6 prefix; the bits beyond its length are zero.
class Prefix {
public:
    static constexpr std::uint8_t max_length = 128;

    constexpr Prefix() = default;
    /// The prefix of that length that contains the address; nothing when length > 128.
    static std::optional<Prefix> of(const Address& address, std::uint8_t length);
    /// "2001:db8::/32"; refuses bits beyond the length.
    static std::optional<Prefix> parse(std::string_view text);
    static Prefix host(const Address& address);
    std::string to_string() const;

    const Address& address() const { return address_; }
    std::uint8_t length() const { return length_; }
    bool contains(const Address& address) const;
    bool contains(const Prefix& other) const;
    bool overlaps(const Prefix& other) const;

    friend constexpr auto operator<=>(const Prefix&,
                                      const Prefix&) = default; // NOLINT(modernize-use-nullptr)

private:
    constexpr Prefix(const Address& address, std::uint8_t length)
        : address_(address), length_(length) {}

    Address address_{};
    std::uint8_t length_ = 0;
};

/// The Mobile IPv6 Home-Agents anycast address of a link's prefix (RFC 2526, identifier 0x7e), for
/// a prefix of at most 121 bits: the rest of the address is 1111110, all ones before it, but in a
/// /64 the universal/local bit, which is 0.
Address home_agents_anycast(const Prefix& prefix);

/// The solicited-node multicast address (RFC 4291 section 2.7.1).
Address solicited_node(const Address& address);

/// The link-local address with the interface identifier, the last 64 bits, of another address.
Address link_local(const Address& address);

/// Hash of octets that peers choose, with a secret of this run.
struct KeyedTextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept;
};

} // namespace anchor6::wire

template <>
struct std::hash<anchor6::wire::Address> {
    std::size_t operator()(const anchor6::wire::Address& address) const noexcept;
};

template <>
struct std::hash<anchor6::wire::Prefix> {
    std::size_t operator()(const anchor6::wire::Prefix& prefix) const noexcept;
};
