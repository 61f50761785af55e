// SPDX-License-Identifier: GPL-2.0-or-later
#include <cerrno>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <poll.h>

#include "io/clock.h"
#include "io/kernel_table.h"
#include "io/sqlite.h"
#include "io/sqlite_store.h"
#include "io/transaction_runner.h"
#include "tests/io_scratch.h"

#include <CppUTest/TestHarness.h>

namespace {

using namespace anchor6;
using Outcome = core::TransactionEnded::Outcome;

/// The kernel's tables as a map, with an appetite that the test decides on.
class TableModel final : public io::KernelTable {
public:
    std::map<wire::Prefix, wire::Address> bindings;
    std::set<wire::Prefix> refused_settings;
    int refused_deletions = 0;
    std::size_t batches = 0;

    std::vector<int> apply(std::span<const core::KernelChange> changes) override {
        batches += changes.empty() ? 0 : 1;
        std::vector<int> errors;
        for (const core::KernelChange& change : changes)
            errors.push_back(apply(change));
        return errors;
    }

private:
    int apply(const core::KernelChange& change) {
        if (const auto* removal = std::get_if<core::DeleteKernelBinding>(&change)) {
            if (refused_deletions > 0) {
                --refused_deletions;
                return ENOMEM;
            }
            bindings.erase(removal->prefix);
            return 0;
        }
        const auto& binding = std::get<core::SetKernelBinding>(change).binding;
        if (refused_settings.contains(binding.prefix))
            return ENOSPC;
        bindings[binding.prefix] = binding.remote;
        return 0;
    }
};

wire::Prefix session_prefix(std::uint8_t number) {
    wire::Address::Octets octets{0x20, 0x01, 0x0d, 0xb8, 0, 0x77, 0, number};
    return *wire::Prefix::of(wire::Address{octets}, 64);
}

const wire::Address mag = *wire::Address::parse("2001:db8:a::1");
const wire::Address lma = *wire::Address::parse("2001:db8:1::1");

core::ProxyBinding session(std::uint8_t number) {
    core::ProxyBinding binding;
    binding.id = number;
    binding.mn_identifier = "mn" + std::to_string(number);
    binding.home_network_prefixes = {session_prefix(number)};
    binding.proxy_care_of_address = mag;
    binding.lma_address = lma;
    binding.expires = io::now().boot + std::chrono::seconds{300};
    return binding;
}

/// A session that was not there before, with a second prefix beside its own.
core::Transaction registration(std::uint8_t number) {
    core::Transaction transaction;
    transaction.id = number;
    transaction.store = {core::PutProxyBinding{session(number)}};
    transaction.undo_store = {core::DeleteProxyBinding{number}};
    for (int second : {0, 100}) {
        auto prefix = session_prefix(static_cast<std::uint8_t>(number + second));
        core::KernelBinding binding{core::Cache::proxy,        prefix, lma, mag,
                                    std::chrono::seconds{300}, number, 0};
        transaction.kernel.emplace_back(core::SetKernelBinding{binding});
        transaction.undo_kernel.emplace_back(core::DeleteKernelBinding{core::Cache::proxy, prefix});
    }
    return transaction;
}

} // namespace

TEST_GROUP(TransactionRunner) {
    tests::Scratch scratch;

    // The logger lives as long as the program.
    void setup() override {
        IGNORE_ALL_LEAKS_IN_TEST();
    }
    core::Counters counters;
    TableModel kernel;
    std::string path = scratch.file("store.db");
    std::unique_ptr<io::SqliteStore> store = std::make_unique<io::SqliteStore>(path, 1, io::now());
    io::TransactionRunner runner{*store, kernel, counters};
    core::BootTime time{std::chrono::seconds{100}};

    std::vector<core::TransactionEnded> proceed() {
        pollfd ready{store->completion_fd(), POLLIN, 0};
        poll(&ready, 1, 10000);
        return runner.proceed(time);
    }
    std::vector<core::TransactionEnded> run_batch() {
        runner.start(time);
        return proceed();
    }
    std::size_t stored_sessions() {
        store.reset();
        return io::SqliteStore{path, 1, io::now()}.remembered().proxy_bindings.size();
    }
    void expect(const core::TransactionEnded& ended, core::TransactionId id, Outcome outcome,
                int error) {
        LONGS_EQUAL(id, ended.id);
        CHECK_TRUE(ended.outcome == outcome);
        LONGS_EQUAL(error, ended.error);
    }
};

TEST(TransactionRunner, what_waits_shares_one_commit_and_one_batch) {
    for (std::uint8_t number = 1; number <= 20; ++number)
        runner.submit(registration(number));
    auto ended = run_batch();
    LONGS_EQUAL(20, ended.size());
    for (std::size_t index = 0; index < ended.size(); ++index)
        expect(ended[index], index + 1, Outcome::committed, 0);
    LONGS_EQUAL(1, kernel.batches);
    LONGS_EQUAL(40, kernel.bindings.size());
    LONGS_EQUAL(0, runner.size());
    LONGS_EQUAL(20, stored_sessions());
}

