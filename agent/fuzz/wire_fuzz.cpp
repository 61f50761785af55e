// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdlib>

#include "wire/ipv6_packet.h"
#include "wire/message.h"

namespace {

using namespace anchor6::wire;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

/// What lies elsewhere in the message that is written again: what the authenticator covers.
Message without_place(Message message) {
    const auto forget = [](auto& value) {
        if constexpr (requires { value.options; }) {
            if (value.options.authentication) {
                value.options.authentication->covered.clear();
            }
        }
    };
    std::visit(forget, message);
    return message;
}

/// What can be read can be written, unless alignment makes it too long, and is read the same again.
void check_message(std::span<const std::uint8_t> octets) {
    const auto parsed = parse(octets);
    if (const auto* error = std::get_if<ParseError>(&parsed)) {
        require(error->offset <= octets.size());
        return;
    }
    const auto& message = std::get<Message>(parsed);
    const auto written = serialise(message);
    if (!written.empty()) {
        require(written.size() % 8 == 0);
        const auto again = parse(written);
        require(std::holds_alternative<Message>(again));
        require(without_place(std::get<Message>(again)) == without_place(message));
        require(serialise(std::get<Message>(again)) == written);
    }
}

void check_packet(std::span<const std::uint8_t> octets) {
    const auto parsed = parse_packet(octets);
    if (const auto* packet = std::get_if<Ipv6Packet>(&parsed)) {
        require(packet->offset + packet->payload.size() <= octets.size());
        check_message(packet->payload);
        const auto again = parse_packet(serialise_packet(*packet));
        require(std::get<Ipv6Packet>(again).payload == packet->payload);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span octets(data, size);
    check_message(octets);
    check_packet(octets);
    find_home_address(octets);
    return 0;
}
