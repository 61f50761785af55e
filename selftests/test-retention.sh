#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A prefix that was assigned is its node's as long as a session, a home binding or the configured time
# after them lasts, and nobody's afterwards.
. "$(dirname "$0")/lib.sh"

# register NODE PREFIX|:: [ARGUMENT...]
register() {
	register_node=$1@example.com
	register_prefix=$2
	shift 2
	pbu_of mag1 "$register_node" --hnp "$register_prefix" --hi 1 --att 4 --lifetime 600 "$@"
}

# visit NODE: a session begins; prints its prefix
visit() {
	register "$1" :: --json | jq -r '.prefixes[0]'
}

# leave NODE PREFIX: its session ends
leave() {
	pbu_of mag1 "$1@example.com" --hnp "$2" --hi 4 --att 4 --lifetime 0 >/dev/null
}

# retained NODE PREFIX: it is kept for the node
retained() {
	retained_list=$(cli --json prefix retained)
	echo "$retained_list"
	echo "$retained_list" | jq -e --arg node "$1@example.com" --arg prefix "$2" \
		'any(.[]; .mn_id == $node and .prefix == $prefix and .remaining_ms > 0)' >/dev/null
}

read_again() {
	agent_signal HUP
	eventually 60 grep -q "read again" "$SCRATCH/anchor.log"
}

plan 18
network_build
agent_config "min_delay_before_bce_delete_ms = 0" "prefix_retention_s = 3000"
printf '\n[[node]]\nidentifier = "*@example.com"\nauthentication = "none"\n' >>"$SCRATCH/anchor.toml"
agent_start

first=$(visit first)
check "a node without a prefix of its own is assigned one" bound proxy "$first" $MAG1
leave first "$first"
check "when its session has ended it is kept" eventually 30 retained first "$first"
check "nothing is forwarded meanwhile" not bound proxy "$first" $MAG1
check "a person sees for whom and how long" says "first@example.com" cli prefix retained
second=$(visit second)
check "the next node gets another" not equals "$second" "$first"
check "nobody else may ask for it" status 155 register third "$first"
agent_stop KILL
agent_start
check "it is kept over a restart of the agent" retained first "$first"
check "and given back to its node" equals "$(visit first)" "$first"
check "of which it is now in use" not retained first "$first"

sed -i 's/^prefix_retention_s = .*/prefix_retention_s = 2/' "$SCRATCH/anchor.toml"
check "another time is read" read_again
leave first "$first"
check "after that time it is kept no longer" eventually 60 not retained first "$first"
check "then another node may have it" status 0 register third "$first"

# The node is also a mobile node of the home agent (draft-ietf-netlmm-mip-interactions 4.3.1).
address=${second%/64}10
node_attach visited
check "an address in an assigned prefix is on the home link" status 0 bu_of "$address" 1 600
leave second "$second"
eventually 60 not retained second "$second" >/dev/null
check "the home binding keeps the prefix after the session" status 155 register third "$second"
check "which is its node's when it comes back" equals "$(visit second)" "$second"
check "the home binding ends" status 0 bu_of "$address" 2 0
leave second "$second"
check "nothing is kept for ever" eventually 60 not retained second "$second"
check "a prefix that neither needs is free" status 0 register fourth "$second"
