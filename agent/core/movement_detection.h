// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/mobile_node_event.h"
#include "core/time.h"
#include "wire/address.h"
#include "wire/icmpv6.h"

namespace anchor6::core {

/// Where a mobile node is, or could be.
struct Attachment {
    std::string interface;
    /// Link-local address of the router.
    wire::Address router;
    /// At home it is the home address.
    wire::Address care_of_address;

    /// The same way to the node, whoever is the router.
    bool is_same_place(const Attachment& other) const {
        return interface == other.interface && care_of_address == other.care_of_address;
    }
    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// What the node knows of the links at its interfaces (RFC 6275 section 11.5.1): routers, what they
/// advertise, and the node's addresses. Memory is bounded: what does not fit is counted and left
/// out.
class MovementDetection {
public:
    void change(const InterfaceChanged& event);
    void change(const AddressChanged& event, MobileNodeContext& step);
    void lose(const RouterLost& event);
    /// A router advertisement; `router` is its link-local source.
    void hear(const std::string& interface, const wire::Address& router,
              const wire::RouterAdvertisement& advertisement, MobileNodeContext& step);
    /// Forgets what has expired.
    void expire(BootTime now);
    std::optional<BootTime> next_deadline() const;

    /// The care-of address is of no use with this home agent, until the interface comes up again.
    void avoid(const Attachment& attachment);

    /// Home when the home network prefix is advertised anywhere. Else the interface with the
    /// highest preference that has a router and an address of a prefix that it advertises; the
    /// present attachment stays while no other interface is preferred (section 11.5.3).
    std::optional<Attachment> choose(const MobileNodeConfig& config,
                                     const std::optional<Attachment>& present) const;

private:
    struct Router {
        BootTime until;
        /// Advertised for address autoconfiguration or as on-link, until they are not valid any
        /// more.
        std::map<wire::Prefix, BootTime> prefixes;
    };
    struct Interface {
        bool up = false;
        std::map<wire::Address, Router> routers;
        std::set<wire::Address> addresses;
        std::set<wire::Address> avoided;
    };

    const Interface* usable(const std::string& name) const;
    static const wire::Address* router_of(const Interface& interface, const wire::Address& address,
                                          const std::optional<Attachment>& present);
    std::optional<Attachment> home(const MobileNodeConfig& config,
                                   const std::optional<Attachment>& present) const;
    std::optional<Attachment> away(const MobileNodeConfig& config, const std::string& name,
                                   const std::optional<Attachment>& present) const;

    std::map<std::string, Interface> interfaces_;
};

} // namespace anchor6::core
