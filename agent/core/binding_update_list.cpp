// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/binding_update_list.h"

#include <algorithm>

namespace anchor6::core {

std::uint16_t BindingUpdateListEntry::transmit(const RetransmissionTimers& timers, BootTime now) {
    last_ = Sequence{static_cast<std::uint16_t>(last_.value() + 1)};
    if (transmissions_++ == 0)
        wait_ = is_bound(now) ? timers.initial : timers.first_registration;
    else
        wait_ = std::min<BootClock::duration>(2 * wait_, timers.most);
    awaiting_ = true;
    sent_ = now;
    due_ = now + wait_;
    refresh_.reset();
    return last_.value();
}

void BindingUpdateListEntry::cancel() {
    awaiting_ = false;
    due_.reset();
    begin();
}

bool BindingUpdateListEntry::resume(BootTime now) {
    if (!refresh_ || !is_bound(now))
        return false;
    due_ = refresh_;
    return true;
}

void BindingUpdateListEntry::postpone(BootClock::duration delay, BootTime now) {
    awaiting_ = false;
    due_ = now + delay;
}

void BindingUpdateListEntry::grant(std::chrono::seconds lifetime, BootClock::duration refresh) {
    cancel();
    expires_ = sent_ + lifetime;
    due_ = refresh_ = sent_ + refresh;
}

void BindingUpdateListEntry::forget() {
    cancel();
    refresh_.reset();
    expires_.reset();
}

BootClock::duration refresh_after(std::chrono::seconds lifetime,
                                  std::optional<std::chrono::seconds> advice) {
    constexpr int percent = 95;
    const BootClock::duration usual = BootClock::duration{lifetime} * percent / 100;
    const bool advised = advice && *advice > std::chrono::seconds{0} && *advice < lifetime;
    return advised ? std::min<BootClock::duration>(usual, *advice) : usual;
}

} // namespace anchor6::core
