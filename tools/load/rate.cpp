// SPDX-License-Identifier: GPL-2.0-or-later
#include "rate.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>

#include <fmt/format.h>
#include <sys/resource.h>

#include "batch_socket.h"
#include "update_template.h"
#include "wire/message.h"

namespace anchor6::load {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint8_t new_attachment = 1;
constexpr std::uint8_t same_attachment = 5;
/// Longest pause while something may be due.
constexpr std::chrono::milliseconds pause_max{10};

struct LoadNode {
    wire::Address prefix;
    Clock::time_point sent;
    std::uint16_t sequence = 0;
    std::uint8_t tries = 0;
    bool open = false;
};

std::chrono::nanoseconds cpu_time() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto to_duration = [](const timeval& time) {
        return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
    };
    return to_duration(usage.ru_utime) + to_duration(usage.ru_stime);
}

/// The address `offset` further.
wire::Address advanced(const wire::Address& address, std::uint32_t offset) {
    wire::Address::Octets octets = address.octets();
    for (std::size_t index = octets.size(); index-- != 0 && offset != 0; offset >>= 8) {
        const std::uint32_t sum = octets[index] + (offset & 0xff);
        octets[index] = static_cast<std::uint8_t>(sum);
        offset += sum >> 8 << 8;
    }
    return wire::Address{octets};
}

/// A step that visits each of so many, far from the one before.
std::uint64_t stride(std::uint64_t count) {
    auto step = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(0.618 * double(count)));
    while (std::gcd(step, count) != 1)
        ++step;
    return step;
}

/// One message for each node.
class Phase {
public:
    Phase(const RateRequest& request, BatchSocket& socket, std::vector<LoadNode>& nodes,
          bool refresh)
        : request_(request), socket_(socket), nodes_(nodes),
          update_(refresh ? same_attachment : new_attachment, request.lifetime),
          stride_(refresh ? stride(nodes.size()) : 1) {
        result_.kind = refresh ? "refresh" : "registration";
        result_.delays.reserve(nodes.size());
    }

    RateResult run();

private:
    Clock::time_point due(std::uint64_t index) const;
    void send_due(Clock::time_point now);
    void send(std::uint32_t node, Clock::time_point now);
    void note_time() { since_1970_ = std::chrono::system_clock::now().time_since_epoch(); }
    void send_again(Clock::time_point now);
    bool take_answers();
    void take(std::span<const std::uint8_t> octets, Clock::time_point now);
    void take(const wire::BindingAcknowledgement& answer, Clock::time_point now);

    const RateRequest& request_;
    BatchSocket& socket_;
    std::vector<LoadNode>& nodes_;
    UpdateTemplate update_;
    std::uint64_t stride_;
    RateResult result_;
    Clock::time_point start_ = Clock::now();
    std::chrono::nanoseconds since_1970_{0};
    std::uint64_t begun_ = 0;
    std::uint32_t open_ = 0;
    /// What may have to be sent again, in the order of the times.
    using Retry = std::pair<Clock::time_point, std::uint32_t>;
    std::priority_queue<Retry, std::vector<Retry>, std::greater<>> waiting_;
};

RateResult Phase::run() {
    const auto cpu_before = cpu_time();
    start_ = Clock::now();
    while (begun_ < nodes_.size() || open_ != 0) {
        send_due(Clock::now());
        socket_.flush();
        if (!take_answers()) {
            send_again(Clock::now());
            const auto next = begun_ < nodes_.size() ? due(begun_) - Clock::now() : pause_max;
            socket_.wait(open_ < request_.window ? std::min<Clock::duration>(next, pause_max)
                                                 : pause_max);
        }
    }
    result_.elapsed = Clock::now() - start_;
    result_.own_cpu = cpu_time() - cpu_before;
    std::ranges::sort(result_.delays);
    return std::move(result_);
}

Clock::time_point Phase::due(std::uint64_t index) const {
    if (!request_.per_second)
        return start_;
    return start_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(double(index) / *request_.per_second));
}

void Phase::send_due(Clock::time_point now) {
    note_time();
    for (; begun_ < nodes_.size() && open_ < request_.window && due(begun_) <= now; ++begun_) {
        const auto node = static_cast<std::uint32_t>(begun_ * stride_ % nodes_.size());
        nodes_[node].tries = 0;
        nodes_[node].open = true;
        nodes_[node].sent = request_.per_second ? due(begun_) : now;
        ++open_;
        send(node, now);
    }
}

