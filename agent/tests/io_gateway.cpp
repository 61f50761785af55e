// SPDX-License-Identifier: GPL-2.0-or-later
#include <cerrno>
#include <string>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "io/ethernet.h"
#include "io/file_descriptor.h"
#include "io/neighbour_packet.h"
#include "io/network_request.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

const wire::Address node = *wire::Address::parse("fe80::ff:fe00:10");
const wire::Address gateway = *wire::Address::parse("fe80::200:5eff:fe00:5213");

std::vector<std::uint8_t> solicitation() {
    return io::write_neighbour_packet({node, gateway, wire::NeighbourSolicitation{gateway, {}}});
}

std::vector<std::uint8_t> report() {
    std::vector<std::uint8_t> octets(76);
    octets.at(0) = 0x60;
    octets.at(40) = 58;
    octets.at(48) = 143;
    return octets;
}

} // namespace

TEST_GROUP(GatewayIo){};

TEST(GatewayIo, the_filter_lets_the_named_types_and_reports_in) {
    int ends[2] = {-1, -1};
    LONGS_EQUAL(0, socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends));
    const io::FileDescriptor in{ends[0]};
    const io::FileDescriptor out{ends[1]};
    io::hear_icmp_types(in.get(), {133, 135, 136});
    const auto passes = [&](const std::vector<std::uint8_t>& octets) {
        std::uint8_t buffer[128];
        send(out.get(), octets.data(), octets.size(), 0);
        return recv(in.get(), buffer, sizeof(buffer), 0) == static_cast<ssize_t>(octets.size());
    };
    for (const std::uint8_t type : std::vector<std::uint8_t>{133, 135, 136, 134, 128, 137}) {
        auto octets = solicitation();
        octets.at(40) = type;
        LONGS_EQUAL(type == 133 || type == 135 || type == 136, passes(octets));
    }
    auto octets = report();
    for (const std::uint8_t type : std::vector<std::uint8_t>{131, 143, 132, 135}) {
        octets.at(48) = type;
        LONGS_EQUAL(type == 131 || type == 143, passes(octets));
    }
    octets = solicitation();
    octets.at(6) = 17;
    CHECK_FALSE(passes(octets));
}

TEST(GatewayIo, a_packet_is_read_as_it_was_written) {
    const auto read = io::read_neighbour_packet(solicitation());
    CHECK_TRUE(read.has_value());
    CHECK_TRUE(read->source == node);
    CHECK_TRUE(read->destination == gateway);
    CHECK_TRUE(std::get<wire::NeighbourSolicitation>(read->message).target == gateway);
}

TEST(GatewayIo, what_a_router_has_forwarded_is_of_no_neighbour) {
    auto octets = solicitation();
    octets.at(7) = 254;
    CHECK_FALSE(io::read_neighbour_packet(octets).has_value());
}

TEST(GatewayIo, a_wrong_checksum_is_no_packet) {
    auto octets = solicitation();
    octets.back() ^= 1U;
    CHECK_FALSE(io::read_neighbour_packet(octets).has_value());
}

TEST(GatewayIo, a_listener_report_stands_behind_a_router_alert) {
    auto octets = report();
    CHECK_TRUE(io::is_listener_report(octets));
    octets.at(48) = 132;
    CHECK_FALSE(io::is_listener_report(octets));
    CHECK_FALSE(io::is_listener_report(solicitation()));
    octets.at(48) = 143;
    octets.resize(48);
    CHECK_FALSE(io::is_listener_report(octets));
}

TEST(GatewayIo, the_link_local_address_of_an_ethernet_address) {
    CHECK_TRUE(io::link_local_of({0x02, 0, 0, 0, 0, 0x10}) == node);
    CHECK_TRUE(io::link_local_of({0x00, 0x00, 0x5e, 0x00, 0x52, 0x13}) == gateway);
    CHECK_TRUE(io::link_local_of({1, 2, 3}) == wire::Address{});
}

TEST(GatewayIo, a_route_by_source_says_all_of_it) {
    io::Route route;
    route.source = wire::Prefix::parse("2001:db8:77:1::/64");
    route.table = 5213;
    route.device = 7;
    auto request = io::set_route(route, io::Maker::gateway);
    const auto* header = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(request.message.header()));
    LONGS_EQUAL(0, header->rtm_dst_len);
    LONGS_EQUAL(64, header->rtm_src_len);
    LONGS_EQUAL(0xa8, header->rtm_protocol);
    LONGS_EQUAL(RTN_UNICAST, header->rtm_type);
    io::NetlinkAttributes<RTA_TABLE> attributes{request.message.header(), sizeof(rtmsg)};
    LONGS_EQUAL(5213, attributes.value<std::uint32_t>(RTA_TABLE).value());
    LONGS_EQUAL(7, attributes.value<std::uint32_t>(RTA_OIF).value());
    CHECK_TRUE(attributes.find(RTA_DST) == nullptr);
    CHECK_TRUE(wire::Address{attributes.value<wire::Address::Octets>(RTA_SRC).value()} ==
               route.source->address());
    STRCMP_EQUAL("route to ::/0 from 2001:db8:77:1::/64 in table 5213", request.what.c_str());
}

TEST(GatewayIo, a_rule_for_nobody_drops) {
    io::Rule rule;
    rule.priority = 5215;
    rule.input_device = "access";
    rule.action = io::Rule::Action::blackhole;
    auto request = io::add_rule(rule, io::Maker::gateway);
    const auto* header =
        static_cast<const fib_rule_hdr*>(mnl_nlmsg_get_payload(request.message.header()));
    LONGS_EQUAL(FR_ACT_BLACKHOLE, header->action);
    io::NetlinkAttributes<FRA_MAX> attributes{request.message.header(), sizeof(fib_rule_hdr)};
    LONGS_EQUAL(5215, attributes.value<std::uint32_t>(FRA_PRIORITY).value());
    CHECK_TRUE(attributes.find(FRA_TABLE) == nullptr);
    STRCMP_EQUAL("access", std::string{attributes.text(FRA_IIFNAME)}.c_str());
    LONGS_EQUAL(EEXIST, request.satisfied_by);
}
