// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/binding.h"
#include "core/config.h"
#include "core/counter.h"
#include "core/event.h"
#include "core/time.h"

namespace anchor6::core {

/// What a store remembers of an earlier run.
struct Remembered {
    std::vector<HomeBinding> home_bindings;
    std::vector<ProxyBinding> proxy_bindings;
    /// How often the store has been opened: different for each run, so that session identifiers
    /// and cookies built on it are never used twice while the store lives.
    std::uint64_t restarts = 0;
};

/// Home agent and local mobility anchor of the same mobile nodes, as a value: a copy is another
/// anchor with the same past. It reads no clock, opens nothing and logs nothing.
class Anchor {
  public:
    /// `expires_real` of what is remembered tells what is left of each lifetime at `now`.
    Anchor(Config config, const Remembered& remembered, Now now);

    /// The only way to change an anchor. Never throws for anything that a peer can send.
    Effects step(const Event& event, Now now);

    /// When the next Tick is due.
    std::optional<BootTime> next_deadline() const;

    /// Copies for the control socket.
    std::vector<HomeBinding> home_bindings() const;
    std::vector<ProxyBinding> proxy_bindings() const;
    const Counters& counters() const;
};

} // namespace anchor6::core
