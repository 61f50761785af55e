// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/revocation.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace anchor6::core {

namespace {

// Doubling ends here: RFC 5846 section 11 has no longer delay.
constexpr std::uint32_t doublings_max = 5;

std::chrono::milliseconds delay(std::uint32_t retries, const Timers& timers) {
    return timers.initial_delay_bri * (1U << std::min(retries, doublings_max));
}

void transmit(const PeerPath& path, const wire::BindingRevocationIndication& indication,
              StepContext& step) {
    Send send;
    send.source = path.lma_address;
    send.destination = path.proxy_care_of_address;
    send.message = indication;
    step.effects.emplace_back(std::move(send));
}

} // namespace

std::optional<Revocations::Key> Revocations::free_key(const wire::Address& mag) {
    for (unsigned tries = 0; tries <= std::numeric_limits<std::uint16_t>::max(); ++tries)
        if (const Key key{mag, ++sequence_}; !pending_.contains(key))
            return key;
    return std::nullopt;
}

bool Revocations::send(const PeerPath& path, wire::BindingRevocationIndication indication,
                       Purpose purpose, StepContext& step) {
    const wire::Address& mag = path.proxy_care_of_address;
    if (refusing_.contains(mag))
        return false;
    const bool room = pending_.size() < step.policy.limits().revocations;
    const auto key = room ? free_key(mag) : std::nullopt;
    if (!key) {
        step.counters.add(Counter::bri_no_room);
        return false;
    }
    indication.sequence = key->second;
    step.counters.add(Counter::bri_sent);
    transmit(path, indication, step);
    pending_.emplace(*key, Pending{path, std::move(indication), purpose, 0});
    due_.set(*key, step.now.boot + delay(0, step.policy.timers()));
    return true;
}

Revocations::Purpose Revocations::take(const Key& key) {
    const auto entry = pending_.find(key);
    const Purpose purpose = entry->second.purpose;
    pending_.erase(entry);
    due_.clear(key);
    return purpose;
}

std::optional<Revocations::Purpose>
Revocations::receive(const Packet& packet,
                     const wire::BindingRevocationAcknowledgement& acknowledgement,
                     StepContext& step) {
    const Key key{packet.source, acknowledgement.sequence};
    const auto entry = pending_.find(key);
    if (entry == pending_.end() || entry->second.path.lma_address != packet.destination) {
        step.counters.add(Counter::bra_unexpected);
        return std::nullopt;
    }
    const bool good = acknowledgement.status <= wire::RevocationStatus::partial_success;
    step.counters.add(good ? Counter::bra_received : Counter::bra_refusals_received);
    return take(key);
}

std::vector<Revocations::Purpose> Revocations::refuse(const wire::Address& mag, StepContext& step) {
    std::vector<Purpose> purposes;
    const auto first = pending_.lower_bound({mag, 0});
    if (first == pending_.end() || first->first.first != mag)
        return purposes;
    step.counters.add(Counter::bri_not_understood);
    refusing_.insert(mag);
    for (auto entry = first; entry != pending_.end() && entry->first.first == mag;
         entry = pending_.erase(entry)) {
        due_.clear(entry->first);
        purposes.push_back(entry->second.purpose);
    }
    return purposes;
}

bool Revocations::resend_one(StepContext& step, std::optional<Purpose>& given_up) {
    const auto key = due_.take_due(step.now.boot);
    if (!key)
        return false;
    Pending& pending = pending_.at(*key);
    if (pending.retries >= step.policy.timers().bri_max_retries) {
        step.counters.add(Counter::bri_unanswered);
        given_up = take(*key);
        return true;
    }
    step.counters.add(Counter::bri_resent);
    transmit(pending.path, pending.indication, step);
    due_.set(*key, step.now.boot + delay(++pending.retries, step.policy.timers()));
    return true;
}

Send acknowledgement_of(const Packet& packet, const wire::BindingRevocationIndication& indication,
                        wire::RevocationStatus status) {
    wire::BindingRevocationAcknowledgement acknowledgement{
        status, indication.sequence, indication.flags, {}};
    acknowledgement.options.mn_identifier = indication.options.mn_identifier;
    Send send;
    send.source = packet.destination;
    send.destination = packet.source;
    send.message = std::move(acknowledgement);
    return send;
}

} // namespace anchor6::core
