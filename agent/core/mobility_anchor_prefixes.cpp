// SPDX-License-Identifier: GPL-2.0-or-later
// What the mobility anchor keeps for nodes whose sessions have ended.
#include "core/mobility_anchor.h"

#include <utility>

namespace anchor6::core {

// A prefix of the configuration is the node's anyway.
MobilityAnchor::RetentionChange MobilityAnchor::retention_change(const Change<ProxyBinding>& change,
                                                                 StepContext& step) {
    RetentionChange result;
    if (!change.before)
        for (const wire::Prefix& prefix : change.after->home_network_prefixes)
            if (auto retained = retention_.take(prefix, step.prefixes))
                result.taken.push_back(std::move(*retained));
    const auto retention = step.policy.timers().prefix_retention;
    if (change.after || retention.count() == 0)
        return result;
    for (const wire::Prefix& prefix : change.before->home_network_prefixes)
        if (step.prefixes.is_fixed(prefix))
            continue;
        else if (retention_.size() < step.policy.limits().bindings)
            result.kept.push_back(
                {prefix, change.before->mn_identifier, step.now.boot + retention});
        else
            step.counters.add(Counter::retentions_no_room);
    return result;
}

// What is kept from now on is kept before the session lets go of it; what was taken comes back to
// its old owner after the session that failed has let go of it.
void MobilityAnchor::finish_retention_change(TransactionId id, bool committed, StepContext& step) {
    const auto entry = retention_changes_.find(id);
    if (entry == retention_changes_.end())
        return;
    for (const RetainedPrefix& retained : committed ? entry->second.kept : entry->second.taken)
        retention_.add(retained, step.prefixes);
    retention_changes_.erase(entry);
}

bool MobilityAnchor::end_one_retention(StepContext& step) {
    const auto prefix = retention_.take_due(step.now.boot);
    if (!prefix)
        return false;
    const TransactionId id = step.transactions.next();
    step.effects.emplace_back(make_retention_end(id, *prefix));
    retention_ends_.emplace(id, *prefix);
    return true;
}

// What a session has taken meanwhile is no longer kept, and what is kept anew has not ended.
bool MobilityAnchor::finish_retention(const TransactionEnded& ended, StepContext& step) {
    const auto entry = retention_ends_.find(ended.id);
    if (entry == retention_ends_.end())
        return false;
    const wire::Prefix prefix = entry->second;
    retention_ends_.erase(entry);
    const RetainedPrefix* retained = retention_.find(prefix);
    if (retained == nullptr || retained->until > step.now.boot)
        return true;
    if (ended.outcome == TransactionEnded::Outcome::committed)
        retention_.take(prefix, step.prefixes);
    else
        retention_.end_at(prefix, step.now.boot + retry_delay);
    return true;
}

} // namespace anchor6::core
