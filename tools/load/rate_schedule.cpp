// SPDX-License-Identifier: GPL-2.0-or-later
#include "rate_schedule.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "update_template.h"

namespace anchor6::load {

namespace {

/// Messages leave in groups: one for each wake-up would measure how often the generator wakes up.
/// Timers that tick each 10 ms, or 4, shall not meet the groups always at the same moment.
constexpr std::chrono::milliseconds group_interval{7};

/// A step that visits each of so many, far from the one before.
std::uint64_t stride(std::uint64_t count) {
    auto step = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(0.618 * double(count)));
    while (std::gcd(step, count) != 1)
        ++step;
    return step;
}

} // namespace

wire::Address advanced(const wire::Address& address, std::uint32_t offset) {
    wire::Address::Octets octets = address.octets();
    for (std::size_t index = octets.size(); index-- != 0 && offset != 0; offset >>= 8) {
        const std::uint32_t sum = octets[index] + (offset & 0xff);
        octets[index] = static_cast<std::uint8_t>(sum);
        offset += sum >> 8 << 8;
    }
    return wire::Address{octets};
}

RateSchedule::RateSchedule(const RateRequest& request, std::vector<LoadNode>& nodes, bool refresh,
                           TimePoint start)
    : request_(request), nodes_(nodes), stride_(refresh ? stride(nodes.size()) : 1), start_(start) {
    result_.kind = refresh ? "refresh" : "registration";
    result_.delays.reserve(nodes.size());
}

RateSchedule::TimePoint RateSchedule::due(std::uint64_t index) const {
    if (!request_.per_second)
        return start_;
    const std::chrono::duration<double> since_start{double(index) / *request_.per_second};
    return start_ +
           group_interval * static_cast<std::int64_t>(std::ceil(since_start / group_interval));
}

std::optional<RateSchedule::TimePoint> RateSchedule::next_due() const {
    if (begun_ == nodes_.size() || open_ >= request_.window)
        return std::nullopt;
    return due(begun_);
}

std::optional<std::uint32_t> RateSchedule::next_first(TimePoint now) {
    const auto next = next_due();
    if (!next || *next > now)
        return std::nullopt;
    const auto node = static_cast<std::uint32_t>(begun_++ * stride_ % nodes_.size());
    LoadNode& state = nodes_[node];
    state.tries = 0;
    state.open = true;
    state.sent = request_.per_second ? *next : now;
    ++open_;
    note_sent(node, now);
    return node;
}

void RateSchedule::note_sent(std::uint32_t node, TimePoint now) {
    LoadNode& state = nodes_[node];
    ++state.sequence;
    waiting_.emplace(now + request_.wait * (1 << std::min<unsigned>(state.tries++, 16)), node);
}

std::optional<std::uint32_t> RateSchedule::next_again(TimePoint now) {
    while (!waiting_.empty() && waiting_.top().first <= now) {
        const std::uint32_t node = waiting_.top().second;
        waiting_.pop();
        LoadNode& state = nodes_[node];
        if (!state.open)
            continue;
        if (state.tries <= request_.retries) {
            ++result_.sent_again;
            note_sent(node, now);
            return node;
        }
        ++result_.unanswered;
        close(state);
    }
    return std::nullopt;
}

void RateSchedule::close(LoadNode& node) {
    node.open = false;
    --open_;
}

void RateSchedule::take(const wire::BindingAcknowledgement& answer, TimePoint now) {
    const auto& options = answer.options;
    const auto node =
        options.mn_identifier ? node_of(options.mn_identifier->identifier) : std::nullopt;
    if (!node || *node >= nodes_.size())
        return;
    LoadNode& state = nodes_[*node];
    if (!state.open || state.sequence != answer.sequence)
        return;
    close(state);
    const bool accepted =
        !wire::is_refusal(answer.status) && !options.home_network_prefixes.empty();
    const auto prefix = accepted ? options.home_network_prefixes.front().prefix : wire::Address{};
    // A session keeps the prefix that its registration was given.
    if (!accepted || (!state.prefix.is_unspecified() && state.prefix != prefix)) {
        ++result_.refused;
        return;
    }
    ++result_.accepted;
    state.prefix = prefix;
    result_.delays.push_back(
        std::chrono::duration_cast<std::chrono::microseconds>(now - state.sent));
}

RateResult RateSchedule::take_result() {
    std::ranges::sort(result_.delays);
    return std::move(result_);
}

} // namespace anchor6::load
