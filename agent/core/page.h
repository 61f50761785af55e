// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

namespace anchor6::core {

/// Where a hash table of so many buckets is looked at further.
struct PagePlace {
    std::size_t buckets = 0;
    std::size_t bucket = 0;
};

/// Visits some values of a hash table, so that whoever wants all of them keeps nobody waiting for
/// long. The place for the next call; nothing: these were the last. Values stay in their buckets
/// while the table has as many buckets.
template <class Table, class Visit>
std::optional<PagePlace> visit_page(const Table& table, std::size_t bucket, Visit visit) {
    constexpr std::size_t values_max = 256;
    constexpr std::size_t buckets_max = 16384;
    const std::size_t end = std::min(table.bucket_count(), bucket + buckets_max);
    for (std::size_t values = 0; bucket < end && values < values_max; ++bucket)
        for (auto entry = table.begin(bucket); entry != table.end(bucket); ++entry, ++values)
            visit(entry->second);
    if (bucket >= table.bucket_count())
        return std::nullopt;
    return PagePlace{table.bucket_count(), bucket};
}

} // namespace anchor6::core
