// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/clock.h"

#include <chrono>
#include <ctime>

namespace anchor6::io {

namespace {

std::chrono::nanoseconds read(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

} // namespace

core::Now now() {
    return {core::BootTime{read(CLOCK_BOOTTIME)}, core::RealTime{read(CLOCK_REALTIME)}};
}

} // namespace anchor6::io
