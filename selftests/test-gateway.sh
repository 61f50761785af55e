#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The access gateway: who attaches and how, what a node hears, where its packets go and where not, and
# what becomes of it when anybody restarts.
. "$(dirname "$0")/lib.sh"
. "$HERE/topology-domain.sh"

handoff_indicator() {
	equals "$(cli --json session list | jq -r --arg id "$MN_ID" \
		'.[] | select(.mn_id == $id) | .handoff_indicator')" "$1"
}

# Packets that the filter of mag1 has dropped.
filtered() {
	in_ns mag1 tc -j -s filter show dev access ingress |
		jq '[.[] | .options.actions[]? | .stats.drops] | add // 0'
}

# is_dropped COMMAND...: nothing of it comes out of mag1's tunnel, and the filter has counted it
is_dropped() {
	dropped_before=$(filtered)
	sent_before=$(sent_by mag1)
	"$@"
	eventually 10 dropped_above "$dropped_before" || return 1
	equals "$(sent_by mag1)" "$sent_before"
}

dropped_above() {
	[ "$(filtered)" -gt "$1" ] || { echo "the filter dropped nothing"; return 1; }
}

sent_by() {
	ip -n "$NS$1" -j -s link show dev a6lma1 | jq '.[0].stats64.tx.packets'
}

# The node has an address that is not its own, and speaks with it.
foreign_prefix() {
	ip_in mn addr add 2001:db8:77:99::1/128 dev wlan0 nodad
	in_ns mn ping -6 -n -c 2 -i 0.2 -W 1 -I 2001:db8:77:99::1 $CN
	ip_in mn addr del 2001:db8:77:99::1/128 dev wlan0
}

# The other node on the link has the first one's address.
foreign_node() {
	ip_in mn2 addr add $MN_ADDRESS/128 dev wlan0 nodad
	in_ns mn2 ping -6 -n -c 2 -i 0.2 -W 1 -I $MN_ADDRESS $CN
	ip_in mn2 addr del $MN_ADDRESS/128 dev wlan0
}

default_router() {
	says "via $FIXED dev wlan0" ip_in "$1" route show default
}

no_default_router() {
	equals "$(ip_in "$1" route show default)" ""
}

# What the gateway has in the kernel: rules, routes, tunnels.
traces() {
	{
		ip_in "$1" rule show
		ip_in "$1" route show table all
	} | grep -c 'proto 168'
	ip_in "$1" link show type ip6tnl | grep -c a6lma
}

no_traces() {
	equals "$(traces "$1" | tr '\n' ' ')" "0 0 "
}

address_of_link() {
	ip -n "$NS$1" -j link show dev access | jq -r '.[0].address'
}

# mute NODE: it asks for no router when its link comes up
mute() {
	in_ns "$1" sysctl -qw net.ipv6.conf.wlan0.router_solicitations="$2"
}

freeze_anchor() {
	agent_signal STOP
}

thaw_anchor() {
	agent_signal CONT
}

plan 45
network_build
agent_config 'min_delay_before_bce_delete_ms = 1000'
agent_start
ORIGINAL=$(address_of_link mag2)
gateways_start 'heartbeat_interval_s = 2' 'confirmation_timeout_ms = 3000' 'retry_after_refusal_s = 2'

check "the gateway has its fixed addresses" says $FIXED ip_in mag1 addr show dev access
check "and the link-layer address" equals "$(address_of_link mag1)" 00:00:5e:00:52:13

node_move mn mag1
check "a solicitation attaches the node" eventually 30 served mag1 $MN_ID
check "the anchor has the session" session_at $MAG1
check "the node hears its prefix" eventually 30 has_address mn $MN_ADDRESS
check "its router is the fixed one" default_router mn
check "packets pass, both ways" reaches_cn mn $MN_ADDRESS
check "they pass the tunnel" arrives mag1 a6lma1 one_ping cn $MN_ADDRESS

