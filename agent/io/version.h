// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace anchor6::io {

inline constexpr const char* version = "0.1.0";

} // namespace anchor6::io
