#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tracepoints say what became of a packet, and why.
. "$(dirname "$0")/lib.sh"

TRACING=/sys/kernel/tracing

# traced TEXT COMMAND...: the command makes an event that contains the text
traced() {
	traced_text=$1
	shift
	echo >$TRACING/trace
	"$@"
	eventually 30 grep -q -e "$traced_text" $TRACING/trace || { cat $TRACING/trace; return 1; }
}

plan 5
anchor_build
[ -d $TRACING/events/anchor6 ] || skip_all "needs tracefs"
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null
echo 1 >$TRACING/events/anchor6/enable
check "encapsulation" traced \
	"anchor6_encapsulate: .*source=$CN destination=$HOA length=104 segments=1 cache=proxy local=$ANCHOR remote=$MAG1" \
	one_ping cn $HOA
check "decapsulation" traced \
	"anchor6_decapsulate: .*source=$HOA destination=$CN .* remote=$MAG1" one_ping cn $HOA
check "a drop by the hook" traced \
	"anchor6_drop: .*source=$CN destination=$HOA .*reason=hop_limit" one_ping cn $HOA -t 1
check "by the device" traced \
	"anchor6_drop: .*destination=2001:db8:77:2::1 .*reason=device_unbound" one_ping cn 2001:db8:77:2::1
check "and by the source check" traced \
	"anchor6_drop: .*source=$MAG2 .*reason=tunnel_unknown" craft mag2 $HOA $CN --outer $MAG2 $ANCHOR
echo 0 >$TRACING/events/anchor6/enable
