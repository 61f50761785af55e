// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/sequence.h"
#include "core/time.h"

namespace anchor6::core {

/// When a Binding Update is sent again (RFC 6275 sections 11.8 and 12).
struct RetransmissionTimers {
    /// InitialBindackTimeoutFirstReg: duplicate address detection may hold up the answer.
    std::chrono::milliseconds first_registration{1500};
    /// INITIAL_BINDACK_TIMEOUT
    std::chrono::milliseconds initial{1000};
    /// MAX_BINDACK_TIMEOUT: the wait doubles up to it.
    std::chrono::milliseconds most{32000};
    friend bool operator==(const RetransmissionTimers&, const RetransmissionTimers&) = default;
};

/// One entry of the list of who asks for bindings, mobile node or gateway (RFC 6275 section 11.1,
/// RFC 5213 section 6.1): the sequence number, the Binding Update that awaits an answer, and the
/// binding that was granted.
class BindingUpdateListEntry {
public:
    /// `last` is the number before the first one; random, since a peer may remember another life.
    explicit BindingUpdateListEntry(Sequence last) : last_(last) {}

    /// A Binding Update leaves now, for the first time or again: its sequence number, another one
    /// each time, and the wait for the answer begins.
    std::uint16_t transmit(const RetransmissionTimers& timers, BootTime now);
    /// What is asked for has changed: the next Binding Update is the first one again.
    void begin() { transmissions_ = 0; }
    /// Nobody waits for an answer any more.
    void cancel();
    /// After cancel(): the refresh is due when it was. False: there is no binding any more, or a
    /// Binding Update without an answer has left, and nobody knows what the peer made of it.
    bool resume(BootTime now);
    /// Not now: transmit() is due after that time, and no answer is awaited before.
    void postpone(BootClock::duration delay, BootTime now);

    /// Is this the number of the answer that is awaited?
    bool awaits(std::uint16_t sequence) const { return awaiting_ && last_.value() == sequence; }
    bool is_awaiting() const { return awaiting_; }
    /// Transmissions since begin().
    std::uint32_t transmissions() const { return transmissions_; }
    /// The peer has accepted this number before (status 135): the next one follows it. What a late
    /// answer says of an older one changes nothing: no number is used twice.
    void resynchronise(std::uint16_t accepted) {
        if (Sequence{accepted}.newer_than(last_))
            last_ = Sequence{accepted};
    }

    /// The answer has come, and grants a lifetime that counts from the last transmission. The next
    /// Binding Update is due when `refresh` of it has passed.
    void grant(std::chrono::seconds lifetime, BootClock::duration refresh);
    /// There is no binding any more.
    void forget();
    /// When the binding ends; nothing: there is none.
    std::optional<BootTime> expires() const { return expires_; }
    bool is_bound(BootTime now) const { return expires_ && *expires_ > now; }

    /// When to transmit: again, or for a refresh.
    std::optional<BootTime> due() const { return due_; }
    Sequence last() const { return last_; }

private:
    Sequence last_;
    bool awaiting_ = false;
    std::uint32_t transmissions_ = 0;
    BootClock::duration wait_{};
    BootTime sent_{};
    std::optional<BootTime> due_;
    /// Of the binding that was granted, until the next transmission.
    std::optional<BootTime> refresh_;
    std::optional<BootTime> expires_;
};

/// When to refresh a binding: at 95 % of its lifetime, or earlier as advised (RFC 6275 section
/// 6.2.4).
BootClock::duration refresh_after(std::chrono::seconds lifetime,
                                  std::optional<std::chrono::seconds> advice);

} // namespace anchor6::core
