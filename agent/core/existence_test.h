// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/binding.h"
#include "core/prefix_pool.h"
#include "core/proxy_cache.h"
#include "wire/message.h"
#include "wire/status.h"

namespace anchor6::core {

/// What a Proxy Binding Update says about the session it means.
struct SessionQuery {
    std::string_view mn_identifier;
    /// As received: :: asks for any prefix.
    std::span<const wire::PrefixOption> home_network_prefixes;
    std::uint8_t access_technology = 0;
    /// Empty: no link-layer identifier.
    std::span<const std::uint8_t> link_layer_identifier;
    wire::HandoffIndicator handoff = wire::HandoffIndicator::unknown;
    wire::Address proxy_care_of_address;
    /// When it is asked; nothing for a de-registration, which repeats no registration.
    std::optional<BootTime> registers_at;

    bool names_prefixes() const;
};

struct Existence {
    enum class Kind : std::uint8_t {
        create,
        update,
        wait_then_create, ///< for the de-registration by the previous MAG, RFC 5213 5.4.1.2 step 4
        wait_then_update, ///< likewise, when the prefix asked for cannot be given twice
        refuse,
    };
    Kind kind = Kind::create;
    /// The session that is updated or waited for.
    const ProxyBinding* session = nullptr;
    wire::Status refusal = wire::Status::accepted;

    bool waits() const { return kind == Kind::wait_then_create || kind == Kind::wait_then_update; }
};

/// The binding cache entry existence test (RFC 5213 section 5.4.1). The pool knows whose the
/// prefixes of the sessions in the cache are.
Existence binding_cache_entry_existence_test(const ProxyCache& cache, const PrefixPool& pool,
                                             const SessionQuery& query);

} // namespace anchor6::core
