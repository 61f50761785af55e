#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Scenario B with home agent and LMA apart, of draft-ietf-netlmm-mip-interactions.
. "$(dirname "$0")/lib.sh"
. "$HERE/scenario.sh"
scenario b-apart
