// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <bit>
#include <charconv>
#include <cstring>
#include <initializer_list>
#include <random>

#include "wire/reader.h"

namespace anchor6::wire {

namespace {

/// The octets with all bits from `length` on cleared.
Address::Octets masked(const Address::Octets& octets, std::size_t length) {
    Address::Octets result{};
    for (std::size_t i = 0; i < result.size() && length > 8 * i; ++i) {
        const std::size_t bits = std::min<std::size_t>(8, length - 8 * i);
        result.at(i) = static_cast<std::uint8_t>(octets.at(i) & (0xff00U >> bits));
    }
    return result;
}

std::optional<std::uint8_t> parse_length(std::string_view text) {
    std::uint8_t length = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, length);
    if (error != std::errc{} || stop != end || (text.size() > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    return length;
}

struct HashKey {
    std::uint64_t low;
    std::uint64_t high;
};

HashKey random_hash_key() {
    std::random_device device;
    const auto word = [&device] { return std::uint64_t{device()} << 32 | device(); };
    return {word(), word()};
}

/// SipHash-1-3: peers choose the addresses, so that a hash without a secret could be flooded.
class KeyedHash {
public:
    explicit KeyedHash(const HashKey& key)
        : v0_(key.low ^ 0x736f6d6570736575), v1_(key.high ^ 0x646f72616e646f6d),
          v2_(key.low ^ 0x6c7967656e657261), v3_(key.high ^ 0x7465646279746573) {}

    void add(std::uint64_t word) {
        v3_ ^= word;
        round();
        v0_ ^= word;
    }

    std::uint64_t finish() {
        v2_ ^= 0xff;
        for (int i = 0; i < 3; ++i) {
            round();
        }
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

private:
    void round() {
        v0_ += v1_;
        v1_ = std::rotl(v1_, 13) ^ v0_;
        v0_ = std::rotl(v0_, 32);
        v2_ += v3_;
        v3_ = std::rotl(v3_, 16) ^ v2_;
        v0_ += v3_;
        v3_ = std::rotl(v3_, 21) ^ v0_;
        v2_ += v1_;
        v1_ = std::rotl(v1_, 17) ^ v2_;
        v2_ = std::rotl(v2_, 32);
    }

    std::uint64_t v0_, v1_, v2_, v3_;
};

const HashKey& hash_key() {
    static const HashKey key = random_hash_key();
    return key;
}

std::size_t hash(const Address& address, std::uint64_t extra) {
    Reader reader(address.octets());
    KeyedHash state(hash_key());
    state.add(reader.u64());
    state.add(reader.u64());
    state.add(extra);
    return state.finish();
}

} // namespace

std::optional<Address> Address::parse(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    std::ranges::copy(text, terminated.begin());
    Octets octets{};
    if (inet_pton(AF_INET6, terminated.data(), octets.data()) != 1) {
        return std::nullopt;
    }
    return Address(octets);
}

std::string Address::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(AF_INET6, octets_.data(), text.data(), text.size());
}

bool Address::is_unspecified() const {
    return *this == Address();
}

bool Address::is_loopback() const {
    Octets loopback{};
    loopback.back() = 1;
    return octets_ == loopback;
}

bool Address::is_multicast() const {
    return octets_[0] == 0xff;
}

bool Address::is_link_local() const {
    return octets_[0] == 0xfe && (octets_[1] & 0xc0) == 0x80;
}

bool Address::is_ipv4_mapped() const {
    constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::ranges::equal(std::span(octets_).first<mapped.size()>(), mapped);
}

bool Address::is_routable_unicast() const {
    return !is_unspecified() && !is_loopback() && !is_multicast() && !is_link_local() &&
           !is_ipv4_mapped();
}

std::optional<Prefix> Prefix::of(const Address& address, std::uint8_t length) {
    if (length > max_length) {
        return std::nullopt;
    }
    return Prefix(Address(masked(address.octets(), length)), length);
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto address = Address::parse(text.substr(0, slash));
    const auto length = parse_length(text.substr(slash + 1));
    if (!address || !length) {
        return std::nullopt;
    }
    const auto prefix = of(*address, *length);
    return prefix && prefix->address() == *address ? prefix : std::nullopt;
}

Prefix Prefix::host(const Address& address) {
    return {address, max_length};
}

std::string Prefix::to_string() const {
    return address_.to_string() + '/' + std::to_string(length_);
}

bool Prefix::contains(const Address& address) const {
    return masked(address.octets(), length_) == address_.octets();
}

bool Prefix::contains(const Prefix& other) const {
    return length_ <= other.length_ && contains(other.address_);
}

bool Prefix::overlaps(const Prefix& other) const {
    return contains(other) || other.contains(*this);
}

Address home_agents_anycast(const Prefix& prefix) {
    constexpr std::uint8_t last_octet = 0xfe;
    constexpr std::size_t length_with_flags = 64;
    constexpr std::size_t flags_at = 8;
    constexpr std::uint8_t flags = 0xfd;
    Address::Octets identifier{};
    identifier.fill(0xff);
    identifier.back() = last_octet;
    if (prefix.length() == length_with_flags) {
        identifier.at(flags_at) = flags;
    }
    const Address::Octets hidden = masked(identifier, prefix.length());
    Address::Octets octets = prefix.address().octets();
    for (std::size_t i = 0; i < octets.size(); ++i) {
        octets.at(i) |= static_cast<std::uint8_t>(identifier.at(i) & ~hidden.at(i));
    }
    return Address(octets);
}

Address solicited_node(const Address& address) {
    Address::Octets octets{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};
    constexpr std::size_t from = 13;
    std::ranges::copy(std::span(address.octets()).subspan<from>(), octets.begin() + from);
    return Address(octets);
}

Address link_local(const Address& address) {
    Address::Octets octets{0xfe, 0x80};
    constexpr std::size_t from = 8;
    std::ranges::copy(std::span(address.octets()).subspan<from>(), octets.begin() + from);
    return Address(octets);
}

std::size_t KeyedTextHash::operator()(std::string_view text) const noexcept {
    KeyedHash state(hash_key());
    state.add(text.size());
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), sizeof(std::uint64_t)))) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), std::min(text.size(), sizeof(word)));
        state.add(word);
    }
    return state.finish();
}

} // namespace anchor6::wire

std::size_t std::hash<anchor6::wire::Address>::operator()(
    const anchor6::wire::Address& address) const noexcept {
    return anchor6::wire::hash(address, anchor6::wire::Prefix::max_length);
}

std::size_t
std::hash<anchor6::wire::Prefix>::operator()(const anchor6::wire::Prefix& prefix) const noexcept {
    return anchor6::wire::hash(prefix.address(), prefix.length());
}
