// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <span>

#include "core/counter.h"
#include "wire/status.h"

namespace anchor6::core {

/// Why a Binding Update or Proxy Binding Update is not accepted.
struct Refusal {
    Counter counter{};
    /// Nothing: it is dropped in silence.
    std::optional<wire::Status> status;
};

/// What one check says: nothing is no objection.
using Verdict = std::optional<Refusal>;

inline Verdict accept() {
    return std::nullopt;
}
inline Verdict drop(Counter counter) {
    return Refusal{counter, std::nullopt};
}
inline Verdict refuse(Counter counter, wire::Status status) {
    return Refusal{counter, status};
}
inline Verdict refuse_unless(bool good, Counter counter, wire::Status status) {
    return good ? accept() : refuse(counter, status);
}

/// Runs checks in their order.
template <class Registration>
Verdict first_refusal(std::span<Verdict (*const)(const Registration&)> checks,
                      const Registration& registration) {
    for (const auto check : checks)
        if (Verdict verdict = check(registration))
            return verdict;
    return accept();
}

} // namespace anchor6::core
