// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/mobility_socket.h"

#include <netinet/in.h>

#include "wire/message.h"

namespace anchor6::io {

namespace {

constexpr RawSocketCounters counter_names{core::Counter::messages_received,
                                          core::Counter::messages_too_long,
                                          core::Counter::messages_without_addresses,
                                          core::Counter::receive_failures,
                                          core::Counter::messages_sent,
                                          core::Counter::messages_not_sent,
                                          core::Counter::messages_not_written};

} // namespace

MobilitySocket::MobilitySocket(Settings settings, core::Counters& counters)
    : settings_(settings), socket_(IPPROTO_MH, counter_names, counters) {
}

void MobilitySocket::send(std::span<const core::Send> messages) {
    std::vector<Outgoing> outgoing;
    outgoing.reserve(messages.size());
    for (const core::Send& send : messages)
        outgoing.push_back(
            {wire::serialise(send.message),
             {send.source, send.destination, send.care_of_address, send.interface,
              send.reply_home ? std::optional{settings_.reply_mark} : std::nullopt}});
    socket_.send(outgoing);
}

} // namespace anchor6::io
