// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "core/config.h"
#include "io/config_claims.h"
#include "io/config_report.h"
#include "io/config_table.h"

namespace anchor6::io {

/// Reads the keys that go with authentication = "mn-ha": spi, key, replay_protection.
core::MnHaAssociation read_association(ConfigTable& table, ConfigClaims& claims,
                                       ConfigReport& report);

/// Without that authentication these keys are errors.
void refuse_association(ConfigTable& table, ConfigReport& report);

} // namespace anchor6::io
