// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdlib>

#include "wire/icmpv6.h"
#include "wire/ipv6_packet.h"

namespace {

using namespace anchor6::wire;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

/// What can be read can be written, is read the same again, and its checksum is right.
void check_message(const IcmpMessage& message) {
    const auto written = serialise_icmp(message);
    require(!written.empty());
    const auto again = parse_icmp(written);
    require(std::holds_alternative<IcmpMessage>(again) && std::get<IcmpMessage>(again) == message);
    const Address source = home_agents_anycast(Prefix());
    const Address destination = solicited_node(source);
    require(checksum(source, destination, next_header::icmpv6,
                     serialise_icmp(message, source, destination)) == 0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = parse_icmp(std::span(data, size));
    if (const auto* message = std::get_if<IcmpMessage>(&parsed)) {
        check_message(*message);
    }
    return 0;
}
