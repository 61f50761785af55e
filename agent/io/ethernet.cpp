// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/ethernet.h"

#include <algorithm>

#include <linux/if_ether.h>

namespace anchor6::io {

wire::Address link_local_of(const wire::LinkLayerAddress& address) {
    if (address.size() != ETH_ALEN)
        return {};
    wire::Address::Octets octets{0xfe, 0x80};
    std::ranges::copy_n(address.begin(), 3, &octets[8]);
    octets[8] ^= 0x02U;
    octets[11] = 0xff;
    octets[12] = 0xfe;
    std::ranges::copy_n(address.begin() + 3, 3, &octets[13]);
    return wire::Address{octets};
}

} // namespace anchor6::io
