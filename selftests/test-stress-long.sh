#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# test-stress.sh, for longer.
STRESS_SECONDS=60
STRESS_ROUNDS=5
. "$(dirname "$0")/test-stress.sh"
