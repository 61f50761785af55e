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

DISCOVERY=2001:db8:77:1:fdff:ffff:ffff:fffe

ask_home_agents() {
	in_ns cn anchor6-load dhaad --coa $CN --anchor $DISCOVERY --wait 1 || true
}

# One raw socket of the anchor, and one request that it must get.
hears_home_agents_request() {
	background "$SCRATCH/requests" ip netns exec "${NS}anchor" python3 -u -c \
		'import socket
raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
print("listening")
while True:
	message, source = raw.recvfrom(2048)
	print("type", message[0], "from", source[0])'
	eventually 60 grep -q listening "$SCRATCH/requests" || return 1
	ask_home_agents
	eventually 30 grep -q "type 144 from $CN" "$SCRATCH/requests"
}

plan 12
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

check "a request for home agents is for the router, though its prefix is bound" \
	counts hook_discovery ask_home_agents
check "a socket of the router gets it" hears_home_agents_request
check "anything else to that address is tunnelled" \
	counts hook_encapsulated craft cn $CN $DISCOVERY
check "a request to any other address is" \
	counts hook_encapsulated in_ns cn anchor6-load dhaad --coa $CN --anchor $HOA --wait 1
