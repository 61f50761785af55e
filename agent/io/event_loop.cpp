// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/event_loop.h"

#include <csignal>
#include <ctime>

#include <pthread.h>
#include <sys/signalfd.h>

#include "io/system_error.h"

namespace anchor6::io {

namespace {

int check(int result, const char* what) {
    if (result < 0)
        throw system_error(what, -result);
    return result;
}

using Callback = std::function<void(std::uint32_t)>;

// A copy is called, as the source that holds the callback may be destroyed by it.
int call(const void* callback, std::uint32_t events) {
    Callback copy = *static_cast<const Callback*>(callback);
    copy(events);
    return 0;
}

int on_fd(sd_event_source* /*source*/, int /*fd*/, std::uint32_t events, void* callback) {
    return call(callback, events);
}

int on_signal(sd_event_source* /*source*/, const signalfd_siginfo* /*info*/, void* callback) {
    return call(callback, 0);
}

int on_time(sd_event_source* /*source*/, std::uint64_t /*usec*/, void* callback) {
    return call(callback, 0);
}

std::uint64_t microseconds(core::BootTime time) {
    auto since_boot = std::chrono::ceil<std::chrono::microseconds>(time.time_since_epoch());
    return static_cast<std::uint64_t>(since_boot.count());
}

} // namespace

void EventSource::enable(bool enabled) {
    check(sd_event_source_set_enabled(source_.get(), enabled ? SD_EVENT_ON : SD_EVENT_OFF),
          "sd_event_source_set_enabled");
}

EventLoop::EventLoop() {
    sigset_t signals;
    sigemptyset(&signals);
    for (int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&signals, signal);
    if (int error = pthread_sigmask(SIG_BLOCK, &signals, nullptr); error != 0)
        throw system_error("pthread_sigmask", error);
    sd_event* loop = nullptr;
    check(sd_event_new(&loop), "sd_event_new");
    loop_.reset(loop);
    check(sd_event_set_watchdog(loop, 1), "sd_event_set_watchdog");
}

// sd-event is C: no exception may cross it.
std::function<void(std::uint32_t)> EventLoop::guard(Callback callback) {
    return [this, callback = std::move(callback)](std::uint32_t events) {
        try {
            callback(events);
        } catch (...) {
            failure_ = std::current_exception();
            stop();
        }
    };
}

void EventLoop::watch_fd(EventSource& source, int fd, std::uint32_t events, Urgency urgency,
                         std::function<void(std::uint32_t)> callback) {
    source.callback_ = guard(std::move(callback));
    sd_event_source* raw = nullptr;
    check(sd_event_add_io(loop_.get(), &raw, fd, events, on_fd, &source.callback_),
          "sd_event_add_io");
    source.source_.reset(raw);
    check(sd_event_source_set_priority(raw, static_cast<std::int64_t>(urgency)),
          "sd_event_source_set_priority");
}

void EventLoop::set_events(EventSource& source, std::uint32_t events) {
    check(sd_event_source_set_io_events(source.source_.get(), events),
          "sd_event_source_set_io_events");
}

void EventLoop::watch_signal(EventSource& source, int signal, std::function<void()> callback) {
    source.callback_ = guard([callback = std::move(callback)](std::uint32_t) { callback(); });
    sd_event_source* raw = nullptr;
    check(sd_event_add_signal(loop_.get(), &raw, signal, on_signal, &source.callback_),
          "sd_event_add_signal");
    source.source_.reset(raw);
}

void EventLoop::watch_time(EventSource& source, std::function<void()> callback) {
    source.callback_ = guard([callback = std::move(callback)](std::uint32_t) { callback(); });
    sd_event_source* raw = nullptr;
    constexpr std::uint64_t accuracy_us = 1000;
    check(sd_event_add_time(loop_.get(), &raw, CLOCK_BOOTTIME, UINT64_MAX, accuracy_us, on_time,
                            &source.callback_),
          "sd_event_add_time");
    source.source_.reset(raw);
}

void EventLoop::arm(EventSource& source, std::optional<core::BootTime> when) {
    if (!when) {
        source.enable(false);
        return;
    }
    check(sd_event_source_set_time(source.source_.get(), microseconds(*when)),
          "sd_event_source_set_time");
    check(sd_event_source_set_enabled(source.source_.get(), SD_EVENT_ONESHOT),
          "sd_event_source_set_enabled");
}

void EventLoop::run() {
    check(sd_event_loop(loop_.get()), "sd_event_loop");
    if (failure_)
        std::rethrow_exception(failure_);
}

void EventLoop::run_once(std::chrono::microseconds timeout) {
    check(sd_event_run(loop_.get(), static_cast<std::uint64_t>(timeout.count())), "sd_event_run");
}

void EventLoop::stop() {
    check(sd_event_exit(loop_.get(), 0), "sd_event_exit");
}

core::Now EventLoop::now() const {
    const auto since = [this](clockid_t clock) {
        std::uint64_t time = 0;
        check(sd_event_now(loop_.get(), clock, &time), "sd_event_now");
        return std::chrono::microseconds{time};
    };
    return {core::BootTime{since(CLOCK_BOOTTIME)}, core::RealTime{since(CLOCK_REALTIME)}};
}

} // namespace anchor6::io
