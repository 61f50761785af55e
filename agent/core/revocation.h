// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "core/binding.h"
#include "core/deadlines.h"
#include "core/event.h"
#include "core/step_context.h"

namespace anchor6::core {

/// The Binding Revocation Indications that await an answer (RFC 5846 section 7): sent again until a
/// MAG acknowledges or the tries are over. Memory: bounded by the limit `revocations`.
class Revocations {
public:
    /// What ends with the answer, or without one: a session there, all of a path, or nothing
    /// because the session has already moved away.
    struct Session {
        std::uint64_t id = 0;
        PeerPath path;
    };
    struct AllOfPath {
        PeerPath path;
    };
    struct Nothing {};
    using Purpose = std::variant<Nothing, Session, AllOfPath>;

    /// False: the MAG is known not to understand, or too many are out. The sequence number is
    /// filled in here.
    bool send(const PeerPath& path, wire::BindingRevocationIndication indication, Purpose purpose,
              StepContext& step);

    std::optional<Purpose> receive(const Packet& packet,
                                   const wire::BindingRevocationAcknowledgement& acknowledgement,
                                   StepContext& step);
    /// A Binding Error says that the MAG does not know revocations: all that wait for it.
    std::vector<Purpose> refuse(const wire::Address& mag, StepContext& step);

    /// Sends one again, or gives it up, if one is due. False: none is.
    bool resend_one(StepContext& step, std::optional<Purpose>& given_up);
    std::optional<BootTime> next_deadline() const { return due_.next(); }
    std::size_t pending_count() const { return pending_.size(); }

    /// It may have learned it since.
    void forget_refusals() { refusing_.clear(); }
    bool is_refused_by(const wire::Address& mag) const { return refusing_.contains(mag); }

private:
    using Key = std::pair<wire::Address, std::uint16_t>;
    struct Pending {
        PeerPath path;
        wire::BindingRevocationIndication indication;
        Purpose purpose;
        std::uint32_t retries = 0;
    };

    std::optional<Key> free_key(const wire::Address& mag);
    Purpose take(const Key& key);

    std::map<Key, Pending> pending_;
    Deadlines<Key> due_;
    std::set<wire::Address> refusing_;
    std::uint16_t sequence_ = 0;
};

/// The answer to an indication in that packet (RFC 5846 section 6.2), from whoever received it.
Send acknowledgement_of(const Packet& packet, const wire::BindingRevocationIndication& indication,
                        wire::RevocationStatus status);

} // namespace anchor6::core
