#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# An access gateway whose access link is a bridge: who has a port of it is served, whether he asks for a
# router or only is learned, and is let go when he is forgotten and no longer answers.
. "$(dirname "$0")/lib.sh"
. "$HERE/topology-domain.sh"

FORGETS_S=3

# The access link of mag1 becomes a port of a bridge that has its name, and gets a second one.
bridge_build() {
	ip link add port2 netns "${NS}mag1" type veth peer name mag1b netns "${NS}air"
	batch_in mag1 <<-END
		link set access down
		link set access name port1
		link add access type bridge mcast_snooping 0 forward_delay 0 ageing_time ${FORGETS_S}00
		link set port1 master access up
		link set port2 master access up
		link set access up
	END
	batch_in air <<-END
		link add ap-mag1b type bridge mcast_snooping 0 forward_delay 0
		link set ap-mag1b up
		link set mag1b master ap-mag1b up
	END
}

# learned PORT: the bridge has the node there
learned() {
	says "$MN_MAC dev $1" in_ns mag1 bridge fdb show br access
}

session_id() {
	cli --json session list | jq -r --arg id "$MN_ID" '.[] | select(.mn_id == $id) | .id'
}

# To a group that nobody has joined: no answer makes it anybody's neighbour.
node_speaks() {
	in_ns mn ping -6 -n -c 1 -W 1 -I wlan0 ff02::a6
	true
}

# Not even that it joins multicast groups.
node_is_silent() {
	in_ns mn nft -f - <<-END
		table ip6 silence {
			chain out {
				type filter hook output priority 0
				icmpv6 type nd-neighbor-advert accept
				drop
			}
		}
	END
}

plan 12
network_build
bridge_build
agent_config 'min_delay_before_bce_delete_ms = 0'
agent_start
gateway_config mag1 $MAG1 $LOCAL1 'confirmation_timeout_ms = 2000'
gateway_start mag1
in_ns mn sysctl -qw net.ipv6.conf.wlan0.router_solicitations=0

check "the bridge has the gateway's fixed address" says $FIXED ip_in mag1 addr show dev access
node_move mn mag1
check "the bridge learns a node that asks for no router" eventually 30 eval "node_speaks; learned port1"
check "it is served" eventually 30 served mag1 $MN_ID
check "the anchor has the session" session_at $MAG1
SESSION=$(session_id)
check "the node hears its prefix" eventually 30 has_address mn $MN_ADDRESS
check "packets pass, both ways" reaches_cn mn $MN_ADDRESS

node_move mn mag1b
check "it comes to another port" eventually 30 eval "node_speaks; learned port2"
check "packets pass, both ways" reaches_cn mn $MN_ADDRESS
check "with the same session" equals "$(session_id)" "$SESSION"

node_is_silent
sleep $((FORGETS_S + 5))
check "a node that was forgotten, and answers, stays" equals "$(session_id)" "$SESSION"
node_leave mn
check "one that does not answer is let go" eventually 60 served mag1 $MN_ID ""
check "and so is its session" eventually 60 session_at ""
