#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Binding Updates and Proxy Binding Updates become bindings; each refusal has its status.
. "$(dirname "$0")/lib.sh"

plan 47
agent_build "max_delay_before_new_bce_assign_ms = 1500"
node_attach mag1
node_use mag1

# --- proxy registrations (RFC 5213 5.3.1, 5.4, 5.5)
check "a new session is accepted" status 0 pbu mag1 1 600
check "its binding is in the kernel" bound proxy $HNP $MAG1
check "the session is listed" says $MN_ID sessions
check "packets reach the node" reaches cn $HOA
check "a refresh is accepted" status 0 pbu mag1 5 600
check "a missing identifier" status 160 pbu mag1 5 600 --omit mnid
check "a MAG that may not serve the node" status 154 \
	pbu_of mag2 mn2@example.com --hnp 2001:db8:77:2::/64 --hi 1 --att 4 --lifetime 600
check "an unknown node" status 153 \
	pbu_of mag1 nobody@example.com --hnp :: --hi 1 --att 4 --lifetime 600
check "a node without proxy mobility" status 152 \
	pbu_of mag1 stationary@example.com --hnp :: --hi 1 --att 4 --lifetime 600
check "a timestamp outside the window" status 156 pbu mag1 5 600 --timestamp -1000000
check "a timestamp from the future" status 156 pbu mag1 5 600 --timestamp +1000000
check "a timestamp before the last one" status 157 pbu mag1 5 600 --timestamp -300000
check "a missing home network prefix" status 158 pbu mag1 5 600 --omit hnp
check "a missing handoff indicator" status 161 pbu mag1 5 600 --omit hi
check "a missing access technology type" status 162 pbu mag1 5 600 --omit att
check "another node's prefix" status 155 \
	pbu_of mag1 mn2@example.com --hnp $HNP --hi 1 --att 4 --lifetime 600
check "another set of prefixes" status 159 pbu mag1 5 600 --hnp 2001:db8:77:5::/64
check "none of this changed the session" bound proxy $HNP $MAG1
check "the end of a registration from another MAG is ignored" unanswered pbu mag2 3 0
check "which leaves the binding" bound proxy $HNP $MAG1
check "a handoff to another MAG" status 0 pbu mag2 3 600
check "moves the binding" bound proxy $HNP $MAG2
check "a handoff of unknown kind has to wait, and is answered" status 0 pbu mag1 4 600
check "the binding follows" bound proxy $HNP $MAG1

# --- registrations with the home agent (RFC 6275 9.5.1, 10.3)
node_attach visited
node_use visited
check "the end of a registration that is not there" status 133 bu 5 0
check "a home registration is accepted" status 0 bu 100 600
check "its binding is in the kernel" bound home $HOA/128 $COA
check "the proxy binding is untouched" bound proxy $HNP $MAG1
check "packets take the home binding" goes_to home $COA $HOA
check "and reach the node" arrives mn ha reaches cn $HOA
check "the same sequence number" status 135 bu 100 600
check "an older sequence number" status 135 bu 99 600
check "one 32768 ahead is an older one" status 135 bu 32868 600
check "a newer one is accepted" status 0 bu 101 600
check "another registration type" status 139 bu 102 600 --flags A
check "a home address elsewhere" status 132 \
	in_ns mn anchor6-load bu --home 2001:db8:99::1 --coa $COA --anchor $ANCHOR --seq 1 \
	--lifetime 600 --wait $ANSWER_MS
check "an alternate care-of address is the one bound" status 0 bu 103 600 --alt-coa 2001:db8:c::11
check "in the kernel" bound home $HOA/128 2001:db8:c::11
check "the longest step of the sequence" status 0 bu 32870 600

# --- both
check "a proxy registration leaves the home binding" status 0 pbu mag2 3 600
check "the home binding is still the one that counts" goes_to home $COA $HOA
node_attach mag2
node_use mag2
check "a registration ends from home, answered through the MAG" bu_home 32871
check "only the proxy binding is left" equals "$(bindings home) $(bindings proxy)" "0 1"
check "packets reach the node through its MAG" arrives mag2 lma reaches cn $HOA
check "the end of the proxy registration" status 0 pbu mag2 5 0
check "stops forwarding at once" equals "$(bindings proxy)" 0
check "the node is unreachable" says "Address unreachable" one_ping cn $HOA
