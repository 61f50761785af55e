# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenario C: the home of a node is a Proxy Mobile IPv6 domain; it goes abroad and comes back
#
#        cn ──── anchor ──── core ──┬── mag1 ──── ap-mag1 ─────── mn
#                                   ├── mag2 ──── ap-mag2
#                                   └── visited ─ ap-visited
#
# mn runs anchor6d as a mobile node with home address 2001:db8:77:1:0:ff:fe00:10. At mag1 and mag2 its
# home network prefix is advertised: it is at home, and the gateways register it. In the visited network
# it registers the address that it makes there, 2001:db8:c::ff:fe00:10. One anchor is LMA and home agent.

. "$HERE/topology-domain.sh"
. "$HERE/node.sh"

NODE_HOA=$MN_ADDRESS
NODE_INTERFACES=wlan0
C_COA=2001:db8:c::ff:fe00:10

scenario_checks() {
	echo 15
}

scenario_build() {
	network_build
	agent_config
	agent_start
	gateways_start
	node_namespace wlan0
	node_config
	node_start
}

c_at_home() {
	check "$1 registers the node" eventually 60 served "$1" $MN_ID
	check "the node finds that it is at home" eventually 60 node_is home
}

scenario_play() {
	step "The node comes to the access link of mag1: it is at home."
	node_move mn mag1
	c_at_home mag1
	check "packets take the proxy cache" eventually 30 goes_to proxy $MAG1 $NODE_HOA
	tcp_open mn $NODE_HOA

	step "The node moves to the visited network."
	pings_begin $NODE_HOA
	node_move mn visited
	check "the node registers the address that it makes there" eventually 60 node_is registered $C_COA
	check "packets take the home cache" eventually 30 goes_to home $C_COA $NODE_HOA
	check "its home address is bound there" bound home $NODE_HOA/128 $C_COA
	check "the connection goes on" tcp_lives $NODE_HOA
	pings_end $C_COA
	check "nothing was lost inside the anchor" none_lost

	step "The node comes home, to mag2."
	pings_begin $NODE_HOA
	node_move mn mag2
	c_at_home mag2
	check "its home binding has ended" eventually 60 equals_none
	check "its proxy binding has not" bound proxy $HNP $MAG2
	check "packets take the proxy cache" eventually 30 goes_to proxy $MAG2 $NODE_HOA
	check "the connection goes on" tcp_lives $NODE_HOA
	pings_end $MAG2
	check "nothing was lost inside the anchor" none_lost
}

equals_none() {
	equals "$(bindings home)" 0
}
