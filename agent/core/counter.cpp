// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/counter.h"

namespace anchor6::core {

namespace {

struct Entry {
    std::string_view name;
    std::string_view text;
};

constexpr Entry entries[] = {
#define ANCHOR6_COUNTER_ENTRY(name, text) {#name, text},
    ANCHOR6_AGENT_COUNTERS(ANCHOR6_COUNTER_ENTRY)
#undef ANCHOR6_COUNTER_ENTRY
};

} // namespace

std::string_view counter_name(Counter counter) {
    return entries[static_cast<std::size_t>(counter)].name;
}

std::string_view counter_text(Counter counter) {
    return entries[static_cast<std::size_t>(counter)].text;
}

} // namespace anchor6::core
