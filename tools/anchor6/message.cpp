// SPDX-License-Identifier: GPL-2.0-or-later
#include "message.h"

namespace anchor6::cli {

std::string_view cache_name(std::uint8_t cache) {
    switch (cache) {
    case ANCHOR6_CACHE_HOME:
        return "home";
    case ANCHOR6_CACHE_PROXY:
        return "proxy";
    default:
        return "unknown";
    }
}

std::string_view mode_name(std::uint8_t mode) {
    switch (mode) {
    case ANCHOR6_MODE_FAST:
        return "fast";
    case ANCHOR6_MODE_STATEFUL:
        return "stateful";
    default:
        return "unknown";
    }
}

std::string_view encap_name(std::uint8_t encap) {
    return encap == ANCHOR6_ENCAP_IP6IP6 ? "ip6ip6" : "unknown";
}

std::string_view verdict_name(std::uint8_t verdict) {
    switch (verdict) {
    case ANCHOR6_VERDICT_HOME:
        return "home";
    case ANCHOR6_VERDICT_PROXY:
        return "proxy";
    case ANCHOR6_VERDICT_UNBOUND:
        return "unbound";
    case ANCHOR6_VERDICT_FOREIGN:
        return "foreign";
    case ANCHOR6_VERDICT_LOCAL:
        return "local";
    case ANCHOR6_VERDICT_EXEMPT:
        return "exempt";
    default:
        return "unknown";
    }
}

std::string_view reason_name(std::uint8_t reason) {
    switch (reason) {
    case ANCHOR6_REASON_SET:
        return "set";
    case ANCHOR6_REASON_DELETED:
        return "deleted";
    case ANCHOR6_REASON_EXPIRED:
        return "expired";
    case ANCHOR6_REASON_FLUSHED:
        return "flushed";
    default:
        return "unknown";
    }
}

std::string_view notification_name(std::uint8_t command) {
    switch (command) {
    case ANCHOR6_CMD_BINDING_NTF:
        return "binding_ntf";
    case ANCHOR6_CMD_HOME_PREFIX_NTF:
        return "home_prefix_ntf";
    case ANCHOR6_CMD_DEVICE_NTF:
        return "device_ntf";
    default:
        return "unknown";
    }
}

} // namespace anchor6::cli
