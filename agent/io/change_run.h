// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "io/store_change.h"

namespace anchor6::io {

/// Encoded changes in the order of their keys, of each key the last.
class ChangeRun {
public:
    /// Where in the octets each change begins, with its length of two octets, and in the order in
    /// which they were made. They must be whole.
    ChangeRun(std::vector<std::uint8_t> octets, const std::vector<std::uint32_t>& starts);

    std::size_t size() const { return starts_.size(); }
    std::span<const std::uint8_t> change(std::size_t index) const;

private:
    std::vector<std::uint8_t> octets_;
    std::vector<std::uint32_t> starts_;
};

/// Goes through the changes of many runs in the order of their keys; of each key it finds the
/// change of the last run that has it. The runs must outlive it and stay where they are.
class ChangeMerge {
public:
    explicit ChangeMerge(std::span<const ChangeRun> runs = {});

    bool empty() const { return heads_.empty(); }
    /// Nothing: there are no more.
    std::optional<std::span<const std::uint8_t>> next();

private:
    /// The first change of a run that has not been passed.
    struct Head {
        StoreKey key;
        std::uint32_t run;
        std::uint32_t index;
    };

    static bool is_behind(const Head& one, const Head& other);
    void push(std::uint32_t run, std::uint32_t index);
    Head pop();

    std::span<const ChangeRun> runs_;
    /// A heap.
    std::vector<Head> heads_;
};

} // namespace anchor6::io
