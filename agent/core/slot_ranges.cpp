// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/slot_ranges.h"

#include <algorithm>
#include <iterator>

namespace anchor6::core {

void SlotRanges::insert(Range range) {
    remove(range);
    auto after = ranges_.upper_bound(range.last);
    if (after != ranges_.end() && after->first - 1 == range.last) {
        range.last = after->second;
        after = ranges_.erase(after);
    }
    if (after != ranges_.begin()) {
        auto before = std::prev(after);
        if (before->second + 1 == range.first) {
            before->second = range.last;
            return;
        }
    }
    ranges_.emplace(range.first, range.last);
}

void SlotRanges::remove(Range range) {
    auto entry = ranges_.upper_bound(range.first);
    if (entry != ranges_.begin() && std::prev(entry)->second >= range.first)
        --entry;
    while (entry != ranges_.end() && entry->first <= range.last) {
        const Range old{entry->first, entry->second};
        entry = ranges_.erase(entry);
        if (old.first < range.first)
            ranges_.emplace(old.first, range.first - 1);
        if (old.last > range.last)
            ranges_.emplace(range.last + 1, old.last);
    }
}

bool SlotRanges::contains(std::uint64_t slot) const {
    auto after = ranges_.upper_bound(slot);
    return after != ranges_.begin() && std::prev(after)->second >= slot;
}

std::optional<std::uint64_t> SlotRanges::next() {
    if (ranges_.empty())
        return std::nullopt;
    auto range = ranges_.upper_bound(cursor_);
    if (range != ranges_.begin() && std::prev(range)->second >= cursor_)
        --range;
    else if (range == ranges_.end())
        range = ranges_.begin();
    const std::uint64_t slot =
        range->second >= cursor_ ? std::max(range->first, cursor_) : range->first;
    cursor_ = slot + 1;
    return slot;
}

} // namespace anchor6::core
