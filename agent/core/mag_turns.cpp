// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mag_turns.h"

#include <utility>

namespace anchor6::core {

bool MagTurns::must_wait(const wire::Address& mag, std::uint32_t most) const {
    const auto line = lines_.find(mag);
    return line != lines_.end() && (line->second.open >= most || !line->second.waiting.empty());
}

void MagTurns::wait(const BindingRequest& request) {
    lines_[request.packet.source].waiting.push_back(request);
}

void MagTurns::begin(const wire::Address& mag) {
    ++lines_[mag].open;
}

void MagTurns::end(const wire::Address& mag) {
    const auto line = lines_.find(mag);
    --line->second.open;
    forget_if_empty(line);
}

std::optional<BindingRequest> MagTurns::take(const wire::Address& mag, std::uint32_t most) {
    const auto line = lines_.find(mag);
    if (line == lines_.end() || line->second.waiting.empty() || line->second.open >= most)
        return std::nullopt;
    BindingRequest request = std::move(line->second.waiting.front());
    line->second.waiting.pop_front();
    forget_if_empty(line);
    return request;
}

void MagTurns::forget_if_empty(std::map<wire::Address, Line>::iterator line) {
    if (line->second.open == 0 && line->second.waiting.empty())
        lines_.erase(line);
}

} // namespace anchor6::core
