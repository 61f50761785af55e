// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "wire/ipv6_packet.h"
#include "wire_fixture.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::wire {

namespace {

Ipv6Packet packet(std::uint8_t protocol, Octets payload) {
    Ipv6Packet result;
    result.source = address("2001:db8::1");
    result.destination = address("2001:db8::2");
    result.hop_limit = 64;
    result.protocol = protocol;
    result.payload = std::move(payload);
    return result;
}

/// A packet whose payload begins with these extension headers.
std::variant<Ipv6Packet, PacketFault> parse_chain(std::uint8_t first, std::string_view hex) {
    return parse_packet(serialise_packet(packet(first, from_hex(hex))));
}

void check_fault(PacketFault fault, std::uint8_t first, std::string_view hex) {
    const auto parsed = parse_chain(first, hex);
    CHECK_TEXT(std::holds_alternative<PacketFault>(parsed), std::string(hex).c_str());
    CHECK(std::get<PacketFault>(parsed) == fault);
}

} // namespace

TEST_GROUP(wire_packet){};

TEST(wire_packet, rfc8200_3_version_and_length) {
    Octets octets = serialise_packet(packet(next_header::none, {1, 2}));
    CHECK(std::get<Ipv6Packet>(parse_packet(octets)).payload == (Octets{1, 2}));
    octets.push_back(3);
    CHECK(std::get<Ipv6Packet>(parse_packet(octets)).payload == (Octets{1, 2}));
    octets.at(0) = 0x45;
    CHECK(std::get<PacketFault>(parse_packet(octets)) == PacketFault::not_ipv6);
}

TEST(wire_packet, rfc6275_6_3_home_address_option_survives_a_round_trip) {
    Ipv6Packet with_option = packet(next_header::mobility, {1, 2, 3, 4});
    with_option.home_address = address("2001:db8:beef::10");
    with_option.routing_address = address("2001:db8:77::1");
    with_option.offset = 40 + 24 + 24;
    CHECK(std::get<Ipv6Packet>(parse_packet(serialise_packet(with_option))) == with_option);
    CHECK(with_option.checksum_source() == address("2001:db8:beef::10"));
    CHECK(with_option.checksum_destination() == address("2001:db8:77::1"));
}

TEST(wire_packet, rfc6275_6_3_home_address_option_is_of_its_length_and_alone) {
    check_fault(PacketFault::bad_header, 60, "3b00c90401020304");
    check_fault(PacketFault::bad_header, 60,
                "3b04c91020010db8000000000000000000000001c91020010db8000000000000000000000002"
                "01000000");
    check_fault(PacketFault::bad_header, 60, "3b00010500000000");
    CHECK(std::holds_alternative<Ipv6Packet>(parse_chain(60, "3b00010400000000")));
    CHECK(std::holds_alternative<Ipv6Packet>(parse_chain(60, "3b00770000000100")));
}

TEST(wire_packet, rfc6275_6_4_routing_header_is_of_its_length) {
    check_fault(PacketFault::bad_header, 43, "3b00020100000000");
    CHECK(std::holds_alternative<Ipv6Packet>(parse_chain(43, "3b00040000000000")));
}

TEST(wire_packet, rfc8200_4_headers_end_within_the_packet) {
    check_fault(PacketFault::truncated, 60, "3b01000000000000");
    check_fault(PacketFault::truncated, 43, "3b");
    check_fault(PacketFault::truncated, 44, "3b000000");
    check_fault(PacketFault::truncated, 0, "");
}

TEST(wire_packet, rfc8200_4_headers_are_bounded) {
    std::string chain;
    for (int i = 0; i < 8; ++i) {
        chain += "3c00000000000000";
    }
    check_fault(PacketFault::too_many_headers, 60, chain);
    std::string allowed = chain.substr(0, chain.size() - 16) + "3b00000000000000";
    CHECK(std::holds_alternative<Ipv6Packet>(parse_chain(60, allowed)));
}

TEST(wire_packet, rfc6946_only_a_whole_packet_may_have_a_fragment_header) {
    CHECK(std::holds_alternative<Ipv6Packet>(parse_chain(44, "3b00000012345678")));
    check_fault(PacketFault::fragment, 44, "3b00000112345678");
    check_fault(PacketFault::fragment, 44, "3b00000812345678");
}

TEST(wire_packet, rfc6275_6_3_control_message_of_the_kernel) {
    const Address home = address("2001:db8:beef::10");
    const Octets header = home_address_header(home);
    CHECK(find_home_address(header) == home);
    for (std::size_t size = 0; size < header.size(); ++size) {
        CHECK_FALSE(find_home_address(std::span(header).first(size)));
    }
    CHECK_FALSE(find_home_address(from_hex("3b00010400000000")));
}

TEST(wire_packet, rfc8200_8_1_checksum_of_an_odd_size) {
    const Octets odd{1, 2, 3};
    const Octets even{1, 2, 3, 0};
    const Address any;
    LONGS_EQUAL(checksum(any, any, 0, even) + 1, checksum(any, any, 0, odd));
}

} // namespace anchor6::wire
