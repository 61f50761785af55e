// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace anchor6::wire {

// X(name, value, text): status codes of Binding Acknowledgements, the IANA registry "Mobile IPv6
// parameters". Values from 128 on are refusals.
#define ANCHOR6_STATUS_CODES(X)                                                                    \
    X(accepted, 0, "accepted")                                                                     \
    X(accepted_but_prefix_discovery_necessary, 1, "accepted but prefix discovery necessary")       \
    X(gre_key_option_not_required, 2, "GRE key option not required")                               \
    X(gre_tunneling_but_tlv_header_not_supported, 3, "GRE tunneling but TLV header not supported") \
    X(mcoa_not_complete, 4, "MCOA not complete")                                                   \
    X(mcoa_return_home_without_ndp, 5, "MCOA return home without NDP")                             \
    X(pbu_accepted_tb_ignored_settings_mismatch, 6,                                                \
      "PBU accepted, transient binding ignored, settings mismatch")                                \
    X(reason_unspecified, 128, "reason unspecified")                                               \
    X(administratively_prohibited, 129, "administratively prohibited")                             \
    X(insufficient_resources, 130, "insufficient resources")                                       \
    X(home_registration_not_supported, 131, "home registration not supported")                     \
    X(not_home_subnet, 132, "not home subnet")                                                     \
    X(not_home_agent_for_this_mobile_node, 133, "not home agent for this mobile node")             \
    X(duplicate_address_detection_failed, 134, "duplicate address detection failed")               \
    X(sequence_out_of_window, 135, "sequence number out of window")                                \
    X(expired_home_nonce_index, 136, "expired home nonce index")                                   \
    X(expired_care_of_nonce_index, 137, "expired care-of nonce index")                             \
    X(expired_nonces, 138, "expired nonces")                                                       \
    X(registration_type_change_disallowed, 139, "registration type change disallowed")             \
    X(mobile_router_operation_not_permitted, 140, "mobile router operation not permitted")         \
    X(invalid_prefix, 141, "invalid prefix")                                                       \
    X(not_authorized_for_prefix, 142, "not authorized for prefix")                                 \
    X(forwarding_setup_failed, 143, "forwarding setup failed")                                     \
    X(mipv6_id_mismatch, 144, "MIPv6 ID mismatch")                                                 \
    X(mipv6_mesg_id_reqd, 145, "MIPv6 message ID required")                                        \
    X(mipv6_auth_fail, 146, "MIPv6 authentication failed")                                         \
    X(permanent_home_keygen_token_unavailable, 147, "permanent home keygen token unavailable")     \
    X(cga_and_signature_verification_failed, 148, "CGA and signature verification failed")         \
    X(permanent_home_keygen_token_exists, 149, "permanent home keygen token exists")               \
    X(non_null_home_nonce_index_expected, 150, "non-null home nonce index expected")               \
    X(service_authorization_failed, 151, "service authorization failed")                           \
    X(proxy_reg_not_enabled, 152, "proxy registration not enabled")                                \
    X(not_lma_for_this_mobile_node, 153, "not LMA for this mobile node")                           \
    X(mag_not_authorized_for_proxy_reg, 154, "MAG not authorized for proxy registration")          \
    X(not_authorized_for_home_network_prefix, 155, "not authorized for home network prefix")       \
    X(timestamp_mismatch, 156, "timestamp mismatch")                                               \
    X(timestamp_lower_than_prev_accepted, 157, "timestamp lower than previously accepted")         \
    X(missing_home_network_prefix_option, 158, "missing home network prefix option")               \
    X(bce_pbu_prefix_set_do_not_match, 159,                                                        \
      "prefix set of the binding and of the PBU do not match")                                     \
    X(missing_mn_identifier_option, 160, "missing MN identifier option")                           \
    X(missing_handoff_indicator_option, 161, "missing handoff indicator option")                   \
    X(missing_access_tech_type_option, 162, "missing access technology type option")               \
    X(gre_key_option_required, 163, "GRE key option required")                                     \
    X(mcoa_malformed, 164, "MCOA malformed")                                                       \
    X(mcoa_non_mcoa_binding_exists, 165, "MCOA: a binding without MCOA exists")                    \
    X(mcoa_prohibited, 166, "MCOA prohibited")                                                     \
    X(mcoa_unknown_coa, 167, "MCOA unknown CoA")                                                   \
    X(mcoa_bulk_registration_prohibited, 168, "MCOA bulk registration prohibited")                 \
    X(mcoa_simultaneous_home_and_foreign_prohibited, 169,                                          \
      "MCOA simultaneous home and foreign prohibited")                                             \
    X(not_authorized_for_ipv4_mobility_service, 170, "not authorized for IPv4 mobility service")   \
    X(not_authorized_for_ipv4_home_address, 171, "not authorized for IPv4 home address")           \
    X(not_authorized_for_ipv6_mobility_service, 172, "not authorized for IPv6 mobility service")   \
    X(multiple_ipv4_home_address_assignment_not_supported, 173,                                    \
      "multiple IPv4 home address assignment not supported")                                       \
    X(invalid_care_of_address, 174, "invalid care-of address")                                     \
    X(invalid_mobile_node_group_identifier, 175, "invalid mobile node group identifier")           \
    X(reinit_sa_with_hac, 176, "reinitialize SA with HAC")                                         \
    X(not_authorized_for_delegated_mnp, 177, "not authorized for delegated mobile network prefix") \
    X(requested_dmnp_in_use, 178, "requested delegated mobile network prefix in use")              \
    X(cannot_meet_qos_service_request, 179, "cannot meet QoS service request")                     \
    X(cannot_support_multipath_binding, 180, "cannot support multipath binding")

enum class Status : std::uint8_t {
#define ANCHOR6_STATUS_ENUMERATOR(name, value, text) name = (value),
    ANCHOR6_STATUS_CODES(ANCHOR6_STATUS_ENUMERATOR)
#undef ANCHOR6_STATUS_ENUMERATOR
};

constexpr bool is_refusal(Status status) {
    return static_cast<std::uint8_t>(status) >= 128;
}

/// Text of a status code; "unassigned" for a value without a name.
std::string_view status_text(Status status);

} // namespace anchor6::wire