TEST(TransactionRunner, what_comes_meanwhile_waits_for_the_next_batch) {
    runner.submit(registration(1));
    runner.start(time);
    runner.submit(registration(2));
    runner.start(time);
    LONGS_EQUAL(1, proceed().size());
    LONGS_EQUAL(1, runner.size());
    auto ended = run_batch();
    LONGS_EQUAL(1, ended.size());
    expect(ended.front(), 2, Outcome::committed, 0);
}

TEST(TransactionRunner, a_refused_one_is_undone_and_the_others_stay) {
    kernel.refused_settings = {session_prefix(102)};
    for (std::uint8_t number = 1; number <= 3; ++number)
        runner.submit(registration(number));
    auto ended = run_batch();
    LONGS_EQUAL(2, ended.size());
    expect(ended[0], 1, Outcome::committed, 0);
    expect(ended[1], 3, Outcome::committed, 0);
    LONGS_EQUAL(1, runner.size());
    ended = run_batch();
    LONGS_EQUAL(1, ended.size());
    expect(ended[0], 2, Outcome::kernel_failed, ENOSPC);
    LONGS_EQUAL(4, kernel.bindings.size());
    CHECK_FALSE(kernel.bindings.contains(session_prefix(2)));
    LONGS_EQUAL(1, counters.value(core::Counter::kernel_refusals));
    LONGS_EQUAL(2, stored_sessions());
}

TEST(TransactionRunner, an_undo_is_tried_until_it_is_done_and_others_do_not_wait) {
    kernel.refused_settings = {session_prefix(101)};
    kernel.refused_deletions = 3;
    runner.submit(registration(1));
    LONGS_EQUAL(0, run_batch().size());
    runner.start(time);
    CHECK_TRUE(runner.next_deadline() == time + std::chrono::milliseconds{100});
    runner.submit(registration(2));
    auto ended = run_batch();
    LONGS_EQUAL(1, ended.size());
    expect(ended[0], 2, Outcome::committed, 0);

    time += std::chrono::milliseconds{100};
    runner.start(time);
    CHECK_TRUE(runner.next_deadline() == time + std::chrono::milliseconds{200});
    time += std::chrono::milliseconds{200};
    ended = run_batch();
    LONGS_EQUAL(1, ended.size());
    expect(ended[0], 1, Outcome::kernel_failed, ENOSPC);
    CHECK_FALSE(runner.next_deadline().has_value());
    CHECK_FALSE(kernel.bindings.contains(session_prefix(1)));
    LONGS_EQUAL(2, counters.value(core::Counter::undo_retries));
    LONGS_EQUAL(1, stored_sessions());
}

TEST(TransactionRunner, what_changes_the_same_binding_keeps_its_order) {
    kernel.refused_settings = {session_prefix(101)};
    kernel.refused_deletions = 1;
    runner.submit(registration(1));
    core::Transaction later = registration(1);
    later.id = 2;
    later.store = {core::PutProxyBinding{session(9)}};
    later.kernel.pop_back();
    runner.submit(later);
    LONGS_EQUAL(0, run_batch().size());
    runner.start(time);
    LONGS_EQUAL(0, runner.proceed(time).size());
    LONGS_EQUAL(2, runner.size());

    time += std::chrono::milliseconds{100};
    auto ended = run_batch();
    LONGS_EQUAL(1, ended.size());
    expect(ended[0], 1, Outcome::kernel_failed, ENOSPC);
    CHECK_TRUE(kernel.bindings.empty());
    ended = run_batch();
    LONGS_EQUAL(1, ended.size());
    expect(ended[0], 2, Outcome::committed, 0);
    CHECK_TRUE(kernel.bindings.contains(session_prefix(1)));
}

TEST(TransactionRunner, without_the_store_nothing_reaches_the_kernel) {
    store.reset();
    io::sqlite::Database{path}.execute("CREATE TRIGGER full BEFORE INSERT ON journal "
                                       "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    store = std::make_unique<io::SqliteStore>(path, 1, io::now());
    io::TransactionRunner unlucky{*store, kernel, counters};
    unlucky.submit(registration(1));
    unlucky.submit(registration(2));
    unlucky.start(time);
    pollfd ready{store->completion_fd(), POLLIN, 0};
    poll(&ready, 1, 10000);
    auto ended = unlucky.proceed(time);
    LONGS_EQUAL(2, ended.size());
    expect(ended[0], 1, Outcome::store_failed, 0);
    expect(ended[1], 2, Outcome::store_failed, 0);
    LONGS_EQUAL(0, kernel.batches);
    LONGS_EQUAL(1, counters.value(core::Counter::store_failures));
    LONGS_EQUAL(0, unlucky.size());
}
