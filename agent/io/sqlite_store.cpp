// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/sqlite_store.h"

#include <utility>

#include <sys/eventfd.h>

#include "io/system_error.h"

namespace anchor6::io {

SqliteStore::SqliteStore(const std::string& path, std::uint64_t instance, core::Now now,
                         JournalLimits limits)
    : limits_(limits), database_(path, instance, now, limits),
      event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_)
        throw system_error("eventfd");
    worker_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

SqliteStore::~SqliteStore() {
    worker_.request_stop();
    worker_.join();
}

void SqliteStore::set_complete_from(core::BootTime when) {
    std::scoped_lock lock{database_mutex_};
    database_.set_complete_from(when);
}

void SqliteStore::note_clock_step(std::chrono::nanoseconds step) {
    std::scoped_lock lock{database_mutex_};
    database_.note_clock_step(step);
}

void SqliteStore::commit(std::uint64_t id, std::vector<core::StoreChange> changes) {
    {
        std::scoped_lock lock{queue_mutex_};
        queue_.push_back({id, std::move(changes)});
    }
    queue_filled_.notify_one();
}

std::vector<StoreCompletion> SqliteStore::completions() {
    eventfd_t count = 0;
    eventfd_read(event_.get(), &count);
    std::scoped_lock lock{queue_mutex_};
    return std::exchange(completions_, {});
}

// What was handed over before the end is still written.
void SqliteStore::serve(const std::stop_token& stop) {
    while (const std::optional<Batch> batch = next_batch(stop)) {
        report(write(*batch));
        untidy_ = tidy(batch->changes.size());
    }
}

// Nobody waits while the files are tidied, but for the slice that has begun.
std::optional<SqliteStore::Batch> SqliteStore::next_batch(const std::stop_token& stop) {
    std::unique_lock lock{queue_mutex_};
    while (queue_.empty() && untidy_ && !stop.stop_requested()) {
        lock.unlock();
        untidy_ = tidy(1);
        // Where there is one CPU, whoever brings the next batch need not wait for the next slice
        // too.
        std::this_thread::yield();
        lock.lock();
    }
    if (!queue_filled_.wait(lock, stop, [this] { return !queue_.empty(); }))
        return std::nullopt;
    Batch batch = std::move(queue_.front());
    queue_.pop_front();
    return batch;
}

// So many changes at the least, so that what comes without a pause does not outgrow it.
bool SqliteStore::tidy(std::size_t changes) {
    std::scoped_lock lock{database_mutex_};
    bool untidy = database_.tidy();
    for (std::size_t done = limits_.slice_rows; untidy && done < changes;
         done += limits_.slice_rows)
        untidy = database_.tidy();
    return untidy;
}

StoreCompletion SqliteStore::write(const Batch& batch) {
    if (batch.changes.empty())
        return {batch.id, {}};
    std::scoped_lock lock{database_mutex_};
    try {
        database_.write(batch.changes);
        return {batch.id, {}};
    } catch (const std::exception& error) {
        return {batch.id, error.what()};
    }
}

void SqliteStore::report(StoreCompletion completion) {
    {
        std::scoped_lock lock{queue_mutex_};
        completions_.push_back(std::move(completion));
    }
    eventfd_write(event_.get(), 1);
}

} // namespace anchor6::io
