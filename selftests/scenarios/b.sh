# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenario B: on one access network one node moves by Proxy Mobile IPv6, another one by Mobile IPv6
#
#        cn ──── anchor ──── core ──┬── mag1 ── ap-mag1 ── mn, mn2
#                                   └── mag2 ── ap-mag2
#
# mn knows nothing of mobility: it has its home network prefix at both gateways. mn2 has a home address
# and moves by itself: the gateways' local prefixes, 2001:db8:e1::/64 and 2001:db8:e2::/64, are its
# care-of addresses. One anchor is LMA of the first and home agent of the second.

. "$HERE/topology-domain.sh"

B_HOA=2001:db8:77:2::10
B_COA1=2001:db8:e1::ff:fe00:20
B_COA2=2001:db8:e2::ff:fe00:20

scenario_checks() {
	echo 18
}

scenario_build() {
	MN2_MOBILITY=host
	network_build
	agent_config
	agent_start
	gateways_start
}

# The node's update at its new place, and its tunnel.
b_register() {
	in_ns mn2 anchor6-load bu --home $B_HOA --coa "$2" --anchor $ANCHOR --seq "$1" --lifetime 600 \
		--wait $ANSWER_MS || return 1
	ip_in mn2 tunnel change ha mode ip6ip6 local "$2" remote $ANCHOR 2>/dev/null ||
		ip_in mn2 link add ha type ip6tnl mode ip6ip6 local "$2" remote $ANCHOR encaplimit none
	# Who discovers neighbours in a tunnel has no source that the anchor could know.
	ip_in mn2 link set ha addrgenmode none
	ip_in mn2 addr replace $B_HOA/128 dev ha nodad
	ip_in mn2 link set ha up
	ip_in mn2 route replace default dev ha table 10
	ip_in mn2 rule show | grep -q "from $B_HOA" || ip_in mn2 rule add from $B_HOA lookup 10
}

b_arrive() {
	node_move mn2 "$1"
	check "mn2 gets the local prefix of $1" eventually 30 has_address mn2 "$2"
	check "$1 serves it without the anchor" eventually 30 served "$1" $MN2_ID local
}

scenario_play() {
	step "Both nodes come to the access link of mag1."
	node_move mn mag1
	check "mag1 registers mn at the anchor" eventually 30 served mag1 $MN_ID
	check "mn gets its home network prefix" eventually 30 has_address mn $MN_ADDRESS
	b_arrive mag1 $B_COA1
	check "mn2 registers its care-of address itself" b_register 1 $B_COA1
	check "neither has heard the other's prefix" has_no_address mn2 "2001:db8:77:1:$MN2_IID"
	check "packets for mn take the proxy cache" eventually 30 goes_to proxy $MAG1 $MN_ADDRESS
	check "packets for mn2 take the home cache" eventually 30 goes_to home $B_COA1 $B_HOA
	tcp_open mn $MN_ADDRESS
	tcp_open mn2 $B_HOA

	step "mn moves to mag2."
	pings_begin $MN_ADDRESS
	node_move mn mag2
	check "mag2 registers mn" eventually 30 served mag2 $MN_ID
	check "the connection of mn goes on" tcp_lives $MN_ADDRESS
	pings_end $MAG2
	check "nothing was lost inside the anchor" none_lost

	step "mn2 moves to mag2."
	pings_begin $B_HOA
	b_arrive mag2 $B_COA2
	check "mn2 registers its new care-of address" b_register 2 $B_COA2
	check "the connection of mn2 goes on" tcp_lives $B_HOA
	pings_end $B_COA2
	check "nothing was lost inside the anchor" none_lost
	check "there is one binding in each cache" equals "$(bindings home) $(bindings proxy)" "1 1"
	check "the connection of mn goes on" tcp_lives $MN_ADDRESS
}
