// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/existence_test.h"

#include <algorithm>
#include <optional>
#include <string>

namespace anchor6::core {

namespace {

using Kind = Existence::Kind;
using wire::HandoffIndicator;

// Longer than the pauses in which a MAG repeats a message at first (RFC 6275 11.8: 1, 2 and 4 s).
constexpr std::chrono::seconds repetition_max{5};

Existence create() {
    return {};
}
Existence update(const ProxyBinding& session) {
    return {Kind::update, &session, {}};
}

// A session that the previous MAG has already de-registered need not be waited for.
Existence wait(Kind kind, const ProxyBinding& session) {
    const bool active = session.state == ProxyBinding::State::active;
    return {active ? kind : Kind::update, &session, {}};
}

const ProxyBinding* only_session(const ProxyCache& cache, const SessionQuery& query) {
    const auto sessions = cache.sessions(query.mn_identifier);
    return sessions.size() == 1 ? sessions.front() : nullptr;
}

const ProxyBinding* session_of(const ProxyCache& cache, const PrefixPool& pool,
                               const wire::Prefix& prefix) {
    const std::string* holder = pool.holder(prefix);
    return holder == nullptr ? nullptr : cache.find(*holder, prefix);
}

const ProxyBinding* session_of_any_prefix(const ProxyCache& cache, const PrefixPool& pool,
                                          const SessionQuery& query) {
    for (const wire::PrefixOption& option : query.home_network_prefixes)
        if (const auto prefix = option.value())
            if (const ProxyBinding* session = session_of(cache, pool, *prefix))
                return session;
    return nullptr;
}

bool same_prefixes(const ProxyBinding& session, const SessionQuery& query) {
    std::vector<wire::Prefix> asked;
    for (const wire::PrefixOption& option : query.home_network_prefixes)
        asked.push_back(option.value().value_or(wire::Prefix{}));
    return std::ranges::is_permutation(asked, session.home_network_prefixes);
}

bool same_interface(const ProxyBinding& session, const SessionQuery& query) {
    if (session.access_technology != query.access_technology)
        return false;
    if (query.link_layer_identifier.empty())
        return session.link_layer_identifier.empty() &&
               query.handoff == HandoffIndicator::between_mags;
    return std::ranges::equal(session.link_layer_identifier, query.link_layer_identifier);
}

bool same_mag(const ProxyBinding& session, const SessionQuery& query) {
    return session.proxy_care_of_address == query.proxy_care_of_address;
}

Existence rfc5213_5_4_1_1_prefix_decides(const ProxyCache& cache, const PrefixPool& pool,
                                         const SessionQuery& query) {
    const ProxyBinding* session = session_of_any_prefix(cache, pool, query);
    if (session == nullptr)
        return create();
    if (session->mn_identifier != query.mn_identifier)
        return {Kind::refuse, nullptr, wire::Status::not_authorized_for_home_network_prefix};
    if (!same_prefixes(*session, query))
        return {Kind::refuse, session, wire::Status::bce_pbu_prefix_set_do_not_match};
    if (same_interface(*session, query) || query.handoff == HandoffIndicator::between_interfaces ||
        same_mag(*session, query))
        return update(*session);
    // A second session would need the same prefix: what the MAG does not know is waited for.
    return wait(Kind::wait_then_update, *session);
}

Existence rfc5213_5_4_1_2_interface_decides(const ProxyCache& cache, const SessionQuery& query) {
    if (const ProxyBinding* session =
            cache.find(query.mn_identifier, query.access_technology, query.link_layer_identifier))
        return update(*session);
    const ProxyBinding* only = only_session(cache, query);
    if (only != nullptr && query.handoff == HandoffIndicator::between_interfaces)
        return update(*only);
    if (only != nullptr && query.handoff == HandoffIndicator::unknown)
        return wait(Kind::wait_then_create, *only);
    return create();
}

// The message that made the session, sent again because its answer was lost: nothing tells it from
// that of another interface but the time (Documentation/decisions/0006-repeated-registration.md).
bool repeats(const ProxyBinding& session, const SessionQuery& query) {
    return query.registers_at && same_mag(session, query) &&
           session.state == ProxyBinding::State::active &&
           session.access_technology == query.access_technology &&
           session.link_layer_identifier.empty() &&
           session.handoff_indicator == static_cast<std::uint8_t>(query.handoff) &&
           *query.registers_at < session.expires - session.lifetime + repetition_max;
}

Existence create_unless_repeated(const ProxyCache& cache, const SessionQuery& query) {
    const auto sessions = cache.sessions(query.mn_identifier);
    const auto made = std::ranges::find_if(
        sessions, [&](const ProxyBinding* session) { return repeats(*session, query); });
    return made == sessions.end() ? create() : update(**made);
}

// A MAG that renews its own session may say "unknown" each time; one that says "unchanged" of
// another MAG's session cannot know, and counts as "unknown".
Existence rfc5213_5_4_1_3_node_decides(const ProxyCache& cache, const SessionQuery& query) {
    const ProxyBinding* only = only_session(cache, query);
    if (only == nullptr)
        return create_unless_repeated(cache, query);
    switch (query.handoff) {
    case HandoffIndicator::between_interfaces:
    case HandoffIndicator::between_mags:
        return update(*only);
    case HandoffIndicator::unknown:
    case HandoffIndicator::unchanged:
        return same_mag(*only, query) ? update(*only) : wait(Kind::wait_then_create, *only);
    default:
        return create_unless_repeated(cache, query);
    }
}

} // namespace

bool SessionQuery::names_prefixes() const {
    return std::ranges::any_of(home_network_prefixes, [](const wire::PrefixOption& option) {
        return !option.prefix.is_unspecified();
    });
}

Existence binding_cache_entry_existence_test(const ProxyCache& cache, const PrefixPool& pool,
                                             const SessionQuery& query) {
    if (query.names_prefixes())
        return rfc5213_5_4_1_1_prefix_decides(cache, pool, query);
    if (!query.link_layer_identifier.empty())
        return rfc5213_5_4_1_2_interface_decides(cache, query);
    return rfc5213_5_4_1_3_node_decides(cache, query);
}

} // namespace anchor6::core
