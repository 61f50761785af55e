// SPDX-License-Identifier: GPL-2.0-or-later
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <anchor6.h>
#include <linux/genetlink.h>

#include "io/binding_message.h"
#include "io/netlink_message.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

const io::KernelIdentity identity{0x1c, 5, 0x1122334455667788};

core::KernelBinding binding() {
    return {core::Cache::proxy,
            *wire::Prefix::parse("2001:db8:77:1::/64"),
            *wire::Address::parse("2001:db8:1::1"),
            *wire::Address::parse("2001:db8:a::1"),
            std::chrono::milliseconds{300000},
            42,
            7};
}

std::uint64_t requested_lifetime(std::chrono::milliseconds lifetime) {
    core::KernelBinding requested = binding();
    requested.lifetime = lifetime;
    auto message = io::binding_request(identity, core::SetKernelBinding{requested});
    return static_cast<std::uint64_t>(io::read_binding(message.header())->lifetime.count());
}

} // namespace

TEST_GROUP(Netlink){};

TEST(Netlink, a_binding_request_holds_the_whole_binding) {
    auto message = io::binding_request(identity, core::SetKernelBinding{binding()});
    LONGS_EQUAL(0x1c, message.header()->nlmsg_type);
    LONGS_EQUAL(NLM_F_REQUEST | NLM_F_CREATE, message.header()->nlmsg_flags);
    LONGS_EQUAL(message.header()->nlmsg_len, message.octets().size());
    const auto* header = static_cast<const genlmsghdr*>(mnl_nlmsg_get_payload(message.header()));
    LONGS_EQUAL(ANCHOR6_CMD_BINDING_SET, header->cmd);
    LONGS_EQUAL(ANCHOR6_GENL_VERSION, header->version);
    io::NetlinkAttributes<ANCHOR6_A_MAX> attributes{message.header(), sizeof(genlmsghdr)};
    LONGS_EQUAL(5, attributes.value<std::uint32_t>(ANCHOR6_A_IFINDEX).value());
    io::NetlinkAttributes<ANCHOR6_BINDING_A_MAX> nest{attributes.find(ANCHOR6_A_BINDING)};
    CHECK_TRUE(nest.value<std::uint64_t>(ANCHOR6_BINDING_A_OWNER) == identity.owner);
    CHECK_TRUE(io::read_binding(message.header()) == binding());
}

TEST(Netlink, a_lifetime_is_one_that_the_kernel_takes) {
    LONGS_EQUAL(1, requested_lifetime(std::chrono::milliseconds{0}));
    LONGS_EQUAL(1, requested_lifetime(std::chrono::milliseconds{-5}));
    LONGS_EQUAL(ANCHOR6_LIFETIME_MS_MAX, requested_lifetime(std::chrono::hours{100}));
}

TEST(Netlink, a_deletion_names_cache_and_prefix_only) {
    auto message = io::binding_request(
        identity, core::DeleteKernelBinding{core::Cache::home, binding().prefix});
    LONGS_EQUAL(NLM_F_REQUEST, message.header()->nlmsg_flags);
    io::NetlinkAttributes<ANCHOR6_A_MAX> attributes{message.header(), sizeof(genlmsghdr)};
    io::NetlinkAttributes<ANCHOR6_BINDING_A_MAX> nest{attributes.find(ANCHOR6_A_BINDING)};
    LONGS_EQUAL(ANCHOR6_CACHE_HOME, nest.value<std::uint8_t>(ANCHOR6_BINDING_A_CACHE).value());
    LONGS_EQUAL(64, nest.value<std::uint8_t>(ANCHOR6_BINDING_A_PREFIX_LENGTH).value());
    POINTERS_EQUAL(nullptr, nest.find(ANCHOR6_BINDING_A_FAR_END));
    POINTERS_EQUAL(nullptr, nest.find(ANCHOR6_BINDING_A_COOKIE));
}

TEST(Netlink, an_answer_without_what_a_binding_needs_is_none) {
    auto deletion = io::binding_request(
        identity, core::DeleteKernelBinding{core::Cache::home, binding().prefix});
    CHECK_FALSE(io::read_binding(deletion.header()).has_value());
    auto empty = io::kernel_request(identity, ANCHOR6_CMD_BINDING_GET, 0);
    CHECK_FALSE(io::read_binding(empty.header()).has_value());
}

TEST(Netlink, a_home_prefix_comes_back) {
    auto prefix = *wire::Prefix::parse("2001:db8:77::/48");
    auto message = io::home_prefix_request(identity, ANCHOR6_CMD_HOME_PREFIX_ADD, prefix);
    CHECK_TRUE(io::read_home_prefix(message.header()) == prefix);
}

TEST(Netlink, attributes_of_a_later_kernel_are_left_out) {
    io::NetlinkMessage message{0x1c, 0};
    message.extend<genlmsghdr>();
    message.put(ANCHOR6_A_MAX + 1, std::uint32_t{1}).put(ANCHOR6_A_IFINDEX, std::uint32_t{2});
    io::NetlinkAttributes<ANCHOR6_A_MAX> attributes{message.header(), sizeof(genlmsghdr)};
    LONGS_EQUAL(2, attributes.value<std::uint32_t>(ANCHOR6_A_IFINDEX).value());
    CHECK_FALSE(attributes.value<std::uint64_t>(ANCHOR6_A_IFINDEX).has_value());
}

TEST(Netlink, a_request_that_grows_too_long_is_refused) {
    io::NetlinkMessage message{0x1c, 0};
    std::string text(600, 'x');
    message.put(1, std::string_view{text});
    CHECK_THROWS(std::length_error, message.put(1, std::string_view{text}));
}
