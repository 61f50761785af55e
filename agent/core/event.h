// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/binding.h"
#include "core/config.h"
#include "core/counter.h"
#include "wire/address.h"
#include "wire/message.h"

namespace anchor6::core {

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

/// Time has come to look at the deadlines: the caller waits until next_deadline().
struct Tick {};

/// The kernel's bindings of this instance, after a start or when in doubt: what the core does not
/// know goes when the store was clean, and what the kernel lacks is installed.
struct KernelDumped {
    std::vector<KernelBinding> bindings;
    /// The store opened as this instance's own and whole.
    bool store_clean = true;
};

struct ConfigChanged {
    Config config;
};

using Event = std::variant<MessageReceived, TransactionEnded, Tick, KernelDumped, ConfigChanged>;

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
    wire::Message message;
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
using StoreChange =
    std::variant<PutHomeBinding, DeleteHomeBinding, PutProxyBinding, DeleteProxyBinding>;

struct SetKernelBinding {
    KernelBinding binding;
};
/// A binding that is already gone counts as deleted.
struct DeleteKernelBinding {
    Cache cache = Cache::home;
    wire::Prefix prefix;
};
using KernelChange = std::variant<SetKernelBinding, DeleteKernelBinding>;

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

using Effect = std::variant<Transaction, Send>;
using Effects = std::vector<Effect>;

} // namespace anchor6::core
