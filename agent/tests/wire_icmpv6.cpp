// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/icmpv6.h"

#include <string>
#include <vector>

#include "wire/ipv6_packet.h"
#include "wire_fixture.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::wire {

namespace {

const LinkLayerAddress ethernet{2, 3, 4, 5, 6, 7};

struct IcmpVector {
    const char* name;
    IcmpMessage message;
    /// The fixture holds options or values that are skipped, so that it is read only.
    bool lossless = true;
};

std::vector<IcmpVector> vectors() {
    const PrefixInformation home{64,    address("2001:db8:beef::"), false, true, false, 2592000,
                                 604800};
    const PrefixInformation router{64, address("2001:db8:88::2"), true, true, true, 86400, 14400};
    const PrefixInformation served{64, address("2001:db8:1000::"), true, true, false, 3600, 3600};
    const LinkLayerAddress gateway{0x00, 0x00, 0x5e, 0x00, 0x52, 0x13};
    return {
        {"dhaad-request", HomeAgentDiscoveryRequest{0x1234, true}},
        {"dhaad-reply",
         HomeAgentDiscoveryReply{
             0x1234, true, {address("2001:db8:1::1"), address("2001:db8:1::2")}}},
        {"mps", MobilePrefixSolicitation{0xfffe}},
        {"mpa", MobilePrefixAdvertisement{0xfffe, false, true, {home}}},
        {"ra-home-agent",
         RouterAdvertisement{true, 1800, {router}, HomeAgentInformation{-5, 900}, ethernet}, false},
        {"ra-gateway", RouterAdvertisement{false, 1800, {served}, std::nullopt, gateway}},
        {"rs", RouterSolicitation{ethernet}},
        {"ns", NeighbourSolicitation{address("2001:db8:88::10"), ethernet}, false},
        {"na", NeighbourAdvertisement{address("2001:db8:88::10"), true, false, true, ethernet}},
    };
}

std::vector<IcmpMessage> bare_messages() {
    return {HomeAgentDiscoveryRequest{}, HomeAgentDiscoveryReply{}, MobilePrefixSolicitation{},
            MobilePrefixAdvertisement{}, RouterAdvertisement{},     NeighbourSolicitation{},
            NeighbourAdvertisement{},    RouterSolicitation{}};
}

void check_fault(IcmpFault fault, std::string_view hex) {
    const auto parsed = parse_icmp(from_hex(hex));
    CHECK_TEXT(std::holds_alternative<IcmpFault>(parsed), std::string(hex).c_str());
    CHECK_TEXT(std::get<IcmpFault>(parsed) == fault, std::string(hex).c_str());
}

template <typename Type>
Type read(std::string_view hex) {
    return std::get<Type>(std::get<IcmpMessage>(parse_icmp(from_hex(hex))));
}

void check_round_trip(const IcmpMessage& message) {
    CHECK(std::get<IcmpMessage>(parse_icmp(serialise_icmp(message))) == message);
}

void check_is_read_or_refused(const Octets& octets) {
    const auto parsed = parse_icmp(octets);
    if (const auto* message = std::get_if<IcmpMessage>(&parsed)) {
        check_round_trip(*message);
    }
}

const std::string advertisement = "9300000000010000";
const std::string solicitation = "87000000000000002001" + std::string(28, '0');

} // namespace

TEST_GROUP(wire_icmpv6){};

TEST(wire_icmpv6, rfc6275_6_5_every_vector_is_read_as_its_value) {
    for (const IcmpVector& vector : vectors()) {
        const auto parsed = parse_icmp(fixture_message(vector.name));
        CHECK_TEXT(std::holds_alternative<IcmpMessage>(parsed), vector.name);
        CHECK_TEXT(std::get<IcmpMessage>(parsed) == vector.message, vector.name);
    }
}

TEST(wire_icmpv6, rfc6275_6_5_every_value_is_written_as_its_vector) {
    for (const IcmpVector& vector : vectors()) {
        auto packet = std::get<Ipv6Packet>(parse_packet(fixture_packet(vector.name)));
        packet.payload =
            serialise_icmp(vector.message, packet.checksum_source(), packet.checksum_destination());
        CHECK_EQUAL_TEXT(vector.lossless, serialise_packet(packet) == fixture_packet(vector.name),
                         vector.name);
    }
}

TEST(wire_icmpv6, every_icmpv6_fixture_has_a_value) {
    std::size_t count = 0;
    for (const Fixture& fixture : all_fixtures()) {
        const auto packet = std::get<Ipv6Packet>(parse_packet(fixture.packet));
        count += packet.protocol == next_header::icmpv6 ? 1 : 0;
    }
    LONGS_EQUAL(vectors().size(), count);
}

