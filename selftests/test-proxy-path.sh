#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The way of a node that is served by a MAG: down, up, and counted.
. "$(dirname "$0")/lib.sh"

plan 7
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1

check "packets go down and up" reaches cn $HOA
check "the hook encapsulates" counts hook_encapsulated one_ping cn $HOA
check "the tunnel handler decapsulates" counts decapsulated one_ping cn $HOA
check "the node can begin" reaches mn $CN
check "the router's own packets take the device" counts device_encapsulated one_ping anchor $HOA
check "the router can be reached from the node" reaches mn 2001:db8:2::1
traffic() {
	cli --json binding show $HNP |
		jq -e '.[0] | .down_packets > 5 and .up_packets > 5 and .down_bytes > .down_packets * 100'
}
check "the binding counts its packets" traffic
