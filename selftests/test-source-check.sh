#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A packet leaves a tunnel only if its inner source is bound to exactly this tunnel.
. "$(dirname "$0")/lib.sh"

# from mag1|mag2|visited SOURCE: the node's echo request in a tunnel from there
from() {
	case $1 in
	mag1) craft mag1 "$2" $CN --outer $MAG1 $ANCHOR ;;
	mag2) craft mag2 "$2" $CN --outer $MAG2 $ANCHOR ;;
	visited) craft mn "$2" $CN --outer $COA $ANCHOR ;;
	esac
}

plan 12
anchor_build
node_attach visited
bind proxy $HNP $MAG1

check "the node's MAG may send" counts decapsulated from mag1 $HOA
check "but not another node's address" counts source_unbound from mag1 2001:db8:77:2::1
check "nor an address outside the home prefixes" counts source_unbound from mag1 2001:db8:a::66
check "a stranger may not send for the node" counts tunnel_unknown from mag2 $HOA
bind proxy 2001:db8:77:2::/64 $MAG2
check "nor may the MAG of another node" counts source_mismatch from mag2 $HOA
check "which may send for its own" counts decapsulated from mag2 2001:db8:77:2::1

check "the care-of address may not send without a binding" counts tunnel_unknown from visited $HOA
bind home $HOA/128 $COA
check "with one it may" counts decapsulated from visited $HOA
check "while the MAG still may" counts decapsulated from mag1 $HOA
unbind home $HOA/128
check "and not any more after it" counts tunnel_unknown from visited $HOA

check "a cut inner header is dropped by name" counts inner_malformed \
	craft mag1 $HOA $CN --outer $MAG1 $ANCHOR --inner-octets 41

# A tunnel of somebody else's on the same router.
ip_in anchor link add other type ip6tnl mode ip6ip6 local $ANCHOR remote $MAG2 encaplimit none
ip_in anchor addr add 2001:db8:e::1/64 dev other nodad
ip_in anchor link set other up
ip_in mag2 addr add 2001:db8:e::2/64 dev lma nodad
unbind proxy 2001:db8:77:2::/64
check "other tunnels of the router work as before" reaches anchor 2001:db8:e::2
