# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenarios B and A at once: three nodes of one access network, each of which moves in its own way
#
#        cn ──── anchor ──── core ──┬── mag1 ──── ap-mag1 ─────── mn, mn2, mn3
#                                   ├── mag2 ──── ap-mag2
#                                   └── ha
#
# mn3 knows nothing of mobility, home network prefix 2001:db8:77:3::/64. mn2 moves by itself, home address
# 2001:db8:77:2::10, from the local prefix of mag1 to that of mag2. mn does as in scenario A: its home address is
# 2001:db8:55:1::10 at ha, its care-of address 2001:db8:77:1:0:ff:fe00:10 is out of its home network prefix at anchor.

. "$HERE/scenarios/a.sh"
. "$HERE/scenarios/b.sh"

ANCHORS="anchor ha"
TOPOLOGY="$TOPOLOGY mn3"

scenario_checks() {
	echo 33
}

scenario_build() {
	b_build
	domain_node mn3 $MN3_MAC
	ha_build
	ha_start
	a_node_start
	b_node_start
}

# b_a_mn3_arrive GATEWAY ITS-ADDRESS
b_a_mn3_arrive() {
	node_move mn3 "$1"
	check "$1 registers mn3 at anchor" eventually 30 served "$1" $MN3_ID
	check "packets for mn3 take the proxy cache" eventually 30 goes_to proxy "$2" $MN3_ADDRESS
}

scenario_play() {
	a_begins
	step "mn2 and mn3 come there, too."
	b_arrive mag1 $B_COA1
	b_a_mn3_arrive mag1 $MAG1
	eventually 30 has_address mn3 $MN3_ADDRESS
	check "mn2 hears no prefix of the others" has_no_address mn2 "2001:db8:77:1:$MN2_IID"
	check "mn hears no local prefix" has_no_address mn 2001:db8:e1::ff:fe00:10
	tcp_open mn2 $B_HOA
	tcp_open mn3 $MN3_ADDRESS

	a_moves_inside

	step "mn2 moves to mag2."
	pings_begin $B_HOA
	b_arrive mag2 $B_COA2
	check "the connection of mn2 goes on" tcp_lives $B_HOA
	pings_end $B_COA2
	check "nothing was lost inside an anchor" none_lost

	step "mn3 moves to mag2."
	pings_begin $MN3_ADDRESS
	b_a_mn3_arrive mag2 $MAG2
	check "the connection of mn3 goes on" tcp_lives $MN3_ADDRESS
	pings_end $MAG2
	check "nothing was lost inside an anchor" none_lost

	check "the connection of mn goes on" tcp_lives $A_HOA
	check "the connection of mn2 goes on" tcp_lives $B_HOA
	check "anchor has bound mn2 by itself, mn and mn3 by proxy" equals "$(bindings home) $(bindings proxy)" "1 2"
	check "ha has bound mn" equals "$(at ha bindings home) $(at ha bindings proxy)" "1 0"
}
