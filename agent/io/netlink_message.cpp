// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/netlink_message.h"

#include <stdexcept>
#include <string>

#include <linux/neighbour.h>
#include <sys/socket.h>

namespace anchor6::io {

NetlinkMessage::NetlinkMessage(std::uint16_t type, std::uint16_t flags) {
    mnl_nlmsg_put_header(buffer_.data());
    header()->nlmsg_type = type;
    header()->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
}

void NetlinkMessage::require(bool fits) {
    if (!fits)
        throw std::length_error("netlink request too long");
}

NetlinkMessage& NetlinkMessage::append(const void* payload, std::size_t size) {
    require(header()->nlmsg_len + size <= buffer_.size());
    std::memcpy(mnl_nlmsg_put_extra_header(header(), size), payload, size);
    return *this;
}

NetlinkMessage& NetlinkMessage::put(std::uint16_t type, std::uint8_t value) {
    return put_octets(type, &value, sizeof(value));
}

NetlinkMessage& NetlinkMessage::put(std::uint16_t type, std::uint32_t value) {
    return put_octets(type, &value, sizeof(value));
}

NetlinkMessage& NetlinkMessage::put(std::uint16_t type, std::uint64_t value) {
    return put_octets(type, &value, sizeof(value));
}

NetlinkMessage& NetlinkMessage::put(std::uint16_t type, const wire::Address& value) {
    return put_octets(type, value.octets().data(), value.octets().size());
}

NetlinkMessage& NetlinkMessage::put(std::uint16_t type, std::string_view value) {
    std::string terminated{value};
    return put_octets(type, terminated.c_str(), terminated.size() + 1);
}

NetlinkMessage& NetlinkMessage::put_octets(std::uint16_t type, const void* data, std::size_t size) {
    require(mnl_attr_put_check(header(), buffer_.size(), type, size, data));
    return *this;
}

NetlinkMessage neighbour_message(std::uint16_t type, std::uint16_t flags, std::uint32_t device,
                                 const wire::Address& address, std::uint16_t state,
                                 std::uint8_t use) {
    NetlinkMessage message{type, flags};
    auto& neighbour = message.extend<ndmsg>();
    neighbour.ndm_family = AF_INET6;
    neighbour.ndm_ifindex = static_cast<int>(device);
    neighbour.ndm_state = state;
    neighbour.ndm_flags = use;
    message.put(NDA_DST, address);
    return message;
}

} // namespace anchor6::io
