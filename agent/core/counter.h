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
    X(proxy_binding_updates, "Proxy Binding Updates received")

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
