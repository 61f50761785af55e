# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenario B: on one access network one node moves by Proxy Mobile IPv6, another one by Mobile IPv6
#
#        cn ──── anchor ──── core ──┬── mag1 ── ap-mag1 ── mn, mn2
#                                   └── mag2 ── ap-mag2
#
# mn knows nothing of mobility: it has its home network prefix at both gateways. mn2 runs anchor6d as a
# mobile node with home address 2001:db8:77:2::10: it makes its care-of addresses of the gateways' local
# prefixes, 2001:db8:e1::/64 and 2001:db8:e2::/64. One anchor is LMA of the first and home agent of the second.

. "$HERE/topology-domain.sh"
. "$HERE/node.sh"

MN2_MOBILITY=host
# The home agent of mn2.
B_AGENT=anchor
B_HOA=2001:db8:77:2::10
B_COA1=2001:db8:e1::ff:fe00:20
B_COA2=2001:db8:e2::ff:fe00:20

scenario_checks() {
	echo 20
}

scenario_build() {
	b_build
	b_node_start
}

b_build() {
	network_build
	agent_config
	agent_start
	gateways_start
}

b_node_start() {
	NODE_HOA=$B_HOA
	NODE_INTERFACES=wlan0
	node_as mn2 node_namespace wlan0
	node_as mn2 node_config
	node_as mn2 node_start
}

# b_arrive mag1|mag2 CARE-OF-ADDRESS
b_arrive() {
	node_move mn2 "$1"
	check "mn2 gets the local prefix of $1" eventually 30 has_address mn2 "$2"
	check "$1 serves it without the anchor" eventually 30 served "$1" $MN2_ID local
	check "mn2 registers its care-of address" eventually 60 node_as mn2 node_is registered "$2"
	check "packets for mn2 take the home cache" eventually 30 at $B_AGENT goes_to home "$2" $B_HOA
}

scenario_play() {
	b_play
}

b_play() {
	step "Both nodes come to the access link of mag1."
	node_move mn mag1
	check "mag1 registers mn at the anchor" eventually 30 served mag1 $MN_ID
	check "mn gets its home network prefix" eventually 30 has_address mn $MN_ADDRESS
	b_arrive mag1 $B_COA1
	check "it has not heard the prefix of mn" has_no_address mn2 "2001:db8:77:1:$MN2_IID"
	check "mn has not heard the local prefix" has_no_address mn "2001:db8:e1::ff:fe00:10"
	check "packets for mn take the proxy cache" eventually 30 goes_to proxy $MAG1 $MN_ADDRESS
	tcp_open mn $MN_ADDRESS
	tcp_open mn2 $B_HOA
	show_anchor

	step "mn moves to mag2."
	pings_begin $MN_ADDRESS
	node_move mn mag2
	check "mag2 registers mn" eventually 30 served mag2 $MN_ID
	show_anchor
	check "the connection of mn goes on" tcp_lives $MN_ADDRESS
	pings_end $MAG2
	check "nothing was lost inside the anchor" none_lost

	step "mn2 moves to mag2."
	at $B_AGENT pings_begin $B_HOA
	b_arrive mag2 $B_COA2
	show_anchor
	check "the connection of mn2 goes on" tcp_lives $B_HOA
	pings_end $B_COA2
	check "nothing was lost inside the anchor" none_lost
	check "there is one binding in each cache" equals "$(at $B_AGENT bindings home) $(bindings proxy)" "1 1"
	check "the connection of mn goes on" tcp_lives $MN_ADDRESS
}
