#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything changes at the same time, under traffic in both directions: bindings, devices, namespaces,
# the module. The machine's own complaints are the lab's to find.
. "$(dirname "$0")/lib.sh"

SECONDS_OF_CHANGES=${STRESS_SECONDS:-4}
ROUNDS=${STRESS_ROUNDS:-1}
NICENESS=19
# What may change, what nobody else changes, and what comes and goes with its namespace.
CHURNED=2001:db8:77:8000::
KEPT=2001:db8:77:9000::
BRIEF=2001:db8:76:8000::
BRIEF_ANCHOR=2001:db8:4::1
BRIEF_PEER=2001:db8:4::2

# stress_on NAMESPACE ARGUMENT...: in the background, as nice as NICENESS says; LAST_CHILD is its process
stress_on() {
	stress_in=$1
	stress_number=$((${stress_number:-0} + 1))
	shift
	background "$SCRATCH/stress-$stress_number" \
		nice -n "$NICENESS" ip netns exec "$NS$stress_in" python3 "$HERE/stress.py" "$@"
}

# ended: all of CHANGERS, without a complaint
ended() {
	ended_status=0
	for ended_child in $CHANGERS; do
		wait "$ended_child" || ended_status=1
	done
	cat "$SCRATCH"/stress-*
	CHANGERS=
	return $ended_status
}

# alive: all of CHANGERS, which end when they see what must not be
alive() {
	cat "$SCRATCH"/stress-*
	for alive_child in $CHANGERS; do
		kill -0 "$alive_child" || return 1
	done
}

# changers SECONDS: two, one for each processor
changers() {
	for changers_seed in 1 2; do
		stress_on anchor churn $CHURNED $ANCHOR $changers_seed "$1"
		CHANGERS="$CHANGERS $LAST_CHILD"
	done
}

# grow SECONDS COUNTER...: each does
grow() {
	grow_values=
	grow_limit=$1
	shift
	for grow_name; do
		grow_values="$grow_values $(counter "$grow_name")"
	done
	for grow_value in $grow_values; do
		eventually "$grow_limit" counter_above "$1" "$grow_value" || return 1
		shift
	done
}

# --- namespaces

# The correspondent is the whole world of a short-lived anchor. Errors are of a namespace that is just going.
brief_begin() {
	ip netns add "${NS}brief" || return 1
	topology_namespace brief 1
	ip link add gate netns "${NS}brief" type veth peer name to-brief netns "${NS}cn" || return 1
	batch_in brief <<-END
		link set lo up
		addr add $BRIEF_ANCHOR/64 dev gate nodad
		link set gate up
		route add default via $BRIEF_PEER
		link add anchor0 type anchor6
		link set anchor0 up
		route add 2001:db8:76::/48 dev anchor0
	END
	batch_in cn <<-END
		addr add $BRIEF_PEER/64 dev to-brief nodad
		link set to-brief up
		route add 2001:db8:76::/48 via $BRIEF_ANCHOR
		route add 2001:db8:a::/64 via $BRIEF_ANCHOR
	END
	in_ns brief anchor6 prefix add 2001:db8:76::/48
}

# brief_end inside|empty: the namespace loses its name while somebody is inside, or goes at once
brief_end() {
	[ "$1" = inside ] || { kill "$LAST_CHILD"; wait "$LAST_CHILD"; }
	ip netns delete "${NS}brief"
	[ "$1" = empty ] || { sleep 0.5; kill "$LAST_CHILD"; wait "$LAST_CHILD"; }
	eventually 60 not ip -n "${NS}cn" link show dev to-brief
}

brief_encapsulates() {
	[ "$(in_ns brief anchor6 --json stats | jq --arg name "$1" '.kernel[] | select(.name == $name) | .value')" -gt 0 ]
}

# brief inside|empty
brief() {
	brief_begin || return 1
	stress_on brief churn $BRIEF $BRIEF_ANCHOR 3 3600
	eventually 120 brief_encapsulates hook_encapsulated && eventually 120 brief_encapsulates decapsulated
	brief_status=$?
	brief_end "$1" && return $brief_status
}

directories() {
	equals "$(find /sys/kernel/debug/anchor6 -mindepth 1 -maxdepth 1 | wc -l)" 1
}

# --- devices and the module

device_again() {
	ip_in anchor link set anchor0 down
	ip_in anchor link set anchor0 up
	ip_in anchor link del anchor0
	anchor_device
}

# A dump under way holds the module.
module_again() {
	eventually 60 rmmod anchor6 && module_load && anchor_device
}

# repeat NUMBER COMMAND...
repeat() {
	repeat_left=$1
	shift
	while [ "$repeat_left" -gt 0 ]; do
		"$@" || return 1
		repeat_left=$((repeat_left - 1))
	done
}

plan 15
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null
echo "# $(nproc) processors"
stress_on cn down $CN $CHURNED
stress_on mag1 up $CN $CHURNED $MAG1 $ANCHOR

# --- bindings
changers "$SECONDS_OF_CHANGES"
stress_on anchor keep $KEPT $ANCHOR 3 "$SECONDS_OF_CHANGES"
CHANGERS="$CHANGERS $LAST_CHILD"
check "a flow that nobody changes loses nothing" \
	says " 0% packet loss" in_ns cn ping -6 -n -q -i 0.1 -c $((SECONDS_OF_CHANGES * 8)) -W 30 $HOA
check "bindings set, replaced, deleted, dumped and flushed are what they should be" ended
changers 600
check "packets to nodes pass or do not, and from nodes, as it happens" \
	grow 60 hook_encapsulated hook_unbound hook_stateful decapsulated source_unbound source_mismatch bindings_expired

# --- devices
check "the device goes and comes" repeat "$ROUNDS" device_again
check "and packets pass again" grow 60 hook_encapsulated decapsulated

# --- namespaces; somebody waits for what happens there
NICENESS=0
stress_on cn down $BRIEF_PEER $BRIEF
SENDERS=$LAST_CHILD
stress_on cn up $BRIEF_PEER $BRIEF 2001:db8:a::1 $BRIEF_ANCHOR
SENDERS="$SENDERS $LAST_CHILD"
check "namespaces end with somebody inside" repeat "$ROUNDS" brief inside
check "namespaces end at once" repeat "$ROUNDS" brief empty
check "nothing is left of them" eventually 60 directories
# shellcheck disable=SC2086 # a list of processes
kill $SENDERS

# --- the module
check "the module unloads and comes back" repeat "$ROUNDS" module_again
check "and packets pass again" grow 60 hook_encapsulated decapsulated
check "nobody had anything to complain about" alive
# shellcheck disable=SC2086 # a list of processes
kill $CHANGERS
check "what the module took along was all of it" eventually 60 not bound proxy $HNP $MAG1
cli binding flush >/dev/null
check "a flush leaves nothing" equals "$(bindings home) $(bindings proxy)" "0 0"
check "the node is bound again" bind proxy $HNP $MAG1
cli device set --mode fast
check "and reached" reaches cn $HOA
