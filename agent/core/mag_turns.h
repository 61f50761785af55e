// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>

#include "core/transaction.h"
#include "wire/address.h"

namespace anchor6::core {

/// Whose turn it is among the requests of each MAG, by its address: so many of them may have a
/// transaction under way, and the others wait in the order in which they came. So no MAG keeps
/// store and kernel busy for itself alone. How many wait is bounded by whoever lets them.
class MagTurns {
public:
    /// A request that has just come must wait; `most` is at least 1.
    bool must_wait(const wire::Address& mag, std::uint32_t most) const;
    void wait(const BindingRequest& request);

    /// A transaction for a request of that address.
    void begin(const wire::Address& mag);
    void end(const wire::Address& mag);
    /// What has waited longest, once there is room for it.
    std::optional<BindingRequest> take(const wire::Address& mag, std::uint32_t most);

private:
    struct Line {
        std::size_t open = 0;
        std::list<BindingRequest> waiting;
    };

    void forget_if_empty(std::map<wire::Address, Line>::iterator line);

    std::map<wire::Address, Line> lines_;
};

} // namespace anchor6::core
