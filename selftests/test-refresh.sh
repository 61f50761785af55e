#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# How long a binding lives, and what its node is told about refreshing it.
. "$(dirname "$0")/lib.sh"

# granted FILTER COMMAND...: the answer is accepted and has what the jq filter says
granted() {
	granted_filter=$1
	shift
	granted_answer=$("$@" --json) || { echo "$granted_answer"; return 1; }
	echo "$granted_answer"
	echo "$granted_answer" | jq -e "$granted_filter" >/dev/null
}

asked() {
	[ "$(agent_counter refresh_requests)" -ge 1 ]
}

lives_at_most() {
	[ "$(cli --json binding show "$1" --cache home | jq '.[0].lifetime_ms')" -le "$2" ]
}

plan 12
agent_build "refresh_advice_percent = 50" "refresh_request_before_expiry_s = 4" "max_home_lifetime_s = 1200"
node_attach visited

check "the answer advises a refresh after half the lifetime" \
	granted ".status == 0 and .lifetime == 600 and .refresh_advice == 300" bu 100 600
check "in whole units of 4 s" granted ".refresh_advice == 48" bu 101 100
check "not when there is no room for it" granted ".refresh_advice == null" bu 102 4
check "a lifetime is cut to what the configuration allows" granted ".lifetime == 1200" bu 103 6000
check "a node that does not refresh is asked to, at its care-of address" \
	sees mn to-visited "src host $ANCHOR" "BRR" bu 104 8
check "which is counted" eventually 30 asked
bu 105 600 >/dev/null
check "the end of a registration has no advice" granted ".lifetime == 0 and .refresh_advice == null" bu 106 0

SHORT=2001:db8:78:1::10
check "within the preferred lifetime of its prefix, status 0" granted ".status == 0" bu_of $SHORT 1 200
check "beyond it the node has to discover prefixes, status 1" \
	granted ".status == 1 and .lifetime == 400" bu_of $SHORT 2 400
check "a lifetime ends with the valid lifetime of its prefix" \
	granted ".status == 1 and .lifetime <= 1000 and .lifetime > 900" bu_of $SHORT 3 1100
check "in the kernel too" lives_at_most $SHORT/128 1000000
check "a prefix that is over is no home prefix" status 132 bu_of 2001:db8:79:1::10 1 600
