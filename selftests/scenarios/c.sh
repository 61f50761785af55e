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

C_HOA=$MN_ADDRESS
# Where it goes, and the address that it makes there.
C_ABROAD=visited
C_COA=2001:db8:c::ff:fe00:10
# What the node's own registration binds.
C_BOUND=$C_HOA/128

scenario_checks() {
	echo 17
}

scenario_build() {
	c_build
}

# c_build [LINE...]: the lines join the node's [node]
c_build() {
	network_build
	agent_config
	agent_start
	# A lifetime whose end a person can wait for.
	gateways_start "lifetime_s = 24"
	node_namespace wlan0
	c_node_start "$@"
}

# c_node_start [LINE...]
c_node_start() {
	NODE_HOA=$C_HOA
	NODE_INTERFACES=wlan0
	node_config "$@"
	node_start
}

c_at_home() {
	check "$1 registers the node" eventually 60 served "$1" $MN_ID
	check "the node finds that it is at home" eventually 60 node_is home
}

c_begins() {
	step "The node comes to the access link of mag1: it is at home."
	node_move mn mag1
	c_at_home mag1
	check "packets take the proxy cache" eventually 30 goes_to proxy $MAG1 $C_HOA
	tcp_open mn $C_HOA
	show_anchor
}

c_leaves() {
	step "The node moves to $C_ABROAD, abroad."
	pings_begin $C_HOA
	node_move mn $C_ABROAD
	check "the node registers the address that it makes there" eventually 60 node_is registered $C_COA
	check "packets take the home cache" eventually 30 goes_to home $C_COA $C_HOA
	show_anchor
	check "it has registered what it should" bound home $C_BOUND $C_COA
	check "the connection goes on" tcp_lives $C_HOA
	pings_end $C_COA
	check "nothing was lost inside the anchor" none_lost
	check "before mag1 extends the proxy binding it asks for the node, and ends it" \
		eventually 60 ended proxy $HNP
	show_anchor
}

c_returns() {
	step "The node comes home, to mag2."
	pings_begin $C_HOA
	node_move mn mag2
	c_at_home mag2
	check "the node ends its home binding" eventually 60 ended home $C_BOUND
	show_anchor
	check "its proxy binding stays" bound proxy $HNP $MAG2
	check "packets take the proxy cache" eventually 30 goes_to proxy $MAG2 $C_HOA
	check "the connection goes on" tcp_lives $C_HOA
	pings_end $MAG2
	check "nothing was lost inside the anchor" none_lost
	check "none took the proxy binding before the node had ended its home binding" \
		home_cache_first $MAG2 $C_HOA
}

scenario_play() {
	c_begins
	c_leaves
	c_returns
}
