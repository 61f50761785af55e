#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# What draft-ietf-netlmm-mip-interactions fears where both protocols share one binding (section 3.3),
# issue by issue: here it harms nobody.
. "$(dirname "$0")/lib.sh"
. "$HERE/topology-domains.sh"

SECOND=2001:db8:77:1::11
KEYED=2001:db8:77:7::10

# caches_have HOME PROXY: how many bindings
caches_have() {
	equals "$(bindings home) $(bindings proxy)" "$1 $2"
}

# only_binding home|proxy REMOTE
only_binding() {
	equals "$(cli --json binding list | jq -r '.[] | "\(.cache) \(.far_end.remote)"')" "$1 $2"
}

# proxy_update MAG PREFIX HANDOFF-INDICATOR LIFETIME [ARGUMENT...]: of the node's one interface
proxy_update() {
	proxy_update_mag=$1
	proxy_update_prefix=$2
	proxy_update_handoff=$3
	proxy_update_lifetime=$4
	shift 4
	pbu_of "$proxy_update_mag" $MN_ID --hnp "$proxy_update_prefix" --hi "$proxy_update_handoff" --att 4 \
		--llid 020000000010 --lifetime "$proxy_update_lifetime" "$@"
}

# --- every order -----------------------------------------------------------------------------------

# Two updates of the node (1 refreshes, 2 ends) and two of its gateways (3 the old one's, 4 the new
# one's) in each of the 24 orders in which they can arrive.
orders() {
	awk 'BEGIN {
		for (a = 1; a <= 4; ++a) for (b = 1; b <= 4; ++b) for (c = 1; c <= 4; ++c)
			if (a != b && a != c && b != c) print a b c (10 - a - b - c)
	}'
}

# Timestamps of a round are later than those of the round before, whatever it takes: in seconds. None is
# in the future: who comes after all rounds may come soon.
stamp() {
	printf 'raw:%012x0000' "$1"
}

# deliver MESSAGE ROUND: whether it is accepted depends on what came before
deliver() {
	deliver_sequence=$(($2 * 3 + 1000))
	deliver_time=$((FIRST_STAMP + $2 * 2))
	case $1 in
	1) bu $((deliver_sequence + 1)) 600 ;;
	2) bu $((deliver_sequence + 2)) 0 ;;
	3) proxy_update mag1 $HNP 3 600 --timestamp "$(stamp $deliver_time)" ;;
	4) proxy_update mag2 $HNP 3 600 --timestamp "$(stamp $((deliver_time + 1)))" ;;
	esac
}

# in_order ORDER ROUND: the node is registered, then these four come
in_order() {
	bu $(($2 * 3 + 1000)) 600 || return 1
	for in_order_message in $(echo "$1" | sed 's/./& /g'); do
		deliver "$in_order_message" "$2"
	done
	only_binding proxy $MAG2 || { echo "after the order $1"; return 1; }
}

in_every_order() {
	FIRST_STAMP=$(($(date +%s) - 52))
	every_round=0
	for every_order in $(orders); do
		every_round=$((every_round + 1))
		in_order "$every_order" $every_round || return 1
	done
	equals $every_round 24
}

# --- another anchor --------------------------------------------------------------------------------

# It serves the same gateway, and its home prefixes are others.
other_anchor() {
	domains_router anchor2 2001:db8:3 $HOME_PREFIXES2
	AGENT_TOML=domain2.toml at anchor2 agent_config
	cat >>"$SCRATCH/anchor2.toml" <<-END

		[[mag]]
		name = "mag2"
		addresses = ["$MAG2"]
		nodes = ["*@example.com"]
		authentication = "none"
	END
	at anchor2 agent_start
}

# elsewhere COMMAND...: its updates go to that one
elsewhere() {
	local ANCHOR="$ANCHOR2"
	"$@"
}

plan 27
agent_build "min_delay_before_bce_delete_ms = 0"
other_anchor
node_attach visited
node_use visited
ip_in mn route replace $ANCHOR2 via fe80::1 dev to-visited src $COA

# Issue 1, the keys of the lookup: identifier, interface or prefix in one protocol, home address in the other.
check "a session that asks for a prefix gets that of its node" status 0 proxy_update mag1 :: 1 600
check "a home address in it is bound beside it" status 0 bu 100 600
check "another one, too" status 0 bu_of $SECOND 100 600
check "a refresh finds the session by its prefix" status 0 pbu mag1 5 600
check "one from another gateway by its interface" status 0 proxy_update mag2 :: 3 600
check "which moves it there" bound proxy $HNP $MAG2
check "each home address has its own binding, and the node one session" caches_have 2 1

# Issue 2, the end of one registration.
check "one home address ends its registration" status 0 bu_of $SECOND 101 0
check "and nothing else" caches_have 1 1
check "the gateway ends its registration" status 0 proxy_update mag2 $HNP 4 0
check "and nothing else" caches_have 1 0
check "the other home address still goes to the node" arrives mn ha reaches cn $HOA

# Issue 3, updates that are late and out of order.
check "whatever the order of late updates, the newest of each protocol counts" in_every_order

# Issue 4, the wrong home agent or anchor after a handover.
check "the gateway asks another anchor for the node's prefix, and is refused" status 155 elsewhere pbu mag2 3 600
check "the node asks another home agent, and is refused" status 132 elsewhere bu 1500 600
check "nothing is bound there" equals "$(at anchor2 bindings home) $(at anchor2 bindings proxy)" "0 0"
check "the right one has the node as before" only_binding proxy $MAG2
check "an anchor refuses the gateway of a node that is another's" \
	status 153 pbu_of mag1 nobody@example.com --hnp :: --hi 3 --att 4 --lifetime 600
check "a home agent refuses a node that is another's" status 132 bu_of 2001:db8:99:1::10 1 600
check "and one that it does not know" status 129 bu_of 2001:db8:77:9::10 1 600

# Issue 5, a gateway that lies.
check "the node is registered abroad" status 0 bu 2000 600
check "a gateway says that it has come there" status 0 proxy_update mag1 $HNP 3 600
check "the node's packets are not its own" arrives mn ha reaches cn $HOA
check "a gateway ends that registration" status 0 proxy_update mag1 $HNP 4 0
check "the node is where it was" arrives mn ha reaches cn $HOA
check "a gateway that says what only the node may say is refused" status 146 \
	in_ns mag1 anchor6-load bu --home $KEYED --coa $MAG1 --anchor $ANCHOR --seq 1 --lifetime 600 --wait $ANSWER_MS
check "nothing is bound for it" ended home $KEYED/128
