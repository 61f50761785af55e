# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# A scenario is a file scenarios/NAME.sh with its title and its picture from the third line on. It
# sources the topology that it plays in and defines scenario_checks, the number of its checks, scenario_build, and scenario_play, what happens, told by
#
#     step TEXT                    a movement or another event begins
#     say TEXT                     what a person should know
#     check TEXT COMMAND...        as in lib.sh
#     show_anchor                  what was said to the anchor, and what it has now: for a person only
#
# The selftests play it as TAP, `make demo SCENARIO=NAME` plays the same for a person. While it plays,
# a correspondent pings the node every 10 ms and has a TCP connection to it.
# After lib.sh.

# Whose counters count: every anchor that the packets pass.
ANCHORS=anchor

step() {
	echo "# --- $1"
}

say() {
	echo "# $1"
}

show_anchor() {
	:
}

# scenario NAME: plays it as a selftest
scenario() {
	RFC_TIMERS=${FULL:-}
	# shellcheck source=/dev/null
	. "$HERE/scenarios/$1.sh"
	plan "$(scenario_checks)"
	scenario_build
	scenario_play
}

# --- what goes through the network meanwhile -------------------------------------------------------

# tcp_open NODE ADDRESS: the correspondent sends to the node through one connection from now on
tcp_open() {
	background "$SCRATCH/tcp-$1" ip netns exec "$NS$1" iperf3 -s -B "$2" -1 --forceflush
	eventually 30 grep -q listening "$SCRATCH/tcp-$1"
	background "$SCRATCH/tcp-cn-$1" ip netns exec "${NS}cn" iperf3 -c "$2" -b 200K -l 1000 -t 3600
	eventually 30 tcp_is_open "$2"
}

# Octets that the node has acknowledged on the connection that sends.
tcp_acknowledged() {
	in_ns cn ss -tinHO dst "[$1]" | sed -n 's/.*bytes_acked:\([0-9]*\).*/\1/p' | sort -n | tail -n 1
}

tcp_is_open() {
	[ "$(tcp_acknowledged "$1")" -gt 1000 ]
}

tcp_above() {
	[ "$(tcp_acknowledged "$1")" -gt "$2" ] || { echo "nothing more is acknowledged"; return 1; }
}

# tcp_lives ADDRESS: the same connection carries octets
tcp_lives() {
	tcp_before=$(tcp_acknowledged "$1")
	eventually 60 tcp_above "$1" "$tcp_before"
}

# pings_begin ADDRESS
pings_begin() {
	background "$SCRATCH/pings" ip netns exec "${NS}cn" ping -6 -n -q -i 0.01 -W 1 "$1"
	PINGS=$LAST_CHILD
	wire_begin
	drop_counters >"$SCRATCH/drops"
}

# What the anchor's router hears and does meanwhile.
wire_begin() {
	wire_address=$(ip -n "$NS$AT" -j -6 addr show dev to-core scope global | jq -r '.[].addr_info[].local // empty')
	background "$SCRATCH/wire" ip netns exec "$NS$AT" tcpdump -n -tt -l --immediate-mode -i to-core \
		"ip6 proto 135 or ip6 proto 60 or (ip6 proto 41 and (src $wire_address or ip6[46] = 135))"
	WIRE=$LAST_CHILD
	eventually 30 grep -q 'listening on' "$SCRATCH/wire"
}

# pings_end [ADDRESS]: says how many were lost and, with the far end of the new path, how long after the
# update that asked for it the first packet took the new path
pings_end() {
	sleep 1
	kill -INT "$PINGS" "$WIRE"
	wait "$PINGS" "$WIRE" 2>/dev/null
	say "$(awk '/packets transmitted/ { printf "pings every 10 ms: %d sent, %d lost on the broken access link", $1, $1 - $4 }' "$SCRATCH/pings")"
	[ $# -eq 0 ] || say "$(path_time "$1")"
	drop_counters >"$SCRATCH/drops-now"
	say "answered by Packet Too Big, the new path taking less: $(dropped too_big)"
	for pings_anchor in $ANCHORS; do
		say "lost inside $pings_anchor: $(dropped lost "$pings_anchor")"
	done
}

# path_time ADDRESS
path_time() {
	awk -v far="$1" '
		$3 == far && /mobility: BU/ { update = $1; found = "" }
		/: IP6/ && $5 == far ":" && update && !found { found = $1 }
		END {
			if (found) printf "from the update received to the first packet on the new path: %.1f ms\n", (found - update) * 1000
			else print "no packet took the new path"
		}' "$SCRATCH/wire"
}

# home_cache_first MAG-ADDRESS HOME-ADDRESS: after the update of the gateway came that of the node, and
# nothing was sent to the gateway before it
home_cache_first() {
	awk -v mag="$1" -v node="$2" '
		$3 == mag && /mobility: BU/ && $6 != "IP6" && !proxy { proxy = NR }
		$3 == mag && /mobility: BU/ && $7 == node && !ended { ended = NR }
		$5 == mag ":" && $6 == "IP6" && !sent { sent = NR }
		END { exit !(proxy && proxy < ended && ended < sent) }' "$SCRATCH/wire" && return
	grep mobility "$SCRATCH/wire"
	return 1
}

# Packets that a module had and did not hand on: its anchor, what became of them, how many, by which counter.
# What is answered by Packet Too Big comes again in smaller pieces: path MTU discovery, and no loss.
drop_counters() {
	drops_names=$(sed -n 's/^ANCHOR6_COUNTER(\([a-z0-9_]*\), DROP,.*/\1/p' "$HERE/../kmod/counter_list.h" | tr '\n' ' ')
	for drops_anchor in $ANCHORS; do
		at "$drops_anchor" cli --json stats | jq -r --arg names "$drops_names" --arg anchor "$drops_anchor" \
			'($names | split(" ")) as $drops | .kernel[] | select(.name | IN($drops[])) |
				"\($anchor) \(if .name == "too_big" then .name else "lost" end) \(.value) \(.name)"'
	done
}

# dropped too_big|lost [ANCHOR]: from pings_begin to pings_end
dropped() {
	awk -v fate="$1" -v anchor="${2:-}" '
		(anchor == "" || $1 == anchor) && $2 == fate { sum += NR == FNR ? -$3 : $3; known = NR > FNR }
		END { print known ? sum : "unknown" }' "$SCRATCH/drops" "$SCRATCH/drops-now"
}

none_lost() {
	for none_lost_anchor in $ANCHORS; do
		equals "$(dropped lost "$none_lost_anchor")" 0 && continue
		diff "$SCRATCH/drops" "$SCRATCH/drops-now"
		return 1
	done
}
