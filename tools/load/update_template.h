// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/address.h"

namespace anchor6::load {

/// The nodes of a rate measurement are "n0000000@load" and on.
inline constexpr std::uint32_t nodes_max = 10'000'000;
std::string node_identifier(std::uint32_t node);
/// Nothing: it names no such node.
std::optional<std::uint32_t> node_of(std::string_view identifier);

/// A Proxy Binding Update that is written once; each copy differs in a few octets. Each node has
/// one interface, so that a repetition of its registration is no other session.
class UpdateTemplate {
public:
    struct Fields {
        std::uint32_t node = 0;
        std::uint16_t sequence = 0;
        /// Since 1970.
        std::chrono::nanoseconds time{0};
        /// The home network prefix; unspecified: any.
        wire::Address prefix;
    };

    UpdateTemplate(std::uint8_t handoff_indicator, std::chrono::seconds lifetime);

    std::size_t size() const { return octets_.size(); }
    /// `target` has size() octets. The checksum is left to the kernel.
    void write(std::span<std::uint8_t> target, const Fields& fields) const;

private:
    std::size_t find(std::span<const std::uint8_t> marker) const;

    std::vector<std::uint8_t> octets_;
    std::size_t identifier_ = 0;
    std::size_t prefix_ = 0;
    std::size_t timestamp_ = 0;
    std::size_t link_layer_identifier_ = 0;
};

} // namespace anchor6::load
