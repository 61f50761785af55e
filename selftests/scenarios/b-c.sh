# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenarios B and C at once: three nodes of one access network, each of which moves in its own way
#
#        cn ──── anchor ──── core ──┬── mag1 ──── ap-mag1 ─────── mn, mn2, mn3
#                                   ├── mag2 ──── ap-mag2
#                                   └── visited ─ ap-visited
#
# mn3 knows nothing of mobility and stays, home network prefix 2001:db8:77:3::/64. mn2 moves by itself, home
# address 2001:db8:77:2::10, from the local prefix of mag1 to that of mag2. mn leaves its home domain for the
# visited network and comes back, home address 2001:db8:77:1:0:ff:fe00:10. One anchor serves all three.

. "$HERE/scenarios/b.sh"
. "$HERE/scenarios/c.sh"

TOPOLOGY="$TOPOLOGY mn3"

scenario_checks() {
	echo 36
}

scenario_build() {
	c_build
	domain_node mn3 $MN3_MAC
	b_node_start
}

b_c_undisturbed() {
	check "the connection of mn3 has gone on" tcp_lives $MN3_ADDRESS
	check "the connection of mn2 has gone on" tcp_lives $B_HOA
}

scenario_play() {
	step "mn3 and mn2 come to the access link of mag1."
	node_move mn3 mag1
	check "mag1 registers mn3 at the anchor" eventually 30 served mag1 $MN3_ID
	check "packets for mn3 take the proxy cache" eventually 30 goes_to proxy $MAG1 $MN3_ADDRESS
	b_arrive mag1 $B_COA1
	check "it has not heard the prefix of mn3" has_no_address mn2 "2001:db8:77:3:$MN2_IID"
	eventually 30 has_address mn3 $MN3_ADDRESS
	tcp_open mn3 $MN3_ADDRESS
	tcp_open mn2 $B_HOA

	c_begins
	c_leaves
	b_c_undisturbed

	step "mn2 moves to mag2."
	b_arrive mag2 $B_COA2
	check "the connection of mn goes on" tcp_lives $C_HOA
	b_c_undisturbed

	c_returns
	b_c_undisturbed
	check "mn2 alone has a home binding, mn and mn3 proxy bindings" \
		equals "$(bindings home) $(bindings proxy)" "1 2"
}
