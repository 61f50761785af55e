#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Traffic class and congestion marks through the tunnel, both ways (RFC 6040).
. "$(dirname "$0")/lib.sh"

tunnelled="ip6 proto 41"

plan 9
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null

check "the outer header copies the traffic class" \
	sees core to-anchor "$tunnelled and src $ANCHOR" "^[^(]*(class 0xb8" one_ping cn $HOA -Q 0xb8
check "and the mark of an ECN-capable packet" \
	sees core to-anchor "$tunnelled and src $ANCHOR" "^[^(]*(class 0x02" one_ping cn $HOA -Q 2
check "and a congestion mark" \
	sees core to-anchor "$tunnelled and src $ANCHOR" "^[^(]*(class 0x03" one_ping cn $HOA -Q 3
check "the inner traffic class is what it was" \
	sees mn to-mag1 "dst host $HOA" "class 0xb8" one_ping cn $HOA -Q 0xb8

# upward OUTER-CLASS INNER-CLASS
upward() {
	craft mag1 $HOA $CN --class "$2" --outer $MAG1 $ANCHOR --outer-class "$1"
}
check "a congestion mark inside the tunnel reaches the inner packet" \
	sees cn eth0 "src host $HOA" "class 0x03" upward 3 2
check "ECT(1) outside becomes ECT(1) inside" \
	sees cn eth0 "src host $HOA" "class 0x01" upward 1 2
check "the outer traffic class does not" \
	sees cn eth0 "src host $HOA" "class 0x28" upward 0xb8 0x28
check "a congested packet that is not ECN-capable is dropped" counts ecn_violation upward 3 0
check "an unmarked outer header changes nothing" \
	sees cn eth0 "src host $HOA" "class 0x02" upward 0 2
