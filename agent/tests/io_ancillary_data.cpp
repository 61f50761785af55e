// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

#include "io/ancillary_data.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

const wire::Address home_address = *wire::Address::parse("2001:db8:77:1::10");
const wire::Address care_of_address = *wire::Address::parse("2001:db8:c::10");
const wire::Address anchor = *wire::Address::parse("2001:db8:1::1");

/// PadN of 2 octets, then the Home Address option.
std::vector<std::uint8_t> destination_options() {
    std::vector<std::uint8_t> header(24);
    const std::uint8_t start[] = {135, 2, 1, 2, 0, 0, 201, 16};
    std::ranges::copy(start, header.begin());
    std::ranges::copy(care_of_address.octets(), header.begin() + sizeof(start));
    return header;
}

/// What recvmsg() gives, built by hand.
struct Received {
    sockaddr_in6 from{};
    alignas(cmsghdr) std::array<std::uint8_t, 512> control{};
    msghdr message{};
    std::size_t used = 0;

    explicit Received(const wire::Address& source) {
        from.sin6_family = AF_INET6;
        from.sin6_addr = io::to_in6_addr(source);
        message.msg_name = &from;
        message.msg_namelen = sizeof(from);
        message.msg_control = control.data();
    }
    void add(int type, const void* data, std::size_t size) {
        auto* header = reinterpret_cast<cmsghdr*>(control.data() + used);
        header->cmsg_level = IPPROTO_IPV6;
        header->cmsg_type = type;
        header->cmsg_len = CMSG_LEN(size);
        std::memcpy(CMSG_DATA(header), data, size);
        used += CMSG_SPACE(size);
        message.msg_controllen = used;
    }
    void add_packet_info(unsigned ifindex) {
        in6_pktinfo info{io::to_in6_addr(anchor), ifindex};
        add(IPV6_PKTINFO, &info, sizeof(info));
    }
};

} // namespace

TEST_GROUP(AncillaryData){};

TEST(AncillaryData, home_address_option_holds_the_care_of_address) {
    Received received{home_address};
    auto options = destination_options();
    received.add_packet_info(2);
    received.add(IPV6_DSTOPTS, options.data(), options.size());
    auto packet = io::read_packet(received.message, 5);
    CHECK_TRUE(packet == (core::Packet{care_of_address, anchor, home_address, false, 2}));
}

TEST(AncillaryData, through_the_anchor_device_means_out_of_a_tunnel) {
    Received received{home_address};
    received.add_packet_info(5);
    auto packet = io::read_packet(received.message, 5);
    CHECK_TRUE(packet == (core::Packet{home_address, anchor, std::nullopt, true, 5}));
}

TEST(AncillaryData, without_packet_information_there_is_no_destination) {
    Received received{home_address};
    CHECK_FALSE(io::read_packet(received.message, 5).has_value());
}

TEST(AncillaryData, destination_options_end_where_they_lie) {
    auto options = destination_options();
    CHECK_TRUE(io::find_home_address_option(options) == care_of_address);
    for (std::size_t size = 0; size < options.size(); ++size)
        CHECK_FALSE(io::find_home_address_option(std::span{options}.first(size)).has_value());
    options[1] = 1;
    CHECK_FALSE(io::find_home_address_option(options).has_value());
    options = destination_options();
    options[7] = 15;
    CHECK_FALSE(io::find_home_address_option(options).has_value());
}

TEST(AncillaryData, rfc6275_6_4_an_answer_through_the_care_of_address_has_a_type_2_routing_header) {
    msghdr message{};
    io::SendControl control;
    control.fill(message, {anchor, home_address, care_of_address, 0, {}});
    const cmsghdr* info = CMSG_FIRSTHDR(&message);
    LONGS_EQUAL(IPV6_PKTINFO, info->cmsg_type);
    const cmsghdr* routing = CMSG_NXTHDR(&message, const_cast<cmsghdr*>(info));
    LONGS_EQUAL(IPV6_RTHDR, routing->cmsg_type);
    LONGS_EQUAL(CMSG_LEN(24), routing->cmsg_len);
    const std::uint8_t fixed[] = {0, 2, 2, 1, 0, 0, 0, 0};
    MEMCMP_EQUAL(fixed, CMSG_DATA(routing), sizeof(fixed));
    MEMCMP_EQUAL(care_of_address.octets().data(), CMSG_DATA(routing) + 8, 16);
    POINTERS_EQUAL(nullptr, CMSG_NXTHDR(&message, const_cast<cmsghdr*>(routing)));
}

TEST(AncillaryData, the_hop_limit_tells_neighbours_from_others) {
    Received received{home_address};
    received.add_packet_info(2);
    LONGS_EQUAL(0, io::read_hop_limit(received.message));
    int hop_limit = 255;
    received.add(IPV6_HOPLIMIT, &hop_limit, sizeof(hop_limit));
    LONGS_EQUAL(255, io::read_hop_limit(received.message));
}

TEST(AncillaryData, an_answer_on_the_home_link_names_its_interface) {
    msghdr message{};
    io::SendControl control;
    control.fill(message, {anchor, home_address, {}, 7, {}});
    in6_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(info));
    LONGS_EQUAL(7, info.ipi6_ifindex);
    CHECK_TRUE(io::to_address(info.ipi6_addr) == anchor);
}

TEST(AncillaryData, an_answer_to_a_node_at_home_is_marked) {
    msghdr message{};
    io::SendControl control;
    control.fill(message, {anchor, home_address, {}, 0, 0xa6});
    cmsghdr* mark = CMSG_NXTHDR(&message, CMSG_FIRSTHDR(&message));
    LONGS_EQUAL(SOL_SOCKET, mark->cmsg_level);
    LONGS_EQUAL(SO_MARK, mark->cmsg_type);
    std::uint32_t value = 0;
    std::memcpy(&value, CMSG_DATA(mark), sizeof(value));
    LONGS_EQUAL(0xa6, value);
}
