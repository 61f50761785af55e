// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/session_prefixes.h"

#include <algorithm>

namespace anchor6::core {

namespace {

using wire::Status;

// RFC 4832: what a MAG may not register it cannot take, whoever's node it names.
bool is_of_mag(const ProxyRegistration& registration, const wire::Prefix& prefix) {
    const auto& scopes = registration.mag->home_network_prefixes;
    return scopes.empty() || std::ranges::any_of(scopes, [&](const wire::Prefix& scope) {
               return scope.contains(prefix);
           });
}

bool may_name(const ProxyRegistration& registration, const std::optional<wire::Prefix>& prefix) {
    return prefix && on_home_link(*registration.group, *prefix) &&
           registration.cache.find(registration.mn_identifier, *prefix) == nullptr &&
           registration.step.prefixes.may_request(*prefix, registration.mn_identifier,
                                                  registration.group->id);
}

SessionPrefixes named_prefixes(const ProxyRegistration& registration) {
    SessionPrefixes result;
    for (const wire::PrefixOption& option : registration.options().home_network_prefixes) {
        const auto prefix = option.value();
        const bool repeated = prefix && std::ranges::count(result.prefixes, *prefix) != 0;
        if (repeated || !may_name(registration, prefix) || !is_of_mag(registration, *prefix))
            return {{},
                    refuse(Counter::pbu_foreign_prefix,
                           Status::not_authorized_for_home_network_prefix)};
        result.prefixes.push_back(*prefix);
    }
    return result;
}

// A prefix that the node's home binding has kept for it while it was away.
std::optional<wire::Prefix> kept_prefix(const ProxyRegistration& registration,
                                        const PrefixPool& pool) {
    for (const wire::Prefix& prefix : pool.held_by(std::string{registration.mn_identifier}))
        if (may_name(registration, prefix))
            return prefix;
    return std::nullopt;
}

std::vector<wire::Prefix> own_prefixes(const ProxyRegistration& registration, PrefixPool& pool,
                                       const PrefixRetention& retention) {
    if (!registration.node->home_network_prefixes.empty())
        return unused_fixed_prefixes(registration);
    if (const auto kept = kept_prefix(registration, pool))
        return {*kept};
    if (const auto free = pool.find_free(registration.group->id))
        return {*free};
    // Better somebody's of yesterday than none.
    if (const auto oldest = retention.oldest(*registration.group, pool)) {
        registration.step.counters.add(Counter::retentions_cut_short);
        return {*oldest};
    }
    return {};
}

} // namespace

std::vector<wire::Prefix> unused_fixed_prefixes(const ProxyRegistration& registration) {
    std::vector<wire::Prefix> result;
    std::ranges::copy_if(
        registration.node->home_network_prefixes, std::back_inserter(result),
        [&](const wire::Prefix& prefix) { return may_name(registration, prefix); });
    return result;
}

SessionPrefixes choose_prefixes(const ProxyRegistration& registration, PrefixPool& pool,
                                const PrefixRetention& retention) {
    if (registration.query.names_prefixes())
        return named_prefixes(registration);
    SessionPrefixes result{own_prefixes(registration, pool, retention), accept()};
    if (!std::ranges::all_of(result.prefixes, [&](const wire::Prefix& prefix) {
            return is_of_mag(registration, prefix);
        }))
        return {
            {},
            refuse(Counter::pbu_prefix_not_of_mag, Status::not_authorized_for_home_network_prefix)};
    if (result.prefixes.empty())
        result.verdict = refuse(Counter::pbu_no_free_prefix, Status::insufficient_resources);
    return result;
}

bool may_keep_prefixes(const ProxyRegistration& registration, const ProxyBinding& session) {
    return std::ranges::all_of(session.home_network_prefixes, [&](const wire::Prefix& prefix) {
        return on_home_link(*registration.group, prefix) && is_of_mag(registration, prefix) &&
               registration.step.prefixes.may_hold(prefix, registration.mn_identifier);
    });
}

} // namespace anchor6::core
