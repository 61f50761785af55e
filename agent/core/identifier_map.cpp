// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/identifier_map.h"

namespace anchor6::core {

ParsedPattern parse_identifier_pattern(std::string_view pattern) {
    using enum IdentifierPattern;
    constexpr std::string_view realm_mark = "*@";
    constexpr std::string_view subrealms_mark = "*@*.";
    ParsedPattern parsed{identifier, pattern};
    if (pattern == "*")
        return {everybody, {}};
    if (pattern.starts_with(subrealms_mark))
        parsed = {subrealms, pattern.substr(subrealms_mark.size())};
    else if (pattern.starts_with(realm_mark))
        parsed = {realm, pattern.substr(realm_mark.size())};
    const bool valid = !parsed.key.empty() && parsed.key.find('*') == std::string_view::npos;
    return valid ? parsed : ParsedPattern{};
}

void IdentifierMap::insert(std::string_view pattern, std::size_t value) {
    const ParsedPattern parsed = parse_identifier_pattern(pattern);
    switch (parsed.kind) {
    case IdentifierPattern::identifier:
        identifiers_.emplace(parsed.key, value);
        break;
    case IdentifierPattern::realm:
        realms_.emplace(parsed.key, value);
        break;
    case IdentifierPattern::subrealms:
        subrealms_.emplace(parsed.key, value);
        break;
    case IdentifierPattern::everybody:
        everybody_ = everybody_.value_or(value);
        break;
    case IdentifierPattern::invalid:
        break;
    }
}

std::optional<std::size_t> IdentifierMap::value(const Values& values, std::string_view key) {
    const auto entry = values.find(key);
    return entry == values.end() ? std::nullopt : std::optional{entry->second};
}

std::optional<std::size_t> IdentifierMap::find(std::string_view identifier) const {
    if (const auto own = value(identifiers_, identifier))
        return own;
    const auto at = identifier.rfind('@');
    if (at == std::string_view::npos)
        return everybody_;
    std::string_view realm = identifier.substr(at + 1);
    if (const auto exact = value(realms_, realm))
        return exact;
    for (auto dot = realm.find('.'); dot != std::string_view::npos; dot = realm.find('.')) {
        realm.remove_prefix(dot + 1);
        if (const auto below = value(subrealms_, realm))
            return below;
    }
    return everybody_;
}

} // namespace anchor6::core
