// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <string>
#include <vector>

#include "wire/ipv6_packet.h"
#include "wire/message.h"
#include "wire_fixture.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::wire {

namespace {

constexpr std::size_t checksum_offset = 4;
constexpr Timestamp half_past_the_hour = 0x0000'6553'f100'8000;

/// The value that a fixture holds, and how its options lie.
struct Vector {
    std::string name;
    Message message;
    std::vector<OptionType> order{std::begin(option_order), std::end(option_order)};
    Layout::Padding padding = Layout::Padding::aligned;

    Layout layout() const { return {order, padding}; }
};

Options session_options() {
    Options options;
    options.mn_identifier = MnIdentifier{MnIdentifier::nai, "mn1@example.com"};
    options.home_network_prefixes = {{64, address("2001:db8:77::")}};
    options.handoff_indicator = 3;
    options.access_technology_type = 4;
    options.timestamp = half_past_the_hour;
    options.link_layer_identifier = LinkLayerAddress{2, 3, 4, 5, 6, 7};
    options.link_local_address = address("fe80::1");
    return options;
}

BindingUpdate proxy_update() {
    return {1, bu_flag::acknowledge | bu_flag::proxy_registration, 225, session_options()};
}

BindingUpdate lean_update() {
    BindingUpdate update = proxy_update();
    update.options.mn_identifier->identifier = "mn22@example.com";
    update.options.handoff_indicator = 4;
    update.options.access_technology_type = 0;
    update.options.timestamp.reset();
    update.options.link_layer_identifier.reset();
    update.options.link_local_address.reset();
    return update;
}

BindingUpdate alternate_update() {
    BindingUpdate update = proxy_update();
    update.sequence = 0xffff;
    update.lifetime = 0xffff;
    update.options.home_network_prefixes = {{0, Address()}, {64, address("2001:db8:78::")}};
    update.options.handoff_indicator = 1;
    update.options.link_local_address = Address();
    update.options.alternate_care_of_address = address("2001:db8:b::1");
    return update;
}

BindingAcknowledgement refusal_without_identifier() {
    BindingAcknowledgement refusal{
        Status::missing_mn_identifier_option, ba_flag::proxy_registration, 1, 0, {}};
    refusal.options.mn_identifier = MnIdentifier{MnIdentifier::nai, ""};
    refusal.options.home_network_prefixes = {{0, Address()}};
    refusal.options.handoff_indicator = 0;
    refusal.options.access_technology_type = 0;
    refusal.options.timestamp = half_past_the_hour;
    return refusal;
}

BindingUpdate node_update() {
    BindingUpdate update{1,
                         bu_flag::acknowledge | bu_flag::home_registration | bu_flag::link_local |
                             bu_flag::mobile_router,
                         900,
                         {}};
    update.options.alternate_care_of_address = address("2001:db8:c::10");
    update.options.mobile_network_prefixes = {{56, address("2001:db8:5500::")}};
    return update;
}

BindingAcknowledgement node_acknowledgement() {
    BindingAcknowledgement acknowledgement{
        Status::accepted, ba_flag::key_management | ba_flag::mobile_router, 1, 900, {}};
    acknowledgement.options.refresh_advice = 100;
    return acknowledgement;
}

constexpr std::uint64_t message_id = 0xe8fe6f80'80000000;

MessageAuthentication authentication(std::string_view authenticator, std::string_view covered) {
    return {MessageAuthentication::mn_ha, 256, from_hex(authenticator), from_hex(covered)};
}

BindingUpdate authenticated_update() {
    BindingUpdate update{2, bu_flag::acknowledge | bu_flag::home_registration, 900, {}};
    update.options.alternate_care_of_address = address("2001:db8:c::10");
    update.options.message_id = message_id;
    update.options.authentication =
        authentication("aa668216f19a638fb2f23fd5",
                       "3b07050000000002c00003840100031020010db8000c00000000000000000010"
                       "01000a08e8fe6f80800000000009110100000100");
    return update;
}

BindingAcknowledgement authenticated_acknowledgement() {
    BindingAcknowledgement acknowledgement{Status::accepted, 0, 2, 900, {}};
    acknowledgement.options.refresh_advice = 100;
    acknowledgement.options.message_id = message_id;
    acknowledgement.options.authentication =
        authentication("31e258e2d3aee1b89bfa3de9", "3b050600000000000002038402020064"
                                                   "01000a08e8fe6f80800000000009110100000100");
    return acknowledgement;
}

Options session_name() {
    Options options;
    options.mn_identifier = MnIdentifier{MnIdentifier::nai, "mn1@example.com"};
    return options;
}

BindingRevocationIndication revocation() {
    BindingRevocationIndication indication{RevocationTrigger::administrative_reason, 9,
                                           revocation_flag::proxy_binding | revocation_flag::global,
                                           session_name()};
    indication.options.home_network_prefixes = {{64, address("2001:db8:77::")}};
    return indication;
}

BindingRevocationAcknowledgement revocation_refusal() {
    return {RevocationStatus::binding_does_not_exist, 9, revocation_flag::proxy_binding,
            session_name()};
}

std::vector<OptionType> timestamp_last() {
    std::vector<OptionType> order{std::begin(option_order), std::end(option_order)};
    const auto timestamp = std::ranges::find(order, OptionType::timestamp);
    std::rotate(timestamp, timestamp + 1, order.end());
    return order;
}

std::vector<Vector> vectors() {
    BindingUpdate any_order = proxy_update();
    any_order.flags |= bu_flag::home_registration;
    any_order.lifetime = 900;
    const BindingAcknowledgement proxy_acknowledgement{
        Status::accepted, ba_flag::proxy_registration, 1, 225, session_options()};
    BindingAcknowledgement acknowledgement_any_order = proxy_acknowledgement;
    acknowledgement_any_order.lifetime = 900;
    return {
        {"bu-hao", node_update()},
        {"bu-from-home",
         BindingUpdate{40000, bu_flag::acknowledge | bu_flag::home_registration, 0, {}}},
        {"ba-rh2", node_acknowledgement()},
        {"ba-refused", BindingAcknowledgement{Status::sequence_out_of_window, 0, 41000, 0, {}}},
        {"bu-authenticated", authenticated_update()},
        {"ba-authenticated", authenticated_acknowledgement()},
        {"be", BindingError{BindingError::unrecognized_type, address("2001:db8:beef::10")}},
        {"brr", BindingRefreshRequest{}},
        {"pbu", proxy_update()},
        {"pbu-any-order", any_order, timestamp_last()},
        {"pbu-alternate", alternate_update()},
        {"pbu-unaligned", lean_update(), timestamp_last(), Layout::Padding::unaligned},
        {"pbu-zeros", lean_update(), timestamp_last(), Layout::Padding::zeros},
        {"pba", proxy_acknowledgement},
        {"pba-any-order", acknowledgement_any_order, timestamp_last()},
        {"pba-refused", refusal_without_identifier()},
        {"heartbeat-request", Heartbeat{false, false, 5, {}}},
        {"bri", revocation()},
        {"bra", revocation_refusal()},
    };
}

Octets with_checksum(Octets message, const Ipv6Packet& packet) {
    const std::uint16_t sum =
        checksum(packet.checksum_source(), packet.checksum_destination(), packet.protocol, message);
    message.at(checksum_offset) = static_cast<std::uint8_t>(sum >> 8);
    message.at(checksum_offset + 1) = static_cast<std::uint8_t>(sum);
    return message;
}

/// What an authenticator covers changes when the options are aligned anew.
Message without_place(Message message) {
    const auto forget = [](auto& value) {
        if constexpr (requires { value.options; }) {
            if (value.options.authentication) {
                value.options.authentication->covered.clear();
            }
        }
    };
    std::visit(forget, message);
    return message;
}

void check_survives(const Octets& message) {
    const auto parsed = parse(message);
    if (const auto* value = std::get_if<Message>(&parsed)) {
        const auto again = parse(serialise(*value));
        CHECK(without_place(std::get<Message>(again)) == without_place(*value));
    } else {
        CHECK(std::get<ParseError>(parsed).offset <= message.size());
    }
}

} // namespace

