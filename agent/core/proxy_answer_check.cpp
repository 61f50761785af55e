// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy_answer_check.h"

#include <algorithm>

namespace anchor6::core {

namespace {

using wire::Status;
using Objection = std::optional<Counter>;
using Check = bool (*)(const ProxyAnswer&);

const wire::Options& options(const ProxyAnswer& answer) {
    return answer.answer.options;
}

bool is_refusal(const ProxyAnswer& answer) {
    return wire::is_refusal(answer.answer.status);
}

// What an accepted registration says of prefixes and lifetime; a de-registration says nothing new.
bool grants(const ProxyAnswer& answer) {
    return !is_refusal(answer) && answer.session.request == GatewaySession::Request::registration;
}

bool rfc5213_6_9_1_2_is_from_the_anchor_asked(const ProxyAnswer& answer) {
    return answer.packet.source == answer.session.lma_address &&
           answer.packet.destination == answer.config.address;
}

// With status 135 the number is the last one that the anchor has accepted.
bool rfc5213_6_9_1_2_has_the_awaited_sequence_number(const ProxyAnswer& answer) {
    const BindingUpdateListEntry& entry = answer.session.entry;
    return entry.awaits(answer.answer.sequence) ||
           (entry.is_awaiting() && answer.answer.status == Status::sequence_out_of_window);
}

// A refusal has the anchor's own time.
bool rfc5213_5_5_echoes_the_timestamp(const ProxyAnswer& answer) {
    return is_refusal(answer) || options(answer).timestamp == answer.session.timestamp;
}

template <class Value, class Asked>
bool is_or_lacks(const std::optional<Value>& option, const Asked& asked) {
    return !option || *option == asked;
}

bool rfc5213_5_3_6_copies_what_was_asked(const ProxyAnswer& answer) {
    const GatewaySession& session = answer.session;
    return is_refusal(answer) ||
           (is_or_lacks(options(answer).handoff_indicator,
                        static_cast<std::uint8_t>(session.handoff)) &&
            is_or_lacks(options(answer).access_technology_type, session.access_technology) &&
            is_or_lacks(options(answer).link_layer_identifier, session.at.link_layer_address));
}

bool rfc5213_6_9_1_2_has_a_lifetime(const ProxyAnswer& answer) {
    return !grants(answer) || answer.answer.lifetime != 0;
}

// Neither may lie in a node's prefix: its own packets to the anchor would take the tunnel.
bool is_home_network_prefix(const wire::PrefixOption& option, const ProxyAnswer& answer) {
    const auto prefix = option.value();
    return prefix && prefix->length() != 0 && prefix->address().is_routable_unicast() &&
           !prefix->contains(answer.config.address) &&
           !prefix->contains(answer.session.lma_address);
}

bool overlaps_local_prefix(const wire::Prefix& prefix, const GatewayConfig& config) {
    return std::ranges::any_of(config.access_links, [&](const AccessLink& link) {
        return link.local_prefix && link.local_prefix->overlaps(prefix);
    });
}

bool are_disjoint(const std::vector<wire::Prefix>& prefixes) {
    for (auto one = prefixes.begin(); one != prefixes.end(); ++one)
        for (auto other = prefixes.begin(); other != one; ++other)
            if (one->overlaps(*other))
                return false;
    return true;
}

bool rfc5213_6_9_1_2_has_home_network_prefixes(const ProxyAnswer& answer) {
    if (!grants(answer))
        return true;
    const auto& list = options(answer).home_network_prefixes;
    return !list.empty() && std::ranges::all_of(list, [&](const wire::PrefixOption& option) {
        return is_home_network_prefix(option, answer);
    }) && are_disjoint(prefixes_of(options(answer)));
}

bool rfc5213_6_9_1_2_has_the_prefixes_asked_for(const ProxyAnswer& answer) {
    return !grants(answer) || answer.session.asked.empty() ||
           std::ranges::is_permutation(prefixes_of(options(answer)), answer.session.asked);
}

// Who has a prefix keeps it: an anchor that gives it to two nodes is wrong about one of them.
bool has_prefixes_of_nobody_else(const ProxyAnswer& answer) {
    const auto prefixes = prefixes_of(options(answer));
    return !grants(answer) || (answer.sessions.are_free(answer.session, prefixes) &&
                               std::ranges::none_of(prefixes, [&](const wire::Prefix& prefix) {
                                   return overlaps_local_prefix(prefix, answer.config);
                               }));
}

bool rfc5213_6_8_has_a_link_local_address(const ProxyAnswer& answer) {
    const auto& address = options(answer).link_local_address;
    return !grants(answer) || answer.config.link_local_address || !address ||
           address->is_link_local();
}

struct Step {
    Check check;
    Counter objection;
};

constexpr Step steps[] = {
    {rfc5213_6_9_1_2_is_from_the_anchor_asked, Counter::gateway_answers_of_strangers},
    {rfc5213_6_9_1_2_has_the_awaited_sequence_number, Counter::gateway_answers_unexpected},
    {rfc5213_5_5_echoes_the_timestamp, Counter::gateway_answers_other_timestamp},
    {rfc5213_5_3_6_copies_what_was_asked, Counter::gateway_answers_other_options},
    {rfc5213_6_9_1_2_has_a_lifetime, Counter::gateway_answers_without_lifetime},
    {rfc5213_6_9_1_2_has_home_network_prefixes, Counter::gateway_answers_bad_prefix},
    {rfc5213_6_9_1_2_has_the_prefixes_asked_for, Counter::gateway_answers_other_prefixes},
    {has_prefixes_of_nobody_else, Counter::gateway_answers_prefix_taken},
    {rfc5213_6_8_has_a_link_local_address, Counter::gateway_answers_bad_link_local_address},
};

} // namespace

std::vector<wire::Prefix> prefixes_of(const wire::Options& options) {
    std::vector<wire::Prefix> prefixes;
    for (const wire::PrefixOption& option : options.home_network_prefixes)
        if (const auto prefix = option.value())
            prefixes.push_back(*prefix);
    return prefixes;
}

std::optional<Counter> check_proxy_answer(const ProxyAnswer& answer) {
    for (const Step& step : steps)
        if (!step.check(answer))
            return step.objection;
    return std::nullopt;
}

} // namespace anchor6::core
