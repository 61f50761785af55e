# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Scenario C of draft-ietf-netlmm-mip-interactions with every message shown: a node leaves its Proxy
# Mobile IPv6 home domain, moves on with Mobile IPv6, and comes back.

PINGS=20

# message TEXT COMMAND...: sends it and shows the answer
message() {
	say "$1"
	shift
	ANSWER=$("$@" 2>&1)
	ANSWER_STATUS=$?
	say "   answer: $ANSWER"
	say
}

accepted() {
	[ $ANSWER_STATUS -eq 0 ]
}

refused() {
	[ $ANSWER_STATUS -eq 2 ]
}

names() {
	sed -e "s/$MAG1/mag1/; s/$MAG2/mag2/; s/$COA/care-of address/"
}

# One cache, a binding a line.
cache() {
	cli --json binding list --cache "$1" |
		jq -r '.[] | "\(.prefix) to \(.far_end.remote), \(.lifetime_ms / 1000 | floor) s"' | names
}

caches() {
	cache home >"$SCRATCH/home"
	cache proxy >"$SCRATCH/proxy"
	say "$(printf '%-52s%s' "HOME CACHE (from BUs)" "PROXY CACHE (from PBUs)")"
	for side in home proxy; do
		[ -s "$SCRATCH/$side" ] || echo "-" >"$SCRATCH/$side"
	done
	paste -d '|' "$SCRATCH/home" "$SCRATCH/proxy" | while IFS='|' read -r home proxy; do
		say "$(printf '%-52s%s' "$home" "$proxy")"
	done
	say
	say "\$ anchor6 lookup $HOA"
	say "$(cli lookup $HOA)"
	say
}

# The correspondent pings all through what follows, until pings_end. The last ones only give the
# answers of those that count the time to arrive.
pings_begin() {
	background "$SCRATCH/ping" ip netns exec "${NS}cn" ping -6 -n -c $((PINGS + 10)) -i 0.1 -W 10 $HOA
	PING=$LAST_CHILD
}

pings_end() {
	wait "$PING"
	PINGS_RECEIVED=$(sed -n 's/.* icmp_seq=\([0-9]*\) .*time=.*/\1/p' "$SCRATCH/ping" |
		awk -v last=$PINGS '$1 <= last && !seen[$1]++ { count++ } END { print count + 0 }')
	say "pings from the correspondent meanwhile: $PINGS sent, $((PINGS - PINGS_RECEIVED)) lost"
	verify "no ping was lost" equals "$PINGS_RECEIVED" "$PINGS"
}

# shows HOME PROXY TEXT: how many bindings each cache has
shows() {
	verify "$3" equals "$(bindings home) $(bindings proxy)" "$1 $2"
}

prepare() {
	echo "anchor6: a node leaves its Proxy Mobile IPv6 home domain and comes back"
	echo "Linux $(uname -r), seven network namespaces in one virtual machine"
	echo
	picture
	agent_build
	say
	say "anchor6.ko is loaded and anchor6d runs in the anchor (authentication = \"none\")."
}

at_home() {
	step "The node is at home, behind mag1. The MAG registers it."
	node_attach mag1
	node_use mag1
	message "mag1 to anchor: PBU, $MN_ID, $HNP, attached, lifetime 600 s" pbu mag1 1 600
	verify "the PBU was accepted" accepted
	one_ping cn $HOA >/dev/null
	pings_begin
	caches
	shows 0 1 "the proxy cache alone has a binding"
	pings_end
	verify "packets go through mag1" arrives mag1 lma one_ping cn $HOA
}

leaving() {
	step "The node moves to the visited network and sends a BU to its home agent."
	pings_begin
	node_attach visited
	message "mn to anchor: BU, home address $HOA, care-of address $COA, lifetime 600 s" bu 100 600
	verify "the BU was accepted" accepted
	node_use visited
	caches
	shows 1 1 "both bindings exist"
	verify "the home binding comes first" goes_to home $COA $HOA
	pings_end
	node_detach mag1
	verify "packets go to the care-of address" arrives mn ha one_ping cn $HOA
}

late_refresh() {
	step "mag1 has not noticed: its refresh arrives late. Nothing changes for the node."
	pings_begin
	message "mag1 to anchor: PBU, $MN_ID, $HNP, unchanged, lifetime 32 s" pbu mag1 5 32
	verify "it is accepted, for the proxy cache" accepted
	message "mag1 to anchor: the same, on the way for 1000 s" pbu mag1 5 600 --timestamp -1000000
	verify "it is refused, for its timestamp" refused
	caches
	shows 1 1 "both bindings exist"
	verify "the home binding comes first" goes_to home $COA $HOA
	pings_end
}

proxy_expiry() {
	step "mag1 stops refreshing. The proxy binding expires."
	verify "the proxy binding is gone within its lifetime" eventually 120 equals_now 0
	pings_begin
	caches
	shows 1 0 "the home cache alone has a binding"
	pings_end
}

equals_now() {
	equals "$(bindings proxy)" "$1"
}

returning() {
	step "The node comes home, to mag2. The PBU is first; traffic still takes the home binding."
	pings_begin
	node_attach mag2
	message "mag2 to anchor: PBU, $MN_ID, $HNP, attached, lifetime 600 s" pbu mag2 1 600
	verify "the PBU was accepted" accepted
	caches
	shows 1 1 "both bindings exist"
	verify "the home binding comes first" goes_to home $COA $HOA
	pings_end
	verify "packets still go to the care-of address" arrives mn ha one_ping cn $HOA
}

deregistration() {
	step "The node ends its home registration. The answer reaches it through mag2."
	pings_begin
	node_use mag2
	lma_before=$(received mag2 lma)
	message "mn to anchor, through mag2: BU, home address $HOA, lifetime 0" bu_home 101
	verify "the BU was accepted" accepted
	verify "its answer came through mag2" [ "$(received mag2 lma)" -gt "$lma_before" ]
	caches
	shows 0 1 "only the proxy binding is left"
	pings_end
	node_detach visited
	verify "packets go through mag2" arrives mag2 lma one_ping cn $HOA
}

journey() {
	prepare
	at_home
	leaving
	late_refresh
	proxy_expiry
	returning
	deregistration
}
