// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/store_clock.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;
using namespace std::chrono_literals;

constexpr core::Now start{core::BootTime{100s}, core::RealTime{1'700'000'000s}};

core::Now later(std::chrono::nanoseconds passed, std::chrono::nanoseconds step) {
    return {start.boot + passed, start.real + passed + step};
}

} // namespace

TEST_GROUP(store_clock){};

TEST(store_clock, a_new_stores_clock_is_real_time) {
    const io::StoreClock clock{{}, 1, start};
    CHECK(core::RealTime{std::chrono::nanoseconds{clock.to_stored(start.boot)}} == start.real);
    CHECK(clock.from_stored(clock.to_stored(start.boot + 1ns)) == start.boot + 1ns);
}

TEST(store_clock, within_a_boot_no_step_counts_whether_it_was_seen_or_not) {
    io::StoreClock clock{{}, 1, start};
    const auto deadline = clock.to_stored(start.boot + 50s);
    clock.note_step(-2h);
    const io::StoreClock next{clock.record(), 1, later(10s, -3h)};
    CHECK(next.from_stored(deadline) == start.boot + 50s);
    CHECK(next.record().steps == -3h);
}

TEST(store_clock, over_a_reboot_real_time_counts_without_the_steps) {
    io::StoreClock clock{{}, 1, start};
    const auto deadline = clock.to_stored(start.boot + 50s);
    clock.note_step(2h);
    core::Now rebooted = later(20s, 2h);
    rebooted.boot = core::BootTime{3s};
    const io::StoreClock next{clock.record(), 2, rebooted};
    CHECK(next.from_stored(deadline) == core::BootTime{33s});
    CHECK(next.record().steps == 2h);
}

TEST(store_clock, what_is_long_over_lies_before_the_boot) {
    const io::StoreClock clock{{}, 1, start};
    const auto deadline = clock.to_stored(start.boot);
    const io::StoreClock next{clock.record(), 2, {core::BootTime{3s}, start.real + 1h}};
    CHECK(next.from_stored(deadline) == core::BootTime{3s - 1h});
}

TEST(store_clock, the_identity_stays_while_the_machine_runs) {
    CHECK(io::boot_identity() == io::boot_identity());
    CHECK(io::boot_identity() != 0);
}
