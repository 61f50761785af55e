# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenario C with the R flag: the whole home network prefix follows a node abroad
#
#        cn ──── anchor ──── core ──┬── mag1 ──── ap-mag1 ─────── mn
#                                   ├── mag2 ──── ap-mag2
#                                   └── visited ─ ap-visited
#
# As scenario C, but mn is a mobile router: it registers its home network prefix 2001:db8:77:1::/64, not
# its home address alone. So its second address, 2001:db8:77:1::99, is reached abroad as it is at home.

. "$HERE/scenarios/c.sh"

C_BOUND=$HNP
C_SECOND=2001:db8:77:1::99

scenario_checks() {
	echo 25
}

scenario_build() {
	c_build "mobile_router = true"
	ip_in mn addr add $C_SECOND/128 dev wlan0 nodad
}

c_r_abroad() {
	check "its second address is bound with it" goes_to home $C_COA $C_SECOND
	check "and is reached" reaches cn $C_SECOND
}

scenario_play() {
	c_begins
	check "its second address is reached" reaches cn $C_SECOND
	c_leaves
	c_r_abroad
	c_returns
	check "its second address is reached" reaches cn $C_SECOND

	step "It goes abroad again, and names the prefix that follows it."
	node_stop
	c_node_start "mobile_router = true" "mobile_network_prefixes = [\"$HNP\"]"
	node_move mn visited
	check "it is registered" eventually 60 node_is registered $C_COA
	check "with the prefix" bound home $C_BOUND $C_COA
	c_r_abroad
	show_anchor
}
