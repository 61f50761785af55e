// SPDX-License-Identifier: GPL-2.0-or-later
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <csignal>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "io/clock.h"
#include "io/event_loop.h"
#include "io/file_descriptor.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;

io::FileDescriptor ready_event() {
    return io::FileDescriptor{eventfd(1, EFD_CLOEXEC)};
}

} // namespace

TEST_GROUP(EventLoop) {
    io::EventLoop loop;
    io::EventSource source;
};

TEST(EventLoop, an_exception_of_a_callback_comes_out_of_run) {
    auto event = ready_event();
    loop.watch_fd(source, event.get(), EPOLLIN, io::EventLoop::Urgency::message,
                  [](std::uint32_t) { throw std::runtime_error("gone"); });
    CHECK_THROWS(std::runtime_error, loop.run());
}

TEST(EventLoop, what_is_finished_comes_before_what_is_new) {
    auto message = ready_event();
    auto completion = ready_event();
    std::vector<char> order;
    io::EventSource other;
    loop.watch_fd(source, message.get(), EPOLLIN, io::EventLoop::Urgency::message,
                  [&](std::uint32_t) {
                      order.push_back('m');
                      loop.stop();
                  });
    loop.watch_fd(other, completion.get(), EPOLLIN, io::EventLoop::Urgency::completion,
                  [&](std::uint32_t) {
                      order.push_back('c');
                      other.enable(false);
                  });
    loop.run();
    CHECK_TRUE((order == std::vector{'c', 'm'}));
}

TEST(EventLoop, a_source_may_be_gone_when_its_callback_returns) {
    auto event = ready_event();
    auto own = std::make_unique<io::EventSource>();
    loop.watch_fd(*own, event.get(), EPOLLIN, io::EventLoop::Urgency::message, [&](std::uint32_t) {
        own.reset();
        loop.stop();
    });
    loop.run();
    POINTERS_EQUAL(nullptr, own.get());
}

TEST(EventLoop, a_deadline_of_the_past_is_served_at_once_and_once) {
    int served = 0;
    loop.watch_time(source, [&] { ++served; });
    loop.run_once(std::chrono::milliseconds{1});
    LONGS_EQUAL(0, served);
    loop.arm(source, io::now().boot - std::chrono::seconds{1});
    loop.run_once(std::chrono::milliseconds{1});
    loop.run_once(std::chrono::milliseconds{1});
    LONGS_EQUAL(1, served);
}

TEST(EventLoop, a_signal_is_an_event) {
    loop.watch_signal(source, SIGHUP, [&] { loop.stop(); });
    raise(SIGHUP);
    loop.run();
}

TEST(EventLoop, its_time_stands_still_while_something_is_served) {
    auto event = ready_event();
    std::vector<core::Now> times;
    loop.watch_fd(source, event.get(), EPOLLIN, io::EventLoop::Urgency::message,
                  [&](std::uint32_t) {
                      times.push_back(loop.now());
                      std::this_thread::sleep_for(std::chrono::milliseconds{2});
                      times.push_back(loop.now());
                      if (times.size() == 4)
                          loop.stop();
                  });
    const core::Now before = io::now();
    loop.run();
    CHECK_TRUE(times[0].boot == times[1].boot && times[0].real == times[1].real);
    CHECK_TRUE(times[2].boot - times[0].boot >= std::chrono::milliseconds{2});
    // To the microsecond.
    CHECK_TRUE(times[0].boot - before.boot > -std::chrono::microseconds{1});
    CHECK_TRUE(times[0].boot - before.boot < std::chrono::seconds{10});
    CHECK_TRUE(std::chrono::abs(times[0].real - before.real) < std::chrono::seconds{10});
}
