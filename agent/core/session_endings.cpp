// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/session_endings.h"

#include <algorithm>
#include <utility>

namespace anchor6::core {

namespace {

constexpr std::size_t endings_max = 4096;
// Between two looks at transactions that have not ended.
constexpr std::chrono::milliseconds round_delay{20};

bool is_concerned(const ProxyBinding& session, BootTime before) {
    return session.expires - session.lifetime < before;
}

void end(const ProxyBinding& session, Counter counter, const SessionEndings::Owner& owner,
         StepContext& step) {
    step.counters.add(counter);
    owner.end(session);
}

} // namespace

bool SessionEndings::add(Ending ending) {
    if (endings_.size() >= endings_max)
        return false;
    endings_.push_back(std::move(ending));
    return true;
}

std::optional<BootTime> SessionEndings::next_deadline() const {
    if (endings_.empty())
        return std::nullopt;
    return std::ranges::min_element(endings_, {}, &Ending::next)->next;
}

SessionEndings::Progress SessionEndings::advance(Named& sessions, Counter counter,
                                                 const ProxyCache& cache, const Owner& owner,
                                                 StepContext& step) {
    std::erase_if(sessions.ids, [&](std::uint64_t id) {
        const ProxyBinding* session = cache.find(id);
        return session == nullptr || (sessions.path && path_of(*session) != *sessions.path);
    });
    for (const std::uint64_t id : sessions.ids)
        if (const ProxyBinding& session = *cache.find(id); !owner.busy(session))
            end(session, counter, owner, step);
    return sessions.ids.empty() ? Progress::done : Progress::round_over;
}

SessionEndings::Progress SessionEndings::advance(OfPath& sessions, Counter counter,
                                                 const ProxyCache& cache, const Owner& owner,
                                                 StepContext& step) {
    const ProxyBinding* session = cache.next_of(sessions.path, sessions.last_id);
    if (session == nullptr) {
        sessions.last_id = 0;
        return std::exchange(sessions.incomplete, false) ? Progress::round_over : Progress::done;
    }
    sessions.last_id = session->id;
    if (!is_concerned(*session, sessions.before))
        return Progress::going_on;
    sessions.incomplete = true;
    if (!owner.busy(*session))
        end(*session, counter, owner, step);
    return Progress::going_on;
}

bool SessionEndings::advance(const ProxyCache& cache, const Owner& owner, StepContext& step) {
    const auto due = std::ranges::find_if(
        endings_, [&](const Ending& ending) { return ending.next <= step.now.boot; });
    if (due == endings_.end())
        return false;
    const Progress progress = std::visit(
        [&](auto& sessions) { return advance(sessions, due->counter, cache, owner, step); },
        due->sessions);
    if (progress == Progress::round_over)
        due->next = step.now.boot + round_delay;
    const bool hopeless = progress == Progress::round_over && --due->rounds == 0;
    if (progress == Progress::done && due->answer)
        step.effects.emplace_back(std::move(*due->answer));
    if (hopeless)
        step.counters.add(Counter::session_endings_given_up);
    if (progress == Progress::done || hopeless)
        endings_.erase(due);
    return true;
}

} // namespace anchor6::core
