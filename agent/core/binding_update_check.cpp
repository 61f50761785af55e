// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/binding_update_check.h"

#include <algorithm>
#include <span>

#include "core/lifetime.h"
#include "core/message_authentication.h"
#include "core/prefix_lifetimes.h"
#include "core/sequence.h"

namespace anchor6::core {

namespace {

using wire::Status;
using Check = Verdict (*)(const HomeRegistration&);

// Care-of addresses that are home addresses here, each bound to the next: deeper is a loop.
constexpr int care_of_nesting_max = 4;

Verdict rfc6275_9_5_1_home_address(const HomeRegistration& registration) {
    return registration.home_address.is_routable_unicast() ? accept()
                                                           : drop(Counter::bu_bad_home_address);
}

Verdict rfc6275_9_5_1_care_of_address(const HomeRegistration& registration) {
    const bool good = registration.care_of_address.is_routable_unicast() &&
                      registration.request.packet.source.is_routable_unicast();
    return good ? accept() : drop(Counter::bu_bad_care_of_address);
}

Verdict rfc6275_9_5_1_correspondent_options(const HomeRegistration& registration) {
    const wire::Options& options = registration.update().options;
    return options.nonce_indices || options.binding_authorization_data
               ? drop(Counter::bu_correspondent_option)
               : accept();
}

// Only a node at home writes without the option, and all it can want is to de-register.
Verdict rfc6275_10_3_1_home_address_option(const HomeRegistration& registration) {
    return registration.from_home() && !registration.is_deregistration()
               ? drop(Counter::bu_no_home_address_option)
               : accept();
}

Verdict rfc4285_5_1_authenticator(const HomeRegistration& registration) {
    const auto& option = registration.update().options.authentication;
    if (!option)
        return refuse(Counter::bu_no_authenticator, Status::mipv6_auth_fail);
    return refuse_unless(is_authentic(*option, *registration.node->mn_ha,
                                      {registration.care_of_address, registration.home_address}),
                         Counter::bu_bad_authenticator, Status::mipv6_auth_fail);
}

bool has_key(const HomeRegistration& registration) {
    return registration.node != nullptr && registration.node->mn_ha.has_value();
}

// Each kind by its name. Nodes that name none are refused with their policy; of a node without a
// key the option counts for nothing, since nobody can check it.
Verdict policy_authentication(const HomeRegistration& registration) {
    if (registration.node == nullptr || !registration.node->authentication)
        return accept();
    switch (*registration.node->authentication) {
    case Authentication::none:
        return accept();
    case Authentication::mn_ha:
        return has_key(registration) ? rfc4285_5_1_authenticator(registration) : accept();
    }
    return accept();
}

// Measured when the message came, not when its turn comes.
Verdict rfc4285_6_message_id(const HomeRegistration& registration) {
    if (!has_key(registration) || !registration.node->mn_ha->replay_protection)
        return accept();
    const auto& id = registration.update().options.message_id;
    if (!id)
        return refuse(Counter::bu_no_message_id, Status::mipv6_mesg_id_reqd);
    const auto clock = wire::to_message_id(registration.request.received.real.time_since_epoch());
    if (!is_timely(*id, clock, registration.step.policy.timers().message_id_window))
        return refuse(Counter::bu_message_id_mismatch, Status::mipv6_id_mismatch);
    const HomeBinding* binding = registration.binding;
    const bool repeated =
        binding != nullptr && binding->message_id && !is_later(*id, *binding->message_id);
    return refuse_unless(!repeated, Counter::bu_message_id_repeated, Status::mipv6_id_mismatch);
}

// A correspondent registration: a home agent is nobody's correspondent.
Verdict rfc6275_9_5_1_correspondent_registration(const HomeRegistration& registration) {
    const bool home = registration.update().has(wire::bu_flag::home_registration);
    return home || registration.is_active() ? accept()
                                            : drop(Counter::bu_correspondent_registration);
}

Verdict rfc6275_9_5_1_sequence_number(const HomeRegistration& registration) {
    const HomeBinding* binding = registration.binding;
    if (binding == nullptr ||
        Sequence{registration.update().sequence}.newer_than(Sequence{binding->sequence}))
        return accept();
    return refuse(Counter::bu_sequence_out_of_window, Status::sequence_out_of_window);
}

Verdict rfc6275_9_5_1_registration_type(const HomeRegistration& registration) {
    constexpr auto type = wire::bu_flag::home_registration | wire::bu_flag::mobile_router;
    if (!registration.is_active() ||
        ((registration.update().flags ^ registration.binding->flags) & type) == 0)
        return accept();
    return refuse(Counter::bu_registration_type_change,
                  Status::registration_type_change_disallowed);
}

Verdict rfc6275_10_3_1_home_agent(const HomeRegistration& registration) {
    return registration.group != nullptr
               ? accept()
               : refuse(Counter::bu_not_home_agent, Status::home_registration_not_supported);
}

Verdict rfc6275_10_3_2_binding_exists(const HomeRegistration& registration) {
    return registration.is_active()
               ? accept()
               : refuse(Counter::bu_no_binding, Status::not_home_agent_for_this_mobile_node);
}

Verdict rfc6275_10_3_1_home_subnet(const HomeRegistration& registration) {
    return refuse_unless(registration.home_prefix != nullptr, Counter::bu_not_home_subnet,
                         Status::not_home_subnet);
}

Verdict rfc6275_10_3_1_valid_home_prefix(const HomeRegistration& registration) {
    const auto left = valid_left(registration.home_prefix->lifetimes, registration.step.now.real);
    return refuse_unless(left >= LifetimeUnits{1}, Counter::bu_home_prefix_not_valid,
                         Status::not_home_subnet);
}

Verdict policy_known_node(const HomeRegistration& registration) {
    const Node* node = registration.node;
    const bool known =
        node != nullptr && registration.step.policy.group(*node) == registration.group;
    return known ? accept() : refuse(Counter::bu_unknown_node, Status::administratively_prohibited);
}

Verdict policy_host_mobility(const HomeRegistration& registration) {
    return registration.node->host_mobility
               ? accept()
               : refuse(Counter::bu_no_host_mobility, Status::administratively_prohibited);
}

Verdict policy_security_association(const HomeRegistration& registration) {
    const Node* node = registration.node;
    const bool configured = node != nullptr && node->authentication &&
                            (*node->authentication == Authentication::none || node->mn_ha);
    return refuse_unless(configured, Counter::bu_no_authentication,
                         Status::administratively_prohibited);
}

// Realms have no prefix table: it is of one router.
std::span<const wire::Prefix> prefix_table(const HomeRegistration& registration) {
    const Node* node = registration.node;
    if (node == nullptr || node->identifier != registration.home->owner)
        return {};
    return node->mobile_network_prefixes;
}

// A new configuration may give to one node what another still holds.
Verdict policy_own_prefix(const HomeRegistration& registration) {
    const PrefixPool::Assignment& home = *registration.home;
    const auto may_hold = [&](const wire::Prefix& prefix) {
        return registration.step.prefixes.may_hold(prefix, home.owner);
    };
    const bool own =
        may_hold(home.prefix) &&
        (!registration.is_implicit() || std::ranges::all_of(prefix_table(registration), may_hold));
    return refuse_unless(own, Counter::bu_foreign_home_prefix, Status::administratively_prohibited);
}

// Does a packet to this address come back to the binding, or go round for ever?
bool leads_back(const HomeRegistration& registration, std::span<const wire::Prefix> bound,
                const wire::Address& hop, int depth) {
    const auto contains_hop = [&](const wire::Prefix& prefix) { return prefix.contains(hop); };
    if (depth == 0 || std::ranges::any_of(bound, contains_hop) ||
        registration.step.policy.is_anchor_address(hop))
        return true;
    const auto next = registration.cache.next_hops(hop, registration.home_address);
    return std::ranges::any_of(next, [&](const wire::Address& address) {
        return leads_back(registration, bound, address, depth - 1);
    });
}

Verdict rfc6275_9_5_1_care_of_address_loop(const HomeRegistration& registration) {
    return leads_back(registration, registration.prefixes(), registration.care_of_address,
                      care_of_nesting_max)
               ? refuse(Counter::bu_care_of_address_loop, Status::invalid_care_of_address)
               : accept();
}

Verdict rfc3963_6_2_mobile_router(const HomeRegistration& registration) {
    return !registration.is_mobile_router() || registration.node->mobile_router
               ? accept()
               : refuse(Counter::bu_no_mobile_router,
                        Status::mobile_router_operation_not_permitted);
}

Verdict rfc3963_6_2_valid_prefixes(const HomeRegistration& registration) {
    if (!registration.is_mobile_router())
        return accept();
    for (const wire::PrefixOption& option : registration.update().options.mobile_network_prefixes) {
        const auto prefix = option.value();
        if (!prefix || !on_home_link(*registration.group, *prefix))
            return refuse(Counter::bu_invalid_prefix, Status::invalid_prefix);
    }
    return accept();
}

Verdict rfc3963_6_2_authorized_prefixes(const HomeRegistration& registration) {
    if (!registration.is_mobile_router())
        return accept();
    for (const wire::PrefixOption& option : registration.update().options.mobile_network_prefixes)
        if (!registration.step.prefixes.belongs_to(*option.value(), registration.home->owner))
            return refuse(Counter::bu_foreign_prefix, Status::not_authorized_for_prefix);
    return accept();
}

Verdict rfc3963_6_2_known_prefix(const HomeRegistration& registration) {
    const bool known =
        registration.home->use != PrefixUse::home_address || !prefix_table(registration).empty();
    return refuse_unless(!registration.is_implicit() || known, Counter::bu_no_network_prefix,
                         Status::forwarding_setup_failed);
}

Verdict rfc3963_6_2_forwarding(const HomeRegistration& registration) {
    for (const wire::Prefix& prefix : registration.prefixes()) {
        const wire::Address* claimant = registration.cache.claimant(prefix);
        if (claimant != nullptr && *claimant != registration.home_address)
            return refuse(Counter::bu_prefix_bound, Status::forwarding_setup_failed);
    }
    return accept();
}

// Two nodes with one interface identifier on the home link: what a probe cannot find, since this
// router would have to answer itself.
Verdict rfc6275_10_4_1_link_local_address(const HomeRegistration& registration) {
    if (registration.home_prefix->link.empty() ||
        !registration.update().has(wire::bu_flag::link_local))
        return accept();
    const wire::Address* defender = registration.cache.defender(
        registration.home_prefix->link, wire::link_local(registration.home_address));
    return refuse_unless(defender == nullptr || *defender == registration.home_address,
                         Counter::bu_link_local_address_bound,
                         Status::duplicate_address_detection_failed);
}

Verdict limit_of_node(const HomeRegistration& registration) {
    const auto limit = registration.step.policy.limits().sessions_per_node;
    return registration.binding != nullptr ||
                   registration.cache.count(registration.home->owner) < limit
               ? accept()
               : refuse(Counter::bu_too_many_of_node, Status::insufficient_resources);
}

Verdict limit_of_bindings(const HomeRegistration& registration) {
    const auto limit = registration.step.policy.limits().bindings;
    return registration.cache.find(registration.home_address) != nullptr ||
                   registration.step.occupancy.bindings < limit
               ? accept()
               : refuse(Counter::bu_too_many_bindings, Status::insufficient_resources);
}

constexpr Check message_checks[] = {
    rfc6275_9_5_1_home_address,
    rfc6275_9_5_1_care_of_address,
    rfc6275_9_5_1_correspondent_options,
    rfc6275_10_3_1_home_address_option,
    policy_authentication,
    rfc4285_6_message_id,
};

constexpr Check common_checks[] = {
    rfc6275_9_5_1_correspondent_registration,
    rfc6275_9_5_1_sequence_number,
    rfc6275_9_5_1_registration_type,
    rfc6275_10_3_1_home_agent,
};

constexpr Check deregistration_checks[] = {
    rfc6275_10_3_2_binding_exists,
    policy_security_association,
};

constexpr Check registration_checks[] = {
    rfc6275_10_3_1_home_subnet,
    rfc6275_10_3_1_valid_home_prefix,
    policy_known_node,
    policy_host_mobility,
    policy_security_association,
    policy_own_prefix,
    rfc6275_9_5_1_care_of_address_loop,
    rfc3963_6_2_mobile_router,
    rfc3963_6_2_valid_prefixes,
    rfc3963_6_2_authorized_prefixes,
    rfc3963_6_2_known_prefix,
    rfc3963_6_2_forwarding,
    limit_of_node,
    limit_of_bindings,
    rfc6275_10_4_1_link_local_address,
};

} // namespace

HomeRegistration::HomeRegistration(const BindingRequest& bu, const HomeCache& home_cache,
                                   const StepContext& context)
    : request(bu), cache(home_cache), step(context), home_address(bu.home_address()),
      care_of_address(bu.care_of_address()), binding(cache.find(home_address)),
      group(step.policy.group_of_home_agent(bu.packet.destination)),
      home(step.prefixes.assignment(home_address)) {
    if (group != nullptr)
        home_prefix = core::home_prefix(*group, home_address);
    if (home)
        node = step.policy.node(home->owner);
    if (binding != nullptr && !is_active() && home && home->owner != binding->node)
        binding = nullptr;
}

bool HomeRegistration::is_active() const {
    return binding != nullptr && binding->state == HomeBinding::State::active;
}

bool HomeRegistration::is_deregistration() const {
    return update().lifetime == 0 || care_of_address == home_address;
}

// The binding that exists answers for its addresses already (RFC 6275 section 10.3.1).
bool HomeRegistration::needs_probe() const {
    return !home_prefix->link.empty() && !is_active() && request.probed_link != home_prefix->link;
}

std::vector<wire::Prefix> HomeRegistration::prefixes() const {
    std::vector<wire::Prefix> result;
    if (is_mobile_router()) {
        for (const wire::PrefixOption& option : update().options.mobile_network_prefixes)
            if (const auto prefix = option.value())
                result.push_back(*prefix);
    }
    if (is_implicit() && home) {
        result.push_back(home->prefix);
        std::ranges::copy(prefix_table(*this), std::back_inserter(result));
    }
    const bool covered = std::ranges::any_of(
        result, [&](const wire::Prefix& prefix) { return prefix.contains(home_address); });
    if (!covered)
        result.push_back(wire::Prefix::host(home_address));
    std::ranges::sort(result);
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

Verdict check_message(const HomeRegistration& registration) {
    return first_refusal<HomeRegistration>(message_checks, registration);
}

Verdict check_registration(const HomeRegistration& registration) {
    if (Verdict verdict = first_refusal<HomeRegistration>(common_checks, registration))
        return verdict;
    return registration.is_deregistration()
               ? first_refusal<HomeRegistration>(deregistration_checks, registration)
               : first_refusal<HomeRegistration>(registration_checks, registration);
}

} // namespace anchor6::core
