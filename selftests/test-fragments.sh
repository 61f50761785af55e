#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fragments, extension headers and packets with other readers, through both doors.
. "$(dirname "$0")/lib.sh"

# grows NAME BY COMMAND...: the command succeeds and makes the counter grow by so much
grows() {
	grows_name=$1
	grows_by=$2
	shift 2
	grows_before=$(counter "$grows_name")
	"$@" || return 1
	equals $(($(counter "$grows_name") - grows_before)) "$grows_by"
}

# An echo of 3000 octets is three packets each way.
large() {
	one_ping cn $HOA -s 3000 -M dont
}

modprobe -qa nf_tables nft_ct nf_conntrack
plan 14
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null
in_ns cn sysctl -qw net.ipv6.icmp.ratelimit=0
large >/dev/null 2>&1
large >/dev/null 2>&1

check "the hook encapsulates each fragment" grows hook_encapsulated 3 large
check "the node's fragments come out one by one" grows decapsulated 3 large
cli device set --mode stateful
in_ns anchor nft add table ip6 track
in_ns anchor nft 'add chain ip6 track forward { type filter hook forward priority 0; }'
in_ns anchor nft 'add rule ip6 track forward ct state invalid drop'
check "where connections are tracked, the device gets fragments of the same size" \
	grows device_encapsulated 3 large
check "the node's, too" grows decapsulated 3 large
in_ns anchor nft delete table ip6 track
cli device set --mode fast

ip_in core link set to-mag1 mtu 1300
one_ping cn $HOA -s 1232 >/dev/null 2>&1
check "1280 octets leave as two outer fragments" \
	sees core to-mag1 "dst host $MAG1 and ip6 proto 44" "frag" one_ping cn $HOA -s 1232
ip_in core link set to-mag1 mtu 1500
in_pieces() {
	craft mag1 $HOA $CN --outer $MAG1 $ANCHOR --fragments "$1"
}
check "outer fragments are one packet before decapsulation" grows decapsulated 1 in_pieces 16
check "which arrives" sees cn eth0 "src host $HOA" "echo request" in_pieces 48

check "options that every hop reads" \
	sees mn to-mag1 "dst host $HOA" "HBH" craft cn $CN $HOA --extensions hop
check "options of the destination" \
	sees mn to-mag1 "dst host $HOA" "DSTOPT" craft cn $CN $HOA --extensions destination
check "a header of fragmentation without fragments" \
	sees mn to-mag1 "dst host $HOA" "frag" craft cn $CN $HOA --extensions fragment
check "all of them together, from the node" \
	sees cn eth0 "src host $HOA" "HBH.*DSTOPT" \
	craft mag1 $HOA $CN --outer $MAG1 $ANCHOR --extensions hop destination fragment
ip_in mag1 link change lma type ip6tnl mode ip6ip6 local $MAG1 remote $ANCHOR encaplimit 4
check "a tunnel encapsulation limit in the outer header" \
	sees core to-anchor "src host $MAG1" "DSTOPT" reaches cn $HOA

check "who else reads the packet sees it as it came" \
	sees anchor to-cn "dst host $HOA" "hlim 64" one_ping cn $HOA -t 64
cli device set --mode stateful
check "also before the device" \
	sees anchor to-cn "dst host $HOA" "hlim 64" one_ping cn $HOA -t 64
