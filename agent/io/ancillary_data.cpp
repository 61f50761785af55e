// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/ancillary_data.h"

#include <algorithm>
#include <cstring>

namespace anchor6::io {

namespace {

constexpr std::uint8_t pad1_option = 0;
constexpr std::uint8_t home_address_option = 201;

std::span<const std::uint8_t> payload(const cmsghdr* control) {
    return {CMSG_DATA(control), control->cmsg_len - CMSG_LEN(0)};
}

bool is_ipv6(const cmsghdr* control, int type) {
    return control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == type;
}

void apply_packet_info(core::Packet& packet, const cmsghdr* control, std::uint32_t anchor_ifindex) {
    in6_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(control), sizeof(info));
    packet.destination = to_address(info.ipi6_addr);
    packet.interface = info.ipi6_ifindex;
    packet.tunnelled = info.ipi6_ifindex == anchor_ifindex;
}

void apply_destination_options(core::Packet& packet, const cmsghdr* control) {
    auto care_of_address = find_home_address_option(payload(control));
    if (!care_of_address || packet.home_address)
        return;
    packet.home_address = packet.source;
    packet.source = *care_of_address;
}

/// Writes control messages one behind the other.
class ControlWriter {
public:
    explicit ControlWriter(std::span<std::byte> buffer) : buffer_(buffer) {}

    template <class Value>
    void put(int level, int type, const Value& value) {
        auto* control = reinterpret_cast<cmsghdr*>(buffer_.data() + used_);
        control->cmsg_level = level;
        control->cmsg_type = type;
        control->cmsg_len = CMSG_LEN(sizeof(value));
        std::memcpy(CMSG_DATA(control), &value, sizeof(value));
        used_ += CMSG_SPACE(sizeof(value));
    }

    std::size_t used() const { return used_; }

private:
    std::span<std::byte> buffer_;
    std::size_t used_ = 0;
};

} // namespace

wire::Address to_address(const in6_addr& address) {
    wire::Address::Octets octets{};
    std::memcpy(octets.data(), &address, octets.size());
    return wire::Address{octets};
}

in6_addr to_in6_addr(const wire::Address& address) {
    in6_addr result{};
    std::memcpy(&result, address.octets().data(), address.octets().size());
    return result;
}

std::optional<wire::Address> find_home_address_option(std::span<const std::uint8_t> header) {
    if (header.size() < 2)
        return {};
    std::size_t size = (std::size_t{header[1]} + 1) * 8;
    auto options = header.first(std::min(size, header.size())).subspan(2);
    while (!options.empty()) {
        if (options[0] == pad1_option) {
            options = options.subspan(1);
            continue;
        }
        if (options.size() < 2 || options.size() - 2 < options[1])
            return {};
        auto data = options.subspan(2, options[1]);
        if (wire::Address::Octets octets{};
            options[0] == home_address_option && data.size() == octets.size()) {
            std::ranges::copy(data, octets.begin());
            return wire::Address{octets};
        }
        options = options.subspan(2 + data.size());
    }
    return {};
}

std::optional<core::Packet> read_packet(msghdr& message, std::uint32_t anchor_ifindex) {
    sockaddr_in6 from{};
    std::memcpy(&from, message.msg_name, std::min<std::size_t>(sizeof(from), message.msg_namelen));
    core::Packet packet;
    packet.source = to_address(from.sin6_addr);
    bool complete = false;
    for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
         control = CMSG_NXTHDR(&message, control)) {
        if (is_ipv6(control, IPV6_PKTINFO)) {
            apply_packet_info(packet, control, anchor_ifindex);
            complete = true;
        } else if (is_ipv6(control, IPV6_DSTOPTS)) {
            apply_destination_options(packet, control);
        }
    }
    return complete ? std::optional{packet} : std::nullopt;
}

std::uint8_t read_hop_limit(msghdr& message) {
    int hop_limit = 0;
    for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
         control = CMSG_NXTHDR(&message, control))
        if (is_ipv6(control, IPV6_HOPLIMIT))
            std::memcpy(&hop_limit, CMSG_DATA(control), sizeof(hop_limit));
    return static_cast<std::uint8_t>(hop_limit);
}

void SendControl::fill(msghdr& message, const SendPath& path) {
    ControlWriter writer{buffer_};
    in6_pktinfo info{};
    info.ipi6_addr = to_in6_addr(path.source);
    info.ipi6_ifindex = path.interface;
    writer.put(IPPROTO_IPV6, IPV6_PKTINFO, info);
    if (path.care_of_address) {
        // The kernel sends to this address and puts the home address into the header.
        RoutingHeader header;
        header.first_hop = to_in6_addr(*path.care_of_address);
        writer.put(IPPROTO_IPV6, IPV6_RTHDR, header);
    }
    if (path.mark)
        writer.put(SOL_SOCKET, SO_MARK, *path.mark);
    message.msg_control = buffer_.data();
    message.msg_controllen = writer.used();
}

} // namespace anchor6::io
