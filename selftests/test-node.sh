#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The role "node" on its journey: from its Proxy Mobile IPv6 home to two visited networks and back,
# while a TCP connection and pings every 10 ms go on; then what goes wrong on the way.
. "$(dirname "$0")/lib.sh"
. "$HERE/topology-home-link.sh"
. "$HERE/node.sh"

RFC_TIMERS=${FULL:-}
AGENT_TOML=node.toml
NODE_INTERFACES="to-mag1 to-home to-visited to-visited2"
VISITED_PREFIX=2001:db8:c::/64
VISITED2_PREFIX=2001:db8:f::/64
OTHER_PREFIX=2001:db8:e::/64
KEYED=2001:db8:77:7::10
NETWORK_HOST=2001:db8:77:a01::1

up() {
	ip_in mn link set "$1" up
}

down() {
	ip_in mn link set "$1" down
}

at_home() {
	eventually 60 node_is home && equals "$(node_says .attachment.interface)" "$1"
}

# away DEVICE PREFIX: registered with the address that it has made there, which the anchor knows
away() {
	eventually 60 has_care_of "$@" || return 1
	eventually 60 node_is registered "$(care_of "$@")" || return 1
	bound home "${3:-${NODE_HOA:-$HOA}/128}" "$(care_of "$@")"
}

leaves_home() {
	down "$1"
	away to-visited $VISITED_PREFIX
}

moves_on() {
	up to-visited2
	away to-visited2 $VISITED2_PREFIX
}

comes_home() {
	up "$1"
	at_home "$1" && eventually 60 equals_zero
}

equals_zero() {
	equals "$(bindings home)" 0
}

lost_none() {
	equals "$LOST" 0
}

# Between two care-of addresses the anchor drops what is still on its way from the old one: its source
# is bound to the new one already.
lost_few() {
	[ "$LOST" -le 20 ] || { echo "$LOST pings lost"; return 1; }
}

# journey HOME-DEVICE
journey() {
	up "$1"
	check "$1: the node finds that it is at home" at_home "$1"
	check "$1: nothing is bound in the home cache" equals_zero
	check "$1: a conversation begins" talk_begin
	up to-visited
	eventually 60 has_care_of to-visited $VISITED_PREFIX
	check "$1: a visited network in reach changes nothing" at_home "$1"
	check "$1: the home link breaks, and the node registers from there" moves leaves_home "$1"
	echo "# $1: $LOST pings lost on the broken link and until the registration"
	check "$1: it moves on to a network that it prefers" moves moves_on
	check "$1: and loses only what was on its way from the old one" lost_few
	echo "# $1: $LOST pings lost between the two visited networks"
	down to-visited
	check "$1: it comes home" moves comes_home "$1"
	check "$1: without a loss" lost_none
	down to-visited2
	talk_end
	check "$1: the TCP connection went on" tcp_continued
}

# left: what the node's agent has made in the kernel
left() {
	ip_in mn rule show | grep -v -e '^0:' -e '^32766:'
	ip_in mn route show table all | grep -e 'table 62' -e mip6
	ip -n "${NS}mn" -br link show | grep mip6
	ip_in mn xfrm state
	ip_in mn xfrm policy | grep -v -e '^socket' -e '^	socket'
	ip_in mn addr show to "${NODE_HOA:-$HOA}"
}

nothing_left() {
	left_now=$(left)
	[ -z "$left_now" ] || { echo "$left_now"; return 1; }
}

rules() {
	ip_in mn rule show | grep -c '62[78]'
}

equals_status() {
	equals "$(node_says .status.code)" "$1"
}

believes_none() {
	[ $(($(node_counter node_answers_bad_authenticator) + $(node_counter node_answers_not_authenticated))) -ge 1 ]
}

# silence PROTOCOL: the visited router drops it
silence() {
	in_ns visited nft -f - <<-END
		table ip6 silence {
			chain way { type filter hook forward priority 0; meta l4proto $1 drop; }
		}
	END
}

speak() {
	in_ns visited nft delete table ip6 silence
}

# another_network PREFIX ROUTER: at the same link another router has taken the place of the one before,
# which said nothing when it went
another_network() {
	kill -KILL "$(cat "$SCRATCH/radvd-visited-access.pid")"
	batch_in visited <<-END
		addr flush dev access
		addr add $2/64 dev access nodad
		addr add ${1%/64}1/64 dev access nodad
	END
	advertise visited access "$1"
	away to-visited "$1"
}

