#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# An access gateway whose configuration is read again: what stays, what changes, and what is refused.
. "$(dirname "$0")/lib.sh"
. "$HERE/topology-domain.sh"

OTHER_MAG1=2001:db8:a::5

# reload TEXT: mag1 reads its configuration again, and says so
reload() {
	reload_before=$(grep -c "$1" "$SCRATCH/mag1.log")
	kill -HUP "$(cat "$SCRATCH/mag1.pid")"
	eventually 60 said_again "$1" "$reload_before"
}

said_again() {
	[ "$(grep -c "$1" "$SCRATCH/mag1.log")" -gt "$2" ]
}

# routed_at_mag1 PREFIX
routed_at_mag1() {
	says "$1 proto 168" ip_in mag1 route show dev access
}

plan 14
network_build
agent_config 'min_delay_before_bce_delete_ms = 0'
agent_start
gateway_config mag1 $MAG1 $LOCAL1
gateway_start mag1
node_move mn mag1
eventually 30 served mag1 $MN_ID >/dev/null
eventually 30 has_address mn $MN_ADDRESS >/dev/null

check "the same configuration is read again" reload "read again"
check "the node stays where it is" session_at $MAG1
check "its packets pass" reaches cn $MN_ADDRESS

printf 'nonsense = 1\n' >>"$SCRATCH/mag1.toml"
check "one with a mistake is refused" reload "stays as it was"
check "and the node is still served" served mag1 $MN_ID
check "its packets still pass" reaches cn $MN_ADDRESS

gateway_config mag1 $OTHER_MAG1 $LOCAL1
check "another address of the gateway waits for a restart" reload "wait for a restart"
check "the session stays at the one" session_at $MAG1
check "packets pass, both ways" reaches_cn mn $MN_ADDRESS

check "the local prefix is routed to the link" routed_at_mag1 $LOCAL1
gateway_config mag1 $MAG1 2001:db8:e3::/64
reload "read again" >/dev/null
check "another one takes its place" eventually 30 routed_at_mag1 2001:db8:e3::/64
check "of which nothing is left" not routed_at_mag1 $LOCAL1

sed -i "s|^link_layer_address = \"$MN_MAC\"|link_layer_address = \"02:00:00:00:00:77\"|" "$SCRATCH/mag1.toml"
reload "read again" >/dev/null
check "a node that is known no longer is let go" eventually 60 served mag1 $MN_ID ""
check "and so is its session" eventually 60 session_at ""
