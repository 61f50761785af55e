# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenario B with home agent and LMA apart: the node that moves by itself is at home elsewhere
#
#        cn ──── anchor ──── core ──┬── mag1 ── ap-mag1 ── mn, mn2
#                                   ├── mag2 ── ap-mag2
#                                   └── ha
#
# As scenario B, but ha is the home agent of mn2, whose home address is 2001:db8:55:2::10. anchor is the LMA
# of mn, and does not know mn2.

. "$HERE/scenarios/b.sh"
. "$HERE/topology-domains.sh"

ANCHORS="anchor ha"
B_AGENT=ha
B_HOA=$MN2_HOA
NODE_HOME_AGENT=$HA

scenario_checks() {
	echo 21
}

scenario_build() {
	b_build
	ha_build
	ha_start
	b_node_start
}

scenario_play() {
	b_play
	check "none in the home cache of the anchor" equals "$(bindings home)" 0
}
