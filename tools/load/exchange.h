// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "answer.h"
#include "request.h"

namespace anchor6::load {

/// How often a request is sent and how long its answer is waited for.
struct Pace {
    std::size_t count = 1;
    std::chrono::milliseconds interval{0};
    std::chrono::milliseconds wait{1000};
};

struct Tally {
    std::size_t sent = 0;
    std::size_t accepted = 0;
    std::size_t refused = 0;
    std::size_t unanswered() const { return sent - accepted - refused; }
};

using AnswerReport = std::function<void(const Answer&, std::chrono::nanoseconds delay)>;

/// Sends the request `count` times with rising sequence numbers, reports each answer once. An
/// answer belongs to the request with its sequence number, else to the oldest without an answer.
Tally exchange(const Request& request, const Pace& pace, const AnswerReport& report);

} // namespace anchor6::load
