# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# Scenario C where the visited network is another Proxy Mobile IPv6 domain
#
#        cn ──── anchor ──── core ──┬── mag1 ──── ap-mag1 ─────── mn
#                                   ├── mag2 ──── ap-mag2
#                                   ├── anchor2
#                                   └── mag3 ──── ap-mag3
#
# As scenario C, but abroad is mag3, whose LMA is anchor2. That domain gives mn a home network prefix, too, and
# what mn makes of it is its care-of address, 2001:db8:66:1:0:ff:fe00:10. A packet to its home address
# 2001:db8:77:1:0:ff:fe00:10 takes the home cache of anchor, then the proxy cache of anchor2.

. "$HERE/scenarios/c.sh"
. "$HERE/topology-domains.sh"

ANCHORS="anchor anchor2"
C_ABROAD=mag3
C_COA=$MN_ADDRESS2

scenario_checks() {
	echo 21
}

scenario_build() {
	c_build
	domain2_build
	domain2_start "lifetime_s = 24"
}

scenario_play() {
	c_begins
	c_leaves
	check "mag3 registers the node at anchor2" served mag3 $MN_ID
	check "packets to the care-of address take the proxy cache there" at anchor2 goes_to proxy $MAG3 $C_COA
	check "anchor2 knows nothing of the home address" at anchor2 verdict foreign $C_HOA
	c_returns
	check "mag3 ends its proxy binding, too" eventually 60 at anchor2 ended proxy 2001:db8:66:1::/64
}
