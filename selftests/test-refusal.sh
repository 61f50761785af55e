#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel refuses is refused to the node, and nothing half-done stays.
. "$(dirname "$0")/lib.sh"

# register IDENTIFIER PREFIX PREFIX [ARGUMENT...]
register() {
	register_node=$1
	register_first=$2
	register_second=$3
	shift 3
	pbu_of mag1 "$register_node" --hnp "$register_first" --hnp "$register_second" --hi 1 --att 4 \
		--lifetime 600 "$@"
}

# unbound PREFIX: the proxy cache does not have it
unbound() {
	equals "$(cli --json binding list --cache proxy | jq -r '.[].prefix' | grep -c "^$1")" 0
}

refused() { # COUNT
	equals "$(agent_counter kernel_refusals)" "$1"
}

plan 10
network_build
agent_config
for order in "77:51 78:51" "78:52 77:52"; do
	cat >>"$SCRATCH/anchor.toml" <<-END

		[[node]]
		identifier = "pair${order##*:}@example.com"
		home_network_prefixes = ["2001:db8:${order% *}::/64", "2001:db8:${order#* }::/64"]
		authentication = "none"
	END
done
agent_start
check "an administrator withdraws a home prefix" exits 0 cli prefix del 2001:db8:78::/48
check "a session with a prefix outside, the last of its datagram, is refused" \
	status 130 register pair51@example.com 2001:db8:77:51::/64 2001:db8:78:51::/64
check "so is one with the first" \
	status 130 register pair52@example.com 2001:db8:78:52::/64 2001:db8:77:52::/64
check "the prefix inside is not bound" unbound 2001:db8:77:51::/64
check "in neither order" unbound 2001:db8:77:52::/64
check "both are counted" eventually 10 refused 2
check "a good one in between is served" status 0 pbu mag1 1 600
exits 0 cli prefix add 2001:db8:78::/48 >/dev/null
check "when the prefix is back, the session is accepted" \
	status 0 register pair52@example.com 2001:db8:78:52::/64 2001:db8:77:52::/64
check "its first prefix is bound" bound proxy 2001:db8:78:52::/64 $MAG1
check "and its second" bound proxy 2001:db8:77:52::/64 $MAG1
