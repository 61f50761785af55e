// SPDX-License-Identifier: GPL-2.0-or-later
#include "request.h"

#include <algorithm>

namespace anchor6::load {

namespace {

namespace octet {
constexpr std::size_t payload_proto = 0;
constexpr std::size_t header_len = 1;
constexpr std::size_t type = 2;
constexpr std::size_t checksum = 4;
} // namespace octet

std::optional<wire::Timestamp> timestamp_at(const TimestampChoice& choice,
                                            std::chrono::nanoseconds now) {
    if (const auto* fixed = std::get_if<wire::Timestamp>(&choice)) {
        return *fixed;
    }
    if (const auto* clock = std::get_if<ClockOffset>(&choice)) {
        return wire::to_timestamp(now + clock->offset);
    }
    return std::nullopt;
}

std::vector<std::uint8_t> build_message(const Request& request, std::size_t index,
                                        std::chrono::nanoseconds now) {
    if (const auto* raw = std::get_if<RawMessage>(&request.message)) {
        return *raw;
    }
    auto update = std::get<wire::BindingUpdate>(request.message);
    update.sequence = static_cast<std::uint16_t>(update.sequence + index);
    update.options.timestamp = timestamp_at(request.timestamp, now);
    return wire::serialise(update, {request.order, request.padding});
}

/// Overwrites what lies inside the message.
void overwrite(std::vector<std::uint8_t>& message, std::size_t offset,
               std::span<const std::uint8_t> octets) {
    const std::size_t start = std::min(offset, message.size());
    const std::size_t count = std::min(octets.size(), message.size() - start);
    std::ranges::copy(octets.first(count), message.begin() + static_cast<std::ptrdiff_t>(start));
}

void overwrite(std::vector<std::uint8_t>& message, std::size_t offset,
               std::optional<std::uint8_t> value) {
    if (value) {
        overwrite(message, offset, std::span(&*value, 1));
    }
}

void deform(std::vector<std::uint8_t>& message, const Deformation& deformation) {
    overwrite(message, octet::payload_proto, deformation.payload_proto);
    overwrite(message, octet::header_len, deformation.header_len);
    overwrite(message, octet::type, deformation.type);
    for (const Patch& patch : deformation.patches) {
        overwrite(message, patch.offset, patch.octets);
    }
    if (deformation.truncated_size && *deformation.truncated_size < message.size()) {
        message.resize(*deformation.truncated_size);
    }
}

void set_checksum(std::vector<std::uint8_t>& message, std::uint16_t checksum) {
    const std::array<std::uint8_t, 2> octets{static_cast<std::uint8_t>(checksum >> 8),
                                             static_cast<std::uint8_t>(checksum)};
    overwrite(message, octet::checksum, octets);
}

} // namespace

std::optional<std::uint16_t> sequence_of(const Request& request, std::size_t index) {
    const auto* update = std::get_if<wire::BindingUpdate>(&request.message);
    return update == nullptr ? std::nullopt
                             : std::optional(static_cast<std::uint16_t>(update->sequence + index));
}

std::vector<std::uint8_t> build_packet(const Request& request, std::size_t index,
                                       std::chrono::nanoseconds now) {
    constexpr std::uint8_t hop_limit = 64;
    wire::Ipv6Packet packet;
    packet.source = request.source;
    packet.destination = request.anchor;
    if (request.home_address_option) {
        packet.home_address = request.home_address;
    }
    packet.hop_limit = hop_limit;
    packet.protocol = wire::next_header::mobility;
    packet.payload = build_message(request, index, now);
    if (packet.payload.empty()) {
        return {};
    }
    deform(packet.payload, request.deformation);
    set_checksum(packet.payload, 0);
    set_checksum(packet.payload, request.deformation.checksum.value_or(wire::checksum(
                                     packet.checksum_source(), packet.checksum_destination(),
                                     packet.protocol, packet.payload)));
    return wire::serialise_packet(packet);
}

} // namespace anchor6::load
