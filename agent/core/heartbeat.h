// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/binding.h"
#include "core/deadlines.h"
#include "core/event.h"
#include "core/step_context.h"
#include "core/time.h"

namespace anchor6::core {

/// What heartbeats told of a path.
struct PeerState {
    bool reachable = true;
    /// Requests in a row without an answer.
    std::uint32_t missing = 0;
    /// The last that the MAG has told.
    std::optional<std::uint32_t> restart_counter;
    friend bool operator==(const PeerState&, const PeerState&) = default;
};

/// Heartbeats between MAGs and anchor (RFC 5847): answers those of MAGs, and asks on each path with
/// sessions of a MAG that is configured for it. Memory: one entry a path with sessions.
class Heartbeats {
public:
    /// Tells MAGs that whatever they believe in is lost (RFC 5847 section 3.2).
    static void announce_loss(StepContext& step);

    /// Something that the sessions of a path do not survive, as configured for the MAG.
    using Lost = std::optional<PeerPath>;

    Lost receive(const Packet& packet, const wire::Heartbeat& heartbeat, StepContext& step);

    /// A session came to a path, or left it.
    void note(const std::optional<ProxyBinding>& before, const std::optional<ProxyBinding>& after,
              const StepContext& step);
    /// The policy is another one.
    void configure(const StepContext& step);

    /// Asks on one path, if one is due. False: none was.
    bool ask_one(StepContext& step, Lost& lost);
    std::optional<BootTime> next_deadline() const { return due_.next(); }

    const PeerState* find(const PeerPath& path) const;

private:
    struct Watched {
        PeerState state;
        std::size_t sessions = 0;
        std::uint32_t sequence = 0;
        /// The request of that sequence number has no answer yet.
        bool waits = false;
    };

    Lost answered(const PeerPath& path, Watched& watched, const wire::Heartbeat& heartbeat,
                  const Mag& mag, StepContext& step);
    static Lost missed(const PeerPath& path, Watched& watched, const Mag& mag, StepContext& step);

    std::map<PeerPath, Watched> paths_;
    Deadlines<PeerPath> due_;
};

} // namespace anchor6::core
