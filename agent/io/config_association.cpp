// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_association.h"

#include <limits>

namespace anchor6::io {

namespace {

/// Smaller numbers are reserved (RFC 4285 section 5.1).
constexpr IntegerRange spi_range{256, std::numeric_limits<std::uint32_t>::max()};
constexpr std::size_t key_size_min = 16;
constexpr std::size_t key_size_max = 64;

} // namespace

core::MnHaAssociation read_association(ConfigTable& table, ConfigClaims& claims,
                                       ConfigReport& report) {
    core::MnHaAssociation association;
    if (auto spi = table.required("spi", spi_range))
        association.spi = static_cast<std::uint32_t>(*spi);
    if (table.required_secret("key", association.key)) {
        claims.note_key(table.place("key"));
        if (association.key.size() < key_size_min || association.key.size() > key_size_max)
            report.error(table.place("key"), "must have 16 to 64 octets");
    }
    table.optional("replay_protection", association.replay_protection);
    return association;
}

void refuse_association(ConfigTable& table, ConfigReport& report) {
    table.know({"spi", "key", "replay_protection"});
    for (const char* key : {"spi", "key", "replay_protection"})
        if (table.has(key))
            report.error(table.place(key), "has a meaning only with authentication = \"mn-ha\"");
}

} // namespace anchor6::io
