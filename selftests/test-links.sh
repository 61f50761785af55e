#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Packets that come in by a VLAN or a bridge; what only crosses a bridge here is not taken.
. "$(dirname "$0")/lib.sh"

modprobe -qa 8021q bridge br_netfilter
plan 6
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1

ip_in cn link add link eth0 name vlan type vlan id 10
ip_in cn addr add 2001:db8:3::2/64 dev vlan nodad
ip_in cn link set vlan up
ip_in anchor link add link to-cn name vlan type vlan id 10
ip_in anchor addr add 2001:db8:3::1/64 dev vlan nodad
ip_in anchor link set vlan up
ip_in cn route add $HNP via 2001:db8:3::1 dev vlan src 2001:db8:3::2
check "by a VLAN" arrives anchor vlan reaches cn $HOA
ip_in cn route del $HNP

# A bridge with a second router of the home prefix on it.
ip_in anchor link add bridge type bridge
ip_in anchor link set bridge up
ip_in anchor link set to-cn master bridge
ip_in anchor addr del 2001:db8:2::1/64 dev to-cn
ip_in anchor addr add 2001:db8:2::1/64 dev bridge nodad
ip link add port netns "${NS}anchor" type veth peer name bridged netns "${NS}visited"
ip_in anchor link set port master bridge up
ip_in visited addr add 2001:db8:2::3/64 dev bridged nodad
ip_in visited link set bridged up
answers cn 2001:db8:2::1
answers cn 2001:db8:2::3
check "by a bridge" counts hook_encapsulated reaches cn $HOA
in_ns anchor sysctl -qw net.bridge.bridge-nf-call-ip6tables=1 2>/dev/null ||
	skipped="# SKIP no br_netfilter"
check "by a bridge that shows its frames to netfilter" counts hook_encapsulated reaches cn $HOA
ip_in cn route add $HNP via 2001:db8:2::3
check "what crosses the bridge to another router is let through" \
	sees visited bridged "dst host $HOA" "echo request" one_ping cn $HOA
check "which is counted $skipped" eval '[ -n "$skipped" ] || counts hook_bridged one_ping cn $HOA'
ip_in cn route del $HNP
check "the own packets as before" reaches cn $HOA
