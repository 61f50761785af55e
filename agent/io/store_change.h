// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/event.h"
#include "io/store_clock.h"
#include "wire/writer.h"

namespace anchor6::io {

/// What a change of the store is about: a kind of row, and its key padded with zeros.
using StoreKey = std::array<std::uint8_t, 18>;

StoreKey key_of(const core::HomeBinding& binding);
StoreKey key_of(const core::ProxyBinding& binding);
StoreKey key_of(const core::RetainedPrefix& retained);

/// Appends a change as the journal keeps it: its kind and key, then all else. Numbers are in
/// network order, deadlines in the time of the store's clock. Throws std::invalid_argument for what
/// decode() would not accept.
void encode(const core::StoreChange& change, const StoreClock& clock, wire::Writer& writer);

/// Nothing: these octets are no change, or one to what no binding can be.
std::optional<core::StoreChange> decode(std::span<const std::uint8_t> octets,
                                        const StoreClock& clock);

/// The key of an encoded change; the octets must be one.
StoreKey key_of(std::span<const std::uint8_t> octets);

/// What the core may be given: whatever is in a file may have been put there by anybody.
bool is_whole(const core::HomeBinding& binding);
bool is_whole(const core::ProxyBinding& binding);
bool is_whole(const core::RetainedPrefix& retained);

} // namespace anchor6::io
