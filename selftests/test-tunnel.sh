#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# What passes the tunnel of a registered node, and the Binding Errors for what has no binding.
. "$(dirname "$0")/lib.sh"

OTHER_COA=2001:db8:c::11
# Home Test Init and Home Test (RFC 6275 sections 6.1.3, 6.1.5)
HOTI=3b010100000000000102030405060708
HOT=3b0203000000000101020304050607081112131415161718

# from CARE-OF SOURCE DESTINATION: an echo request in a tunnel from there
from() {
	craft mn "$2" "$3" --outer "$1" $ANCHOR
}

# A packet with a Home Address option that no binding covers.
unbound_home_address() {
	craft mn $COA $ANCHOR --home-address 2001:db8:77:1::99
}

# more NAME COMMAND...: the agent's counter grows
more() {
	more_name=$1
	shift
	more_before=$(agent_counter "$more_name")
	"$@"
	eventually 30 agent_above "$more_name" "$more_before"
}
agent_above() {
	[ "$(agent_counter "$1")" -gt "$2" ]
}

# many HEX: unknown messages at once
many() {
	in_ns mag1 anchor6-load raw "$1" --source $MAG1 --anchor $ANCHOR --count 200 --wait 1
}

plan 11
agent_build
node_attach visited
node_use visited
ip_in mn addr add $OTHER_COA/128 dev to-visited nodad
bu 100 600 >/dev/null

check "the registered care-of address may send for the home address" \
	counts decapsulated from $COA $HOA $CN
check "not for another one" counts source_unbound from $COA 2001:db8:77:1::11 $CN
check "another care-of address may not" counts tunnel_unknown from $OTHER_COA $HOA $CN
check "Home Test Init goes out through the tunnel" \
	sees cn eth0 "ip6 proto 135 and src host $HOA" "HoTI" \
	in_ns mn anchor6-load raw $HOTI --source $HOA --anchor $CN --wait 1
check "Home Test comes in through it" \
	sees mn ha "ip6 proto 135 and src host $CN" "HoT" \
	in_ns cn anchor6-load raw $HOT --source $CN --anchor $HOA --wait 1
check "packets to a link-local address are not tunnelled" verdict exempt fe80::10
check "nor to a multicast group" verdict exempt ff0e::1

check "a Home Address option without a binding gets a Binding Error" \
	sees mn to-visited "ip6 proto 135 and src host $ANCHOR" "BE" unbound_home_address
check "one of another care-of address, too" more home_address_unbound \
	craft mn $OTHER_COA $ANCHOR --home-address $HOA
check "messages of an unknown type get Binding Errors" more binding_errors_sent many 3b016300000000000000000000000000
check "not all of them, when they are many" more binding_errors_suppressed many 3b016300000000000000000000000000
