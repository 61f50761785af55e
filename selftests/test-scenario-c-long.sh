#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Scenario C of draft-ietf-netlmm-mip-interactions with the RFCs' own timers.
. "$(dirname "$0")/lib.sh"
. "$HERE/scenario.sh"
export RFC_TIMERS=1
scenario c
