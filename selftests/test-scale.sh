#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A million bindings in each cache come, change, expire and go, and a flow beside them notices nothing.
. "$(dirname "$0")/lib.sh"

NODES=3fff::
OTHERS=3fff:1::
EXPIRING=100000
SOME=100000
# A kernel that looks for leaks keeps books about each object.
[ -e /sys/kernel/debug/kmemleak ] && MILLION=${SCALE:-100000} || MILLION=${SCALE:-1000000}
# The longest that an echo may take, in milliseconds; alone it takes some. Emulation is slow, a stall is seconds.
PATIENCE=500

# scale ARGUMENT...
scale() {
	in_ns anchor python3 "$HERE/scale.py" "$@"
}

# beside TEXT COMMAND...: it succeeds, and meanwhile a flow loses nothing and no packet waits
beside() {
	beside_text=$1
	shift
	background "$SCRATCH/flow" ip netns exec "${NS}cn" ping -6 -n -q -i 0.05 -W 30 $HOA
	beside_flow=$LAST_CHILD
	check "$beside_text" "$@"
	sleep 0.5
	kill -INT "$beside_flow"
	wait "$beside_flow"
	check "$beside_text: a flow beside that" undisturbed
	grep -h rtt "$SCRATCH/flow" | sed 's/^/# /'
}

# The last echo may be on its way when ping ends.
undisturbed() {
	cat "$SCRATCH/flow"
	awk -v patience=$PATIENCE '
		/packets transmitted/ { lost = $1 - $4; sent = $1 }
		/^rtt/ { split($4, rtt, "/"); slowest = rtt[3] }
		END { exit !(sent > 5 && lost <= 1 && slowest > 0 && slowest < patience) }' "$SCRATCH/flow"
}

# timed COMMAND...: succeeds, and what it prints goes to a comment
timed() {
	timed_result=$("$@") || return 1
	echo "# $*: $timed_result ms" >>"$SCRATCH/times"
}

dumped() {
	# shellcheck disable=SC2046 # a number and milliseconds
	set -- "$1" $(scale dump)
	echo "# dump: $3 ms" >>"$SCRATCH/times"
	equals "$2" "$1"
}

# All of them end within a second, and are gone soon after that.
expired() {
	expired_before=$(counter bindings_expired)
	scale expire home $OTHERS $EXPIRING 30 || return 1
	eventually 60 counter_above bindings_expired $((expired_before + EXPIRING / 100)) || return 1
	expired_begin=$(uptime_ms)
	eventually 60 counter_above bindings_expired $((expired_before + EXPIRING - 1)) || return 1
	echo "# from the first of $EXPIRING to the last: $(($(uptime_ms) - expired_begin)) ms" >>"$SCRATCH/times"
}

plan 15
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
cli prefix add $NODES/32
cli prefix add $OTHERS/32
reaches cn $HOA >/dev/null
beside "$MILLION in the proxy cache" timed scale set proxy $NODES $MILLION
beside "as many in the home cache" timed scale set home $NODES $MILLION
beside "$SOME of them again" timed scale set proxy $NODES $SOME
beside "$SOME of them at other gateways" timed scale set home $NODES $SOME 1
beside "a dump has each once" dumped $((2 * MILLION + 1))
beside "$EXPIRING of others expire" expired
beside "a flush" cli binding flush --cache home
check "takes all of one cache" dumped $((MILLION + 1))
cat "$SCRATCH/times"
