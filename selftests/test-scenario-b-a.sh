#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Scenarios B and A at once, of draft-ietf-netlmm-mip-interactions.
. "$(dirname "$0")/lib.sh"
. "$HERE/scenario.sh"
scenario b-a
