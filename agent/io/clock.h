// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/time.h"

namespace anchor6::io {

/// Boot time and real time, read one right after the other.
core::Now now();

} // namespace anchor6::io
