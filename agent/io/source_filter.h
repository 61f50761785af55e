// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "io/network_request.h"

namespace anchor6::io {

// Who may send what from an access link: a filter of traffic control at the interface's ingress,
// which drops IPv6 packets but those that a node's link-layer address and its prefix let in, and
// what never leaves the link. Rules of routing know no link-layer address; and what nobody installs
// or flushes as part of a firewall stays when somebody reloads the firewall.

/// Begins to drop all that is not let in.
NetworkRequests begin_source_filter(std::uint32_t device, const std::string& name);
/// Everything comes in again. An interface without such a filter refuses this, and no harm is done.
NetworkRequests end_source_filter(std::uint32_t device, const std::string& name);

/// A source that is let in.
struct AdmittedSource {
    std::uint32_t device = 0;
    wire::LinkLayerAddress link_layer_address;
    wire::Prefix prefix;
    /// Not 0, and another one for each source on a device.
    std::uint32_t handle = 0;

    bool is_same_as(const AdmittedSource& other) const {
        return device == other.device && link_layer_address == other.link_layer_address &&
               prefix == other.prefix;
    }
};

NetworkRequest admit_source(const AdmittedSource& source);
NetworkRequest refuse_source(const AdmittedSource& source);

} // namespace anchor6::io