network_build
home_link_build
node_namespace $NODE_INTERFACES
agent_config
agent_start
advertise mag1 access $HNP
advertise anchor home0 $HOME_LINK_PREFIX
advertise visited access $VISITED_PREFIX
advertise visited access2 $VISITED2_PREFIX

plan 52
check "the MAG registers the node" pbu mag1 1 600
node_config
node_start
check "a node without a link is nowhere" node_is nowhere
journey to-mag1

check "the command tells of it" says "mobile node $HOA: home" node_cli node
check "and of its counters" [ "$(node_counter node_deregistrations)" -ge 1 ]
node_stop
check "an agent that ends leaves nothing" nothing_left
down to-mag1

NODE_HOA=$HOME_LINK_HOA
node_config
node_start
journey to-home
node_stop
down to-home
unset NODE_HOA

# Away from the beginning, with a short lifetime.
up to-visited
node_config "lifetime_s = 8"
node_start
check "a node that starts abroad registers" away to-visited $VISITED_PREFIX
check "the correspondent reaches it" reaches cn $HOA
check "a conversation that names no address takes the home address" \
	says "dev mip6-0 table 6275 proto 167 src $HOA" ip_in mn route get $CN
check "it refreshes its binding" node_counts node_registrations true
agent_stop KILL
agent_start
check "it does so after a restart of the home agent" node_counts node_registrations true
check "the correspondent reaches it as before" reaches cn $HOA
RULES=$(rules)
ip_in core route add $OTHER_PREFIX via $VISITED
check "another network on the same link is noticed, since the router is gone" another_network $OTHER_PREFIX fe80::2
check "the correspondent reaches it there" reaches cn $HOA
check "and so is the one of before" another_network $VISITED_PREFIX fe80::1
node_stop KILL
check "a killed agent leaves something" not nothing_left
node_start
check "the next one registers" away to-visited $VISITED_PREFIX
check "and has removed what was left" equals "$(rules)" "$RULES"
silence 135
check "it asks again when nobody answers" node_counts node_updates_resent true
speak
check "and is heard in the end" node_counts node_registrations true
node_stop

node_config "mobile_router = true"
node_start
check "a mobile router takes its home prefix along" away to-visited $VISITED_PREFIX $HNP
check "the command tells of it" equals "$(node_says .mobile_router)" true
ip_in mn addr add 2001:db8:77:1::99/128 dev lo
check "another address of the prefix is reached" reaches cn 2001:db8:77:1::99
check "an address that nobody has is unreachable, and no packet circles" \
	not one_ping cn 2001:db8:77:1::98 -W 2
node_stop
node_config "mobile_router = true" 'mobile_network_prefixes = ["2001:db8:77:a00::/56"]'
node_start
check "or the prefixes that it names" away to-visited $VISITED_PREFIX 2001:db8:77:a00::/56
ip_in mn addr add $NETWORK_HOST/128 dev lo
check "a host of them is reached" reaches cn $NETWORK_HOST
node_stop

NODE_DISCOVERS=1
node_config
node_start
check "a node that is told of no home agent finds it" away to-visited $VISITED_PREFIX
check "by discovery" [ "$(node_counter node_discovery_replies)" -ge 1 ]
unset NODE_DISCOVERS
node_stop

NODE_HOA=$KEYED
NODE_AUTHENTICATION=1
node_config 'authentication = "mn-ha"' "spi = 256" 'key = "000102030405060708090a0b0c0d0e0f10111213"'
node_start
check "a node with the right key registers" away to-visited $VISITED_PREFIX
node_stop
node_config 'authentication = "mn-ha"' "spi = 256" 'key = "000102030405060708090a0b0c0d0e0f10111299"'
node_start
check "with another key it believes no answer" eventually 60 believes_none
node_stop

NODE_HOA=2001:db8:77:9::10
unset NODE_AUTHENTICATION
node_config
node_start
check "a node that the home agent does not know is refused" eventually 60 equals_status 129
check "and asks again later" node_counts node_refusals true
check "nothing is bound for it" eval "! cli binding show $NODE_HOA/128 --cache home"
node_stop
