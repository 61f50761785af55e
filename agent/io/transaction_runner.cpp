// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/transaction_runner.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "io/log.h"

namespace anchor6::io {

namespace {

using Outcome = core::TransactionEnded::Outcome;

constexpr std::chrono::nanoseconds first_retry_delay = std::chrono::milliseconds{100};
constexpr std::chrono::nanoseconds last_retry_delay = std::chrono::seconds{10};

template <class Change>
void append(std::vector<Change>& all, const std::vector<Change>& some) {
    all.insert(all.end(), some.begin(), some.end());
}

/// The first failure among the next `count` results, which are used up.
int take_failure(std::span<const int>& results, std::size_t count) {
    auto own = results.first(count);
    results = results.subspan(count);
    auto failed = std::ranges::find_if(own, [](int error) { return error != 0; });
    return failed == own.end() ? 0 : *failed;
}

/// What one change is about: a binding, or with a link an address defended there. Keys that fall
/// together only make a transaction wait for another one in vain.
using ChangeKey = std::size_t;

ChangeKey key_of(std::string_view link, core::Cache cache, const wire::Prefix& prefix) {
    constexpr ChangeKey odd = 0x9e3779b97f4a7c15;
    const ChangeKey place = link.empty() ? 0 : wire::KeyedTextHash{}(link);
    return std::hash<wire::Prefix>{}(prefix) + odd * (place + static_cast<ChangeKey>(cache));
}

ChangeKey key_of(const core::SetKernelBinding& change) {
    return key_of({}, change.binding.cache, change.binding.prefix);
}
ChangeKey key_of(const core::DeleteKernelBinding& change) {
    return key_of({}, change.cache, change.prefix);
}
template <class Defence>
ChangeKey key_of(const Defence& change) {
    return key_of(change.address.link, core::Cache::home,
                  wire::Prefix::host(change.address.address));
}

/// Everything that a transaction or its undo changes.
void append_keys(std::vector<ChangeKey>& keys, const core::Transaction& transaction) {
    for (const auto* changes : {&transaction.kernel, &transaction.undo_kernel})
        for (const core::KernelChange& change : *changes)
            keys.push_back(std::visit([](const auto& value) { return key_of(value); }, change));
}

} // namespace

TransactionRunner::TransactionRunner(Store& store, KernelTable& kernel, core::Counters& counters)
    : store_(&store), kernel_(&kernel), counters_(&counters), retry_delay_(first_retry_delay) {
}

void TransactionRunner::submit(core::Transaction transaction) {
    waiting_.push_back(std::move(transaction));
}

std::size_t TransactionRunner::size() const {
    return waiting_.size() + in_store_.size() + undos_.size() + undos_in_store_.size();
}

void TransactionRunner::start(core::BootTime now) {
    if (committing_)
        return;
    if (retry_at_ && *retry_at_ <= now)
        retry_at_.reset();
    if (!undos_.empty() && !retry_at_)
        undo_in_kernel(now);
    if (!undos_.empty() && !retry_at_)
        commit_undos();
    else if (!waiting_.empty())
        commit_waiting();
}

void TransactionRunner::commit(std::vector<core::StoreChange> changes) {
    committing_ = true;
    store_->commit(++batch_, std::move(changes));
}

// An undo must meet the binding as its own transaction left it, so no other one of the batch and
// none while the undo is due may change that binding.
std::vector<core::Transaction> TransactionRunner::take_independent() {
    std::vector<ChangeKey> keys;
    for (const Undo& undo : undos_)
        append_keys(keys, undo.transaction);
    std::unordered_set<ChangeKey> busy{keys.begin(), keys.end()};
    busy.reserve(busy.size() + 2 * waiting_.size());
    std::vector<core::Transaction> independent;
    std::vector<core::Transaction> dependent;
    independent.reserve(waiting_.size());
    for (core::Transaction& transaction : waiting_) {
        keys.clear();
        append_keys(keys, transaction);
        bool waits = std::ranges::any_of(keys, [&](ChangeKey key) { return busy.contains(key); });
        busy.insert(keys.begin(), keys.end());
        (waits ? dependent : independent).push_back(std::move(transaction));
    }
    waiting_ = std::move(dependent);
    return independent;
}

void TransactionRunner::commit_waiting() {
    in_store_ = take_independent();
    if (in_store_.empty())
        return;
    std::vector<core::StoreChange> changes;
    changes.reserve(in_store_.size());
    for (core::Transaction& transaction : in_store_)
        std::ranges::move(std::exchange(transaction.store, {}), std::back_inserter(changes));
    commit(std::move(changes));
}

void TransactionRunner::commit_undos() {
    undos_in_store_ = std::exchange(undos_, {});
    std::vector<core::StoreChange> changes;
    for (const Undo& undo : undos_in_store_)
        append(changes, undo.transaction.undo_store);
    commit(std::move(changes));
}

std::vector<core::TransactionEnded> TransactionRunner::proceed(core::BootTime now) {
    Ended ended;
    for (const StoreCompletion& completion : store_->completions()) {
        if (completion.id != batch_)
            continue;
        committing_ = false;
        if (!completion.failure.empty()) {
            log::error("store: {}", completion.failure);
            counters_->add(core::Counter::store_failures);
        }
        if (undos_in_store_.empty())
            finish_transactions(completion.failure, ended);
        else
            finish_undos(completion.failure, now, ended);
    }
    return ended;
}

void TransactionRunner::finish_transactions(const std::string& failure, Ended& ended) {
    if (failure.empty())
        install(ended);
    else
        for (const core::Transaction& transaction : in_store_)
            ended.push_back({transaction.id, Outcome::store_failed, 0});
    in_store_.clear();
}

void TransactionRunner::install(Ended& ended) {
    std::vector<core::KernelChange> changes;
    changes.reserve(in_store_.size());
    for (core::Transaction& transaction : in_store_)
        std::ranges::move(transaction.kernel, std::back_inserter(changes));
    std::vector<int> errors = kernel_->apply(changes);
    std::span<const int> results = errors;
    for (core::Transaction& transaction : in_store_) {
        int error = take_failure(results, transaction.kernel.size());
        if (error == 0) {
            ended.push_back({transaction.id, Outcome::committed, 0});
        } else {
            counters_->add(core::Counter::kernel_refusals);
            undos_.push_back({std::move(transaction), error, false});
        }
    }
}

void TransactionRunner::undo_in_kernel(core::BootTime now) {
    std::vector<core::KernelChange> changes;
    for (const Undo& undo : undos_)
        if (!undo.kernel_undone)
            append(changes, undo.transaction.undo_kernel);
    std::vector<int> errors = kernel_->apply(changes);
    std::span<const int> results = errors;
    int failure = 0;
    for (Undo& undo : undos_) {
        if (undo.kernel_undone)
            continue;
        int error = take_failure(results, undo.transaction.undo_kernel.size());
        undo.kernel_undone = error == 0;
        failure = error != 0 ? error : failure;
    }
    if (failure == 0)
        return;
    log::error("kernel: a refused change cannot be undone yet: {}", std::strerror(failure));
    postpone_undos(now);
}

void TransactionRunner::finish_undos(const std::string& failure, core::BootTime now, Ended& ended) {
    std::vector<Undo> undos = std::exchange(undos_in_store_, {});
    if (!failure.empty()) {
        std::ranges::move(undos, std::back_inserter(undos_));
        postpone_undos(now);
        return;
    }
    retry_delay_ = first_retry_delay;
    for (const Undo& undo : undos)
        ended.push_back({undo.transaction.id, Outcome::kernel_failed, undo.error});
}

void TransactionRunner::postpone_undos(core::BootTime now) {
    counters_->add(core::Counter::undo_retries);
    retry_at_ = now + retry_delay_;
    retry_delay_ = std::min(2 * retry_delay_, last_retry_delay);
}

} // namespace anchor6::io
