# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenario A on one anchor: home agent and LMA are one machine, and a tunnel lies in the other
#
#        cn ──── anchor ──── core ──┬── mag1 ──── ap-mag1 ─────── mn
#                                   ├── mag2 ──── ap-mag2
#                                   └── visited ─ ap-visited
#
# mn runs anchor6d as a mobile node with home address 2001:db8:77:4::10. The gateways know it as a guest
# with the home network prefix 2001:db8:77:1::/64: what it makes of that, 2001:db8:77:1:0:ff:fe00:10, is its
# care-of address. The anchor encapsulates a packet to the care-of address, and the result to the gateway.

. "$HERE/scenarios/a.sh"

ANCHORS=anchor
A_AGENT=anchor
A_HOME_AGENT=$ANCHOR
A_HOA=2001:db8:77:4::10
A_ABROAD=2001:db8:c::ff:fe00:10

scenario_checks() {
	echo 25
}

scenario_build() {
	network_build
	agent_config
	agent_start
	gateways_start
	a_node_start
}

# nested FAR-END: a packet to the home address leaves the anchor in two tunnels, the outer one to the far end
nested() {
	sees anchor to-core "ip6 dst $1" "> $1: .*$ANCHOR > $MN_ADDRESS: .*$CN > $A_HOA" one_ping cn $A_HOA
}

abroad() {
	step "mn leaves the domain for the visited network."
	pings_begin $A_HOA
	node_move mn visited
	check "mn has registered the address that it makes there" eventually 60 node_is registered $A_ABROAD
	check "packets to its home address take the home cache" goes_to home $A_ABROAD $A_HOA
	show_anchor
	a_goes_on $A_ABROAD
}

scenario_play() {
	a_begins
	check "a packet leaves the anchor in two tunnels" nested $MAG1
	a_moves_inside
	check "a packet leaves the anchor in two tunnels" nested $MAG2
	abroad
	a_moves_over anchor mag1 $MAG1 $MN_ADDRESS $MAG1
	check "both bindings are there" equals "$(bindings home) $(bindings proxy)" "1 1"
}
