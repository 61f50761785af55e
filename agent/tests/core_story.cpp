// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/core_story.h"

#include <random>

namespace anchor6 {

std::vector<std::uint8_t> random_octets(unsigned seed, std::size_t count) {
    std::mt19937 random{seed};
    std::vector<std::uint8_t> octets(count);
    for (std::uint8_t& octet : octets)
        octet = static_cast<std::uint8_t>(random());
    return octets;
}

} // namespace anchor6
