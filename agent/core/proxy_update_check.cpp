// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy_update_check.h"

#include <algorithm>

#include "core/sequence.h"
#include "wire/timestamp.h"

namespace anchor6::core {

namespace {

using wire::HandoffIndicator;
using wire::Status;
using Check = Verdict (*)(const ProxyRegistration&);

Verdict rfc5213_5_3_1_step_3_no_home_address_option(const ProxyRegistration& registration) {
    return registration.request.packet.home_address ? drop(Counter::pbu_home_address_option)
                                                    : accept();
}

Verdict rfc6275_9_2_source(const ProxyRegistration& registration) {
    return registration.request.packet.source.is_routable_unicast() ? accept()
                                                                    : drop(Counter::pbu_bad_source);
}

Verdict rfc5213_5_3_1_step_4_mn_identifier(const ProxyRegistration& registration) {
    return refuse_unless(!registration.mn_identifier.empty(), Counter::pbu_no_mn_identifier,
                         Status::missing_mn_identifier_option);
}

Verdict rfc5213_5_3_1_step_5_known_mag(const ProxyRegistration& registration) {
    return refuse_unless(registration.mag != nullptr, Counter::pbu_unknown_mag,
                         Status::mag_not_authorized_for_proxy_reg);
}

Verdict rfc5213_5_3_1_step_5_authentication(const ProxyRegistration& registration) {
    return refuse_unless(registration.mag->authentication.has_value(),
                         Counter::pbu_no_authentication, Status::mag_not_authorized_for_proxy_reg);
}

Verdict rfc5213_5_3_1_step_5_care_of_address(const ProxyRegistration& registration) {
    return refuse_unless(
        registration.step.policy.mag(registration.proxy_care_of_address) == registration.mag,
        Counter::pbu_foreign_care_of_address, Status::mag_not_authorized_for_proxy_reg);
}

Verdict rfc5213_5_3_1_step_6_mag_serves_node(const ProxyRegistration& registration) {
    return refuse_unless(
        registration.step.policy.may_serve(*registration.mag, registration.mn_identifier),
        Counter::pbu_mag_may_not_serve, Status::mag_not_authorized_for_proxy_reg);
}

Verdict rfc5213_5_3_1_step_7_known_node(const ProxyRegistration& registration) {
    return refuse_unless(registration.node != nullptr && registration.group != nullptr,
                         Counter::pbu_unknown_node, Status::not_lma_for_this_mobile_node);
}

Verdict rfc5213_5_3_1_step_7_lma_of_node(const ProxyRegistration& registration) {
    return refuse_unless(registration.group->lma_address == registration.request.packet.destination,
                         Counter::pbu_other_anchor, Status::not_lma_for_this_mobile_node);
}

Verdict rfc5213_5_3_1_step_8_proxy_mobility(const ProxyRegistration& registration) {
    return refuse_unless(registration.node->proxy_mobility, Counter::pbu_no_proxy_mobility,
                         Status::proxy_reg_not_enabled);
}

bool is_strict(const ProxyRegistration& registration) {
    return registration.mag != nullptr && registration.mag->strict;
}

// The largest difference to our clock, in ticks of a timestamp.
std::uint64_t window(const StepContext& step) {
    constexpr std::uint64_t milliseconds = 1000;
    const auto window =
        static_cast<std::uint64_t>(step.policy.timers().timestamp_validity_window.count());
    return ((window << 16) + milliseconds - 1) / milliseconds;
}

wire::Timestamp our_clock(Now now) {
    return wire::to_timestamp(now.real.time_since_epoch());
}

// Measured when the message came, not when its turn comes.
bool within_window(wire::Timestamp timestamp, const StepContext& step, Now received) {
    const wire::Timestamp clock = our_clock(received);
    const std::uint64_t distance = timestamp > clock ? timestamp - clock : clock - timestamp;
    return distance <= window(step);
}

// What was within the window then is far ahead now: until the step has passed nobody could
// register. What is accepted instead is within the window, so that an old message stays refused.
// By our clock of now: a request that has waited may be older than what the session has accepted.
bool was_accepted_before_our_clock_stepped_back(const ProxyRegistration& registration) {
    const StepContext& step = registration.step;
    return !step.policy.timers().mobile_node_generated_timestamp &&
           *registration.existence.session->timestamp > our_clock(step.now) + window(step);
}

Verdict rfc5213_5_5_timestamp(const ProxyRegistration& registration, wire::Timestamp timestamp) {
    const StepContext& step = registration.step;
    if (!step.policy.timers().mobile_node_generated_timestamp &&
        !within_window(timestamp, step, registration.request.received))
        return refuse(Counter::pbu_timestamp_mismatch, Status::timestamp_mismatch);
    const ProxyBinding* session = registration.existence.session;
    if (session == nullptr || !session->timestamp || timestamp > *session->timestamp)
        return accept();
    if (was_accepted_before_our_clock_stepped_back(registration)) {
        step.counters.add(Counter::clock_steps_forgiven);
        return accept();
    }
    return timestamp == *session->timestamp
               ? refuse(Counter::pbu_timestamp_mismatch, Status::timestamp_mismatch)
               : refuse(Counter::pbu_timestamp_lower, Status::timestamp_lower_than_prev_accepted);
}

Verdict newer_than(std::uint16_t last, const ProxyRegistration& registration) {
    return refuse_unless(Sequence{registration.update().sequence}.newer_than(Sequence{last}),
                         Counter::pbu_sequence_out_of_window, Status::sequence_out_of_window);
}

// A node that comes back is announced once more when the first message is lost to this; one that
// has just left is not taken back by what its old MAG had still on the way.
bool comes_late(const ProxyRegistration& registration) {
    const StepContext& step = registration.step;
    const HandoffIndicator handoff = registration.query.handoff;
    return step.now.boot < registration.existence.session->previous->left +
                               step.policy.timers().max_delay_before_new_bce_assign &&
           (handoff == HandoffIndicator::unknown || handoff == HandoffIndicator::unchanged);
}

// Each MAG counts for itself: the numbers of two of them say nothing about their order.
Verdict rfc5213_5_5_sequence_number(const ProxyRegistration& registration) {
    const ProxyBinding* session = registration.existence.session;
    if (session == nullptr)
        return accept();
    if (session->proxy_care_of_address == registration.proxy_care_of_address)
        return newer_than(session->sequence, registration);
    if (!registration.is_of_previous_mag() || registration.is_deregistration())
        return accept();
    if (auto refusal = newer_than(session->previous->sequence, registration))
        return refusal;
    return comes_late(registration) ? drop(Counter::pbu_late_of_previous_mag) : accept();
}

Verdict rfc5213_5_3_1_step_9_order(const ProxyRegistration& registration) {
    const auto& timestamp = registration.options().timestamp;
    if (!timestamp && is_strict(registration))
        return refuse(Counter::pbu_no_timestamp, Status::timestamp_mismatch);
    return timestamp ? rfc5213_5_5_timestamp(registration, *timestamp)
                     : rfc5213_5_5_sequence_number(registration);
}

Verdict rfc5213_5_3_1_step_10_home_network_prefix(const ProxyRegistration& registration) {
    return refuse_unless(!registration.options().home_network_prefixes.empty(),
                         Counter::pbu_no_home_network_prefix,
                         Status::missing_home_network_prefix_option);
}

Verdict rfc5213_5_3_1_step_11_handoff_indicator(const ProxyRegistration& registration) {
    return refuse_unless(registration.options().handoff_indicator.value_or(0) != 0,
                         Counter::pbu_no_handoff_indicator,
                         Status::missing_handoff_indicator_option);
}

// Gateways in the field send the reserved type 0: an error only of a strict one.
Verdict rfc5213_5_3_1_step_12_access_technology(const ProxyRegistration& registration) {
    const auto& type = registration.options().access_technology_type;
    return refuse_unless(type && (*type != 0 || !is_strict(registration)),
                         Counter::pbu_no_access_technology,
                         Status::missing_access_tech_type_option);
}

Verdict rfc5213_5_3_1_step_13_existence(const ProxyRegistration& registration) {
    if (registration.existence.kind != Existence::Kind::refuse)
        return accept();
    const Status status = registration.existence.refusal;
    return refuse(status == Status::bce_pbu_prefix_set_do_not_match
                      ? Counter::pbu_prefix_set_differs
                      : Counter::pbu_foreign_prefix,
                  status);
}

constexpr Check message_checks[] = {
    rfc5213_5_3_1_step_3_no_home_address_option,
    rfc6275_9_2_source,
    rfc5213_5_3_1_step_4_mn_identifier,
    rfc5213_5_3_1_step_5_known_mag,
    rfc5213_5_3_1_step_5_authentication,
    rfc5213_5_3_1_step_5_care_of_address,
    rfc5213_5_3_1_step_6_mag_serves_node,
    rfc5213_5_3_1_step_7_known_node,
    rfc5213_5_3_1_step_7_lma_of_node,
    rfc5213_5_3_1_step_8_proxy_mobility,
};

constexpr Check registration_checks[] = {
    rfc5213_5_3_1_step_9_order,
    rfc5213_5_3_1_step_10_home_network_prefix,
    rfc5213_5_3_1_step_11_handoff_indicator,
    rfc5213_5_3_1_step_12_access_technology,
    rfc5213_5_3_1_step_13_existence,
};

std::string_view identifier(const wire::Options& options) {
    return options.mn_identifier ? std::string_view{options.mn_identifier->identifier}
                                 : std::string_view{};
}

// An identifier of another kind than a NAI stands in nobody's configuration.
const Node* profile(const Policy& policy, const wire::Options& options) {
    const bool nai =
        options.mn_identifier && options.mn_identifier->subtype == wire::MnIdentifier::nai;
    return nai ? policy.node(options.mn_identifier->identifier) : nullptr;
}

// Values that came after RFC 5213 tell this anchor nothing.
HandoffIndicator handoff_indicator(const wire::Options& options) {
    const auto value = options.handoff_indicator.value_or(0);
    return value <= static_cast<std::uint8_t>(HandoffIndicator::unchanged)
               ? static_cast<HandoffIndicator>(value)
               : HandoffIndicator::unknown;
}

} // namespace

ProxyRegistration::ProxyRegistration(const BindingRequest& pbu, const ProxyCache& proxy_cache,
                                     const StepContext& context)
    : request(pbu), cache(proxy_cache), step(context), proxy_care_of_address(pbu.care_of_address()),
      mn_identifier(identifier(pbu.update.options)), mag(step.policy.mag(pbu.packet.source)),
      node(profile(step.policy, pbu.update.options)),
      group(node != nullptr ? step.policy.group(*node) : nullptr),
      query{mn_identifier,
            options().home_network_prefixes,
            options().access_technology_type.value_or(0),
            {},
            handoff_indicator(options()),
            proxy_care_of_address,
            is_deregistration() ? std::nullopt : std::optional{step.now.boot}} {
    if (options().link_layer_identifier)
        query.link_layer_identifier = *options().link_layer_identifier;
    existence = binding_cache_entry_existence_test(cache, step.prefixes, query);
}

bool ProxyRegistration::is_of_previous_mag() const {
    const ProxyBinding* session = existence.session;
    return session != nullptr && session->previous &&
           session->previous->proxy_care_of_address == proxy_care_of_address &&
           session->proxy_care_of_address != proxy_care_of_address;
}

Verdict check_message(const ProxyRegistration& registration) {
    return first_refusal<ProxyRegistration>(message_checks, registration);
}

Verdict check_registration(const ProxyRegistration& registration) {
    return first_refusal<ProxyRegistration>(registration_checks, registration);
}

} // namespace anchor6::core
