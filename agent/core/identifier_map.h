// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace anchor6::core {

/// What a pattern over MN-Identifiers means.
enum class IdentifierPattern : std::uint8_t {
    identifier, ///< itself only
    realm,      ///< "*@realm": everybody of that realm
    subrealms,  ///< "*@*.realm": everybody of the realms below
    everybody,  ///< "*"
    invalid,    ///< a "*" elsewhere, or nothing
};

/// The kind of a pattern, and the part of it that is compared.
struct ParsedPattern {
    IdentifierPattern kind = IdentifierPattern::invalid;
    std::string_view key;
};
ParsedPattern parse_identifier_pattern(std::string_view pattern);

/// Patterns over MN-Identifiers and what belongs to them; the most specific one counts. Identifiers
/// are compared octet by octet; the realm follows the last "@" (RFC 7542 section 2.2). The patterns
/// must stay where they are as long as the map.
class IdentifierMap {
public:
    /// Room for so many identifiers.
    void reserve(std::size_t size) { identifiers_.reserve(size); }
    /// A pattern that is there already keeps its value; an invalid one is ignored.
    void insert(std::string_view pattern, std::size_t value);
    std::optional<std::size_t> find(std::string_view identifier) const;

private:
    using Values = std::unordered_map<std::string_view, std::size_t>;

    static std::optional<std::size_t> value(const Values& values, std::string_view key);

    Values identifiers_;
    Values realms_;
    Values subrealms_;
    std::optional<std::size_t> everybody_;
};

} // namespace anchor6::core
