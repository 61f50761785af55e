// SPDX-License-Identifier: GPL-2.0-or-later
#include "exchange.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include "packet_socket.h"

namespace anchor6::load {

namespace {

using Clock = std::chrono::steady_clock;

struct Outstanding {
    std::optional<std::uint16_t> sequence;
    Clock::time_point sent;
};

class Run {
public:
    Run(const Request& request, const AnswerReport& report)
        : request_(request), report_(report), sender_(request.source) {}

    void send() {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto packet = build_packet(request_, tally_.sent, now);
        if (packet.empty()) {
            throw std::length_error("the options do not fit a Mobility Header");
        }
        outstanding_.push_back({sequence_of(request_, tally_.sent), Clock::now()});
        sender_.send(request_.anchor, packet);
        ++tally_.sent;
    }

    /// Takes answers until that time, or until none is missing.
    void collect(Clock::time_point deadline, bool until_complete) {
        while (!until_complete || !outstanding_.empty()) {
            const auto packet = listener_.receive(deadline - Clock::now());
            if (packet.empty()) {
                return;
            }
            if (const auto answer = read_answer(packet, request_)) {
                take(*answer);
            }
        }
    }

    const Tally& tally() const { return tally_; }

private:
    void take(const Answer& answer) {
        auto asked = outstanding_.begin();
        if (const auto sequence = answer.sequence()) {
            const auto named = std::ranges::find(outstanding_, sequence, &Outstanding::sequence);
            asked = named != outstanding_.end() || answer.is_bound_to_identifier() ? named : asked;
        }
        if (asked == outstanding_.end()) {
            return;
        }
        report_(answer, Clock::now() - asked->sent);
        outstanding_.erase(asked);
        ++(answer.is_success() ? tally_.accepted : tally_.refused);
    }

    const Request& request_;
    const AnswerReport& report_;
    PacketListener listener_;
    PacketSender sender_;
    std::deque<Outstanding> outstanding_;
    Tally tally_;
};

} // namespace

Tally exchange(const Request& request, const Pace& pace, const AnswerReport& report) {
    Run run(request, report);
    const auto start = Clock::now();
    for (std::size_t i = 0; i < pace.count; ++i) {
        if (i > 0) {
            run.collect(start + i * pace.interval, false);
        }
        run.send();
    }
    run.collect(Clock::now() + pace.wait, true);
    return run.tally();
}

} // namespace anchor6::load
