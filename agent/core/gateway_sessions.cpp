// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/gateway_sessions.h"

#include <utility>

namespace anchor6::core {

GatewaySession& GatewaySessions::create(GatewaySession session) {
    session.id = ++last_id_;
    if (!session.identifier.empty())
        identifiers_.emplace(session.identifier, session.id);
    places_.emplace(session.at, session.id);
    return sessions_.emplace(session.id, std::move(session)).first->second;
}

void GatewaySessions::erase(std::uint64_t id) {
    const auto found = sessions_.find(id);
    GatewaySession& session = found->second;
    leave(session);
    hold(session, {});
    identifiers_.erase(session.identifier);
    deadlines_.clear(id);
    sessions_.erase(found);
}

GatewaySession* GatewaySessions::find(std::uint64_t id) {
    const auto found = sessions_.find(id);
    return found != sessions_.end() ? &found->second : nullptr;
}

GatewaySession* GatewaySessions::find(std::string_view identifier) {
    const auto found = identifiers_.find(identifier);
    return found != identifiers_.end() ? find(found->second) : nullptr;
}

const GatewaySession* GatewaySessions::find(std::string_view identifier) const {
    const auto found = identifiers_.find(identifier);
    return found != identifiers_.end() ? &sessions_.at(found->second) : nullptr;
}

GatewaySession* GatewaySessions::find(const AccessPoint& at) {
    const auto found = places_.find(at);
    return found != places_.end() ? find(found->second) : nullptr;
}

const GatewaySession* GatewaySessions::find(const AccessPoint& at) const {
    const auto found = places_.find(at);
    return found != places_.end() ? &sessions_.at(found->second) : nullptr;
}

std::vector<std::uint64_t> GatewaySessions::at(std::string_view interface) const {
    std::vector<std::uint64_t> ids;
    for (auto entry = places_.lower_bound({std::string{interface}, {}});
         entry != places_.end() && entry->first.interface == interface; ++entry)
        ids.push_back(entry->second);
    return ids;
}

std::vector<std::uint64_t> GatewaySessions::of(const wire::Address& lma_address) const {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, session] : sessions_)
        if (session.mobility == NodeMobility::proxy && session.lma_address == lma_address)
            ids.push_back(id);
    return ids;
}

std::vector<std::uint64_t> GatewaySessions::all() const {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, session] : sessions_)
        ids.push_back(id);
    return ids;
}

void GatewaySessions::place(GatewaySession& session, const AccessPoint& at) {
    leave(session);
    session.at = at;
    session.attached = true;
    places_.emplace(at, session.id);
}

void GatewaySessions::leave(GatewaySession& session) {
    if (std::exchange(session.attached, false))
        places_.erase(session.at);
}

// The local prefix of an access link is everybody's there.
void GatewaySessions::hold(GatewaySession& session, std::vector<wire::Prefix> prefixes) {
    const bool own = session.mobility == NodeMobility::proxy;
    if (own)
        for (const wire::Prefix& prefix : session.prefixes)
            prefixes_.erase(prefix);
    session.prefixes = std::move(prefixes);
    if (own)
        for (const wire::Prefix& prefix : session.prefixes)
            prefixes_[prefix] = session.id;
}

bool GatewaySessions::are_free(const GatewaySession& session,
                               const std::vector<wire::Prefix>& prefixes) const {
    bool free = true;
    for (const wire::Prefix& prefix : prefixes)
        prefixes_.each_overlapping(
            prefix, [&](const auto& entry) { free = free && entry.second == session.id; });
    return free;
}

void GatewaySessions::schedule(const GatewaySession& session) {
    const auto due = session.denied ? std::nullopt
                                    : earliest({session.entry.due(), session.entry.expires(),
                                                session.advertise_due, session.install_due});
    if (due)
        deadlines_.set(session.id, *due);
    else
        deadlines_.clear(session.id);
}

} // namespace anchor6::core
