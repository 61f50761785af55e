// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "wire/address.h"

namespace anchor6::wire {

/// Where an option may begin: at octets multiple * n + residue, counted from the start of the
/// header that holds it (RFC 6275 section 6.2.1).
struct Alignment {
    std::size_t multiple = 1;
    std::size_t residue = 0;

    constexpr std::size_t padding(std::size_t offset) const {
        return (residue + multiple - offset % multiple) % multiple;
    }
};

/// Appends numbers in network order.
class Writer {
public:
    Writer() = default;
    /// Room for so many octets, before it has to grow.
    explicit Writer(std::size_t expected) { octets_.reserve(expected); }

    std::size_t size() const { return octets_.size(); }
    const std::vector<std::uint8_t>& octets() const { return octets_; }
    std::vector<std::uint8_t> finish() && { return std::move(octets_); }

    void u8(std::uint8_t value) { octets_.push_back(value); }
    void u16(std::uint16_t value) { number(value, 2); }
    void u32(std::uint32_t value) { number(value, 4); }
    void u64(std::uint64_t value) { number(value, 8); }
    void zeros(std::size_t count) { octets_.resize(octets_.size() + count); }
    void octets(std::span<const std::uint8_t> octets) {
        octets_.insert(octets_.end(), octets.begin(), octets.end());
    }
    void address(const Address& address) { octets(address.octets()); }

    /// Overwrites an octet written before.
    void set(std::size_t offset, std::uint8_t value) { octets_.at(offset) = value; }

    /// Pads with Pad1 or PadN, which destination options and mobility options have in common.
    void pad_options(Alignment alignment) {
        constexpr std::uint8_t pad_n = 1;
        const std::size_t count = alignment.padding(size());
        if (count > 1) {
            u8(pad_n);
            u8(static_cast<std::uint8_t>(count - 2));
            zeros(count - 2);
        } else {
            zeros(count);
        }
    }

private:
    void number(std::uint64_t value, unsigned width) {
        while (width-- > 0) {
            u8(static_cast<std::uint8_t>(value >> (8 * width)));
        }
    }

    std::vector<std::uint8_t> octets_;
};

} // namespace anchor6::wire