freeze_anchor
node_move mn2 mag1
check "another one waits for the anchor" eventually 30 served mag1 $MN2_ID registering
ip_in mn2 addr add $MN2_ADDRESS/64 dev wlan0 nodad
ip_in mn2 route add default via $FIXED dev wlan0
check "nothing of it passes before" is_dropped in_ns mn2 ping -6 -n -c 2 -i 0.2 -W 1 $CN
thaw_anchor
check "then it is served" eventually 60 served mag1 $MN2_ID
check "its packets pass" reaches_cn mn2 $MN2_ADDRESS
check "neither has heard the other's prefix" has_no_address mn2 2001:db8:77:1:$MN2_IID

check "a foreign source goes nowhere" is_dropped foreign_prefix
check "nor the source of a node from another one" is_dropped foreign_node
check "the node itself is still heard" reaches_cn mn $MN_ADDRESS

node_leave mn2
check "who is gone is let go" eventually 30 gateway mag1 detach --mn-id $MN2_ID
check "and is no longer there" eventually 30 served mag1 $MN2_ID ""

background "$SCRATCH/ping" ip netns exec "${NS}cn" ping -6 -n -q -i 0.01 -c 1500 -W 2 $MN_ADDRESS
PING=$LAST_CHILD
sleep 2
node_move mn mag2
check "a node that comes to another gateway is served there" eventually 30 served mag2 $MN_ID
check "the anchor has it there" eventually 10 session_at $MAG2
wait "$PING"
echo "# handover: $(grep -e loss "$SCRATCH/ping"), on the broken access link"
check "packets pass there" reaches_cn mn $MN_ADDRESS
check "it has the same address and router" default_router mn
gateway mag1 detach --mn-id $MN_ID >/dev/null
check "the old gateway ends nothing but its own" eventually 10 session_at $MAG2

check "a detachment by command" gateway mag2 detach --mn-id $MN_ID
check "ends the session" eventually 30 session_at ""
check "and the router of the node" eventually 10 no_default_router mn

node_leave mn
mute mn 0
node_move mn mag2
in_ns mn ping -6 -n -c 1 -W 2 $FIXED%wlan0 >/dev/null
check "who asks for the gateway attaches, too" eventually 30 served mag2 $MN_ID
mute mn -1
check "its packets pass" eventually 30 reaches_cn mn $MN_ADDRESS

ip_in air link set mag2 down
check "without a carrier nobody is there" eventually 30 served mag2 $MN_ID ""
check "the anchor hears of it" eventually 30 session_at ""
ip_in air link set mag2 up

node_move mn mag1
eventually 30 served mag1 $MN_ID
# What the node still says of its arrival would attach it again.
sleep 5
check "the anchor revokes the session" cli session revoke $MN_ID
check "the gateway lets the node go" eventually 30 not served mag1 $MN_ID
check "its router is gone" eventually 10 no_default_router mn
node_move mn mag1
check "and it comes back" eventually 30 served mag1 $MN_ID

agent_stop
rm -f "$SCRATCH"/anchor.db*
agent_start
check "an anchor that has forgotten is asked again" eventually 60 session_at $MAG1
check "packets pass" eventually 30 reaches_cn mn $MN_ADDRESS

gateway_stop mag1 KILL
gateway_start mag1
check "a gateway that was killed finds its node" eventually 30 served mag1 $MN_ID
check "packets pass" eventually 30 reaches_cn mn $MN_ADDRESS

node_move mn2 mag2
check "a gateway that may not serve a node is refused" eventually 30 served mag2 $MN2_ID refused
check "says why" says "not authorized" gateway mag2 show $MN2_ID

gateway_stop mag1
check "a gateway that has stopped leaves nothing" no_traces mag1
gateway_stop mag2
check "and the interface has its own address" equals "$(address_of_link mag2)" "$ORIGINAL"
LINK_EVENTS=false gateway_config mag2 $MAG2 $LOCAL2
gateway_start mag2
node_move mn mag2
sleep 3
check "without link events nobody attaches" served mag2 $MN_ID ""
check "but by command" gateway mag2 handover --interface access --mac $MN_MAC
check "as one who comes from another gateway" eventually 30 handoff_indicator 3