TEST(wire_icmpv6, every_message_survives_a_round_trip_with_each_flag) {
    for (const IcmpMessage& message : bare_messages()) {
        check_round_trip(message);
    }
    for (const bool first : {false, true}) {
        for (const bool second : {false, true}) {
            const bool third = first != second;
            check_round_trip(HomeAgentDiscoveryRequest{1, first});
            check_round_trip(HomeAgentDiscoveryReply{1, first, {}});
            check_round_trip(MobilePrefixAdvertisement{1, first, second, {}});
            check_round_trip(RouterAdvertisement{first, 1, {}, {}});
            check_round_trip(NeighbourAdvertisement{Address(), first, second, third, {}});
            check_round_trip(MobilePrefixAdvertisement{
                1, false, false, {{255, Address(), first, second, third, 1, 2}}});
        }
    }
}

TEST(wire_icmpv6, rfc4861_flags_have_their_bits) {
    CHECK(serialise_icmp(RouterAdvertisement{true, 0, {}, {}}).at(5) == 0x20);
    CHECK(serialise_icmp(NeighbourAdvertisement{Address(), true, false, false, {}}).at(4) == 0x80);
    CHECK(serialise_icmp(NeighbourAdvertisement{Address(), false, true, false, {}}).at(4) == 0x40);
    CHECK(serialise_icmp(NeighbourAdvertisement{Address(), false, false, true, {}}).at(4) == 0x20);
    CHECK(serialise_icmp(MobilePrefixAdvertisement{0, true, false, {}}).at(6) == 0x80);
    CHECK(serialise_icmp(MobilePrefixAdvertisement{0, false, true, {}}).at(6) == 0x40);
}

TEST(wire_icmpv6, rfc6275_7_4_preference_is_signed) {
    for (const int preference : {-32768, -1, 0, 1, 32767}) {
        check_round_trip(RouterAdvertisement{
            true, 0, {}, HomeAgentInformation{static_cast<std::int16_t>(preference), 65535}});
    }
}

TEST(wire_icmpv6, rfc6275_6_6_longest_list_that_fits_the_smallest_mtu) {
    HomeAgentDiscoveryReply reply{1, false, std::vector<Address>(max_home_agents)};
    Ipv6Packet packet;
    packet.payload = serialise_icmp(reply);
    CHECK(serialise_packet(packet).size() <= 1280);
    check_round_trip(reply);
    reply.home_agents.emplace_back();
    packet.payload = serialise_icmp(reply);
    CHECK(serialise_packet(packet).size() > 1280);
}

TEST(wire_icmpv6, rfc4443_2_1_checks_come_in_their_order) {
    check_fault(IcmpFault::truncated, "");
    check_fault(IcmpFault::truncated, "800100");
    check_fault(IcmpFault::unknown_type, "80010000");
    check_fault(IcmpFault::bad_code, "90010000");
    check_fault(IcmpFault::truncated, "90000000");
}

TEST(wire_icmpv6, other_types_are_unknown) {
    for (unsigned type = 0; type < 256; ++type) {
        const Octets octets{static_cast<std::uint8_t>(type), 1, 0, 0};
        const bool known = (type >= 133 && type <= 136) || (type >= 144 && type <= 147);
        const auto fault = std::get<IcmpFault>(parse_icmp(octets));
        CHECK(fault == (known ? IcmpFault::bad_code : IcmpFault::unknown_type));
    }
}

TEST(wire_icmpv6, shorter_than_the_type_needs_is_truncated) {
    for (const IcmpMessage& message : bare_messages()) {
        const Octets octets = serialise_icmp(message);
        for (std::size_t size = 0; size < octets.size(); ++size) {
            const auto parsed = parse_icmp(std::span(octets).first(size));
            CHECK(std::get<IcmpFault>(parsed) == IcmpFault::truncated);
        }
    }
}

TEST(wire_icmpv6, rfc6275_6_6_list_ends_with_a_whole_address) {
    const std::string reply = "9100000000010000";
    CHECK(read<HomeAgentDiscoveryReply>(reply).home_agents.empty());
    LONGS_EQUAL(1, read<HomeAgentDiscoveryReply>(reply + std::string(32, '0')).home_agents.size());
    check_fault(IcmpFault::truncated, reply + std::string(30, '0'));
    check_fault(IcmpFault::truncated, reply + std::string(34, '0'));
}

TEST(wire_icmpv6, rfc4861_4_6_options_end_within_the_message) {
    check_fault(IcmpFault::bad_option, advertisement + "01");
    check_fault(IcmpFault::bad_option, advertisement + "0101000000000");
    check_fault(IcmpFault::bad_option, advertisement + "63020000000000000");
    check_fault(IcmpFault::bad_option, advertisement + "6302000000000000");
    CHECK(read<MobilePrefixAdvertisement>(advertisement + "6301000000000000").prefixes.empty());
}

