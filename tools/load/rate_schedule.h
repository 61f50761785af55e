// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "rate.h"
#include "wire/address.h"
#include "wire/message.h"

namespace anchor6::load {

/// The address `offset` further.
wire::Address advanced(const wire::Address& address, std::uint32_t offset);

/// A node of a rate measurement, from one of its messages to the next.
struct LoadNode {
    wire::Address prefix;
    std::chrono::steady_clock::time_point sent;
    std::uint16_t sequence = 0;
    std::uint8_t tries = 0;
    bool open = false;
};

/// One message for each node: whose turn it is, and what came of each. It reads no clock and sends
/// nothing.
class RateSchedule {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// Refreshes follow a registration, each node's far from that of the one before.
    RateSchedule(const RateRequest& request, std::vector<LoadNode>& nodes, bool refresh,
                 TimePoint start);

    /// The node whose message leaves now, with its next sequence number; nothing: none is due.
    std::optional<std::uint32_t> next_first(TimePoint now);
    /// Likewise of those without an answer for too long. Who was asked too often is given up.
    std::optional<std::uint32_t> next_again(TimePoint now);
    /// When next_first() may have one, when no answer comes before.
    std::optional<TimePoint> next_due() const;
    bool is_done() const { return begun_ == nodes_.size() && open_ == 0; }

    void take(const wire::BindingAcknowledgement& answer, TimePoint now);
    /// All but the times of the whole.
    RateResult take_result();

private:
    /// At a pace the end of the seven milliseconds that its turn falls into.
    TimePoint due(std::uint64_t index) const;
    void note_sent(std::uint32_t node, TimePoint now);
    void close(LoadNode& node);

    const RateRequest& request_;
    std::vector<LoadNode>& nodes_;
    std::uint64_t stride_;
    TimePoint start_;
    RateResult result_;
    std::uint64_t begun_ = 0;
    std::uint32_t open_ = 0;
    /// What may have to be sent again, in the order of the times.
    using Retry = std::pair<TimePoint, std::uint32_t>;
    std::priority_queue<Retry, std::vector<Retry>, std::greater<>> waiting_;
};

} // namespace anchor6::load
