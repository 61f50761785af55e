// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/change_run.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "wire/reader.h"

namespace anchor6::io {

namespace {

std::span<const std::uint8_t> change_at(std::span<const std::uint8_t> octets, std::uint32_t start) {
    wire::Reader reader{octets.subspan(start)};
    return reader.take(reader.u16());
}

} // namespace

ChangeRun::ChangeRun(std::vector<std::uint8_t> octets, const std::vector<std::uint32_t>& starts)
    : octets_(std::move(octets)) {
    std::vector<std::pair<StoreKey, std::uint32_t>> order;
    order.reserve(starts.size());
    for (const std::uint32_t start : starts)
        order.emplace_back(key_of(change_at(octets_, start)), start);
    std::ranges::sort(order);
    starts_.reserve(order.size());
    for (auto place = order.begin(); place != order.end(); ++place)
        if (std::next(place) == order.end() || std::next(place)->first != place->first)
            starts_.push_back(place->second);
}

std::span<const std::uint8_t> ChangeRun::change(std::size_t index) const {
    return change_at(octets_, starts_[index]);
}

ChangeMerge::ChangeMerge(std::span<const ChangeRun> runs) : runs_(runs) {
    heads_.reserve(runs.size());
    for (std::uint32_t run = 0; run < runs.size(); ++run)
        push(run, 0);
}

// The top of the heap is what is behind nothing: the least key, in the last run that has it.
bool ChangeMerge::is_behind(const Head& one, const Head& other) {
    return one.key != other.key ? one.key > other.key : one.run < other.run;
}

void ChangeMerge::push(std::uint32_t run, std::uint32_t index) {
    if (index == runs_[run].size())
        return;
    heads_.push_back({key_of(runs_[run].change(index)), run, index});
    std::ranges::push_heap(heads_, is_behind);
}

ChangeMerge::Head ChangeMerge::pop() {
    std::ranges::pop_heap(heads_, is_behind);
    const Head head = heads_.back();
    heads_.pop_back();
    push(head.run, head.index + 1);
    return head;
}

std::optional<std::span<const std::uint8_t>> ChangeMerge::next() {
    if (heads_.empty())
        return std::nullopt;
    const Head head = pop();
    while (!heads_.empty() && heads_.front().key == head.key)
        pop();
    return runs_[head.run].change(head.index);
}

} // namespace anchor6::io