TEST(wire_icmpv6, rfc4861_4_6_length_zero_is_refused) {
    for (const char* type : {"01", "02", "03", "08", "63"}) {
        check_fault(IcmpFault::bad_option, advertisement + type + "00000000000000");
    }
}

TEST(wire_icmpv6, rfc4861_4_6_2_prefix_information_is_of_its_length) {
    const auto of_length = [](unsigned length) {
        return advertisement + "030" + std::to_string(length) + "40c0" +
               std::string(16 * std::size_t{length} - 8, '0');
    };
    check_fault(IcmpFault::bad_option, of_length(3));
    LONGS_EQUAL(1, read<MobilePrefixAdvertisement>(of_length(4)).prefixes.size());
    check_fault(IcmpFault::bad_option, of_length(5));
}

TEST(wire_icmpv6, rfc6275_7_4_home_agent_information_is_of_its_length) {
    const std::string router = "8600000000200708" + std::string(16, '0');
    const auto one = read<RouterAdvertisement>(router + "080100000001000f");
    CHECK(one.home_agent_information == (HomeAgentInformation{1, 15}));
    check_fault(IcmpFault::bad_option, router + "080200000001000f" + std::string(16, '0'));
}

TEST(wire_icmpv6, of_options_that_may_not_repeat_the_first_counts) {
    const std::string router = "8600000000200708" + std::string(16, '0');
    const auto advertised =
        read<RouterAdvertisement>(router + "080100000001000f" + "0801000000020010");
    CHECK(advertised.home_agent_information == (HomeAgentInformation{1, 15}));
    const auto solicited =
        read<NeighbourSolicitation>(solicitation + "0101020304050607" + "0101ffffffffffff");
    CHECK(solicited.source_link_layer_address == ethernet);
}

TEST(wire_icmpv6, rfc4861_4_6_1_link_layer_addresses_have_their_side) {
    CHECK_FALSE(
        read<NeighbourSolicitation>(solicitation + "0201020304050607").source_link_layer_address);
    const std::string neighbour = "88" + solicitation.substr(2);
    CHECK_FALSE(
        read<NeighbourAdvertisement>(neighbour + "0101020304050607").target_link_layer_address);
    CHECK(read<NeighbourAdvertisement>(neighbour + "0201020304050607").target_link_layer_address ==
          ethernet);
}

TEST(wire_icmpv6, rfc4861_4_6_1_link_layer_addresses_of_other_sizes) {
    const auto longest = std::size_t{255} * 8 - 2;
    check_round_trip(NeighbourSolicitation{Address(), LinkLayerAddress(longest, 1)});
    CHECK(
        serialise_icmp(NeighbourSolicitation{Address(), LinkLayerAddress(longest + 1, 1)}).empty());
    CHECK(serialise_icmp(NeighbourAdvertisement{Address(), false, false, false,
                                                LinkLayerAddress(longest + 1, 1)},
                         Address(), Address())
              .empty());
    // Infiniband has 20 octets: two follow, so that the option ends at a multiple of 8.
    LONGS_EQUAL(24 + 24,
                serialise_icmp(NeighbourSolicitation{Address(), LinkLayerAddress(20, 1)}).size());
}

TEST(wire_icmpv6, rfc4443_2_3_checksum_covers_both_addresses) {
    const Address source = address("fe80::1");
    const Address destination = address("ff02::1");
    for (const IcmpMessage& message : bare_messages()) {
        const Octets octets = serialise_icmp(message, source, destination);
        LONGS_EQUAL(0, checksum(source, destination, next_header::icmpv6, octets));
        CHECK(checksum(destination, destination, next_header::icmpv6, octets) != 0);
        LONGS_EQUAL(0, serialise_icmp(message).at(2) | serialise_icmp(message).at(3));
    }
}

TEST(wire_icmpv6, every_change_of_one_octet_is_read_or_refused) {
    for (const IcmpVector& vector : vectors()) {
        Octets message = fixture_message(vector.name);
        for (std::uint8_t& octet : message) {
            const std::uint8_t good = octet;
            for (int change = 1; change < 256; ++change) {
                octet = static_cast<std::uint8_t>(good ^ change);
                check_is_read_or_refused(message);
            }
            octet = good;
        }
    }
}

TEST(wire_icmpv6, every_fault_has_a_text) {
    for (int fault = 0; fault <= static_cast<int>(IcmpFault::bad_option); ++fault) {
        CHECK(fault_text(static_cast<IcmpFault>(fault)) != "unknown fault");
    }
}

} // namespace anchor6::wire
