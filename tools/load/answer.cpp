// SPDX-License-Identifier: GPL-2.0-or-later
#include "answer.h"

#include "wire/reader.h"

namespace anchor6::load {

namespace {

/// Types of ICMPv6 errors have the first bit clear.
constexpr std::uint8_t first_informational = 128;

bool is_of(const Request& request, const wire::Address& address) {
    return address == request.source || (request.home_address && address == *request.home_address);
}

bool has_good_checksum(const wire::Ipv6Packet& packet) {
    return wire::checksum(packet.checksum_source(), packet.checksum_destination(), packet.protocol,
                          packet.payload) == 0;
}

Authenticity verify(const wire::Options& options, const Request& request) {
    if (!request.association) {
        return Authenticity::unchecked;
    }
    if (!options.authentication) {
        return Authenticity::missing;
    }
    const wire::MessageAuthentication& authentication = *options.authentication;
    const bool good = authentication.subtype == wire::MessageAuthentication::mn_ha &&
                      authentication.spi == request.association->spi &&
                      !authentication.covered.empty() &&
                      authentication.authenticator ==
                          make_authenticator(*request.association, request.care_of_address(),
                                             request.node_address(), authentication.covered);
    return good ? Authenticity::good : Authenticity::bad;
}

std::optional<Answer> read_message(wire::Ipv6Packet packet, const Request& request) {
    const auto parsed = wire::parse(packet.payload);
    if (const auto* error = std::get_if<wire::ParseError>(&parsed)) {
        return Answer{std::move(packet), *error};
    }
    const auto& message = std::get<wire::Message>(parsed);
    if (const auto* acknowledgement = std::get_if<wire::BindingAcknowledgement>(&message)) {
        return Answer{std::move(packet), *acknowledgement,
                      verify(acknowledgement->options, request)};
    }
    if (const auto* error = std::get_if<wire::BindingError>(&message)) {
        return Answer{std::move(packet), *error};
    }
    return std::nullopt;
}

/// The error quotes as much of the packet as fits: its addresses tell whose it was.
std::optional<Answer> read_icmp_error(wire::Ipv6Packet packet, const Request& request) {
    constexpr std::size_t before_addresses = 8;
    wire::Reader reader(packet.payload);
    const IcmpError error{reader.u8(), reader.u8(), (reader.skip(2), reader.u32())};
    reader.skip(before_addresses);
    const wire::Address source = reader.address();
    const wire::Address destination = reader.address();
    const bool is_error = error.type >= IcmpError::destination_unreachable &&
                          error.type <= IcmpError::parameter_problem;
    if (!reader.ok() || !is_error || !is_of(request, source) || destination != request.anchor) {
        return std::nullopt;
    }
    return Answer{std::move(packet), error};
}

/// A discovery reply comes from a home agent whose address was not asked.
std::optional<Answer> read_icmp_message(wire::Ipv6Packet packet, const Request& request) {
    const auto parsed = wire::parse_icmp(packet.payload);
    const auto* message = std::get_if<wire::IcmpMessage>(&parsed);
    if (message == nullptr) {
        return std::nullopt;
    }
    const auto* reply = std::get_if<wire::HomeAgentDiscoveryReply>(message);
    if (reply != nullptr &&
        std::holds_alternative<wire::HomeAgentDiscoveryRequest>(request.message)) {
        return Answer{std::move(packet), *reply};
    }
    const auto* advertisement = std::get_if<wire::MobilePrefixAdvertisement>(message);
    if (advertisement != nullptr && packet.source == request.anchor &&
        std::holds_alternative<wire::MobilePrefixSolicitation>(request.message)) {
        return Answer{std::move(packet), *advertisement};
    }
    return std::nullopt;
}

std::optional<Answer> read_icmp(wire::Ipv6Packet packet, const Request& request) {
    const bool informational =
        !packet.payload.empty() && packet.payload.front() >= first_informational;
    return informational ? read_icmp_message(std::move(packet), request)
                         : read_icmp_error(std::move(packet), request);
}

} // namespace

bool Answer::is_success() const {
    const auto* acknowledgement = std::get_if<wire::BindingAcknowledgement>(&content);
    const bool is_authentic =
        authenticity == Authenticity::unchecked || authenticity == Authenticity::good;
    return is_bound_to_identifier() || (acknowledgement != nullptr &&
                                        !wire::is_refusal(acknowledgement->status) && is_authentic);
}

bool Answer::is_bound_to_identifier() const {
    return std::holds_alternative<wire::HomeAgentDiscoveryReply>(content) ||
           std::holds_alternative<wire::MobilePrefixAdvertisement>(content);
}

std::optional<std::uint16_t> Answer::sequence() const {
    if (const auto* reply = std::get_if<wire::HomeAgentDiscoveryReply>(&content)) {
        return reply->identifier;
    }
    if (const auto* advertisement = std::get_if<wire::MobilePrefixAdvertisement>(&content)) {
        return advertisement->identifier;
    }
    const auto* acknowledgement = std::get_if<wire::BindingAcknowledgement>(&content);
    if (acknowledgement == nullptr ||
        acknowledgement->status == wire::Status::sequence_out_of_window) {
        return std::nullopt;
    }
    return acknowledgement->sequence;
}

std::optional<Answer> read_answer(std::span<const std::uint8_t> octets, const Request& request) {
    auto parsed = wire::parse_packet(octets);
    auto* packet = std::get_if<wire::Ipv6Packet>(&parsed);
    if (packet == nullptr || !is_of(request, packet->checksum_destination()) ||
        !has_good_checksum(*packet)) {
        return std::nullopt;
    }
    if (packet->protocol == wire::next_header::icmpv6) {
        return read_icmp(std::move(*packet), request);
    }
    if (packet->protocol == wire::next_header::mobility && packet->source == request.anchor) {
        return read_message(std::move(*packet), request);
    }
    return std::nullopt;
}

} // namespace anchor6::load
