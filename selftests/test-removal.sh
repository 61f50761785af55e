#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The device and the module are removed while packets flow both ways.
. "$(dirname "$0")/lib.sh"

flow() {
	background /dev/null ip netns exec "${NS}cn" ping -6 -q -i 0.002 $HOA
	background /dev/null ip netns exec "${NS}mn" ping -6 -q -i 0.002 -I $HOA $CN
	background /dev/null ip netns exec "${NS}anchor" ping -6 -q -i 0.01 $HOA
}

rebuild() {
	anchor_device
	bind proxy $HNP $MAG1
	bind home $HOA/128 $MAG1
}

plan 12
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
check "packets flow" reaches cn $HOA
flow

for round in 1 2 3; do
	check "the device goes under traffic, round $round" ip_in anchor link del anchor0
	rebuild
	check "packets flow again, round $round" reaches cn $HOA
done

check "bindings are flushed under traffic" cli binding flush
check "the device goes down under traffic" ip_in anchor link set anchor0 down
ip_in anchor link set anchor0 up
check "the module unloads under traffic" rmmod anchor6
check "and can be loaded again" module_load
rebuild
check "packets flow after that" reaches cn $HOA