TEST_GROUP(wire_vectors){};

TEST(wire_vectors, rfc6275_6_1_every_vector_is_read_as_its_value) {
    for (const Vector& vector : vectors()) {
        const auto parsed = parse(fixture_message(vector.name));
        CHECK_TEXT(std::holds_alternative<Message>(parsed), vector.name.c_str());
        CHECK_TEXT(std::get<Message>(parsed) == vector.message, vector.name.c_str());
    }
}

TEST(wire_vectors, rfc6275_6_1_every_value_is_written_as_its_vector) {
    for (const Vector& vector : vectors()) {
        auto packet = std::get<Ipv6Packet>(parse_packet(fixture_packet(vector.name)));
        packet.payload = with_checksum(serialise(vector.message, vector.layout()), packet);
        CHECK_TEXT(serialise_packet(packet) == fixture_packet(vector.name), vector.name.c_str());
    }
}

TEST(wire_vectors, rfc6275_6_1_1_checksum_uses_the_home_address) {
    for (const Fixture& fixture : all_fixtures()) {
        const auto packet = std::get<Ipv6Packet>(parse_packet(fixture.packet));
        LONGS_EQUAL_TEXT(0,
                         checksum(packet.checksum_source(), packet.checksum_destination(),
                                  packet.protocol, packet.payload),
                         fixture.name.c_str());
    }
    const auto packet = std::get<Ipv6Packet>(parse_packet(fixture_packet("bu-hao")));
    CHECK(checksum(packet.source, packet.destination, packet.protocol, packet.payload) != 0);
}

