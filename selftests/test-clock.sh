#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Timestamps when clocks are wrong: a gateway's, and the anchor's own.
. "$(dirname "$0")/lib.sh"

# step SECONDS: somebody sets the clock of the machine
step() {
	date -s "@$(($(date +%s) + $1))" >/dev/null
}

log_says() {
	grep -q -e "$1" "$SCRATCH/anchor.log"
}

offset_is() {
	offset_known=$(cli --json mag list | jq '.[] | select(.name == "mag1") | .offset_ms')
	echo "$offset_known"
	echo "$offset_known" | jq -e "$1" >/dev/null
}

# The session has no more time than it was given, and no less than it would have by the other clock.
keeps_lifetime() {
	keeps_left=$(cli --json session list | jq '.[] | select(.cache == "proxy") | .remaining_ms')
	echo "$keeps_left"
	[ "$keeps_left" -le 600000 ] && [ "$keeps_left" -gt 0 ]
}

restart_agent() {
	agent_stop
	agent_start
}

# A gateway whose clock is an hour behind is refused.
refused_by_clock() {
	refused_answer=$(pbu mag1 3 600 --timestamp=-3600000 --json)
	echo "$refused_answer"
	echo "$refused_answer" | jq -e ".status == 156" >/dev/null
}

plan 12
agent_build

check "a gateway registers" status 0 pbu mag1 1 600
check "one whose clock is an hour off is refused" refused_by_clock
check "its offset is seen" offset_is '. < -3590000 and . > -3700000'

step -7200
check "a step back is noticed" eventually 60 log_says "clock was set back by 7"
check "which locks nobody out" status 0 pbu mag1 5 600
check "and is counted" equals "$(agent_counter clock_steps_forgiven)" 1
restart_agent
check "a restart after it finds the lifetime as it was" keeps_lifetime
check "a message from before the step is refused" status 156 pbu mag1 5 600 --timestamp=+7200000
step 7200
check "a step forward is noticed" eventually 60 log_says "clock was set forward by 7"
check "which locks nobody out either" status 0 pbu mag1 5 600
agent_stop
step 7200
agent_start
check "nor is a lifetime lost when nobody sees a step" keeps_lifetime
step -7200
restart_agent
check "in neither direction" keeps_lifetime
