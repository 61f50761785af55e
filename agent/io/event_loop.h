// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

#include <systemd/sd-event.h>

#include "core/time.h"

namespace anchor6::io {

struct EventSourceUnref {
    void operator()(sd_event_source* source) const { sd_event_source_disable_unref(source); }
};

/// Something that an event loop waits for; it waits no longer when this is destroyed. Callbacks
/// hold its address, so it neither copies nor moves.
class EventSource {
public:
    EventSource() = default;
    EventSource(const EventSource&) = delete;
    EventSource& operator=(const EventSource&) = delete;

    void enable(bool enabled);
    explicit operator bool() const { return source_ != nullptr; }

protected:
    friend class EventLoop;
    std::unique_ptr<sd_event_source, EventSourceUnref> source_;
    std::function<void(std::uint32_t)> callback_;
};

/// The one loop of the decision thread. An exception that leaves a callback
/// ends run() and comes out of it.
class EventLoop {
public:
    /// Sources of a higher urgency are served first when several are ready.
    enum class Urgency : std::uint8_t { completion, control, message, discovery };

    /// Blocks SIGTERM, SIGINT and SIGHUP; before any other thread starts, so that they inherit it.
    EventLoop();

    /// `events` as of epoll_ctl(2).
    void watch_fd(EventSource& source, int fd, std::uint32_t events, Urgency urgency,
                  std::function<void(std::uint32_t)> callback);
    void set_events(EventSource& source, std::uint32_t events);
    void watch_signal(EventSource& source, int signal, std::function<void()> callback);
    /// Calls back at the times that arm() names, not before it is called.
    void watch_time(EventSource& source, std::function<void()> callback);
    void arm(EventSource& source, std::optional<core::BootTime> when);

    /// Serves events until stop(); answers the service manager's watchdog meanwhile.
    void run();
    /// Serves what comes within that time at most.
    void run_once(std::chrono::microseconds timeout);
    void stop();

    /// When what is being served became ready, to the microsecond. It costs nothing, while a clock
    /// is a system call where there is no vDSO. Before the loop runs it is the present.
    core::Now now() const;

private:
    struct LoopUnref {
        void operator()(sd_event* loop) const { sd_event_unref(loop); }
    };

    std::function<void(std::uint32_t)> guard(std::function<void(std::uint32_t)> callback);

    std::unique_ptr<sd_event, LoopUnref> loop_;
    std::exception_ptr failure_;
};

} // namespace anchor6::io
