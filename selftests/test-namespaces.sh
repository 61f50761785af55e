#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# One device a namespace, and nothing of it is seen in another.
. "$(dirname "$0")/lib.sh"

# A second anchor, in the namespace of the visited router.
second() {
	in_ns visited anchor6 "$@"
}

plan 9
anchor_build
bind home $HOA/128 $COA

check "a second device in the namespace is refused" \
	says "already has an anchor6 device" ip_in anchor link add anchor1 type anchor6
check "the device stays where it was made" not ip_in anchor link set anchor0 netns "${NS}visited"

ip_in visited link add anchor0 type anchor6
ip_in visited link set anchor0 up
second prefix add $HOME_PREFIXES
check "another namespace starts empty" equals "$(second binding list | grep -c 2001:db8:77)" 0
second binding set $HOA/128 --cache proxy --local $VISITED --remote $MAG2 --lifetime 600000
check "the same address is bound there otherwise" says $MAG2 second lookup $HOA
check "and here as before" goes_to home $COA $HOA

ip_in visited link del anchor0
check "removing that device leaves this one" goes_to home $COA $HOA
ip_in visited link add anchor0 type anchor6
check "a new device starts empty" equals "$(second binding list | grep -c 2001:db8:77)" 0

ip netns delete "${NS}anchor"
check "a namespace goes with its bindings" not ip netns exec "${NS}anchor" true
directories() {
	find /sys/kernel/debug/anchor6 -mindepth 1 -maxdepth 1 | wc -l
}
one_directory() {
	equals "$(directories)" 1
}
check "its debugfs directory goes too" eventually 60 one_directory
