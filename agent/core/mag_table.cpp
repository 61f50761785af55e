// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mag_table.h"

#include "wire/timestamp.h"

namespace anchor6::core {

namespace {

bool moves(const Change<ProxyBinding>& change) {
    return !change.before || !change.after || change.before->mag != change.after->mag;
}

} // namespace

MagState MagTable::state(std::string_view mag) const {
    const auto entry = entries_.find(mag);
    return entry == entries_.end() ? MagState{} : entry->second.state;
}

bool MagTable::admit(const Mag& mag, BootTime now) {
    Entry& entry = entries_[mag.name];
    entry.state.heard = now;
    return entry.messages.take(mag.messages_per_second, now);
}

void MagTable::note_offset(const Mag& mag, wire::Timestamp timestamp, RealTime received) {
    // A timestamp of the year 2262 or later is as good as that year.
    entries_[mag.name].state.offset = wire::from_timestamp(timestamp) - received.time_since_epoch();
}

void MagTable::begin(const Change<ProxyBinding>& change) {
    if (change.after && moves(change))
        ++entries_[change.after->mag].state.bindings;
}

void MagTable::finish(const Change<ProxyBinding>& change, bool committed) {
    const auto& gone = committed ? change.before : change.after;
    if (gone && moves(change))
        release(*gone);
}

void MagTable::release(const ProxyBinding& binding) {
    --entries_.find(binding.mag)->second.state.bindings;
}

bool MagTable::enqueue(const wire::Address& source, std::uint32_t most) {
    std::size_t& queued = queued_[source];
    if (queued >= most) {
        if (queued == 0)
            queued_.erase(source);
        return false;
    }
    ++queued;
    return true;
}

void MagTable::dequeue(const wire::Address& source) {
    const auto entry = queued_.find(source);
    if (--entry->second == 0)
        queued_.erase(entry);
}

} // namespace anchor6::core
