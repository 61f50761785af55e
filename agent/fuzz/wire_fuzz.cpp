// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
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

MessageAuthentication* authentication_of(Message& message) {
    const auto find = [](auto& value) -> MessageAuthentication* {
        if constexpr (requires { value.options; }) {
            return value.options.authentication ? &*value.options.authentication : nullptr;
        } else {
            return nullptr;
        }
    };
    return std::visit(find, message);
}

/// What an authenticator covers may lie elsewhere in the message that is written again.
Message without_place(Message message) {
    if (auto* authentication = authentication_of(message)) {
        authentication->covered.clear();
    }
    return message;
}

/// The message that is sent with an authenticator begins with what the authenticator covers.
void check_authenticated(Message message) {
    const auto covered = authenticated_octets(message);
    auto* authentication = authentication_of(message);
    require(authentication != nullptr || covered.empty());
    if (authentication != nullptr && !covered.empty()) {
        authentication->authenticator.assign(MessageAuthentication::authenticator_size, 0xff);
        const auto written = serialise(message);
        require(covered.size() < written.size());
        require(std::equal(covered.begin(), covered.end(), written.begin()));
    }
}

/// What can be read can be written, unless alignment makes it too long, and is read the same again.
void check_message(std::span<const std::uint8_t> octets) {
    const auto parsed = parse(octets);
    if (const auto* error = std::get_if<ParseError>(&parsed)) {
        require(error->offset <= octets.size());
        return;
    }
    const auto& message = std::get<Message>(parsed);
    check_authenticated(message);
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
