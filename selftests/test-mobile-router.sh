#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A mobile router's prefixes follow its care-of address (RFC 3963): all of one registration or none.
. "$(dirname "$0")/lib.sh"

NETWORK=2001:db8:77:a00::/56
PART=2001:db8:77:a01::/64
HOST=2001:db8:77:a01::1
FOREIGN=2001:db8:77:2::/64

home_bindings() {
	cli --json binding list --cache home | jq -c '[.[] | {prefix, far_end}] | sort'
}

# refuses STATUS ARGUMENT...: a Binding Update with these arguments is refused and changes nothing
refuses() {
	refuses_before=$(home_bindings)
	refuses_status=$1
	shift
	status "$refuses_status" bu "$@" || return 1
	equals "$(home_bindings)" "$refuses_before"
}

plan 22
agent_build
node_attach visited
node_use visited
ip_in mn addr add $HOST/128 dev lo

check "a mobile router that names no prefix registers" status 0 bu 100 600 --router
check "its home network prefix follows" bound home $HNP $COA
check "so does what the prefix table has" bound home $NETWORK $COA
check "its home address goes with the prefix" goes_to home $COA $HOA
check "packets reach its network" arrives mn ha reaches cn $HOST
check "its network can begin" reaches mn $CN -I $HOST

check "the prefixes that it names follow" status 0 bu 101 600 --router --mnp $PART
check "in place of the others" eval "bound home $PART $COA && not bound home $NETWORK $COA"
check "its home address, too" goes_to home $COA $HOA
check "packets reach that network" arrives mn ha reaches cn $HOST

check "a prefix that is not served here" refuses 141 102 600 --router --mnp 2001:db8:99::/64
check "another node's prefix" refuses 142 103 600 --router --mnp $FOREIGN
check "one good and one bad prefix: neither" refuses 142 104 600 --router --mnp 2001:db8:77:a02::/64 $FOREIGN
check "a mobile router cannot become a host" refuses 139 105 600
check "a node that is none may not become one" status 140 bu_of 2001:db8:77:2::10 1 600 --router
check "a prefix that follows another home address" \
	status 143 bu_of 2001:db8:77:1::11 1 600 --router --mnp $PART

check "the registration ends" status 0 bu 106 0 --router
check "with all its prefixes" equals "$(bindings home)" 0
check "the network is unreachable" says "Address unreachable" one_ping cn $HOST
check "a host registers" status 0 bu 107 600
check "alone" eval "bound home $HOA/128 $COA && equals \"\$(bindings home)\" 1"
check "a host cannot become a mobile router" refuses 139 108 600 --router
