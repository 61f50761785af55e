// SPDX-License-Identifier: GPL-2.0-or-later
#include "request.h"

#include <algorithm>
#include <array>

namespace anchor6::load {

namespace {

namespace octet {
constexpr std::size_t payload_proto = 0;
constexpr std::size_t header_len = 1;
constexpr std::size_t type = 2;
constexpr std::size_t checksum = 4;
constexpr std::size_t icmp_checksum = 2;
} // namespace octet

/// The format writes a time since 1970 as 64 bits.
template <typename Format>
std::optional<std::uint64_t> time_at(const TimeChoice& choice, std::chrono::nanoseconds now,
                                     Format format) {
    if (const auto* fixed = std::get_if<std::uint64_t>(&choice)) {
        return *fixed;
    }
    if (const auto* clock = std::get_if<ClockOffset>(&choice)) {
        return format(now + clock->offset);
    }
    return std::nullopt;
}

void authenticate(wire::BindingUpdate& update, const Request& request) {
    using wire::MessageAuthentication;
    update.options.authentication =
        MessageAuthentication{MessageAuthentication::mn_ha, request.association->spi, {}, {}};
    const auto covered = wire::authenticated_octets(update, {request.order, request.padding});
    update.options.authentication->authenticator = make_authenticator(
        *request.association, request.care_of_address(), request.node_address(), covered);
}

/// Writes the message of the request with that index.
struct MessageBuilder {
    const Request& request;
    std::uint16_t index;
    std::chrono::nanoseconds now;

    std::vector<std::uint8_t> operator()(const RawMessage& raw) const { return raw; }
    std::vector<std::uint8_t> operator()(wire::BindingUpdate update) const {
        update.sequence = static_cast<std::uint16_t>(update.sequence + index);
        update.options.timestamp = time_at(request.timestamp, now, wire::to_timestamp);
        update.options.message_id = time_at(request.message_id, now, wire::to_message_id);
        if (request.association) {
            authenticate(update, request);
        }
        return wire::serialise(update, {request.order, request.padding});
    }
    /// A discovery request or a solicitation.
    template <typename Message>
    std::vector<std::uint8_t> operator()(Message message) const {
        message.identifier = static_cast<std::uint16_t>(message.identifier + index);
        return wire::serialise_icmp(message);
    }
};

bool is_mobility(const Request& request) {
    return std::holds_alternative<wire::BindingUpdate>(request.message) ||
           std::holds_alternative<RawMessage>(request.message);
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

void set_checksum(wire::Ipv6Packet& packet, std::optional<std::uint16_t> given) {
    const auto write = [&](std::uint16_t checksum) {
        const std::array<std::uint8_t, 2> octets{static_cast<std::uint8_t>(checksum >> 8),
                                                 static_cast<std::uint8_t>(checksum)};
        const bool icmp = packet.protocol == wire::next_header::icmpv6;
        overwrite(packet.payload, icmp ? octet::icmp_checksum : octet::checksum, octets);
    };
    write(0);
    write(given.value_or(wire::checksum(packet.checksum_source(), packet.checksum_destination(),
                                        packet.protocol, packet.payload)));
}

/// The field by which an answer names the message.
struct SequenceReader {
    std::optional<std::uint16_t> operator()(const wire::BindingUpdate& update) const {
        return update.sequence;
    }
    std::optional<std::uint16_t> operator()(const RawMessage&) const { return std::nullopt; }
    template <typename Message>
    std::optional<std::uint16_t> operator()(const Message& message) const {
        return message.identifier;
    }
};

} // namespace

const wire::Address& Request::care_of_address() const {
    const auto* update = std::get_if<wire::BindingUpdate>(&message);
    const bool alternate = update != nullptr && update->options.alternate_care_of_address;
    return alternate ? *update->options.alternate_care_of_address : source;
}

std::optional<std::uint16_t> sequence_of(const Request& request, std::size_t index) {
    auto sequence = std::visit(SequenceReader{}, request.message);
    if (sequence) {
        *sequence = static_cast<std::uint16_t>(*sequence + index);
    }
    return sequence;
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
    packet.protocol =
        is_mobility(request) ? wire::next_header::mobility : wire::next_header::icmpv6;
    packet.payload = std::visit(MessageBuilder{request, static_cast<std::uint16_t>(index), now},
                                request.message);
    if (packet.payload.empty()) {
        return {};
    }
    deform(packet.payload, request.deformation);
    set_checksum(packet, request.deformation.checksum);
    return wire::serialise_packet(packet);
}

} // namespace anchor6::load
