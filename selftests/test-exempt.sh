#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the hook never takes although a binding covers it.
. "$(dirname "$0")/lib.sh"

hook_counters() {
	cli --json stats | jq -c '[.kernel[] | select(.name | startswith("hook_")) | .value]'
}

unchanged() {
	unchanged_before=$(hook_counters)
	"$@" || return 1
	equals "$(hook_counters)" "$unchanged_before"
}

plan 8
anchor_build
ip_in anchor addr add 2001:db8:77::1/128 dev lo
bind home 2001:db8:77::/64 $COA
bind proxy $HNP $MAG1

check "an address of the router answers" reaches cn 2001:db8:77::1
check "which is counted" counts hook_local one_ping cn 2001:db8:77::1
check "the lookup says so" verdict local 2001:db8:77::1
check "neighbour discovery is left alone" \
	counts hook_neighbour_discovery craft cn $CN $HOA --solicitation --hop-limit 255
check "a solicitation that was forwarded is not" \
	counts hook_encapsulated craft cn $CN $HOA --solicitation --hop-limit 254
check "a link-local source is never forwarded" \
	counts hook_source_scope craft cn fe80::77 $HOA
check "multicast and link-local destinations answer" \
	unchanged one_ping cn ff02::1%eth0
check "packets outside the home prefixes pass unseen" unchanged reaches cn $MAG2
