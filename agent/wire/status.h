// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace anchor6::wire {

// X(name, value, text): status codes of Binding Acknowledgements, the IANA registry "Mobile IPv6
// parameters". Values from 128 on are refusals.
#define ANCHOR6_STATUS_CODES(X)                                                                    \
    X(accepted, 0, "accepted")                                                                     \
    X(sequence_out_of_window, 135, "sequence number out of window")

enum class Status : std::uint8_t {
#define ANCHOR6_STATUS_ENUMERATOR(name, value, text) name = value,
    ANCHOR6_STATUS_CODES(ANCHOR6_STATUS_ENUMERATOR)
#undef ANCHOR6_STATUS_ENUMERATOR
};

constexpr bool is_refusal(Status status) { return static_cast<std::uint8_t>(status) >= 128; }

/// Text of a status code; "unassigned" for a value without a name.
std::string_view status_text(Status status);

} // namespace anchor6::wire
