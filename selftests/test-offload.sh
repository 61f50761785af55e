#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Segmentation and checksum offloads through both doors: TCP moves large packets in both directions,
# and what arrives is what was sent.
. "$(dirname "$0")/lib.sh"

OCTETS=1000000
PORT=5001

# packets JQ-PATH: of the node's binding
of_binding() {
	cli --json binding show $HNP | jq ".[0].$1"
}

# stream FROM ADDRESS TO [SOURCE]: TCP from one namespace to an address in the other
stream() {
	PORT=$((PORT + 1))
	background "$SCRATCH/received" ip netns exec "$NS$3" python3 "$HERE/stream.py" receive $PORT
	stream_receiver=$LAST_CHILD
	eventually 60 grep -q listening "$SCRATCH/received" || return 1
	in_ns "$1" python3 "$HERE/stream.py" send "$2" $PORT $OCTETS ${4:+"$4"} || return 1
	wait "$stream_receiver"
	says "received $OCTETS intact" cat "$SCRATCH/received"
}
down() {
	stream cn $HOA mn
}
up() {
	stream mn $CN cn $HOA
}

# grew BEFORE AFTER
grew() {
	echo $(($2 - $1))
}

# whole COUNTER BINDING-COUNT COMMAND...: a packet of the module is four segments or more
whole() {
	whole_counter=$1
	whole_binding=$2
	shift 2
	whole_packets=$(counter "$whole_counter")
	whole_segments=$(of_binding "$whole_binding")
	"$@" || return 1
	whole_packets=$(grew "$whole_packets" "$(counter "$whole_counter")")
	whole_segments=$(grew "$whole_segments" "$(of_binding "$whole_binding")")
	echo "$whole_segments segments in $whole_packets packets"
	[ "$whole_segments" -ge $((OCTETS / 1500)) ] && [ "$whole_segments" -ge $((whole_packets * 4)) ]
}

# fewer NAMESPACE DEVICE COMMAND...: packets that the device sends, at most half of the segments
fewer() {
	fewer_of="ip -n $NS$1 -j -s link show dev $2"
	shift 2
	fewer_before=$($fewer_of | jq '.[0].stats64.tx.packets')
	fewer_segments=$(of_binding up_packets)
	"$@" || return 1
	fewer_after=$($fewer_of | jq '.[0].stats64.tx.packets')
	fewer_segments=$(grew "$fewer_segments" "$(of_binding up_packets)")
	echo "$fewer_segments segments in $((fewer_after - fewer_before)) packets"
	[ $((fewer_after - fewer_before)) -le $((fewer_segments / 2)) ]
}

# offload NAMESPACE DEVICE FEATURE on|off...
offload() {
	offload_in=$1
	shift
	in_ns "$offload_in" ethtool -K "$@" >/dev/null
}

command -v ethtool >/dev/null || skip_all "needs ethtool"
plan 11
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null

check "the hook encapsulates unsegmented packets" whole hook_encapsulated down_packets down
check "and they come out of a tunnel so" whole decapsulated up_packets up

offload mag1 to-core gso off tso off
check "packets that come segmented are merged behind the tunnel" fewer anchor to-cn up
offload mag1 to-core gso on tso on

offload cn eth0 tx off
check "checksums that are there already" down
offload cn eth0 tx on
offload anchor to-core tx off
check "a way out without checksum offload" down
offload anchor to-core tx on gso off tso off
check "a way out without segmentation offload" down
offload anchor to-core gso on tso on

cli device set --mode stateful
check "the device encapsulates unsegmented packets, too" whole device_encapsulated down_packets down
check "and the other direction is as before" whole decapsulated up_packets up
cli device set --mode fast

# A tunnel in the packet already: one encapsulation too many for the offloads of one packet.
ip_in mn link add inside type ip6tnl mode ip6ip6 local $HOA remote $CN encaplimit none
ip_in mn addr add 2001:db8:9::2/64 dev inside nodad
ip_in mn link set inside up
ip_in cn link add inside type ip6tnl mode ip6ip6 local $CN remote $HOA encaplimit none
ip_in cn addr add 2001:db8:9::1/64 dev inside nodad
ip_in cn link set inside up
check "packets of a tunnel in the tunnel" stream cn 2001:db8:9::2 mn
check "which the device had to segment" counter_above hook_segmentation 0

# A path that 1280 octets do not fit: each segment's outer packet is fragmented.
ip_in core link set to-mag1 mtu 1300
check "segments on a path of 1300 octets" down
