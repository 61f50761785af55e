// SPDX-License-Identifier: GPL-2.0-or-later
#include "attribute.h"

#include <array>
#include <cstring>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "failure.h"

namespace anchor6::cli {

namespace {

template <std::size_t Max>
using Policies = std::array<nla_policy, Max + 1>;
template <std::size_t Max>
using Attributes = std::array<nlattr*, Max + 1>;

constexpr nla_policy u8_policy{.type = NLA_U8, .minlen = 1, .maxlen = 1};
constexpr nla_policy u32_policy{.type = NLA_U32, .minlen = 4, .maxlen = 4};
constexpr nla_policy u64_policy{.type = NLA_U64, .minlen = 8, .maxlen = 8};
constexpr nla_policy address_policy{.type = NLA_UNSPEC, .minlen = 16, .maxlen = 16};
constexpr nla_policy nest_policy{.type = NLA_NESTED, .minlen = 0, .maxlen = 0};
constexpr nla_policy string_policy{.type = NLA_NUL_STRING, .minlen = 1, .maxlen = 512};

constexpr auto message_policies = [] {
    Policies<ANCHOR6_A_MAX> policies{};
    policies[ANCHOR6_A_IFINDEX] = u32_policy;
    policies[ANCHOR6_A_DEVICE] = nest_policy;
    policies[ANCHOR6_A_HOME_PREFIX] = nest_policy;
    policies[ANCHOR6_A_BINDING] = nest_policy;
    policies[ANCHOR6_A_SHADOWED] = nest_policy;
    policies[ANCHOR6_A_FAR_END] = nest_policy;
    policies[ANCHOR6_A_LOOKUP] = nest_policy;
    policies[ANCHOR6_A_COUNTER] = nest_policy;
    policies[ANCHOR6_A_REASON] = u8_policy;
    return policies;
}();

constexpr auto device_policies = [] {
    Policies<ANCHOR6_DEVICE_A_MAX> policies{};
    policies[ANCHOR6_DEVICE_A_REPLY_MARK] = u32_policy;
    policies[ANCHOR6_DEVICE_A_REPLY_MASK] = u32_policy;
    policies[ANCHOR6_DEVICE_A_BINDINGS_MAX] = u32_policy;
    policies[ANCHOR6_DEVICE_A_HOME_BINDINGS] = u32_policy;
    policies[ANCHOR6_DEVICE_A_PROXY_BINDINGS] = u32_policy;
    policies[ANCHOR6_DEVICE_A_FAR_ENDS] = u32_policy;
    policies[ANCHOR6_DEVICE_A_MODE] = u8_policy;
    policies[ANCHOR6_DEVICE_A_OUTER_MARK] = u32_policy;
    policies[ANCHOR6_DEVICE_A_OUTER_VRF] = u32_policy;
    return policies;
}();

constexpr auto home_prefix_policies = [] {
    Policies<ANCHOR6_HOME_PREFIX_A_MAX> policies{};
    policies[ANCHOR6_HOME_PREFIX_A_ADDRESS] = address_policy;
    policies[ANCHOR6_HOME_PREFIX_A_LENGTH] = u8_policy;
    policies[ANCHOR6_HOME_PREFIX_A_BINDINGS] = u32_policy;
    return policies;
}();

constexpr auto binding_policies = [] {
    Policies<ANCHOR6_BINDING_A_MAX> policies{};
    policies[ANCHOR6_BINDING_A_CACHE] = u8_policy;
    policies[ANCHOR6_BINDING_A_PREFIX] = address_policy;
    policies[ANCHOR6_BINDING_A_PREFIX_LENGTH] = u8_policy;
    policies[ANCHOR6_BINDING_A_FAR_END] = nest_policy;
    policies[ANCHOR6_BINDING_A_LIFETIME_MS] = u64_policy;
    policies[ANCHOR6_BINDING_A_COOKIE] = u64_policy;
    policies[ANCHOR6_BINDING_A_OWNER] = u64_policy;
    policies[ANCHOR6_BINDING_A_GROUP] = u32_policy;
    policies[ANCHOR6_BINDING_A_DOWN_PACKETS] = u64_policy;
    policies[ANCHOR6_BINDING_A_DOWN_BYTES] = u64_policy;
    policies[ANCHOR6_BINDING_A_UP_PACKETS] = u64_policy;
    policies[ANCHOR6_BINDING_A_UP_BYTES] = u64_policy;
    return policies;
}();

constexpr auto far_end_policies = [] {
    Policies<ANCHOR6_FAR_END_A_MAX> policies{};
    policies[ANCHOR6_FAR_END_A_LOCAL] = address_policy;
    policies[ANCHOR6_FAR_END_A_REMOTE] = address_policy;
    policies[ANCHOR6_FAR_END_A_ENCAP] = u8_policy;
    policies[ANCHOR6_FAR_END_A_MTU] = u32_policy;
    policies[ANCHOR6_FAR_END_A_BINDINGS] = u32_policy;
    return policies;
}();

constexpr auto lookup_policies = [] {
    Policies<ANCHOR6_LOOKUP_A_MAX> policies{};
    policies[ANCHOR6_LOOKUP_A_ADDRESS] = address_policy;
    policies[ANCHOR6_LOOKUP_A_MARK] = u32_policy;
    policies[ANCHOR6_LOOKUP_A_VERDICT] = u8_policy;
    return policies;
}();

constexpr auto counter_policies = [] {
    Policies<ANCHOR6_COUNTER_A_MAX> policies{};
    policies[ANCHOR6_COUNTER_A_NAME] = string_policy;
    policies[ANCHOR6_COUNTER_A_VALUE] = u64_policy;
    policies[ANCHOR6_COUNTER_A_TEXT] = string_policy;
    return policies;
}();

// --- reading ------------------------------------------------------------------------------------

[[noreturn]] void refuse_answer() {
    throw Failure("the kernel's answer is malformed: command and module differ in version",
                  exit_refused);
}

template <std::size_t Size>
std::array<nlattr*, Size> parse_nest(nlattr* nest, const std::array<nla_policy, Size>& policies) {
    std::array<nlattr*, Size> attributes{};
    if (nla_parse_nested(attributes.data(), Size - 1, nest, policies.data()) < 0)
        refuse_answer();
    return attributes;
}

std::optional<std::uint8_t> read_u8(const nlattr* attribute) {
    return attribute == nullptr ? std::nullopt : std::optional(nla_get_u8(attribute));
}

std::optional<std::uint32_t> read_u32(const nlattr* attribute) {
    return attribute == nullptr ? std::nullopt : std::optional(nla_get_u32(attribute));
}

std::optional<std::uint64_t> read_u64(const nlattr* attribute) {
    return attribute == nullptr ? std::nullopt : std::optional(nla_get_u64(attribute));
}

std::optional<wire::Address> read_address(const nlattr* attribute) {
    if (attribute == nullptr)
        return std::nullopt;
    wire::Address::Octets octets{};
    std::memcpy(octets.data(), nla_data(attribute), octets.size());
    return wire::Address(octets);
}

std::string read_string(const nlattr* attribute) {
    return attribute == nullptr ? std::string() : nla_get_string(attribute);
}

template <class Value>
Value require(const std::optional<Value>& value) {
    if (!value)
        refuse_answer();
    return *value;
}

Device read_device(nlattr* nest) {
    auto attributes = parse_nest(nest, device_policies);
    return {.reply_mark = read_u32(attributes[ANCHOR6_DEVICE_A_REPLY_MARK]),
            .reply_mask = read_u32(attributes[ANCHOR6_DEVICE_A_REPLY_MASK]),
            .bindings_max = read_u32(attributes[ANCHOR6_DEVICE_A_BINDINGS_MAX]),
            .home_bindings = read_u32(attributes[ANCHOR6_DEVICE_A_HOME_BINDINGS]),
            .proxy_bindings = read_u32(attributes[ANCHOR6_DEVICE_A_PROXY_BINDINGS]),
            .far_ends = read_u32(attributes[ANCHOR6_DEVICE_A_FAR_ENDS]),
            .mode = read_u8(attributes[ANCHOR6_DEVICE_A_MODE]),
            .outer_mark = read_u32(attributes[ANCHOR6_DEVICE_A_OUTER_MARK]),
            .outer_vrf = read_u32(attributes[ANCHOR6_DEVICE_A_OUTER_VRF])};
}

HomePrefix read_home_prefix(nlattr* nest) {
    auto attributes = parse_nest(nest, home_prefix_policies);
    return {.address = require(read_address(attributes[ANCHOR6_HOME_PREFIX_A_ADDRESS])),
            .length = require(read_u8(attributes[ANCHOR6_HOME_PREFIX_A_LENGTH])),
            .bindings = read_u32(attributes[ANCHOR6_HOME_PREFIX_A_BINDINGS])};
}

FarEnd read_far_end(nlattr* nest) {
    auto attributes = parse_nest(nest, far_end_policies);
    return {.local = read_address(attributes[ANCHOR6_FAR_END_A_LOCAL]),
            .remote = read_address(attributes[ANCHOR6_FAR_END_A_REMOTE]),
            .encap = read_u8(attributes[ANCHOR6_FAR_END_A_ENCAP]),
            .mtu = read_u32(attributes[ANCHOR6_FAR_END_A_MTU]),
            .bindings = read_u32(attributes[ANCHOR6_FAR_END_A_BINDINGS])};
}

Binding read_binding(nlattr* nest) {
    auto attributes = parse_nest(nest, binding_policies);
    Binding binding{.cache = read_u8(attributes[ANCHOR6_BINDING_A_CACHE]),
                    .prefix = read_address(attributes[ANCHOR6_BINDING_A_PREFIX]),
                    .prefix_length = read_u8(attributes[ANCHOR6_BINDING_A_PREFIX_LENGTH]),
                    .far_end = std::nullopt,
                    .lifetime_ms = read_u64(attributes[ANCHOR6_BINDING_A_LIFETIME_MS]),
                    .cookie = read_u64(attributes[ANCHOR6_BINDING_A_COOKIE]),
                    .owner = read_u64(attributes[ANCHOR6_BINDING_A_OWNER]),
                    .group = read_u32(attributes[ANCHOR6_BINDING_A_GROUP]),
                    .down_packets = read_u64(attributes[ANCHOR6_BINDING_A_DOWN_PACKETS]),
                    .down_bytes = read_u64(attributes[ANCHOR6_BINDING_A_DOWN_BYTES]),
                    .up_packets = read_u64(attributes[ANCHOR6_BINDING_A_UP_PACKETS]),
                    .up_bytes = read_u64(attributes[ANCHOR6_BINDING_A_UP_BYTES])};
    if (nlattr* far_end = attributes[ANCHOR6_BINDING_A_FAR_END]; far_end != nullptr)
        binding.far_end = read_far_end(far_end);
    if (binding.prefix_length.value_or(0) > wire::Prefix::max_length)
        refuse_answer();
    return binding;
}

Lookup read_lookup(nlattr* nest) {
    auto attributes = parse_nest(nest, lookup_policies);
    return {.address = require(read_address(attributes[ANCHOR6_LOOKUP_A_ADDRESS])),
            .mark = read_u32(attributes[ANCHOR6_LOOKUP_A_MARK]),
            .verdict = read_u8(attributes[ANCHOR6_LOOKUP_A_VERDICT])};
}

Counter read_counter(nlattr* nest) {
    auto attributes = parse_nest(nest, counter_policies);
    return {.name = read_string(attributes[ANCHOR6_COUNTER_A_NAME]),
            .value = require(read_u64(attributes[ANCHOR6_COUNTER_A_VALUE])),
            .text = read_string(attributes[ANCHOR6_COUNTER_A_TEXT])};
}

template <class Object>
std::optional<Object> read_nest(nlattr* nest, Object (*read)(nlattr*)) {
    return nest == nullptr ? std::nullopt : std::optional(read(nest));
}

// --- writing ------------------------------------------------------------------------------------

void check_room(int error) {
    if (error < 0)
        throw Failure("the request does not fit a message", exit_refused);
}

void put_u8(nl_msg* packet, int type, std::optional<std::uint8_t> value) {
    if (value)
        check_room(nla_put_u8(packet, type, *value));
}

void put_u32(nl_msg* packet, int type, std::optional<std::uint32_t> value) {
    if (value)
        check_room(nla_put_u32(packet, type, *value));
}

void put_u64(nl_msg* packet, int type, std::optional<std::uint64_t> value) {
    if (value)
        check_room(nla_put_u64(packet, type, *value));
}

void put_address(nl_msg* packet, int type, const std::optional<wire::Address>& address) {
    if (address)
        check_room(nla_put(packet, type, wire::Address::size, address->octets().data()));
}

template <class Fill>
void put_nest(nl_msg* packet, int type, Fill fill) {
    nlattr* nest = nla_nest_start(packet, type);
    check_room(nest == nullptr ? -1 : 0);
    fill();
    // An empty nest is an empty filter, not none.
    check_room(nla_nest_end_keep_empty(packet, nest));
}

void put_device(nl_msg* packet, const Device& device) {
    put_nest(packet, ANCHOR6_A_DEVICE, [&] {
        put_u32(packet, ANCHOR6_DEVICE_A_REPLY_MARK, device.reply_mark);
        put_u32(packet, ANCHOR6_DEVICE_A_REPLY_MASK, device.reply_mask);
        put_u32(packet, ANCHOR6_DEVICE_A_BINDINGS_MAX, device.bindings_max);
        put_u8(packet, ANCHOR6_DEVICE_A_MODE, device.mode);
        put_u32(packet, ANCHOR6_DEVICE_A_OUTER_MARK, device.outer_mark);
        put_u32(packet, ANCHOR6_DEVICE_A_OUTER_VRF, device.outer_vrf);
    });
}

void put_home_prefix(nl_msg* packet, const HomePrefix& home_prefix) {
    put_nest(packet, ANCHOR6_A_HOME_PREFIX, [&] {
        put_address(packet, ANCHOR6_HOME_PREFIX_A_ADDRESS, home_prefix.address);
        put_u8(packet, ANCHOR6_HOME_PREFIX_A_LENGTH, home_prefix.length);
    });
}

void put_far_end(nl_msg* packet, const FarEnd& far_end) {
    put_nest(packet, ANCHOR6_BINDING_A_FAR_END, [&] {
        put_address(packet, ANCHOR6_FAR_END_A_LOCAL, far_end.local);
        put_address(packet, ANCHOR6_FAR_END_A_REMOTE, far_end.remote);
        put_u8(packet, ANCHOR6_FAR_END_A_ENCAP, far_end.encap);
    });
}

void put_binding(nl_msg* packet, const Binding& binding) {
    put_nest(packet, ANCHOR6_A_BINDING, [&] {
        put_u8(packet, ANCHOR6_BINDING_A_CACHE, binding.cache);
        put_address(packet, ANCHOR6_BINDING_A_PREFIX, binding.prefix);
        put_u8(packet, ANCHOR6_BINDING_A_PREFIX_LENGTH, binding.prefix_length);
        if (binding.far_end)
            put_far_end(packet, *binding.far_end);
        put_u64(packet, ANCHOR6_BINDING_A_LIFETIME_MS, binding.lifetime_ms);
        put_u64(packet, ANCHOR6_BINDING_A_COOKIE, binding.cookie);
        put_u64(packet, ANCHOR6_BINDING_A_OWNER, binding.owner);
        put_u32(packet, ANCHOR6_BINDING_A_GROUP, binding.group);
    });
}

void put_lookup(nl_msg* packet, const Lookup& lookup) {
    put_nest(packet, ANCHOR6_A_LOOKUP, [&] {
        put_address(packet, ANCHOR6_LOOKUP_A_ADDRESS, lookup.address);
        put_u32(packet, ANCHOR6_LOOKUP_A_MARK, lookup.mark);
    });
}

} // namespace

void encode(nl_msg* packet, const Message& message) {
    put_u32(packet, ANCHOR6_A_IFINDEX, message.ifindex);
    if (message.device)
        put_device(packet, *message.device);
    if (message.home_prefix)
        put_home_prefix(packet, *message.home_prefix);
    if (message.binding)
        put_binding(packet, *message.binding);
    if (message.lookup)
        put_lookup(packet, *message.lookup);
}

Message decode(nlmsghdr* packet) {
    Attributes<ANCHOR6_A_MAX> attributes{};
    if (genlmsg_parse(packet, 0, attributes.data(), ANCHOR6_A_MAX, message_policies.data()) < 0)
        refuse_answer();
    Message message;
    message.command = genlmsg_hdr(packet)->cmd;
    message.ifindex = read_u32(attributes[ANCHOR6_A_IFINDEX]);
    message.device = read_nest(attributes[ANCHOR6_A_DEVICE], read_device);
    message.home_prefix = read_nest(attributes[ANCHOR6_A_HOME_PREFIX], read_home_prefix);
    message.binding = read_nest(attributes[ANCHOR6_A_BINDING], read_binding);
    message.shadowed = read_nest(attributes[ANCHOR6_A_SHADOWED], read_binding);
    message.far_end = read_nest(attributes[ANCHOR6_A_FAR_END], read_far_end);
    message.lookup = read_nest(attributes[ANCHOR6_A_LOOKUP], read_lookup);
    message.counter = read_nest(attributes[ANCHOR6_A_COUNTER], read_counter);
    message.reason = read_u8(attributes[ANCHOR6_A_REASON]);
    return message;
}

} // namespace anchor6::cli
