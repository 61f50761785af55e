// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

namespace anchor6 {

/// What decides how a story goes on; 0 when there is nothing more.
class Octets {
public:
    explicit Octets(std::span<const std::uint8_t> octets) : octets_(octets) {}

    bool empty() const { return octets_.empty(); }
    std::size_t size() const { return octets_.size(); }
    std::uint8_t next() { return empty() ? std::uint8_t{0} : take(1).front(); }
    /// At most size().
    std::span<const std::uint8_t> take(std::size_t count) {
        const auto taken = octets_.first(count);
        octets_ = octets_.subspan(count);
        return taken;
    }

private:
    std::span<const std::uint8_t> octets_;
};

/// The same for the same seed.
std::vector<std::uint8_t> random_octets(unsigned seed, std::size_t count);

/// Messages on their way, and those that once were: the last `most` of each.
template <class Message>
class Mail {
public:
    explicit Mail(std::size_t most) : most_(most) {}

    void send(Message message) {
        push(past_, message);
        push(flying_, std::move(message));
    }
    /// One of them arrives, arrives and stays, or is lost.
    template <class Deliver>
    void arrive(std::uint8_t how, Deliver deliver) {
        const auto place = static_cast<std::ptrdiff_t>(how % flying_.size());
        const Message message = flying_[static_cast<std::size_t>(place)];
        if (how % 16 != 1)
            flying_.erase(flying_.begin() + place);
        if (how % 16 != 2)
            deliver(message);
    }
    bool is_flying() const { return !flying_.empty(); }
    /// Nothing is on its way any more.
    std::deque<Message> take_all() { return std::exchange(flying_, {}); }
    const std::deque<Message>& past() const { return past_; }

private:
    void push(std::deque<Message>& messages, Message message) const {
        messages.push_back(std::move(message));
        if (messages.size() > most_)
            messages.pop_front();
    }

    std::size_t most_;
    std::deque<Message> flying_;
    std::deque<Message> past_;
};

} // namespace anchor6
