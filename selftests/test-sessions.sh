#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Mobility sessions (RFC 5213 section 5): several prefixes in one, several of one node, and their revival.
. "$(dirname "$0")/lib.sh"

OTHER_HNP=2001:db8:77:5::/64
OTHER_HOA=2001:db8:77:5::10
GUEST=guest@example.com

# both mag1|mag2 HANDOFF-INDICATOR LIFETIME [ARGUMENT...]: a message for the node that names both of its prefixes
both() {
	pbu "$@" --hnp $OTHER_HNP
}

# both_bound REMOTE: both prefixes of the node go there
both_bound() {
	bound proxy $HNP "$1" && bound proxy $OTHER_HNP "$1"
}

neither_bound() {
	ended proxy $HNP && ended proxy $OTHER_HNP
}

# interface mag1|mag2 HANDOFF-INDICATOR IDENTIFIER PREFIX: the guest, on that interface; prints its prefix
interface() {
	pbu_of "$1" $GUEST --hi "$2" --att 4 --llid "02000000000$3" --hnp "$4" --lifetime 600 --json |
		jq -r '.prefixes[0]'
}

# sessions_of NODE: the identifiers of its sessions
sessions_of() {
	cli --json session list | jq -c --arg node "$1" '[.[] | select(.mn_id == $node) | .id] | sort'
}

# second_prefix_at GATEWAY: what the gateway does for the other prefix of the node
second_prefix_at() {
	batch_in "$1" <<-END
		route add $OTHER_HNP dev access
		rule add from $OTHER_HNP iif access lookup 100
	END
}

# The node answers for its other address as well.
attach() {
	node_attach "$1"
	ip_in mn addr replace $OTHER_HOA/128 dev "to-$1" nodad
	node_use "$1"
}

plan 21
network_build
agent_config "min_delay_before_bce_delete_ms = 600000" "prefix_retention_s = 0"
sed -i "s|^home_network_prefixes = \[\"$HNP\"\]|home_network_prefixes = [\"$HNP\", \"$OTHER_HNP\"]|" \
	"$SCRATCH/anchor.toml"
printf '\n[[node]]\nidentifier = "%s"\nauthentication = "none"\n' "$GUEST" >>"$SCRATCH/anchor.toml"
sed -i "s|^nodes = \[\"mn1@example.com\"\]|nodes = [\"mn1@example.com\", \"$GUEST\"]|" "$SCRATCH/anchor.toml"
agent_start
second_prefix_at mag1
second_prefix_at mag2

attach mag1
given=$(pbu_of mag1 $MN_ID --hnp :: --hi 1 --att 4 --lifetime 600 --json | jq -c '.prefixes | sort')
check "a node with two prefixes is given both" equals "$given" "[\"$HNP\",\"$OTHER_HNP\"]"
check "they are one session" equals "$(sessions_of $MN_ID | jq length)" 1
session=$(sessions_of $MN_ID)
check "both go to its gateway" both_bound $MAG1
check "the node is reached by the one" reaches cn $HOA
check "and by the other" reaches cn $OTHER_HOA
check "it can speak from the other" reaches mn $CN -I $OTHER_HOA
check "a message that names one of them is refused" status 159 pbu mag1 5 600
check "both stay where they are" both_bound $MAG1
check "one that names both extends the session" status 0 both mag1 5 600

attach mag2
check "both move with the node" status 0 both mag2 3 600
check "both go to the new gateway" both_bound $MAG2
check "the node is reached there by the other" reaches cn $OTHER_HOA

check "the gateway ends the session" status 0 both mag2 4 0
check "nothing is forwarded any more" neither_bound
check "the session waits for its node" equals "$(sessions_of $MN_ID)" "$session"
check "the node comes back in time" status 0 both mag2 3 600
check "the session is the same one, and forwards again" \
	equals "$(sessions_of $MN_ID) $(both_bound $MAG2 && echo bound)" "$session bound"

first=$(interface mag1 1 1 ::)
second=$(interface mag2 1 2 ::)
check "each interface of a node has a session of its own" \
	equals "$(sessions_of $GUEST | jq length)" 2
check "with a prefix of its own" not equals "$first" "$second"
check "a handoff between interfaces moves the one session" \
	equals "$(interface mag2 2 3 "$first") $(bound proxy "$first" $MAG2 && echo moved)" "$first moved"
check "and leaves the other alone" bound proxy "$second" $MAG2
