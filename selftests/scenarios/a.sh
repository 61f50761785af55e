# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenario A: a node moves by Proxy Mobile IPv6 inside a domain, and by Mobile IPv6 between domains
#
#        cn ──── anchor ──── core ──┬── mag1 ──── ap-mag1 ─────── mn
#                                   ├── mag2 ──── ap-mag2
#                                   ├── anchor2
#                                   ├── mag3 ──── ap-mag3
#                                   └── ha
#
# mn runs anchor6d as a mobile node with home address 2001:db8:55:1::10 at ha. anchor is the LMA of mag1
# and mag2, anchor2 that of mag3: what mn makes of its home network prefix in either domain,
# 2001:db8:77:1:0:ff:fe00:10 or 2001:db8:66:1:0:ff:fe00:10, is its care-of address.

. "$HERE/topology-domain.sh"
. "$HERE/topology-domains.sh"
. "$HERE/node.sh"

ANCHORS="anchor anchor2 ha"
# The home agent of mn, and where it is.
A_AGENT=ha
A_HOME_AGENT=$HA
A_HOA=$MN_HOA

scenario_checks() {
	echo 25
}

scenario_build() {
	network_build
	ha_build
	domain2_build
	agent_config
	agent_start
	ha_start
	gateways_start
	domain2_start
	a_node_start
}

a_node_start() {
	node_namespace wlan0
	NODE_HOA=$A_HOA NODE_HOME_AGENT=$A_HOME_AGENT NODE_INTERFACES=wlan0 node_config
	node_start
}

# The updates that the home agent has had, and the number of the one that its binding is of.
a_updates() {
	echo "$(at $A_AGENT agent_counter binding_updates) updates, number" \
		"$(at $A_AGENT sessions --json | jq -r --arg home $A_HOA '.[] | select(.home_address == $home) | .sequence')"
}

# a_arrive LMA GATEWAY ITS-ADDRESS CARE-OF-ADDRESS
a_arrive() {
	node_move mn "$2"
	check "$2 registers mn at $1" eventually 60 served "$2" $MN_ID
	check "packets to its care-of address take the proxy cache there" eventually 30 at "$1" goes_to proxy "$3" "$4"
	check "mn has registered that care-of address" eventually 60 node_is registered "$4"
	check "packets to its home address take the home cache of $A_AGENT" at $A_AGENT goes_to home "$4" $A_HOA
	show_anchor
}

# a_goes_on FAR-END: of the new path
a_goes_on() {
	check "the connection of mn goes on" tcp_lives $A_HOA
	pings_end "$1"
	check "nothing was lost inside an anchor" none_lost
}

a_begins() {
	step "mn comes to the access link of mag1."
	a_arrive anchor mag1 $MAG1 $MN_ADDRESS
	tcp_open mn $A_HOA
}

a_moves_inside() {
	step "mn moves to mag2, inside the domain."
	A_UPDATES=$(a_updates)
	pings_begin $A_HOA
	a_arrive anchor mag2 $MAG2 $MN_ADDRESS
	a_goes_on $MAG2
	check "its home agent has not heard of it" equals "$(a_updates)" "$A_UPDATES"
}

# a_moves_over LMA GATEWAY ITS-ADDRESS CARE-OF-ADDRESS [FAR-END]: to another domain; the far end of what the
# home agent sends, if it is not the care-of address
a_moves_over() {
	step "mn moves to $2, in the domain of $1."
	A_UPDATES=$(a_updates)
	at $A_AGENT pings_begin $A_HOA
	a_arrive "$@"
	a_goes_on "${5:-$4}"
	check "its home agent has heard of it" not equals "$(a_updates)" "$A_UPDATES"
}

scenario_play() {
	a_begins
	a_moves_inside
	a_moves_over anchor2 mag3 $MAG3 $MN_ADDRESS2
	a_moves_over anchor mag1 $MAG1 $MN_ADDRESS
}
