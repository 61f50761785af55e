#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A care-of address inside a home network prefix of the same anchor: two tunnels, one in the other.
# What leads back to itself is refused by the agent and cannot recurse in the kernel.
. "$(dirname "$0")/lib.sh"

# The node is a guest in the home domain of its own anchor: mag1 serves it under another identity.
GUEST_ID=mn2@example.com
GUEST_HNP=2001:db8:77:2::/64
GUEST=2001:db8:77:2::10

# update NAMESPACE HOME CARE-OF SEQUENCE [ARGUMENT...]
update() {
	update_from=$1
	update_home=$2
	update_care_of=$3
	update_sequence=$4
	shift 4
	in_ns "$update_from" anchor6-load bu --home "$update_home" --coa "$update_care_of" \
		--anchor $ANCHOR --seq "$update_sequence" --lifetime 600 --wait $ANSWER_MS "$@"
}

guest_arrive() {
	batch_in mag1 <<-END
		route add $GUEST_HNP dev access
		rule add from $GUEST_HNP iif access lookup 100
	END
	batch_in mn <<-END
		link set to-mag1 up
		addr add $GUEST/128 dev to-mag1 nodad
		route add $ANCHOR via fe80::1 dev to-mag1 src $GUEST
		link add guest type ip6tnl mode ip6ip6 local $GUEST remote $ANCHOR encaplimit none
		link set guest up
		route add default dev guest src $HOA
	END
}

# endless FROM ADDRESS: a packet to the address goes round, and is dropped by name
endless() {
	counts nesting in_ns "$1" ping -6 -n -c 1 -W 1 "$2"
}

plan 17
agent_build
guest_arrive
check "the guest's session" status 0 \
	pbu_of mag1 $GUEST_ID --hnp $GUEST_HNP --hi 1 --att 4 --lifetime 600
check "a care-of address in the prefix that the binding would take away" status 174 \
	update mn $HOA $GUEST 1 --router --alt-coa 2001:db8:77:1::20
check "a care-of address in its prefix is accepted" status 0 update mn $HOA $GUEST 1
check "the home binding leads to the guest's address" goes_to home $GUEST $HOA
check "which the proxy binding leads to the gateway" goes_to proxy $MAG1 $GUEST
check "packets reach the node through both tunnels" arrives mn guest reaches cn $HOA
check "through the gateway's" arrives mag1 lma reaches cn $HOA
check "the router's own, too" arrives mn guest reaches anchor $HOA
check "what the node says is accepted through both" reaches mn $CN -I $HOA
check "a refresh is answered through the gateway" status 0 update mn $HOA $GUEST 2

# --- what leads back, asked of the agent
check "the guest's address bound to the home address that is bound to it" status 174 \
	update visited $GUEST $VISITED 1 --alt-coa $HOA
check "the anchor itself" status 174 update mn $HOA $GUEST 3 --alt-coa $ANCHOR
check "nothing of this changed the binding" goes_to home $GUEST $HOA
agent_stop

# --- and forced upon the kernel
A=2001:db8:77:a::1
B=2001:db8:77:b::1
bind home $A/128 $B
bind home $B/128 $A
check "two bindings that lead to each other: packets end" endless cn $A
check "the router's own, too" endless anchor $A
check "a binding that leads to itself is refused" \
	says "inside the bound prefix" bind proxy 2001:db8:77:c::/64 2001:db8:77:c::1
bind home $B/128 $COA
check "mended, the chain is two tunnels again" counts device_encapsulated one_ping cn $A
