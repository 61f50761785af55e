// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/address.h"

#include <string>
#include <unordered_set>

#include "wire_fixture.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::wire {

TEST_GROUP(wire_address){};

TEST(wire_address, rfc5952_4_text_is_canonical) {
    const struct {
        const char* given;
        const char* canonical;
    } forms[] = {
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
    };
    for (const auto& [given, canonical] : forms) {
        STRCMP_EQUAL(canonical, address(given).to_string().c_str());
    }
}

TEST(wire_address, rfc4291_2_2_other_text_is_refused) {
    for (const std::string_view text :
         {"", "1", ":::", "2001:db8::1%eth0", " ::1", "::1 ", "1.2.3.4", "::g", "::1/64",
          "1:2:3:4:5:6:7:8:9", "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"}) {
        CHECK_FALSE(Address::parse(text));
    }
    CHECK_FALSE(Address::parse(std::string("::1\0", 4)));
}

TEST(wire_address, rfc6275_9_5_1_routable_unicast) {
    CHECK_TRUE(address("2001:db8::1").is_routable_unicast());
    CHECK_TRUE(address("fd00::1").is_routable_unicast());
    CHECK_TRUE(address("::2").is_routable_unicast());
    CHECK_TRUE(address("fec0::1").is_routable_unicast());
    CHECK_FALSE(address("::").is_routable_unicast());
    CHECK_FALSE(address("::1").is_routable_unicast());
    CHECK_FALSE(address("ff02::1").is_routable_unicast());
    CHECK_FALSE(address("fe80::1").is_routable_unicast());
    CHECK_FALSE(address("febf::1").is_routable_unicast());
    CHECK_FALSE(address("::ffff:192.0.2.1").is_routable_unicast());
}

TEST(wire_address, prefix_text) {
    STRCMP_EQUAL("2001:db8::/32", prefix("2001:db8::/32").to_string().c_str());
    STRCMP_EQUAL("::/0", prefix("::/0").to_string().c_str());
    STRCMP_EQUAL("::1/128", Prefix::host(address("::1")).to_string().c_str());
    for (const std::string_view text :
         {"", "/", "::", "::/", "::/129", "::/256", "::/-1", "::/+1", "::/01", "::/1 ", "::/1/2",
          "2001:db8::1/64", "8000::/0", "/64"}) {
        CHECK_FALSE(Prefix::parse(text));
    }
}

TEST(wire_address, prefix_of_every_length_holds_its_address) {
    const Address all_ones = address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    for (unsigned length = 0; length <= Prefix::max_length; ++length) {
        const auto of = Prefix::of(all_ones, static_cast<std::uint8_t>(length));
        CHECK_TRUE(of->contains(all_ones));
        CHECK_TRUE(Prefix::parse(of->to_string()) == of);
        CHECK_EQUAL(length == 0, of->contains(Address()));
    }
    CHECK_FALSE(Prefix::of(all_ones, 129));
}

TEST(wire_address, prefix_contains_to_the_bit) {
    CHECK_TRUE(prefix("2001:db8:76::/47").contains(address("2001:db8:77::1")));
    CHECK_FALSE(prefix("2001:db8:76::/47").contains(address("2001:db8:78::")));
    CHECK_FALSE(prefix("2001:db8:76::/47").contains(address("2001:db8:75:ffff::")));
    CHECK_FALSE(Prefix::parse("2001:db8:77::/47"));
}

TEST(wire_address, prefixes_overlap_when_one_holds_the_other) {
    const Prefix wide = prefix("2001:db8::/32");
    const Prefix narrow = prefix("2001:db8:77::/64");
    CHECK_TRUE(wide.contains(narrow));
    CHECK_FALSE(narrow.contains(wide));
    CHECK_TRUE(wide.contains(wide));
    CHECK_TRUE(wide.overlaps(narrow));
    CHECK_TRUE(narrow.overlaps(wide));
    CHECK_FALSE(narrow.overlaps(prefix("2001:db8:78::/64")));
}

TEST(wire_address, rfc2526_2_home_agents_anycast) {
    const struct {
        const char* prefix;
        const char* anycast;
    } forms[] = {
        {"2001:db8:77::/64", "2001:db8:77:0:fdff:ffff:ffff:fffe"},
        {"2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:fffe"},
        {"2001:db8::/63", "2001:db8:0:1:ffff:ffff:ffff:fffe"},
        {"2001:db8::/65", "2001:db8::7fff:ffff:ffff:fffe"},
        {"2001:db8::100/120", "2001:db8::1fe"},
        {"2001:db8::/121", "2001:db8::7e"},
        {"2001:db8::80/121", "2001:db8::fe"},
    };
    for (const auto& [given, anycast] : forms) {
        STRCMP_EQUAL(anycast, home_agents_anycast(prefix(given)).to_string().c_str());
    }
}

TEST(wire_address, home_agents_anycast_is_never_outside_its_prefix) {
    const Address all_zero_but_one = address("8000::");
    for (unsigned length = 1; length <= Prefix::max_length; ++length) {
        const auto of = Prefix::of(all_zero_but_one, static_cast<std::uint8_t>(length));
        CHECK_TRUE(of->contains(home_agents_anycast(*of)));
    }
}

TEST(wire_address, rfc4291_2_7_1_solicited_node) {
    CHECK(solicited_node(address("2001:db8:88::10")) == address("ff02::1:ff00:10"));
    CHECK(solicited_node(address("fe80::ffff:ffff:ffff")) == address("ff02::1:ffff:ffff"));
}

TEST(wire_address, rfc4291_2_5_6_link_local_address_of_an_interface_identifier) {
    CHECK(link_local(address("2001:db8:88:1:a:b:c:d")) == address("fe80::a:b:c:d"));
    CHECK_TRUE(link_local(address("2001:db8::")).is_link_local());
}

TEST(wire_address, hashes_tell_addresses_and_lengths_apart) {
    std::unordered_set<std::size_t> seen;
    for (unsigned i = 0; i < 256; ++i) {
        Address::Octets octets{};
        octets.at(i % 16) = static_cast<std::uint8_t>(1 + i / 16);
        seen.insert(std::hash<Address>()(Address(octets)));
    }
    LONGS_EQUAL(256, seen.size());
    CHECK(std::hash<Prefix>()(prefix("::/0")) != std::hash<Prefix>()(prefix("::/1")));
    CHECK_EQUAL(std::hash<Prefix>()(prefix("::/1")), std::hash<Prefix>()(prefix("::/1")));
}

} // namespace anchor6::wire
