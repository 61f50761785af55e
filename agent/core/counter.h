// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace anchor6::core {

// X(name, text): a counter of the agent. One line a reason; CLI and Documentation/counters.md come
// from this list.
#define ANCHOR6_AGENT_COUNTERS(X)                                                                  \
    X(binding_updates, "Binding Updates received")                                                 \
    X(proxy_binding_updates, "Proxy Binding Updates received")                                     \
    X(messages_received, "Mobility Header messages received")                                      \
    X(messages_elsewhere, "messages to an address that is no anchor address, ignored")             \
    X(messages_too_long, "messages longer than any valid one, ignored")                            \
    X(messages_without_addresses, "messages whose addresses the kernel did not tell, ignored")     \
    X(receive_failures, "reads of the Mobility Header socket that failed")                         \
    X(messages_sent, "Mobility Header messages sent")                                              \
    X(messages_not_sent, "messages that the kernel did not send")                                  \
    X(messages_not_written, "answers longer than any message can be, not sent")                    \
    X(icmp_received, "ICMPv6 messages received: discovery, router advertisements")                 \
    X(icmp_too_long, "ICMPv6 messages longer than any sensible one, ignored")                      \
    X(icmp_without_addresses, "ICMPv6 messages whose addresses the kernel did not tell, ignored")  \
    X(icmp_receive_failures, "reads of the ICMPv6 socket that failed")                             \
    X(icmp_malformed, "ICMPv6 messages that end early or with a wrong option or code")             \
    X(icmp_not_of_neighbour, "router advertisements that a router elsewhere may have sent")        \
    X(icmp_sent, "ICMPv6 messages sent")                                                           \
    X(icmp_not_sent, "ICMPv6 messages that the kernel did not send")                               \
    X(icmp_not_written, "ICMPv6 answers longer than any message can be, not sent")                 \
    X(announcements_sent, "unsolicited neighbour advertisements sent on home links")               \
    X(announcements_not_sent, "unsolicited neighbour advertisements that the link did not take")   \
    X(home_address_reports, "reports of Home Address options without a binding")                   \
    X(home_address_reports_lost, "times that such reports came faster than they were read")        \
    X(kernel_notifications, "changes of the kernel's bindings that somebody else made")            \
    X(kernel_notifications_lost, "times that notifications came faster than they were read")       \
    X(kernel_resyncs, "comparisons with the kernel after such changes or of a home link")          \
    X(store_failures, "commits of the store that failed")                                          \
    X(store_rows_refused, "rows of the store that made no sense at the start, left out")           \
    X(kernel_refusals, "transactions that the kernel module refused, undone")                      \
    X(undo_retries, "undos of a refused transaction that had to be tried again")                   \
    X(control_refusals, "connections to the control socket beyond its bound, closed")              \
    X(control_bad_requests, "requests to the control socket that were no valid command")           \
    X(parse_truncated, "messages shorter than their fixed part")                                   \
    X(parse_unknown_type, "messages of an unknown type")                                           \
    X(parse_bad_payload_proto, "messages with a header after the Mobility Header")                 \
    X(parse_header_too_short, "messages with a Header Len below the type's minimum")               \
    X(parse_header_beyond_packet, "messages with a Header Len beyond the packet")                  \
    X(parse_bad_option_length, "messages with an option of a wrong length")                        \
    X(parse_duplicate_option, "messages with an option twice that may stand once")                 \
    X(parse_unknown_revocation, "Binding Revocation messages of an unknown kind, dropped")         \
    X(message_not_for_anchor, "messages of a type that an anchor does not receive")                \
    X(binding_errors_sent, "Binding Errors sent")                                                  \
    X(binding_errors_suppressed, "Binding Errors not sent: rate limit or source address")          \
    X(home_address_unbound, "packets with a Home Address option that no binding covers, dropped")  \
    X(home_address_unused, "other packets with a Home Address option, dropped")                    \
    X(icmp_not_for_anchor, "ICMPv6 messages of a type that an anchor does not receive")            \
    X(discovery_replies, "Home Agent Address Discovery Replies sent")                              \
    X(discovery_suppressed, "discovery requests not answered: rate limit")                         \
    X(discovery_not_for_home_agents, "discovery requests to no home agent, or from no address")    \
    X(router_advertisements_ignored, "Router Advertisements from no home link, ignored")           \
    X(home_agents_list_full, "home agents not listed: too many")                                   \
    X(prefix_advertisements_sent, "Mobile Prefix Advertisements sent")                             \
    X(prefix_advertisements_suppressed, "Mobile Prefix Solicitations not answered: rate limit")    \
    X(prefix_solicitations_unbound, "Mobile Prefix Solicitations without a binding")               \
    X(home_registrations, "home registrations accepted")                                           \
    X(home_deregistrations, "home de-registrations accepted")                                      \
    X(home_bindings_expired, "home bindings whose lifetime ended")                                 \
    X(refresh_requests, "Binding Refresh Requests sent")                                           \
    X(address_probes, "duplicate address detections on a physical home link")                      \
    X(addresses_announced, "addresses announced on a physical home link")                          \
    X(bu_bad_home_address, "BUs dropped: home address no routable unicast address")                \
    X(bu_bad_care_of_address, "BUs dropped: care-of address no routable unicast address")          \
    X(bu_correspondent_option, "BUs dropped: option of a correspondent registration")              \
    X(bu_no_home_address_option, "BUs dropped: registration without Home Address option")          \
    X(bu_no_authenticator, "BUs refused (146): no authentication option")                          \
    X(bu_bad_authenticator, "BUs refused (146): wrong authenticator")                              \
    X(bu_no_message_id, "BUs refused (145): no message identifier")                                \
    X(bu_message_id_mismatch, "BUs refused (144): message identifier too far from the clock")      \
    X(bu_message_id_repeated, "BUs refused (144): message identifier not later than one accepted") \
    X(bu_correspondent_registration, "BUs dropped: no home registration, and none exists")         \
    X(bu_sequence_out_of_window, "BUs refused (135): sequence number not newer")                   \
    X(bu_registration_type_change, "BUs refused (139): H or R flag differs from the binding's")    \
    X(bu_not_home_agent, "BUs refused (131): not sent to a home agent address")                    \
    X(bu_no_binding, "BUs refused (133): de-registration of what is not registered")               \
    X(bu_not_home_subnet, "BUs refused (132): home address outside the home prefixes")             \
    X(bu_home_prefix_not_valid, "BUs refused (132): the home prefix is no longer valid")           \
    X(bu_unknown_node, "BUs refused (129): home address of no known node")                         \
    X(bu_no_host_mobility, "BUs refused (129): the node may not use host mobility")                \
    X(bu_no_authentication, "BUs refused (129): no authentication configured for the node")        \
    X(bu_foreign_home_prefix, "BUs refused (129): a prefix of the node is another node's")         \
    X(bu_care_of_address_loop, "BUs refused (174): the care-of address leads back")                \
    X(bu_no_mobile_router, "BUs refused (140): the node may not be a mobile router")               \
    X(bu_invalid_prefix, "BUs refused (141): mobile network prefix malformed or not served here")  \
    X(bu_foreign_prefix, "BUs refused (142): mobile network prefix not the node's")                \
    X(bu_no_network_prefix, "BUs refused (143): no prefix known of the mobile router")             \
    X(bu_prefix_bound, "BUs refused (143): the prefix follows another home address")               \
    X(bu_too_many_of_node, "BUs refused (130): too many home addresses of the node")               \
    X(bu_too_many_bindings, "BUs refused (130): too many bindings")                                \
    X(bu_link_local_address_bound,                                                                 \
      "BUs refused (134): the link-local address is that of another home address")                 \
    X(bu_duplicate_address, "BUs refused (134): somebody on the home link has the address")        \
    X(bu_probe_failed, "BUs refused (130): duplicate address detection could not be done")         \
    X(bu_too_many_probes, "BUs refused (130): too many duplicate address detections")              \
    X(bu_queue_full, "BUs dropped: too many wait")                                                 \
    X(bu_failed, "BUs refused (130, 143): store or kernel could not hold the binding")             \
    X(heartbeats_sent, "heartbeat requests sent to MAGs")                                          \
    X(heartbeats_answered, "heartbeat requests of MAGs answered")                                  \
    X(heartbeats_of_strangers, "heartbeats dropped: of no MAG, or to no LMA address")              \
    X(heartbeats_unexpected, "heartbeat responses dropped: nobody asked")                          \
    X(mags_unreachable, "MAGs that no longer answered heartbeats")                                 \
    X(mags_reachable_again, "MAGs that answered heartbeats again")                                 \
    X(mags_restarted, "MAGs that lost their bindings, by their restart counter")                   \
    X(proxy_bindings_lost, "mobility sessions ended because their MAG was gone or had lost them")  \
    X(proxy_bindings_revoked, "mobility sessions ended by a revocation")                           \
    X(session_endings_no_room, "losses and revocations not carried out: too many are under way")   \
    X(session_endings_given_up, "losses and revocations given up: store or kernel did not work")   \
    X(mag_messages_rate_limited, "heartbeats and revocations dropped: more than the MAG may send") \
    X(bri_sent, "Binding Revocation Indications sent")                                             \
    X(bri_resent, "Binding Revocation Indications sent again")                                     \
    X(bri_unanswered, "Binding Revocation Indications given up without an answer")                 \
    X(bri_no_room, "Binding Revocation Indications not sent: too many have no answer yet")         \
    X(bri_not_understood, "Binding Errors of MAGs that do not know revocations")                   \
    X(bri_received, "Binding Revocation Indications of MAGs received")                             \
    X(bri_of_strangers, "Binding Revocation Indications dropped: of no MAG")                       \
    X(bri_refused, "Binding Revocation Indications of MAGs refused")                               \
    X(bra_received, "Binding Revocation Acknowledgements received: success")                       \
    X(bra_refusals_received, "Binding Revocation Acknowledgements received: refusals")             \
    X(bra_unexpected, "Binding Revocation Acknowledgements dropped: nothing was asked")            \
    X(strangers_not_answered, "refusals of PBUs not sent: too many to strangers")                  \
    X(retentions_cut_short, "prefixes kept for a node that went to another: none was free")        \
    X(retentions_no_room, "prefixes not kept for their nodes: too many are")                       \
    X(clock_steps_forgiven, "timestamps accepted though lower: our clock had been set back")       \
    X(clock_steps, "steps of this machine's clock")                                                \
    X(proxy_registrations, "mobility sessions created")                                            \
    X(proxy_extensions, "mobility sessions extended")                                              \
    X(proxy_handoffs, "mobility sessions handed over to another MAG")                              \
    X(proxy_deregistrations, "mobility sessions de-registered")                                    \
    X(proxy_bindings_expired, "mobility sessions whose lifetime or revival time ended")            \
    X(proxy_handoffs_delayed, "PBUs that waited for a de-registration by the previous MAG")        \
    X(pbu_home_address_option, "PBUs dropped: Home Address option")                                \
    X(pbu_bad_source, "PBUs dropped: source no routable unicast address")                          \
    X(pbu_no_mn_identifier, "PBUs refused (160): no usable MN-Identifier")                         \
    X(pbu_unknown_mag, "PBUs refused (154): unknown MAG")                                          \
    X(pbu_no_authentication, "PBUs refused (154): no authentication configured for the MAG")       \
    X(pbu_foreign_care_of_address, "PBUs refused (154): care-of address not the MAG's")            \
    X(pbu_mag_may_not_serve, "PBUs refused (154): the MAG may not serve the node")                 \
    X(pbu_unknown_node, "PBUs refused (153): unknown node")                                        \
    X(pbu_other_anchor, "PBUs refused (153): not the LMA address of the node's group")             \
    X(pbu_no_proxy_mobility, "PBUs refused (152): the node may not use proxy mobility")            \
    X(pbu_timestamp_mismatch, "PBUs refused (156): timestamp outside the window or repeated")      \
    X(pbu_timestamp_lower, "PBUs refused (157): timestamp lower than one accepted")                \
    X(pbu_sequence_out_of_window, "PBUs refused (135): sequence number not newer")                 \
    X(pbu_no_home_network_prefix, "PBUs refused (158): no Home Network Prefix option")             \
    X(pbu_no_handoff_indicator, "PBUs refused (161): no Handoff Indicator")                        \
    X(pbu_no_access_technology, "PBUs refused (162): no Access Technology Type option")            \
    X(pbu_foreign_prefix, "PBUs refused (155): prefix not the node's")                             \
    X(pbu_prefix_set_differs, "PBUs refused (159): other prefixes than the session's")             \
    X(pbu_no_free_prefix, "PBUs refused (130): no free home network prefix")                       \
    X(pbu_too_many_of_node, "PBUs refused (130): too many sessions of the node")                   \
    X(pbu_prefix_not_of_mag, "PBUs refused (155): the node's prefix is none of the MAG's")         \
    X(pbu_too_many_of_mag, "PBUs refused (130): too many sessions of the MAG")                     \
    X(pbu_rate_limited, "PBUs dropped: more than the MAG may send")                                \
    X(pbu_no_timestamp, "PBUs refused (156): no Timestamp option, and the MAG is strict")          \
    X(pbu_late_of_previous_mag, "PBUs dropped: of the MAG that the node has just left")            \
    X(pbu_too_many_bindings, "PBUs refused (130): too many bindings")                              \
    X(pbu_deregistration_ignored, "PBUs dropped: de-registration not by the serving MAG")          \
    X(pbu_superseded, "PBUs dropped: a later one of the same handoff came while it waited")        \
    X(pbu_queue_full, "PBUs dropped: too many wait")                                               \
    X(proxy_turns_awaited, "PBUs that waited since their MAG had enough transactions under way")   \
    X(pbu_failed, "PBUs refused (130): store or kernel could not hold the binding")                \
    X(adopted, "kernel bindings of an earlier run kept")                                           \
    X(reinstalled, "bindings of an earlier run put into the kernel again")                         \
    X(unknown_removed, "kernel bindings of an earlier run removed: not in the store")              \
    X(unknown_left, "kernel bindings of an earlier run left to expire: the store was lost")        \
    X(defended_released, "defended addresses of an earlier run released: not in the store")        \
    X(defended_left, "defended addresses of an earlier run left: the store was lost")              \
    X(node_movements, "places to which the mobile node has come")                                  \
    X(node_links_lost, "times that the mobile node had no link left")                              \
    X(node_links_full, "routers, prefixes and addresses of links not noted: too many")             \
    X(node_router_advertisements_ignored, "Router Advertisements that tell the node nothing")      \
    X(node_updates_sent, "Binding Updates of the mobile node")                                     \
    X(node_updates_resent, "Binding Updates of the mobile node sent again")                        \
    X(node_registrations, "registrations of the mobile node that were accepted")                   \
    X(node_deregistrations, "ends of the mobile node's registration at home")                      \
    X(node_deregistrations_unanswered, "ends of a registration at home that nobody answered")      \
    X(node_refusals, "refusals that the mobile node got")                                          \
    X(node_router_not_accepted,                                                                    \
      "registrations accepted without the prefixes of the mobile router")                          \
    X(node_answers_unexpected, "BAs dropped: not the answer that the mobile node awaits")          \
    X(node_answers_not_authenticated, "BAs dropped: no authentication option")                     \
    X(node_answers_bad_authenticator, "BAs dropped: wrong authenticator")                          \
    X(node_answers_without_lifetime, "BAs dropped: accepted with no lifetime")                     \
    X(node_messages_malformed, "messages to the mobile node that could not be read")               \
    X(node_messages_ignored, "messages of a type that a mobile node does not receive")             \
    X(node_refresh_requests, "Binding Refresh Requests that the mobile node got")                  \
    X(node_binding_errors, "Binding Errors that the mobile node got")                              \
    X(node_path_failures, "paths to the home agent that the kernel refused")                       \
    X(node_discovery_requests, "Home Agent Address Discovery Requests sent")                       \
    X(node_discovery_replies, "Home Agent Address Discovery Replies received")                     \
    X(node_discovery_unexpected, "discovery replies dropped: not to the last request")             \
    X(node_prefix_solicitations, "Mobile Prefix Solicitations sent")                               \
    X(node_prefix_advertisements, "Mobile Prefix Advertisements received")                         \
    X(node_prefix_advertisements_ignored, "Mobile Prefix Advertisements dropped: of nobody known") \
    X(gateway_attachments, "nodes that attached to the gateway")                                   \
    X(gateway_moves, "nodes that came to another access link or interface of the gateway")         \
    X(gateway_detachments, "nodes that left the gateway")                                          \
    X(gateway_detachments_ignored,                                                                 \
      "detachments of nodes that are not there, or that a command holds")                          \
    X(gateway_attachments_ignored, "attachments seen of nodes that a command holds elsewhere")     \
    X(gateway_attachments_elsewhere,                                                               \
      "attachments to an interface that is no access link, refused")                               \
    X(gateway_nodes_unknown, "attachments of nodes that nobody knows, refused")                    \
    X(gateway_nodes_refused, "attachments of nodes whose profile refuses them")                    \
    X(gateway_nodes_full, "attachments refused: too many nodes")                                   \
    X(gateway_no_authentication, "attachments refused: no authentication configured for anchors")  \
    X(gateway_no_local_prefix, "attachments of nodes with host mobility refused: no local prefix") \
    X(gateway_identifiers_too_long,                                                                \
      "attachments refused: an identifier longer than an option can be")                           \
    X(gateway_nodes_lost, "nodes that no longer answered when their session was to be extended")   \
    X(gateway_updates_sent, "Proxy Binding Updates of the gateway")                                \
    X(gateway_updates_resent, "Proxy Binding Updates of the gateway sent again")                   \
    X(gateway_registrations, "registrations of nodes that an anchor accepted")                     \
    X(gateway_extensions, "registrations that an anchor extended")                                 \
    X(gateway_deregistrations, "de-registrations of nodes that an anchor answered")                \
    X(gateway_deregistrations_unanswered, "de-registrations of nodes given up without an answer")  \
    X(gateway_bindings_expired, "registrations of nodes that ended: no anchor extended them")      \
    X(gateway_corrections, "PBUs sent again at once as a refusal asked")                           \
    X(gateway_retries_delayed, "refused registrations that are tried again later")                 \
    X(gateway_nodes_denied, "nodes that are not registered again before they attach again")        \
    X(gateway_refused_unspecified, "PBAs: 128, or a status without a rule of its own")             \
    X(gateway_refused_prohibited, "PBAs: administratively prohibited (129)")                       \
    X(gateway_refused_resources, "PBAs: insufficient resources (130)")                             \
    X(gateway_refused_sequence, "PBAs: sequence number out of window (135)")                       \
    X(gateway_refused_not_enabled, "PBAs: no proxy registration for the node (152)")               \
    X(gateway_refused_other_anchor, "PBAs: not the node's anchor (153)")                           \
    X(gateway_refused_not_authorized, "PBAs: the gateway may not register the node (154)")         \
    X(gateway_refused_prefix, "PBAs: not the node's home network prefix (155)")                    \
    X(gateway_refused_timestamp, "PBAs: timestamp mismatch (156)")                                 \
    X(gateway_refused_timestamp_lower, "PBAs: timestamp lower than one accepted (157)")            \
    X(gateway_refused_malformed, "PBAs: an option is missing (158, 160 to 162)")                   \
    X(gateway_refused_prefix_set, "PBAs: other prefixes than the session's (159)")                 \
    X(gateway_refused_gre_key, "PBAs: the anchor demands GRE (163)")                               \
    X(gateway_refused_ipv6, "PBAs: no IPv6 mobility service for the node (172)")                   \
    X(gateway_answers_not_proxy, "PBAs dropped: no P flag")                                        \
    X(gateway_answers_unknown_node, "PBAs dropped: of a node that is not here")                    \
    X(gateway_answers_of_strangers, "PBAs dropped: not from the anchor that was asked")            \
    X(gateway_answers_unexpected, "PBAs dropped: not the answer that is awaited")                  \
    X(gateway_answers_other_timestamp, "PBAs dropped: not the timestamp that was sent")            \
    X(gateway_answers_other_options,                                                               \
      "PBAs dropped: of another handoff, access technology or interface")                          \
    X(gateway_answers_without_lifetime, "PBAs dropped: accepted with no lifetime")                 \
    X(gateway_answers_bad_prefix, "PBAs dropped: no home network prefix, or none that can be")     \
    X(gateway_answers_other_prefixes, "PBAs dropped: other prefixes than were asked for")          \
    X(gateway_answers_prefix_taken, "PBAs dropped: a prefix that another node has here")           \
    X(gateway_answers_bad_link_local_address, "PBAs dropped: the link-local address is none")      \
    X(gateway_messages_malformed, "messages to the gateway that could not be read")                \
    X(gateway_messages_ignored, "messages of a type that a gateway does not receive")              \
    X(gateway_binding_errors, "Binding Errors that the gateway got")                               \
    X(gateway_forwarding_failures, "ways for a node's packets that the kernel refused")            \
    X(gateway_advertisements, "Router Advertisements to nodes")                                    \
    X(gateway_withdrawals, "Router Advertisements that withdraw what a node had")                  \
    X(gateway_solicitations, "Router Solicitations of nodes answered")                             \
    X(gateway_solicitations_suppressed, "Router Solicitations not answered: rate limit")           \
    X(gateway_solicitations_unserved,                                                              \
      "Router Solicitations not answered: the node has no prefix yet")                             \
    X(gateway_solicitations_ignored, "Router Solicitations of nobody who attaches, ignored")       \
    X(gateway_heartbeats_sent, "heartbeat requests sent to anchors")                               \
    X(gateway_heartbeats_answered, "heartbeat requests of anchors answered")                       \
    X(gateway_heartbeats_of_strangers, "heartbeats dropped: of no anchor of the gateway")          \
    X(gateway_heartbeats_unexpected, "heartbeat responses of anchors dropped: nobody asked")       \
    X(gateway_anchors_unreachable, "anchors that no longer answered heartbeats")                   \
    X(gateway_anchors_reachable_again, "anchors that answered heartbeats again")                   \
    X(gateway_anchors_restarted, "anchors that lost their bindings, by their restart counter")     \
    X(gateway_bri_received, "Binding Revocation Indications of anchors received")                  \
    X(gateway_bri_of_strangers,                                                                    \
      "Binding Revocation Indications dropped: of no anchor of the gateway")                       \
    X(gateway_bri_refused, "Binding Revocation Indications of anchors refused")                    \
    X(gateway_nodes_revoked, "registrations of nodes that an anchor revoked")

enum class Counter : std::size_t {
#define ANCHOR6_COUNTER_ENUMERATOR(name, text) name,
    ANCHOR6_AGENT_COUNTERS(ANCHOR6_COUNTER_ENUMERATOR)
#undef ANCHOR6_COUNTER_ENUMERATOR
        count
};

class Counters {
public:
    void add(Counter counter) { ++values_[static_cast<std::size_t>(counter)]; }
    std::uint64_t value(Counter counter) const {
        return values_[static_cast<std::size_t>(counter)];
    }

private:
    std::array<std::uint64_t, static_cast<std::size_t>(Counter::count)> values_{};
};

/// Stable name of a counter, lower case with underscores.
std::string_view counter_name(Counter counter);
/// What it counts, for a person.
std::string_view counter_text(Counter counter);

} // namespace anchor6::core
