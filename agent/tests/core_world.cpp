// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_world.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "core/sequence.h"

namespace anchor6 {

namespace {

using KernelKey = World::KernelKey;
using LinkKey = World::LinkKey;

core::SessionPage all_sessions(const core::Anchor& anchor) {
    core::SessionPage all;
    for (std::optional<core::SessionPlace> place{std::in_place}; place;) {
        const core::SessionPage page = *anchor.session_page(*place);
        std::ranges::copy(page.home_bindings, std::back_inserter(all.home_bindings));
        std::ranges::copy(page.proxy_bindings, std::back_inserter(all.proxy_bindings));
        place = page.next;
    }
    return all;
}

bool is_own_initiative(const wire::Message& message) {
    const auto* heartbeat = std::get_if<wire::Heartbeat>(&message);
    return std::holds_alternative<wire::BindingRefreshRequest>(message) ||
           std::holds_alternative<wire::BindingRevocationIndication>(message) ||
           (heartbeat != nullptr && (!heartbeat->response || heartbeat->unsolicited));
}

bool is_message(const core::Event& event) {
    return std::holds_alternative<core::MessageReceived>(event) ||
           std::holds_alternative<core::IcmpReceived>(event) ||
           std::holds_alternative<core::HomeAddressRejected>(event);
}

bool is_commit(const core::Event& event) {
    const auto* ended = std::get_if<core::TransactionEnded>(&event);
    return ended != nullptr && ended->outcome == World::Outcome::committed;
}

bool is_fate(core::Counter counter) {
    using core::Counter;
    const std::string_view name = core::counter_name(counter);
    return name.starts_with("bu_") || name.starts_with("pbu_") ||
           counter == Counter::home_registrations || counter == Counter::home_deregistrations ||
           counter == Counter::proxy_registrations || counter == Counter::proxy_extensions ||
           counter == Counter::proxy_handoffs || counter == Counter::proxy_deregistrations;
}

std::set<KernelKey> kernel_keys(const core::Transaction& transaction) {
    std::set<KernelKey> keys;
    for (const core::KernelChange& change : transaction.kernel)
        if (const auto* set = std::get_if<core::SetKernelBinding>(&change))
            keys.emplace(set->binding.cache, set->binding.prefix);
        else if (const auto* gone = std::get_if<core::DeleteKernelBinding>(&change))
            keys.emplace(gone->cache, gone->prefix);
    return keys;
}

std::set<LinkKey> link_keys(const core::Transaction& transaction) {
    std::set<LinkKey> keys;
    for (const core::KernelChange& change : transaction.kernel)
        if (const auto* defence = std::get_if<core::DefendAddress>(&change))
            keys.emplace(defence->address.link, defence->address.address);
        else if (const auto* release = std::get_if<core::ReleaseAddress>(&change))
            keys.emplace(release->address.link, release->address.address);
    return keys;
}

std::set<wire::Prefix> kept_keys(const core::Transaction& transaction) {
    std::set<wire::Prefix> keys;
    for (const core::StoreChange& change : transaction.store)
        if (const auto* put = std::get_if<core::PutRetainedPrefix>(&change))
            keys.insert(put->retained.prefix);
        else if (const auto* gone = std::get_if<core::DeleteRetainedPrefix>(&change))
            keys.insert(gone->prefix);
    return keys;
}

bool is_home(const core::StoreChange& change) {
    return std::holds_alternative<core::PutHomeBinding>(change) ||
           std::holds_alternative<core::DeleteHomeBinding>(change);
}

bool is_home_store(const core::StoreChange& change) {
    return is_home(change);
}

bool is_home(const core::KernelChange& change) {
    if (const auto* set = std::get_if<core::SetKernelBinding>(&change))
        return set->binding.cache == core::Cache::home;
    const auto* gone = std::get_if<core::DeleteKernelBinding>(&change);
    return gone == nullptr || gone->cache == core::Cache::home;
}

template <class Keys>
bool intersect(const Keys& keys, const Keys& others) {
    return std::ranges::any_of(keys, [&](const auto& key) { return others.contains(key); });
}

template <class Keys>
void note_doubt_of(const Keys& keys, Keys& doubt, const core::Transaction& transaction,
                   World::Outcome outcome) {
    for (const auto& key : keys) {
        if (outcome == World::Outcome::committed)
            doubt.erase(key);
        else if (transaction.store.empty())
            doubt.insert(key);
    }
}

std::vector<core::HomeBinding> sorted(std::vector<core::HomeBinding> bindings) {
    std::ranges::sort(bindings, {}, &core::HomeBinding::home_address);
    return bindings;
}

std::vector<core::ProxyBinding> sorted(std::vector<core::ProxyBinding> bindings) {
    std::ranges::sort(bindings, {}, &core::ProxyBinding::id);
    return bindings;
}

template <class Map>
std::vector<typename Map::mapped_type> values(const Map& map) {
    std::vector<typename Map::mapped_type> result;
    for (const auto& [key, value] : map)
        result.push_back(value);
    return result;
}

template <class Binding>
void collect(const std::vector<Binding>& bindings, core::BootTime now,
             std::map<KernelKey, core::KernelBinding>& wanted) {
    for (Binding binding : bindings) {
        const auto left = binding.expires - now;
        binding.expires = std::max(binding.expires, now + std::chrono::seconds{1});
        for (core::KernelBinding entry : core::kernel_bindings(binding, now)) {
            entry.lifetime = std::chrono::duration_cast<std::chrono::milliseconds>(left);
            wanted.emplace(KernelKey{entry.cache, entry.prefix}, entry);
        }
    }
}

} // namespace

std::vector<core::HomeBinding> home_bindings(const core::Anchor& anchor) {
    return all_sessions(anchor).home_bindings;
}

std::vector<core::ProxyBinding> proxy_bindings(const core::Anchor& anchor) {
    return all_sessions(anchor).proxy_bindings;
}

World::World(core::Config config, const core::Remembered& remembered)
    : now{core::BootTime{std::chrono::hours{1}}, core::RealTime{std::chrono::hours{500'000}}},
      anchor(core::make_policy(std::move(config)), remembered, now) {
}

World::~World() = default;

void World::reboot(std::chrono::seconds off) {
    const auto shift = core::BootTime{std::chrono::seconds{5}} - (now.boot + off);
    now = {now.boot + shift + off, now.real + off};
    for (auto& [address, binding] : stored_home)
        binding.expires += shift;
    for (auto& [id, binding] : stored_proxy)
        binding.expires += shift;
    for (auto& [prefix, kept] : retained)
        kept.until += shift;
}

void World::restart(core::Config config) {
    core::Remembered remembered;
    for (const auto& [address, binding] : stored_home)
        remembered.home_bindings.push_back(binding);
    for (const auto& [id, binding] : stored_proxy)
        remembered.proxy_bindings.push_back(binding);
    for (const auto& [prefix, kept] : retained)
        remembered.retained_prefixes.push_back(kept);
    remembered.restarts = ++restarts;
    open.clear();
    probes.clear();
    received = {};
    anchor = core::Anchor{core::make_policy(std::move(config)), remembered, now};
}

void World::receive(const core::Packet& packet, const wire::Message& message) {
    step(core::MessageReceived{packet, message}, {});
}

void World::receive(const core::Packet& packet, const wire::ParseError& error) {
    step(core::MessageReceived{packet, error}, {});
}

void World::receive(const core::Packet& packet, const wire::IcmpMessage& message,
                    const std::string& link) {
    step(core::IcmpReceived{packet, link, message}, {});
}

void World::reject_home_address(const core::Packet& packet) {
    step(core::HomeAddressRejected{packet}, {});
}

void World::end(Outcome outcome, std::size_t place) {
    const core::Transaction transaction = std::move(open[place]);
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(place));
    note_doubt(transaction, outcome);
    if (outcome != Outcome::store_failed)
        apply(transaction.store, transaction.kernel);
    if (outcome == Outcome::kernel_failed)
        apply(transaction.undo_store, transaction.undo_kernel);
    step(core::TransactionEnded{transaction.id, outcome, 0}, transaction);
}

std::size_t World::first_of_its_kind(std::size_t place) const {
    for (std::size_t earlier = 0; earlier < place; ++earlier)
        if (intersect(kernel_keys(open[earlier]), kernel_keys(open[place])) ||
            intersect(link_keys(open[earlier]), link_keys(open[place])) ||
            intersect(kept_keys(open[earlier]), kept_keys(open[place])))
            return earlier;
    return place;
}

void World::probed(core::AddressProbed::Outcome outcome, std::size_t place) {
    const core::ProbeId id = probes[place].id;
    probes.erase(probes.begin() + static_cast<std::ptrdiff_t>(place));
    step(core::AddressProbed{id, outcome}, {});
}

void World::run() {
    while (!open.empty() || !probes.empty())
        if (open.empty())
            probed(core::AddressProbed::Outcome::unique);
        else
            end();
}

void World::wait(core::BootClock::duration time) {
    now.boot += time;
    now.real += time;
}

void World::tick() {
    step(core::Tick{}, {});
}

void World::tell(const core::Event& event) {
    step(event, {});
}

void World::pass(core::BootClock::duration time) {
    const core::BootTime end_of_pass = now.boot + time;
    run();
    while (anchor.next_deadline() && *anchor.next_deadline() <= end_of_pass) {
        wait(std::max(*anchor.next_deadline() - now.boot, core::BootClock::duration{0}));
        tick();
        run();
    }
    wait(end_of_pass - now.boot);
}

void World::configure(core::Config config) {
    step(core::ConfigChanged{core::make_policy(std::move(config))}, {});
}

void World::adopt(bool store_clean) {
    core::KernelDumped dumped;
    dumped.store_clean = store_clean;
    dumped.defended = {defended.begin(), defended.end()};
    for (const auto& [key, binding] : kernel)
        dumped.bindings.push_back(binding);
    step(dumped, {});
}

const core::KernelBinding* World::route(const wire::Address& destination) const {
    const core::KernelBinding* best = nullptr;
    for (const auto& [key, binding] : kernel)
        if (binding.prefix.contains(destination) &&
            (best == nullptr ||
             (binding.cache == best->cache && binding.prefix.length() > best->prefix.length())))
            best = &binding;
    return best;
}

void World::step(const core::Event& event, const core::Transaction& ended) {
    const auto home_before = sorted(home_bindings(anchor));
    const auto proxy_before = sorted(proxy_bindings(anchor));
    received.messages += is_message(event) ? 1 : 0;
    note_endings(event);
    for (const core::Effect& effect : anchor.step(event, now))
        take(effect, event);
    judge_caches(event, ended, home_before, proxy_before);
    judge_orders(home_before, proxy_before);
    judge_prefixes();
    judge_queues();
    judge_peers();
    if (open.empty())
        judge_store_and_kernel();
    if (open.empty())
        judge_links();
}

void World::take(const core::Effect& effect, const core::Event& event) {
    std::visit([&](const auto& what) { take(what, event); }, effect);
}

void World::take(const core::Transaction& transaction, const core::Event& /*event*/) {
    judge_transaction(transaction);
    judge_authority(transaction);
    open.push_back(transaction);
}

void World::take(const core::Send& send, const core::Event& event) {
    sent.push_back(send);
    const auto* answer = std::get_if<wire::BindingAcknowledgement>(&send.message);
    received.answers += is_own_initiative(send.message) ? 0 : 1;
    complain(received.answers > received.messages, "more answers than messages");
    complain(answer != nullptr && !wire::is_refusal(answer->status) && !is_commit(event),
             "a success was answered before its commit");
    complain(send.care_of_address && send.interface != 0, "one answer on two ways");
}

void World::take(const core::SendIcmp& send, const core::Event& /*event*/) {
    icmp_sent.push_back(send);
}

void World::take(const core::ProbeAddress& probe, const core::Event& /*event*/) {
    complain(probe.link.empty() || probe.addresses.empty(), "a probe of nothing");
    for (const wire::Address& address : probe.addresses)
        for (const core::DefendedAddress& own : defended)
            complain(judge_kernel && own.link == probe.link && own.address == address &&
                         open.empty(),
                     "a probe of what is defended");
    probes.push_back(probe);
    complain(probes.size() > probes_most, "too many probes are out");
}

void World::take(const core::AnnounceAddress& announcement, const core::Event& event) {
    announced.push_back(announcement.address);
    complain(!is_commit(event), "an address was announced before its commit");
    complain(!defended.contains(announcement.address), "an announced address is not defended");
}

// Invariant 1: what one role asks for concerns one cache.
void World::judge_transaction(const core::Transaction& transaction) {
    bool home = false;
    bool proxy = false;
    for (const auto* changes : {&transaction.store, &transaction.undo_store})
        for (const core::StoreChange& change : *changes)
            (is_home(change) ? home : proxy) = true;
    for (const auto* changes : {&transaction.kernel, &transaction.undo_kernel})
        for (const core::KernelChange& change : *changes)
            (is_home(change) ? home : proxy) = true;
    complain(home && proxy, "one transaction changes both caches");
}

// Who may end which session before its time: whoever it belongs to, and the administrator.
void World::note_endings(const core::Event& event) {
    const auto sessions = proxy_bindings(anchor);
    const auto note = [&](auto concerned) {
        for (const core::ProxyBinding& session : sessions)
            if (concerned(session))
                endable.insert(session.id);
    };
    if (const auto* revoked = std::get_if<core::RevokeSessions>(&event))
        note([&](const auto& session) { return session.mn_identifier == revoked->mn_identifier; });
    if (const auto* revoked = std::get_if<core::RevokeMag>(&event))
        for (const core::Mag& mag : anchor.policy().config().mags)
            if (mag.name == revoked->mag)
                endable_at.insert(mag.addresses.begin(), mag.addresses.end());
    if (const auto* arrived = std::get_if<core::MessageReceived>(&event))
        if (const auto* message = std::get_if<wire::Message>(&arrived->content))
            note_request(arrived->packet.source, *message);
}

void World::note_request(const wire::Address& source, const wire::Message& message) {
    const auto* asked = std::get_if<wire::BindingRevocationIndication>(&message);
    if (asked == nullptr)
        return;
    if (asked->has(wire::revocation_flag::global))
        note_global_ending(source);
    else if (asked->options.mn_identifier)
        asked_at[source].insert(asked->options.mn_identifier->identifier);
}

void World::note_global_ending(const wire::Address& source) {
    const core::Mag* mag = anchor.policy().mag(source);
    if (mag != nullptr && mag->global_revocation)
        endable_at.insert(source);
}

bool World::may_end(const core::ProxyBinding& session) const {
    const wire::Address& where = session.proxy_care_of_address;
    const core::Mag* mag = anchor.policy().mag(where);
    const auto asked = asked_at.find(where);
    return session.expires <= now.boot || endable.contains(session.id) ||
           endable_at.contains(where) ||
           (asked != asked_at.end() && asked->second.contains(session.mn_identifier)) ||
           (mag != nullptr && mag->end_sessions_when_restarted);
}

// A MAG touches a session of its own, or one that it takes over and may serve.
void World::judge_authority(const core::Transaction& transaction) {
    const auto sessions = proxy_bindings(anchor);
    const auto find = [&](std::uint64_t id) {
        return std::ranges::find(sessions, id, &core::ProxyBinding::id);
    };
    for (const core::StoreChange& change : transaction.store) {
        if (const auto* gone = std::get_if<core::DeleteProxyBinding>(&change)) {
            const auto before = find(gone->id);
            complain(before != sessions.end() && !may_end(*before),
                     "a session ends before its time");
        }
        const auto* put = std::get_if<core::PutProxyBinding>(&change);
        if (put == nullptr)
            continue;
        const core::ProxyBinding& after = put->binding;
        const core::Mag* mag = anchor.policy().mag(after.proxy_care_of_address);
        complain(mag == nullptr || mag->name != after.mag || !mag->authentication ||
                     !anchor.policy().may_serve(*mag, after.mn_identifier),
                 "a MAG has a session that it may not serve");
        if (const auto before = find(after.id); before != sessions.end())
            judge_handoff(*before, after);
    }
}

void World::judge_handoff(const core::ProxyBinding& before, const core::ProxyBinding& after) {
    complain(before.mn_identifier != after.mn_identifier ||
                 before.home_network_prefixes != after.home_network_prefixes,
             "a session became another node's or has other prefixes");
    complain(before.proxy_care_of_address != after.proxy_care_of_address &&
                 after.state == core::ProxyBinding::State::being_deleted,
             "a MAG de-registered another one's session");
}

// What is kept of MAGs follows the sessions and the limits.
void World::judge_peers() {
    complain(anchor.pending_revocation_count() > revocations_most,
             "too many revocations wait for an answer");
    std::set<core::PeerPath> active;
    std::map<std::string, std::size_t> sessions;
    for (const core::ProxyBinding& session : proxy_bindings(anchor)) {
        ++sessions[session.mag];
        if (session.state == core::ProxyBinding::State::active)
            active.insert(core::path_of(session));
    }
    for (const core::MagEntry& mag : anchor.mags(now.boot)) {
        complain(open.empty() && mag.sessions != sessions[mag.name],
                 "a MAG has another number of sessions");
        for (const core::MagEntry::Path& path : mag.paths)
            complain(!active.contains(path.path), "a path without sessions is watched");
    }
}

void World::judge_caches(const core::Event& event, const core::Transaction& ended,
                         const std::vector<core::HomeBinding>& home,
                         const std::vector<core::ProxyBinding>& proxy) {
    const bool home_changed = home != sorted(home_bindings(anchor));
    const bool proxy_changed = proxy != sorted(proxy_bindings(anchor));
    const bool committed = is_commit(event);
    complain((home_changed || proxy_changed) && !committed, "a cache changed without commit");
    complain(home_changed && proxy_changed, "both caches changed in one step");
    complain(home_changed && !std::ranges::any_of(ended.store, is_home_store),
             "the home cache changed for something else");
    complain(proxy_changed && std::ranges::any_of(ended.store, is_home_store),
             "a Binding Update changed the proxy cache");
}

// Invariant 3: within one life of a binding its order only goes forward.
void World::judge_orders(const std::vector<core::HomeBinding>& home,
                         const std::vector<core::ProxyBinding>& proxy) {
    std::map<wire::Address, core::HomeBinding> bindings;
    for (const core::HomeBinding& binding : home_bindings(anchor))
        bindings.emplace(binding.home_address, binding);
    for (const core::HomeBinding& old : home)
        if (const auto fresh = bindings.find(old.home_address);
            fresh != bindings.end() && fresh->second.node == old.node)
            complain(old.sequence != fresh->second.sequence &&
                         !core::Sequence{fresh->second.sequence}.newer_than(
                             core::Sequence{old.sequence}),
                     "an old Binding Update replaced a newer one");
    std::map<std::uint64_t, core::ProxyBinding> sessions;
    for (const core::ProxyBinding& session : proxy_bindings(anchor))
        sessions.emplace(session.id, session);
    for (const core::ProxyBinding& old : proxy)
        if (const auto fresh = sessions.find(old.id); fresh != sessions.end())
            complain(judge_order && fresh->second.timestamp < old.timestamp,
                     "an old Proxy Binding Update replaced a newer one");
}

// Each message is counted under one name when it is done with.
void World::judge_queues() {
    std::uint64_t waiting =
        count(core::Counter::binding_updates) + count(core::Counter::proxy_binding_updates);
    for (std::size_t index = 0; index < static_cast<std::size_t>(core::Counter::count); ++index)
        if (const auto counter = static_cast<core::Counter>(index); is_fate(counter))
            waiting -= count(counter);
    complain(waiting > open.size() + probes.size() + queued_most, "too many messages wait");
    complain(waiting != 0 && open.empty() && probes.empty() && !anchor.next_deadline(),
             "a message was lost");
}

// Kept for a node: no other node's, and in the store.
void World::judge_retained(const std::map<wire::Prefix, std::string>& owners) {
    const auto kept = anchor.retained_page({}, std::numeric_limits<std::size_t>::max());
    for (const core::RetainedPrefix& one : kept)
        for (const auto& [prefix, owner] : owners)
            complain(prefix.overlaps(one.prefix), "a prefix is kept that a session has");
    // One whose time is over, or ended early, may be there a moment longer, here or there.
    std::map<wire::Prefix, std::string> known;
    std::set<wire::Prefix> over;
    for (const core::RetainedPrefix& one : kept)
        if (one.until > now.boot)
            known.emplace(one.prefix, one.mn_identifier);
        else
            over.insert(one.prefix);
    std::map<wire::Prefix, std::string> stored;
    for (const auto& [prefix, one] : retained)
        if (one.until > now.boot && !over.contains(prefix))
            stored.emplace(prefix, one.mn_identifier);
    complain(open.empty() && judge_kernel && known != stored,
             "the store keeps other prefixes than the anchor");
}

void World::judge_prefixes() {
    std::map<wire::Prefix, std::string> owners;
    for (const core::ProxyBinding& session : proxy_bindings(anchor))
        for (const wire::Prefix& prefix : session.home_network_prefixes) {
            for (const auto& [other, owner] : owners)
                complain(other.overlaps(prefix), "a prefix was assigned twice");
            owners.emplace(prefix, session.mn_identifier);
        }
    judge_retained(owners);
    for (const core::HomeBinding& binding : home_bindings(anchor))
        for (const auto& [prefix, owner] : owners)
            complain(binding.state == core::HomeBinding::State::active &&
                         prefix.contains(binding.home_address) && owner != binding.node,
                     "a bound home address is in another node's prefix");
}

// An adoption that failed leaves the kernel as it is until it is tried again.
void World::note_doubt(const core::Transaction& transaction, Outcome outcome) {
    note_doubt_of(kernel_keys(transaction), doubt, transaction, outcome);
    note_doubt_of(link_keys(transaction), link_doubt, transaction, outcome);
}

// What this router answers for on physical home links is what is bound there.
void World::judge_links() {
    std::set<core::DefendedAddress> wanted;
    for (const core::HomeBinding& binding : home_bindings(anchor))
        for (const core::DefendedAddress& address : core::defended_addresses(binding))
            wanted.insert(address);
    for (const core::DefendedAddress& address : defended)
        complain(!wanted.contains(address) && is_known(address),
                 "an address is defended for nobody");
    for (const core::DefendedAddress& address : wanted)
        complain(!defended.contains(address) && is_known(address),
                 "a bound address is not defended");
}

void World::judge_store_and_kernel() {
    complain(sorted(home_bindings(anchor)) != values(stored_home) ||
                 sorted(proxy_bindings(anchor)) != values(stored_proxy),
             "the store differs from the caches");
    std::map<KernelKey, core::KernelBinding> wanted;
    collect(home_bindings(anchor), now.boot, wanted);
    collect(proxy_bindings(anchor), now.boot, wanted);
    for (const auto& [key, binding] : kernel)
        complain(!wanted.contains(key) && is_known(key), "the kernel has an unknown binding");
    for (const auto& [key, binding] : wanted) {
        const auto present = kernel.find(key);
        const bool expired = binding.lifetime.count() <= 0;
        complain(present == kernel.end() && !expired && is_known(key),
                 "the kernel lacks a binding");
        complain(present != kernel.end() && is_known(key) &&
                     (present->second.remote != binding.remote ||
                      present->second.cookie != binding.cookie),
                 "the kernel has another far end");
    }
}

void World::apply(const std::vector<core::StoreChange>& store,
                  const std::vector<core::KernelChange>& changes) {
    for (const core::StoreChange& change : store)
        std::visit([this](const auto& what) { apply(what); }, change);
    for (const core::KernelChange& change : changes)
        std::visit([this](const auto& what) { apply(what); }, change);
}

void World::apply(const core::PutHomeBinding& put) {
    stored_home.insert_or_assign(put.binding.home_address, put.binding);
}

void World::apply(const core::PutProxyBinding& put) {
    stored_proxy.insert_or_assign(put.binding.id, put.binding);
}

void World::apply(const core::PutRetainedPrefix& put) {
    retained.insert_or_assign(put.retained.prefix, put.retained);
}

void World::apply(const core::SetKernelBinding& set) {
    kernel.insert_or_assign(KernelKey{set.binding.cache, set.binding.prefix}, set.binding);
    complain(set.binding.lifetime.count() <= 0, "a kernel binding without lifetime");
}

bool World::is_known(const core::DefendedAddress& address) const {
    return judge_kernel && !link_doubt.contains({address.link, address.address});
}

} // namespace anchor6
