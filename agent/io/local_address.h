// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "wire/address.h"

namespace anchor6::io {

/// Whether packets can be sent from this address: it is on a device, and unique there.
bool is_local_address(const wire::Address& address);

} // namespace anchor6::io
