#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Packet Too Big from the anchor and from inside the tunnel; 1280 octets always pass.
. "$(dirname "$0")/lib.sh"

# ping's payload has 48 octets of headers before it
ping_of() {
	one_ping_size=$(($1 - 48))
	shift
	one_ping cn $HOA -s $one_ping_size "$@"
}

plan 8
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null

check "1460 octets fit a path of 1500" ping_of 1460 -M "do"
check "1461 octets get Packet Too Big" says "mtu=1460" ping_of 1461 -M "do"
in_ns cn ip -6 route flush cache
check "which is counted" counts too_big ping_of 1461 -M "do"
check "both ends fragment after that" eventually 60 ping_of 2000 -M dont

ip_in core link set to-mag1 mtu 1400
ip_in cn route flush cache
check "a narrow link inside the tunnel is told to the inner source" says "mtu=1360" ping_of 1400 -M "do"
check "the far end knows its path now" eventually 30 says 1360 cli --json binding show $HNP

ip_in core link set to-mag1 mtu 1300
ip_in cn route flush cache
check "the tunnel's MTU is never below 1280" says "mtu=1280" ping_of 1300 -M "do"
check "1280 octets pass a path that they do not fit" \
	sees mn to-mag1 "dst host $HOA" "payload length: 1240" ping_of 1280 -M "do"
