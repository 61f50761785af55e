// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace anchor6::core {

/// Free slots, kept as ranges: a home prefix has more slots than anybody can list.
class SlotRanges {
public:
    /// Inclusive.
    struct Range {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };

    void insert(Range range);
    void remove(Range range);
    bool contains(std::uint64_t slot) const;

    /// A free slot after the one given before, so that a slot just freed rests for a while.
    std::optional<std::uint64_t> next();
    /// Goes on where the other would.
    void resume(const SlotRanges& other) { cursor_ = other.cursor_; }

private:
    /// First slot of a range → its last; disjoint.
    std::map<std::uint64_t, std::uint64_t> ranges_;
    std::uint64_t cursor_ = 0;
};

} // namespace anchor6::core
