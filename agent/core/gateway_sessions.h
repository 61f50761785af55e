// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadlines.h"
#include "core/gateway_session.h"
#include "core/prefix_map.h"

namespace anchor6::core {

/// The sessions of a gateway, found by everything that they are known by. A reference is good until
/// its session is erased.
class GatewaySessions {
public:
    GatewaySession& create(GatewaySession session);
    /// The session's identifier is no longer needed by others; neither is anything else of it.
    void erase(std::uint64_t id);

    GatewaySession* find(std::uint64_t id);
    GatewaySession* find(std::string_view identifier);
    const GatewaySession* find(std::string_view identifier) const;
    /// Who is there.
    GatewaySession* find(const AccessPoint& at);
    const GatewaySession* find(const AccessPoint& at) const;
    std::vector<std::uint64_t> at(std::string_view interface) const;
    std::vector<std::uint64_t> of(const wire::Address& lma_address) const;
    std::vector<std::uint64_t> all() const;
    /// From this identifier on.
    auto from(std::uint64_t id) const { return sessions_.lower_bound(id); }
    auto end() const { return sessions_.end(); }
    std::size_t size() const { return sessions_.size(); }

    /// The node has come to a place, or has left its place.
    void place(GatewaySession& session, const AccessPoint& at);
    void leave(GatewaySession& session);

    /// The prefixes are the session's, and no others.
    void hold(GatewaySession& session, std::vector<wire::Prefix> prefixes);
    /// None of the prefixes is, even in part, another session's.
    bool are_free(const GatewaySession& session, const std::vector<wire::Prefix>& prefixes) const;

    /// When it is to be looked at, as its values say now.
    void schedule(const GatewaySession& session);
    std::optional<std::uint64_t> take_due(BootTime now) { return deadlines_.take_due(now); }
    std::optional<BootTime> next_deadline() const { return deadlines_.next(); }

private:
    std::map<std::uint64_t, GatewaySession> sessions_;
    std::map<std::string, std::uint64_t, std::less<>> identifiers_;
    std::map<AccessPoint, std::uint64_t> places_;
    PrefixMap<std::uint64_t> prefixes_;
    HashedDeadlines<std::uint64_t> deadlines_;
    std::uint64_t last_id_ = 0;
};

} // namespace anchor6::core
