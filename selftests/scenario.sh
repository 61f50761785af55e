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
	# What the anchor's router says and does meanwhile.
	background "$SCRATCH/wire" ip netns exec "${NS}anchor" tcpdump -n -tt -l --immediate-mode -i to-core \
		"ip6 proto 135 or ip6 proto 60 or (ip6 proto 41 and (src $ANCHOR or ip6[46] = 135))"
	WIRE=$LAST_CHILD
	eventually 30 grep -q 'listening on' "$SCRATCH/wire"
	DROPS=$(drops)
	TOO_BIG=$(too_big)
}

# pings_end [ADDRESS]: says how many were lost and, with the new care-of address, how long after the
# update that asked for it the first packet took the new path
pings_end() {
	sleep 1
	kill -INT "$PINGS" "$WIRE"
	wait "$PINGS" "$WIRE" 2>/dev/null
	say "$(awk '/packets transmitted/ { printf "pings every 10 ms: %d sent, %d lost on the broken access link", $1, $1 - $4 }' "$SCRATCH/pings")"
	[ $# -eq 0 ] || say "$(path_time "$1")"
	say "answered by Packet Too Big, the new path taking less: $(($(too_big) - TOO_BIG))"
	say "lost inside the anchor: $(($(drops) - DROPS))"
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

# Packets that the module had and did not hand on, a counter a line.
drop_counters() {
	drops_names=$(sed -n 's/^ANCHOR6_COUNTER(\([a-z0-9_]*\), DROP,.*/\1/p' "$HERE/../kmod/counter_list.h" | tr '\n' ' ')
	cli --json stats | jq -r --arg names "$drops_names" \
		'($names | split(" ")) as $drops | .kernel[] | select(.name | IN($drops[])) | "\(.name) \(.value)"'
}

# What is answered by Packet Too Big comes again in smaller pieces: path MTU discovery, and no loss.
drops() {
	drop_counters | awk '$1 != "too_big" { sum += $2 } END { print sum + 0 }'
}

too_big() {
	drop_counters | awk '$1 == "too_big" { print $2 }'
}

none_lost() {
	equals "$(drops)" "$DROPS" || { drop_counters | grep -v ' 0$'; return 1; }
}
