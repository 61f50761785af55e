#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The flow label of the outer header is that of the inner flow, which has one or gets one.
. "$(dirname "$0")/lib.sh"

# outer_label COMMAND...: the flow label of the outer packet that the command makes
outer_label() {
	sees core to-anchor "src host $ANCHOR and dst host $MAG1" "next-header IPv6" "$@" >/dev/null || return 1
	sed -n 's/^[^(]*(\(class [^,]*, \)\{0,1\}flowlabel \(0x[0-9a-f]*\),.*/\2/p' "$SCRATCH/packets" | head -n 1
}

# same|differ COMMAND... -- COMMAND...: the outer packets of two commands
labels() {
	labels_kind=$1
	shift
	labels_first=
	while [ "$1" != -- ]; do
		labels_first="$labels_first $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # words without spaces
	labels_first=$(outer_label $labels_first)
	labels_second=$(outer_label "$@")
	echo "$labels_first $labels_second"
	[ -n "$labels_first" ] && [ -n "$labels_second" ] || return 1
	case $labels_kind in
	same) [ "$labels_first" = "$labels_second" ] ;;
	*) [ "$labels_first" != "$labels_second" ] ;;
	esac
}

plan 5
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null

check "a label of the inner flow is the outer one" \
	sees core to-anchor "src host $ANCHOR and dst host $MAG1" "^[^(]*(flowlabel 0xabcde," \
	one_ping cn $HOA -F 0xabcde
check "a flow without a label gets one, each time the same" \
	labels same craft cn $CN $HOA -- craft cn $CN $HOA
check "another flow gets another" \
	labels differ craft cn $CN $HOA -- craft cn $CN 2001:db8:77:1::11
cli device set --mode stateful
check "through the device it is the same" \
	labels same craft cn $CN $HOA -- craft cn $CN $HOA
cli device set --mode fast
in_ns anchor sysctl -qw net.ipv6.auto_flowlabels=0
check "where labels are off, a flow without one stays so" \
	not sees core to-anchor "src host $ANCHOR and dst host $MAG1" "^[^(]*(flowlabel" craft cn $CN $HOA
