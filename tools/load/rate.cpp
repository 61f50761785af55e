// SPDX-License-Identifier: GPL-2.0-or-later
#include "rate.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <sys/resource.h>

#include "batch_socket.h"
#include "rate_schedule.h"
#include "update_template.h"
#include "wire/message.h"

namespace anchor6::load {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint8_t new_attachment = 1;
constexpr std::uint8_t same_attachment = 5;
/// Longest pause while something may be due.
constexpr std::chrono::milliseconds pause_max{10};

std::chrono::nanoseconds cpu_time() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto to_duration = [](const timeval& time) {
        return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
    };
    return to_duration(usage.ru_utime) + to_duration(usage.ru_stime);
}

/// One message for each node, sent and answered.
class Phase {
public:
    Phase(const RateRequest& request, BatchSocket& socket, std::vector<LoadNode>& nodes,
          bool refresh)
        : request_(request), socket_(socket), nodes_(nodes),
          update_(refresh ? same_attachment : new_attachment, request.lifetime),
          schedule_(request, nodes, refresh, start_) {}

    RateResult run();

private:
    void send_first(Clock::time_point now);
    void send_again(Clock::time_point now);
    void send(std::uint32_t node, Clock::time_point now);
    void take_answers(std::size_t count, Clock::time_point now);
    void wait(Clock::time_point now) const;

    const RateRequest& request_;
    BatchSocket& socket_;
    std::vector<LoadNode>& nodes_;
    UpdateTemplate update_;
    Clock::time_point start_ = Clock::now();
    /// What real time has beyond the other clock. One is read once a round, since that is a system
    /// call where there is no vDSO.
    std::chrono::nanoseconds ahead_ =
        std::chrono::system_clock::now().time_since_epoch() - start_.time_since_epoch();
    RateSchedule schedule_;
};

RateResult Phase::run() {
    const auto cpu_before = cpu_time();
    auto now = start_;
    while (!schedule_.is_done()) {
        send_first(now);
        const std::size_t count = socket_.receive();
        now = Clock::now();
        take_answers(count, now);
        if (count == 0) {
            send_again(now);
            wait(now);
            now = Clock::now();
        }
    }
    RateResult result = schedule_.take_result();
    result.elapsed = Clock::now() - start_;
    result.own_cpu = cpu_time() - cpu_before;
    return result;
}

void Phase::send_first(Clock::time_point now) {
    while (const auto node = schedule_.next_first(now))
        send(*node, now);
    socket_.flush();
}

void Phase::send_again(Clock::time_point now) {
    while (const auto node = schedule_.next_again(now))
        send(*node, now);
    socket_.flush();
}

void Phase::send(std::uint32_t node, Clock::time_point now) {
    const LoadNode& state = nodes_[node];
    const std::chrono::nanoseconds since_1970 = now.time_since_epoch() + ahead_;
    const auto octets =
        socket_.add(advanced(request_.source, node % request_.mags), update_.size());
    update_.write(octets, {node, state.sequence, since_1970, state.prefix});
}

void Phase::take_answers(std::size_t count, Clock::time_point now) {
    for (std::size_t index = 0; index < count; ++index) {
        const auto parsed = wire::parse(socket_.received(index));
        if (const auto* message = std::get_if<wire::Message>(&parsed))
            if (const auto* answer = std::get_if<wire::BindingAcknowledgement>(message))
                schedule_.take(*answer, now);
    }
}

void Phase::wait(Clock::time_point now) const {
    const auto next = schedule_.next_due();
    socket_.wait(next ? std::min<Clock::duration>(*next - now, pause_max) : pause_max);
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