void Phase::send(std::uint32_t node, Clock::time_point now) {
    LoadNode& state = nodes_[node];
    const auto octets =
        socket_.add(advanced(request_.source, node % request_.mags), update_.size());
    update_.write(octets, {node, ++state.sequence, since_1970_, state.prefix});
    waiting_.emplace(now + request_.wait * (1 << std::min<unsigned>(state.tries++, 16)), node);
}

void Phase::send_again(Clock::time_point now) {
    note_time();
    while (!waiting_.empty() && waiting_.top().first <= now) {
        const std::uint32_t node = waiting_.top().second;
        waiting_.pop();
        LoadNode& state = nodes_[node];
        if (!state.open)
            continue;
        if (state.tries <= request_.retries) {
            ++result_.sent_again;
            send(node, now);
        } else {
            ++result_.unanswered;
            state.open = false;
            --open_;
        }
    }
}

bool Phase::take_answers() {
    const std::size_t count = socket_.receive();
    const auto now = Clock::now();
    for (std::size_t index = 0; index < count; ++index)
        take(socket_.received(index), now);
    return count != 0;
}

void Phase::take(std::span<const std::uint8_t> octets, Clock::time_point now) {
    const auto parsed = wire::parse(octets);
    if (const auto* message = std::get_if<wire::Message>(&parsed))
        if (const auto* answer = std::get_if<wire::BindingAcknowledgement>(message))
            take(*answer, now);
}

void Phase::take(const wire::BindingAcknowledgement& answer, Clock::time_point now) {
    const auto& options = answer.options;
    const auto node =
        options.mn_identifier ? node_of(options.mn_identifier->identifier) : std::nullopt;
    if (!node || *node >= nodes_.size())
        return;
    LoadNode& state = nodes_[*node];
    if (!state.open || state.sequence != answer.sequence)
        return;
    state.open = false;
    --open_;
    const bool accepted =
        static_cast<std::uint8_t>(answer.status) < 128 && !options.home_network_prefixes.empty();
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

} // namespace

double RateResult::per_second() const {
    return accepted / std::chrono::duration<double>(elapsed).count();
}

std::chrono::microseconds RateResult::percentile(double hundredths) const {
    const auto rank = static_cast<std::size_t>(std::ceil(hundredths / 100 * double(delays.size())));
    return delays[std::clamp<std::size_t>(rank, 1, delays.size()) - 1];
}

void measure_rate(const RateRequest& request,
                  const std::function<void(const RateResult&)>& report) {
    BatchSocket socket{request.anchor};
    std::vector<LoadNode> nodes(request.nodes);
    for (std::uint32_t round = 0; round <= request.refreshes; ++round)
        report(Phase{request, socket, nodes, round != 0}.run());
}

std::string to_text(const RateResult& result) {
    std::string text = fmt::format(
        "{}: {} accepted, {} refused, {} without answer, {} sent again; {:.0f}/s", result.kind,
        result.accepted, result.refused, result.unanswered, result.sent_again, result.per_second());
    if (!result.delays.empty())
        text += fmt::format("; ms: p50 {:.1f}, p90 {:.1f}, p99 {:.1f}, most {:.1f}",
                            double(result.percentile(50).count()) / 1000,
                            double(result.percentile(90).count()) / 1000,
                            double(result.percentile(99).count()) / 1000,
                            double(result.percentile(100).count()) / 1000);
    return text +
           fmt::format("; own CPU {:.2f} s", std::chrono::duration<double>(result.own_cpu).count());
}

std::string to_json(const RateResult& result) {
    std::string delays;
    if (!result.delays.empty())
        delays = fmt::format(R"("p50_us":{},"p90_us":{},"p99_us":{},"max_us":{},)",
                             result.percentile(50).count(), result.percentile(90).count(),
                             result.percentile(99).count(), result.percentile(100).count());
    return fmt::format(
        R"({{"kind":"{}","accepted":{},"refused":{},"unanswered":{},"sent_again":{},)"
        R"("per_second":{:.0f},{}"seconds":{:.6f},"own_cpu_seconds":{:.6f}}})",
        result.kind, result.accepted, result.refused, result.unanswered, result.sent_again,
        result.per_second(), delays, std::chrono::duration<double>(result.elapsed).count(),
        std::chrono::duration<double>(result.own_cpu).count());
}

} // namespace anchor6::load
