// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include <libmnl/libmnl.h>

#include "wire/address.h"

namespace anchor6::io {

/// One netlink request under construction. Numbers are in host byte order. Throws
/// std::length_error when it outgrows any request that the agent has reason to send.
class NetlinkMessage {
public:
    NetlinkMessage(std::uint16_t type, std::uint16_t flags);

    /// Room, zeroed, for the fixed part that follows the header.
    template <class Header>
    Header& extend() {
        return *static_cast<Header*>(mnl_nlmsg_put_extra_header(header(), sizeof(Header)));
    }

    /// A fixed part and attributes as they stand in another message.
    NetlinkMessage& append(const void* payload, std::size_t size);

    NetlinkMessage& put(std::uint16_t type, std::uint8_t value);
    NetlinkMessage& put(std::uint16_t type, std::uint32_t value);
    NetlinkMessage& put(std::uint16_t type, std::uint64_t value);
    NetlinkMessage& put(std::uint16_t type, const wire::Address& value);
    /// With its terminating zero octet.
    NetlinkMessage& put(std::uint16_t type, std::string_view value);
    NetlinkMessage& put_octets(std::uint16_t type, const void* data, std::size_t size);

    /// What `fill` puts stands inside the nest.
    template <class Fill>
    NetlinkMessage& nest(std::uint16_t type, Fill fill) {
        nlattr* start = mnl_attr_nest_start_check(header(), buffer_.size(), type);
        require(start != nullptr);
        fill(*this);
        mnl_attr_nest_end(header(), start);
        return *this;
    }

    nlmsghdr* header() { return reinterpret_cast<nlmsghdr*>(buffer_.data()); }
    const nlmsghdr* header() const { return reinterpret_cast<const nlmsghdr*>(buffer_.data()); }
    /// The whole message as it is sent.
    std::span<const std::uint8_t> octets() const { return {buffer_.data(), header()->nlmsg_len}; }

private:
    static void require(bool fits);

    static constexpr std::size_t size_max = 1024;
    /// Only what is written is ever read.
    alignas(nlmsghdr) std::array<std::uint8_t, size_max> buffer_;
};

/// The fixed part of a message; nullptr: it is shorter.
template <class Header>
const Header* fixed_part(const nlmsghdr* message) {
    return mnl_nlmsg_get_payload_len(message) < sizeof(Header)
               ? nullptr
               : static_cast<const Header*>(mnl_nlmsg_get_payload(message));
}

/// The attributes of a message or a nest by their type; those beyond `Max` are unknown and left
/// out, as a later kernel may add some.
template <std::uint16_t Max>
class NetlinkAttributes {
public:
    NetlinkAttributes(const nlmsghdr* message, std::size_t fixed_size) {
        mnl_attr_parse(message, static_cast<unsigned>(fixed_size), take, this);
    }
    explicit NetlinkAttributes(const nlattr* nest) {
        if (nest != nullptr)
            mnl_attr_parse_nested(nest, take, this);
    }

    const nlattr* find(std::uint16_t type) const { return attributes_[type]; }
    /// Nothing when the attribute is missing or of another size.
    template <class Value>
    std::optional<Value> value(std::uint16_t type) const {
        const nlattr* attribute = find(type);
        if (attribute == nullptr || mnl_attr_get_payload_len(attribute) != sizeof(Value))
            return {};
        Value value;
        std::memcpy(&value, mnl_attr_get_payload(attribute), sizeof(value));
        return value;
    }
    std::string_view text(std::uint16_t type) const {
        const nlattr* attribute = find(type);
        if (attribute == nullptr || mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) < 0)
            return {};
        return mnl_attr_get_str(attribute);
    }

private:
    static int take(const nlattr* attribute, void* self) {
        if (std::uint16_t type = mnl_attr_get_type(attribute); type <= Max)
            static_cast<NetlinkAttributes*>(self)->attributes_[type] = attribute;
        return MNL_CB_OK;
    }

    std::array<const nlattr*, Max + 1> attributes_{};
};

/// An rtnetlink request about the neighbour with that address on the device with that index.
/// `state` is of NUD_, `use` of NTF_.
NetlinkMessage neighbour_message(std::uint16_t type, std::uint16_t flags, std::uint32_t device,
                                 const wire::Address& address, std::uint16_t state,
                                 std::uint8_t use);

} // namespace anchor6::io
