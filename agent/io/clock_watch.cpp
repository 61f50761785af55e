// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/clock_watch.h"

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <limits>
#include <utility>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/system_error.h"

namespace anchor6::io {

namespace {

/// Later than any time that a clock will show: the timer only ever ends by being cancelled.
constexpr std::time_t never = std::numeric_limits<std::int32_t>::max() * std::time_t{64};

std::chrono::nanoseconds offset_of_clock() {
    core::Now time = now();
    return time.real.time_since_epoch() - time.boot.time_since_epoch();
}

} // namespace

ClockWatch::ClockWatch(EventLoop& loop, std::function<void(std::chrono::nanoseconds)> stepped)
    : timer_(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC)),
      stepped_(std::move(stepped)), offset_(offset_of_clock()) {
    if (!timer_)
        throw system_error("timerfd_create");
    arm();
    loop.watch_fd(source_, timer_.get(), EPOLLIN, EventLoop::Urgency::completion,
                  [this](std::uint32_t) { on_cancelled(); });
}

void ClockWatch::arm() {
    itimerspec when{};
    when.it_value.tv_sec = never;
    if (timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, nullptr) <
        0)
        throw system_error("timerfd_settime");
}

void ClockWatch::on_cancelled() {
    std::uint64_t expirations = 0;
    if (read(timer_.get(), &expirations, sizeof(expirations)) >= 0 || errno != ECANCELED)
        return;
    arm();
    std::chrono::nanoseconds offset = offset_of_clock();
    std::chrono::nanoseconds step = offset - std::exchange(offset_, offset);
    // A clock that was set to what it showed has not stepped; reading two clocks takes a moment.
    if (std::chrono::abs(step) >= std::chrono::milliseconds{1})
        stepped_(step);
}

} // namespace anchor6::io
