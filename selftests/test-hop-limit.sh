#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The anchor is one hop, the tunnel is none.
. "$(dirname "$0")/lib.sh"

plan 5
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null

check "the hop limit ends at the anchor" says "2001:db8:2::1" one_ping cn $HOA -t 1
check "which is counted" counts hop_limit one_ping cn $HOA -t 1
check "the next hop is the MAG" says "Time exceeded" one_ping cn $HOA -t 2
check "the third is the node" one_ping cn $HOA -t 3
check "the hop limit falls by two on the way" \
	sees mn to-mag1 "dst host $HOA" "hlim 62" one_ping cn $HOA -t 64
