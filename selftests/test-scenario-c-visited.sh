#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Scenario C in a visited domain, of draft-ietf-netlmm-mip-interactions.
. "$(dirname "$0")/lib.sh"
. "$HERE/scenario.sh"
scenario c-visited
