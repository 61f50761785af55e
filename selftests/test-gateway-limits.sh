#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a gateway may register, how much of it, and what a flood of one does to another.
. "$(dirname "$0")/lib.sh"

# setting MAG LINE: the line joins the table of that gateway
setting() {
	sed -i "/^name = \"$1\"/a $2" "$SCRATCH/anchor.toml"
}

# from NAMESPACE ADDRESS ARGUMENT...: an update of the node from an address that has no name
from() {
	from_in=$1
	from_address=$2
	shift 2
	in_ns "$from_in" anchor6-load pbu --mag "$from_address" --anchor $ANCHOR --mn $MN_ID --hnp $HNP \
		--hi 1 --att 4 --lifetime 600 --wait $ANSWER_MS "$@"
}

# lean MAG LIFETIME ARGUMENT...: what gateways in the field send
lean() {
	lean_mag=$1
	lean_lifetime=$2
	shift 2
	pbu_of "$lean_mag" $MN_ID --hnp $HNP --hi 4 --att 0 --omit timestamp --lifetime "$lean_lifetime" "$@"
}

# register NODE HANDOFF-INDICATOR [ARGUMENT...]: without asking for a prefix
register() {
	register_node=$1@example.com
	register_handoff=$2
	shift 2
	pbu_of mag1 "$register_node" --hnp :: --hi "$register_handoff" --att 4 --lifetime 600 "$@"
}

counted() { # NAME AT-LEAST
	counted_now=$(agent_counter "$1")
	echo "$1 is $counted_now"
	[ "$counted_now" -ge "$2" ]
}

# flood NODE: mag1 sends updates of the node as fast as it can until the test ends
flood() {
	background /dev/null ip netns exec "${NS}mag1" anchor6-load pbu --mag $MAG1 --anchor $ANCHOR \
		--mn "$1" --hnp :: --hi 4 --att 4 --lifetime 600 --count 100000000 --interval 0
	FLOOD=$LAST_CHILD
}

# Answered in time, by the third transmission at the latest, as a gateway would send it (RFC 6275 11.8).
answered_in_time() {
	ANSWER_MS=2000
	for answered_try in 1 2 3; do
		pbu mag2 5 600 >/dev/null && return
	done
	return 1
}

answered_each_time() {
	for answered_round in 1 2 3 4 5; do
		answered_in_time || return 1
	done
}

plan 22
network_build
agent_config "min_delay_before_bce_delete_ms = 0" "max_delay_before_new_bce_assign_ms = 0"
setting mag1 'bindings = 2\nmessages_per_second = 50'
setting mag2 "strict = true\nhome_network_prefixes = [\"$HNP\"]"
sed -i 's/^nodes = \["mn1@example.com"\]/nodes = ["*@example.com"]/' "$SCRATCH/anchor.toml"
cat >>"$SCRATCH/anchor.toml" <<-END

	[[mag]]
	name = "keyless"
	addresses = ["$VISITED"]
	nodes = ["*"]

	[[node]]
	identifier = "*@example.com"
	authentication = "none"
END
agent_start

check "who is no gateway registers nobody" status 154 from core 2001:db8:1::2
check "nor does a gateway without authentication" status 154 from visited $VISITED
check "nor one that names the address of another" status 154 pbu mag1 1 600 --alt-coa $MAG2
check "a node that it may not serve" status 154 pbu_of mag1 mn1@example.net --hnp :: --hi 1 --att 4 --lifetime 600
check "prefixes beyond those of the gateway" status 155 \
	pbu_of mag2 mn2@example.com --hnp :: --hi 1 --att 4 --lifetime 600

check "a strict gateway must send timestamps" status 156 pbu mag2 1 600 --omit timestamp
check "and name its access technology" status 162 \
	pbu_of mag2 $MN_ID --hnp $HNP --hi 1 --att 0 --lifetime 600
check "and is served when it does" status 0 pbu mag2 1 600
pbu mag2 1 0 >/dev/null
check "another needs neither" status 0 lean mag1 600 --seq 1 --pad unaligned
check "not in its refresh either, padded with zeros" status 0 lean mag1 600 --seq 2 --pad zeros
check "whose order its numbers are" status 135 lean mag1 600 --seq 2
check "the session ends" status 0 lean mag1 0 --seq 3

check "a gateway has a first session" status 0 register first 1
check "and a second" status 0 register second 1
check "more than it may have are refused" status 130 register third 1
check "which is counted" counted pbu_too_many_of_mag 1
check "the other gateway has room" status 0 pbu mag2 1 600

flood second@example.com
check "what a gateway sends beyond its limit is dropped and counted" eventually 60 counted pbu_rate_limited 1000
check "another is served meanwhile" answered_each_time
check "the flood goes on" kill -0 "$FLOOD"
kill "$FLOOD"
check "no session is lost" equals "$(bindings proxy)" 3
check "when it is over the gateway is served" eventually 30 status 0 register second 5
