#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A mobile node of standard kernel facilities goes from home to two visited networks and back while a
# correspondent talks to it: from behind a MAG, and from a physical home link.
. "$(dirname "$0")/lib.sh"
. "$HERE/topology-home-link.sh"

AGENT_TOML=home-link.toml

# move PLACE...: the movement of the node whose home address is $HOME_ADDRESS
move() {
	in_ns mn python3 "$HERE/mobile_node.py" --home "$HOME_ADDRESS" --anchor $ANCHOR \
		--state "$SCRATCH/node-$HOME_ADDRESS" "$@"
}

conversation_begin() {
	background "$SCRATCH/ping" ip netns exec "${NS}cn" ping -6 -n -i 0.2 "$HOME_ADDRESS"
	PING=$LAST_CHILD
}

conversation_end() {
	kill "$PING"
	wait "$PING" 2>/dev/null
}

# abroad DEVICE CARE-OF: the node is reached there, both ways
abroad() {
	bound home "$HOME_ADDRESS/128" "$2" && continues 4 && reaches mn $CN -I "$HOME_ADDRESS"
}

# journey HOME-DEVICE: the node leaves before it registers, or duplicate address detection finds it
journey() {
	check "$1: the conversation begins" continues 4
	ip_in mn link set "$1" down
	link_up to-visited
	check "$1: registered from the visited network" move away to-visited fe80::1 $COA
	check "$1: the conversation goes on there" abroad to-visited $COA
	link_up to-visited2
	check "$1: registered from the second visited network" move away to-visited2 fe80::1 $COA2
	ip_in mn link set to-visited down
	check "$1: the conversation goes on there, too" abroad to-visited2 $COA2
	link_up "$1"
	check "$1: the registration ends from home" move home "$1" fe80::1
	ip_in mn link set to-visited2 down
	check "$1: nothing is bound any more" equals "$(bindings home)" 0
	check "$1: the conversation goes on at home" continues 4
}

# at_home DEVICE: the node is there as any host
at_home() {
	ip_in mn addr replace "$HOME_ADDRESS/64" dev "$1" nodad noprefixroute
	link_up "$1"
	ip_in mn route replace default via fe80::1 dev "$1" src "$HOME_ADDRESS"
	conversation_begin
}

plan 17
network_build
home_link_build
ip_in mn link del ha
agent_config
agent_start

HOME_ADDRESS=$HOA
check "the MAG registers the node" pbu mag1 1 600
at_home to-mag1
journey to-mag1
conversation_end
ip_in mn link set to-mag1 down

HOME_ADDRESS=$HOME_LINK_HOA
radvd_start
at_home to-home
journey to-home
conversation_end
