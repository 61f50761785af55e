// SPDX-License-Identifier: GPL-2.0-or-later
#include "update_template.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "wire/message.h"
#include "wire/timestamp.h"

namespace anchor6::load {

namespace {

constexpr std::string_view realm = "@load";
constexpr std::size_t digits = 7;
constexpr std::uint8_t prefix_length = 64;
constexpr std::uint8_t access_technology = 4;
constexpr unsigned lifetime_unit = 4;
constexpr std::size_t sequence_offset = 6;

// Values that occur nowhere else in the message.
constexpr wire::Timestamp timestamp_marker = 0x7172737475767778;
constexpr wire::Address prefix_marker{wire::Address::Octets{0x51, 0x52, 0x53, 0x54, 0x55, 0x56,
                                                            0x57, 0x58, 0x59, 0x5a, 0x5b, 0x5c,
                                                            0x5d, 0x5e, 0x5f, 0x50}};
const wire::LinkLayerAddress link_layer_marker{0x41, 0x42, 0x43, 0x44, 0x45, 0x46};
// A node's is locally administered; the other octets count the nodes.
constexpr std::uint64_t first_link_layer_identifier = 0x020000000000;

template <std::size_t Size, class Number>
auto big_endian(Number number) {
    std::array<std::uint8_t, Size> octets{};
    for (std::size_t index = 0; index < octets.size(); ++index)
        octets[index] = static_cast<std::uint8_t>(number >> 8 * (octets.size() - 1 - index));
    return octets;
}

std::span<const std::uint8_t> octets_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace

std::string node_identifier(std::uint32_t node) {
    return fmt::format("n{:0{}}{}", node, digits, realm);
}

std::optional<std::uint32_t> node_of(std::string_view identifier) {
    std::uint32_t node = 0;
    if (identifier.size() != 1 + digits + realm.size())
        return std::nullopt;
    const char* end = identifier.data() + 1 + digits;
    const auto [stop, error] = std::from_chars(identifier.data() + 1, end, node);
    return error == std::errc{} && stop == end ? std::optional{node} : std::nullopt;
}

UpdateTemplate::UpdateTemplate(std::uint8_t handoff_indicator, std::chrono::seconds lifetime) {
    wire::BindingUpdate update;
    update.flags = wire::bu_flag::acknowledge | wire::bu_flag::proxy_registration;
    update.lifetime = static_cast<std::uint16_t>(lifetime.count() / lifetime_unit);
    update.options.mn_identifier = wire::MnIdentifier{.identifier = node_identifier(0)};
    update.options.home_network_prefixes = {{prefix_length, prefix_marker}};
    update.options.handoff_indicator = handoff_indicator;
    update.options.access_technology_type = access_technology;
    update.options.timestamp = timestamp_marker;
    update.options.link_layer_identifier = link_layer_marker;
    octets_ = wire::serialise(update);
    identifier_ = find(octets_of(node_identifier(0)));
    prefix_ = find(prefix_marker.octets());
    link_layer_identifier_ = find(link_layer_marker);
    timestamp_ = find(big_endian<8>(timestamp_marker));
}

std::size_t UpdateTemplate::find(std::span<const std::uint8_t> marker) const {
    return static_cast<std::size_t>(
        std::search(octets_.begin(), octets_.end(), marker.begin(), marker.end()) -
        octets_.begin());
}

void UpdateTemplate::write(std::span<std::uint8_t> target, const Fields& fields) const {
    std::ranges::copy(octets_, target.begin());
    const auto put = [&](std::size_t offset, const auto& octets) {
        std::ranges::copy(octets, target.subspan(offset).begin());
    };
    put(sequence_offset, big_endian<2>(fields.sequence));
    put(timestamp_, big_endian<8>(wire::to_timestamp(fields.time)));
    put(link_layer_identifier_, big_endian<6>(first_link_layer_identifier + fields.node));
    put(prefix_, fields.prefix.octets());
    if (fields.prefix.is_unspecified())
        target[prefix_ - 1] = 0;
    std::uint32_t rest = fields.node;
    for (std::size_t digit = digits; digit != 0; --digit, rest /= 10)
        target[identifier_ + digit] = static_cast<std::uint8_t>('0' + rest % 10);
}

} // namespace anchor6::load