TEST(wire_vectors, every_fixture_has_a_value) {
    std::size_t messages = 0;
    for (const Fixture& fixture : all_fixtures()) {
        const auto packet = std::get<Ipv6Packet>(parse_packet(fixture.packet));
        messages += packet.protocol == next_header::mobility ? 1 : 0;
    }
    LONGS_EQUAL(vectors().size(), messages);
}

TEST(wire_vectors, rfc6275_6_4_every_message_goes_behind_a_routing_header) {
    for (const Vector& vector : vectors()) {
        Ipv6Packet packet;
        packet.destination = address("2001:db8:c::10");
        packet.routing_address = address("2001:db8:beef::10");
        packet.protocol = next_header::mobility;
        packet.payload = with_checksum(serialise(vector.message), packet);
        const auto read = std::get<Ipv6Packet>(parse_packet(serialise_packet(packet)));
        CHECK(read.routing_address == packet.routing_address);
        CHECK(read.payload == packet.payload);
        LONGS_EQUAL(0, checksum(read.source, *packet.routing_address, read.protocol, read.payload));
        check_survives(read.payload);
    }
}

TEST(wire_vectors, rfc4285_5_1_authenticated_octets_of_every_value) {
    for (const Vector& vector : vectors()) {
        const auto* update = std::get_if<BindingUpdate>(&vector.message);
        const auto* acknowledgement = std::get_if<BindingAcknowledgement>(&vector.message);
        const Options options = update != nullptr            ? update->options
                                : acknowledgement != nullptr ? acknowledgement->options
                                                             : Options{};
        const Octets expected = options.authentication ? options.authentication->covered : Octets();
        CHECK_TEXT(authenticated_octets(vector.message, vector.layout()) == expected,
                   vector.name.c_str());
    }
}

TEST(wire_vectors, rfc6275_9_2_every_truncation_is_refused) {
    for (const Vector& vector : vectors()) {
        const Octets message = fixture_message(vector.name);
        for (std::size_t size = 0; size < message.size(); ++size) {
            const Octets truncated(message.begin(),
                                   message.begin() + static_cast<std::ptrdiff_t>(size));
            const auto parsed = parse(truncated);
            const auto& error = std::get<ParseError>(parsed);
            CHECK(error.fault ==
                  (size < 8 ? ParseFault::truncated : ParseFault::header_beyond_packet));
        }
    }
}

TEST(wire_vectors, every_change_of_one_octet_is_read_or_refused) {
    for (const Vector& vector : vectors()) {
        Octets message = fixture_message(vector.name);
        for (std::uint8_t& octet : message) {
            const std::uint8_t good = octet;
            for (int change = 1; change < 256; ++change) {
                octet = static_cast<std::uint8_t>(good ^ change);
                check_survives(message);
            }
            octet = good;
        }
    }
}

TEST(wire_vectors, octets_behind_the_message_are_ignored) {
    for (const Vector& vector : vectors()) {
        Octets message = fixture_message(vector.name);
        message.resize(message.size() + 8, 0xff);
        CHECK(std::get<Message>(parse(message)) == vector.message);
    }
}

TEST(wire_vectors, every_truncation_of_a_packet_is_refused) {
    for (const Fixture& fixture : all_fixtures()) {
        for (std::size_t size = 0; size < fixture.packet.size(); ++size) {
            const auto parsed = parse_packet(std::span(fixture.packet).first(size));
            CHECK(std::get<PacketFault>(parsed) == PacketFault::truncated);
        }
    }
}

TEST(wire_vectors, every_change_of_one_octet_of_a_packet_is_read_or_refused) {
    for (const Fixture& fixture : all_fixtures()) {
        Octets packet = fixture.packet;
        for (std::uint8_t& octet : packet) {
            const std::uint8_t good = octet;
            for (int change = 1; change < 256; ++change) {
                octet = static_cast<std::uint8_t>(good ^ change);
                const auto parsed = parse_packet(packet);
                if (const auto* value = std::get_if<Ipv6Packet>(&parsed)) {
                    CHECK(value->offset + value->payload.size() <= packet.size());
                }
            }
            octet = good;
        }
    }
}

} // namespace anchor6::wire
