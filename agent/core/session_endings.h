// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "core/proxy_cache.h"
#include "core/step_context.h"

namespace anchor6::core {

/// Sessions that end for another reason than their lifetime, a few at a time so that nothing else
/// waits for long: those that a MAG has lost, and revoked ones.
class SessionEndings {
public:
    /// All sessions of a path that were last extended before that moment: what was registered again
    /// since stays.
    struct OfPath {
        PeerPath path;
        BootTime before;
        std::uint64_t last_id = 0;
        /// In this round something was still under way.
        bool incomplete = false;
    };
    /// Those of these identifiers.
    struct Named {
        std::vector<std::uint64_t> ids;
        /// A MAG has asked for it: what has left this path since is no longer its own.
        std::optional<PeerPath> path;
    };
    struct Ending {
        std::variant<Named, OfPath> sessions;
        Counter counter = Counter::proxy_bindings_lost;
        /// Sent when none of them is left.
        std::optional<Send> answer;
        BootTime next{};
        /// Rounds that may still follow, when store or kernel do not work.
        int rounds = 20;
    };
    /// What the owner of the sessions does.
    struct Owner {
        std::function<bool(const ProxyBinding&)> busy;
        std::function<void(const ProxyBinding&)> end;
    };

    /// False: too many are under way.
    bool add(Ending ending);
    /// One step on the way of the first; false: none is due.
    bool advance(const ProxyCache& cache, const Owner& owner, StepContext& step);
    std::optional<BootTime> next_deadline() const;

private:
    enum class Progress : std::uint8_t { going_on, round_over, done };

    static Progress advance(Named& sessions, Counter counter, const ProxyCache& cache,
                            const Owner& owner, StepContext& step);
    static Progress advance(OfPath& sessions, Counter counter, const ProxyCache& cache,
                            const Owner& owner, StepContext& step);

    std::deque<Ending> endings_;
};

} // namespace anchor6::core
