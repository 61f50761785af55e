// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/binding.h"
#include "core/config.h"
#include "core/counter.h"
#include "core/prefix_plan.h"
#include "wire/address.h"
#include "wire/icmpv6.h"
#include "wire/message.h"

namespace anchor6::core {

class Policy;

// What happens to the anchor.

/// Where a Mobility Header message came from and went to.
struct Packet {
    /// The IPv6 source on the wire: the care-of address when there is a Home Address option.
    wire::Address source;
    wire::Address destination;
    /// The Home Address option (RFC 6275 section 6.3).
    std::optional<wire::Address> home_address;
    /// It arrived through a tunnel of the anchor: the node is at home behind its MAG.
    bool tunnelled = false;
    /// Index of the interface that it came in by.
    std::uint32_t interface = 0;
    friend bool operator==(const Packet&, const Packet&) = default;
};

struct MessageReceived {
    Packet packet;
    std::variant<wire::Message, wire::ParseError> content;
};

using TransactionId = std::uint64_t;

/// The end of a transaction. After a failure the store and the kernel hold what they held before,
/// however long that took.
struct TransactionEnded {
    enum class Outcome : std::uint8_t { committed, store_failed, kernel_failed };
    TransactionId id = 0;
    Outcome outcome = Outcome::committed;
    /// errno of the kernel's refusal.
    int error = 0;
};

using ProbeId = std::uint64_t;

/// The end of ProbeAddress (RFC 6275 section 10.3.1, RFC 4862 section 5.4).
struct AddressProbed {
    /// `failed`: it could not be found out, for want of resources.
    enum class Outcome : std::uint8_t { unique, duplicate, failed };
    ProbeId id = 0;
    Outcome outcome = Outcome::unique;
};

/// Discovery of home agents and prefixes (RFC 6275 sections 6.5 to 6.8), and router advertisements
/// on a physical home link.
struct IcmpReceived {
    Packet packet;
    /// The physical home link that it came in by; empty: another interface.
    std::string link;
    wire::IcmpMessage message;
};

/// The kernel dropped a packet to this router with a Home Address option that no binding is known
/// to cover.
struct HomeAddressRejected {
    Packet packet;
};

/// Time has come to look at the deadlines: the caller waits until next_deadline().
struct Tick {};

/// The kernel's bindings of this instance, after a start or when in doubt: what the core does not
/// know goes when the store was clean, and what the kernel lacks is installed.
struct KernelDumped {
    std::vector<KernelBinding> bindings;
    /// What is defended on physical home links.
    std::vector<DefendedAddress> defended;
    /// The store opened as this instance's own and whole.
    bool store_clean = true;
};

struct ConfigChanged {
    std::shared_ptr<const Policy> policy;
    /// A copy of the slots of its prefix plan, exchanged for those in use: both to make and to free
    /// one takes long with a million nodes. Nothing: the anchor makes one itself.
    std::shared_ptr<std::vector<PrefixSlots>> slots = {};
};

/// Somebody has set the real time clock forward, or with a negative step back.
struct ClockStepped {
    std::chrono::nanoseconds step{0};
};

/// An administrator ends the sessions of a node, or one of them (RFC 5846).
struct RevokeSessions {
    std::string mn_identifier;
    std::optional<std::uint64_t> session;
};
/// An administrator ends all sessions of a MAG.
struct RevokeMag {
    std::string mag;
};

using Event = std::variant<MessageReceived, TransactionEnded, AddressProbed, IcmpReceived,
                           HomeAddressRejected, Tick, KernelDumped, ConfigChanged, ClockStepped,
                           RevokeSessions, RevokeMag>;

// What the anchor wants done.

/// Sends a Mobility Header message.
struct Send {
    wire::Address source;
    /// Final destination: the home address when `care_of_address` is set.
    wire::Address destination;
    /// Add a type 2 routing header through this address (RFC 6275 section 6.4).
    std::optional<wire::Address> care_of_address;
    /// The node wrote from home: the answer skips the home cache.
    bool reply_home = false;
    /// Leaves by the interface with this index; 0: as routed.
    std::uint32_t interface = 0;
    wire::Message message;
};

/// Sends an ICMPv6 message.
struct SendIcmp {
    wire::Address source;
    /// Final destination: the home address when `care_of_address` is set.
    wire::Address destination;
    std::optional<wire::Address> care_of_address;
    wire::IcmpMessage message;
};

/// Duplicate address detection on a physical home link: all of the addresses or none are free.
/// AddressProbed follows, always.
struct ProbeAddress {
    ProbeId id = 0;
    std::string link;
    std::vector<wire::Address> addresses;
};

/// Unsolicited neighbour advertisements tell the home link that the address is here now.
struct AnnounceAddress {
    DefendedAddress address;
};

struct PutHomeBinding {
    HomeBinding binding;
};
struct DeleteHomeBinding {
    wire::Address home_address;
};
struct PutProxyBinding {
    ProxyBinding binding;
};
struct DeleteProxyBinding {
    std::uint64_t id = 0;
};
struct PutRetainedPrefix {
    RetainedPrefix retained;
};
struct DeleteRetainedPrefix {
    wire::Prefix prefix;
};
using StoreChange = std::variant<PutHomeBinding, DeleteHomeBinding, PutProxyBinding,
                                 DeleteProxyBinding, PutRetainedPrefix, DeleteRetainedPrefix>;

struct SetKernelBinding {
    KernelBinding binding;
};
/// A binding that is already gone counts as deleted.
struct DeleteKernelBinding {
    Cache cache = Cache::home;
    wire::Prefix prefix;
};
/// Answers for the address on its link; what is already so counts as done.
struct DefendAddress {
    DefendedAddress address;
};
/// Answers no longer, and forgets what the neighbour cache holds for it.
struct ReleaseAddress {
    DefendedAddress address;
};
using KernelChange =
    std::variant<SetKernelBinding, DeleteKernelBinding, DefendAddress, ReleaseAddress>;

/// Everything of one decision: all of it or nothing. The store commits first, then the kernel
/// acknowledges each change, then TransactionEnded comes back; transactions of one batch may share
/// a commit and a datagram. They may end in any order, but those that change the same binding of
/// the kernel do it in the order in which they were asked for. When the kernel refuses, whoever
/// runs the transaction applies `undo_kernel` and `undo_store` before it reports.
struct Transaction {
    TransactionId id = 0;
    std::vector<StoreChange> store;
    std::vector<KernelChange> kernel;
    std::vector<StoreChange> undo_store;
    std::vector<KernelChange> undo_kernel;
};

using Effect = std::variant<Transaction, Send, SendIcmp, ProbeAddress, AnnounceAddress>;
using Effects = std::vector<Effect>;

} // namespace anchor6::core
