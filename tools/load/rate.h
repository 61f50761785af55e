// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "wire/address.h"

namespace anchor6::load {

/// How many registrations and refreshes a second an anchor serves.
struct RateRequest {
    /// Of the first MAG; the others follow, and all of them are addresses of this machine.
    wire::Address source;
    wire::Address anchor;
    std::uint32_t mags = 1;
    std::uint32_t nodes = 1000;
    /// Refreshes of each node after its registration.
    std::uint32_t refreshes = 1;
    /// Messages without an answer at a time.
    std::uint32_t window = 1024;
    /// Messages a second, whether answers come or not; nothing: as fast as they come.
    std::optional<double> per_second;
    std::chrono::seconds lifetime{3600};
    /// Until a message is sent again, each time twice as long (RFC 6275 section 11.8), and how
    /// often.
    std::chrono::milliseconds wait{1000};
    std::uint32_t retries = 5;
};

/// What came of one message for each node.
struct RateResult {
    /// "registration" or "refresh".
    std::string kind;
    std::uint32_t accepted = 0;
    std::uint32_t refused = 0;
    std::uint32_t unanswered = 0;
    std::uint32_t sent_again = 0;
    std::chrono::nanoseconds elapsed{0};
    /// CPU time of this program.
    std::chrono::nanoseconds own_cpu{0};
    /// Of accepted messages, sorted; with `per_second` since the message was due.
    std::vector<std::chrono::microseconds> delays;

    double per_second() const;
    /// The delay that so many hundredths stay below; delays must not be empty.
    std::chrono::microseconds percentile(double hundredths) const;
};

/// Registers all nodes, then refreshes them in another order; hands over each result as soon as it
/// is there. Errors of the system are std::system_error.
void measure_rate(const RateRequest& request, const std::function<void(const RateResult&)>& report);

std::string to_text(const RateResult& result);
std::string to_json(const RateResult& result);

} // namespace anchor6::load
