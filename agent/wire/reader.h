// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/address.h"

namespace anchor6::wire {

/// Reads numbers in network order from octets and never beyond them: what is not there reads as
/// zero and leaves the reader failed, so that a caller reads a whole structure and asks ok() once.
class Reader {
public:
    explicit constexpr Reader(std::span<const std::uint8_t> octets) : octets_(octets) {}

    constexpr bool ok() const { return ok_; }
    constexpr std::size_t offset() const { return offset_; }
    /// What has been read.
    constexpr std::span<const std::uint8_t> passed() const { return octets_.first(offset_); }
    constexpr std::size_t remaining() const { return octets_.size() - offset_; }

    constexpr std::span<const std::uint8_t> take(std::size_t count) {
        if (count > remaining()) {
            offset_ = octets_.size();
            ok_ = false;
            return {};
        }
        const auto taken = octets_.subspan(offset_, count);
        offset_ += count;
        return taken;
    }
    constexpr std::span<const std::uint8_t> rest() { return take(remaining()); }
    constexpr void skip(std::size_t count) { take(count); }

    constexpr std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    constexpr std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    constexpr std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    constexpr std::uint64_t u64() { return number(8); }

    constexpr Address address() {
        Address::Octets octets{};
        std::size_t i = 0;
        for (const std::uint8_t octet : take(Address::size)) {
            octets.at(i++) = octet;
        }
        return Address(octets);
    }

private:
    constexpr std::uint64_t number(std::size_t width) {
        std::uint64_t value = 0;
        for (const std::uint8_t octet : take(width)) {
            value = value << 8 | octet;
        }
        return value;
    }

    std::span<const std::uint8_t> octets_;
    std::size_t offset_ = 0;
    bool ok_ = true;
};

} // namespace anchor6::wire
