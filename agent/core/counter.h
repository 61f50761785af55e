// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace anchor6::core {

// X(name, text): a counter of the agent. One line a reason; CLI and Documentation/counters.md come
// from this list.
#define ANCHOR6_AGENT_COUNTERS(X)                                                                  \
    X(binding_updates, "Binding Updates received")                                                 \
    X(proxy_binding_updates, "Proxy Binding Updates received")                                     \
    X(messages_received, "Mobility Header messages received")                                      \
    X(messages_elsewhere, "messages to an address that is no anchor address, ignored")             \
    X(messages_too_long, "messages longer than any valid one, ignored")                            \
    X(messages_without_addresses, "messages whose addresses the kernel did not tell, ignored")     \
    X(receive_failures, "reads of the Mobility Header socket that failed")                         \
    X(messages_sent, "Mobility Header messages sent")                                              \
    X(messages_not_sent, "messages that the kernel did not send")                                  \
    X(store_failures, "commits of the store that failed")                                          \
    X(store_rows_refused, "rows of the store that made no sense at the start, left out")           \
    X(kernel_refusals, "transactions that the kernel module refused, undone")                      \
    X(undo_retries, "undos of a refused transaction that had to be tried again")                   \
    X(control_refusals, "connections to the control socket beyond its bound, closed")              \
    X(control_bad_requests, "requests to the control socket that were no valid command")

enum class Counter : std::size_t {
#define ANCHOR6_COUNTER_ENUMERATOR(name, text) name,
    ANCHOR6_AGENT_COUNTERS(ANCHOR6_COUNTER_ENUMERATOR)
#undef ANCHOR6_COUNTER_ENUMERATOR
        count
};

class Counters {
  public:
    void add(Counter counter) { ++values_[static_cast<std::size_t>(counter)]; }
    std::uint64_t value(Counter counter) const {
        return values_[static_cast<std::size_t>(counter)];
    }

  private:
    std::array<std::uint64_t, static_cast<std::size_t>(Counter::count)> values_{};
};

/// Stable name of a counter, lower case with underscores.
std::string_view counter_name(Counter counter);
/// What it counts, for a person.
std::string_view counter_text(Counter counter);

} // namespace anchor6::core
