# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What the selftests share: TAP, waiting with a deadline, the module, the agent, cleaning up.
# A test sources this file, calls plan, makes its checks, and ends.

HERE=${LAB:-$(cd "$(dirname "$0")" && pwd)}
PATH=$HERE/../build:$PATH
. "$HERE/topology.sh"

SCRATCH=$(mktemp -d)
CHECKS=0
FAILURES=0
CHILDREN=
# The anchor that the functions speak of: a namespace.
AT=anchor
# How long an answer may take, and how long a silence has to last.
ANSWER_MS=30000
SILENCE_MS=1500

skip_all() {
	echo "TAP version 13"
	echo "1..0 # SKIP $1"
	exit 4
}

plan() {
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	PLANNED=$1
	echo "TAP version 13"
	echo "1..$1"
}

# check TEXT COMMAND...: the check holds when the command succeeds
check() {
	check_text=$1
	shift
	CHECKS=$((CHECKS + 1))
	if "$@" >"$SCRATCH/check" 2>&1; then
		echo "ok $CHECKS - $check_text"
	else
		FAILURES=$((FAILURES + 1))
		echo "not ok $CHECKS - $check_text"
		echo "# failed: $*"
		sed 's/^/# /' "$SCRATCH/check"
	fi
}

not() {
	! "$@"
}

equals() {
	[ "$1" = "$2" ] || { echo "expected '$2', got '$1'"; return 1; }
}

# says TEXT COMMAND...: its output, standard error included, contains the text
says() {
	says_text=$1
	shift
	says_output=$("$@" 2>&1)
	case $says_output in
	*"$says_text"*) ;;
	*) echo "no '$says_text' in:"; echo "$says_output"; return 1 ;;
	esac
}

# exits STATUS COMMAND...
exits() {
	exits_expected=$1
	shift
	"$@"
	equals "exit status $?" "exit status $exits_expected"
}

# eventually SECONDS COMMAND...: it succeeds before the deadline
eventually() {
	eventually_end=$(($(uptime_ms) + $1 * 1000))
	shift
	until "$@" >"$SCRATCH/eventually" 2>&1; do
		if [ "$(uptime_ms)" -ge $eventually_end ]; then
			cat "$SCRATCH/eventually"
			return 1
		fi
		sleep 0.1
	done
}

# The number of the last echo request of $SCRATCH/ping that was answered.
heard() {
	sed -n 's/.* icmp_seq=\([0-9]*\) .*time=.*/\1/p' "$SCRATCH/ping" | tail -n 1 | grep . || echo 0
}

heard_since() {
	[ "$(heard)" -ge "$1" ]
}

# continues COUNT: so many more answers come, to requests that left now
continues() {
	eventually 60 heard_since $(($(heard) + $1))
}

uptime_ms() {
	read -r uptime_now uptime_rest </proc/uptime
	: "$uptime_rest"
	echo "${uptime_now%.*}${uptime_now#*.}0"
}

# background FILE COMMAND...: the output goes to the file; the end of the test ends it
background() {
	background_output=$1
	shift
	"$@" >"$background_output" 2>&1 &
	LAST_CHILD=$!
	CHILDREN="$CHILDREN $LAST_CHILD"
}

# Whoever waits for his other end instead of ending, as iperf3 may, is not waited for.
# shellcheck disable=SC2086 # a list of processes
cleanup() {
	kill $CHILDREN 2>/dev/null
	{
		sleep 20
		kill -KILL $CHILDREN
	} >/dev/null 2>&1 &
	cleanup_killer=$!
	[ -z "$CHILDREN" ] || wait $CHILDREN 2>/dev/null
	kill $cleanup_killer
	topology_remove
	rm -rf "$SCRATCH"
}

finish() {
	finish_status=$?
	trap - EXIT
	cleanup
	[ "$finish_status" -eq 4 ] && exit 4
	# Without a plan it did not get that far.
	if [ "$CHECKS" -ne "${PLANNED:--1}" ]; then
		echo "# $CHECKS checks of ${PLANNED:-some} were made"
		exit 1
	fi
	# A bare exit would return the status from before the trap.
	[ "$FAILURES" -eq 0 ] || exit 1
	exit 0
}
trap finish EXIT
trap 'exit 1' INT TERM

# --- the module and its device ---------------------------------------------------------------------

module_file() {
	for module_candidate in "${MODULE:-}" "$HERE/../build/${KERNEL:-}/anchor6.ko" \
		"$HERE/../build/$(uname -r)/anchor6.ko"; do
		[ -f "$module_candidate" ] && echo "$module_candidate" && return
	done
}

module_load() {
	[ -d /sys/module/anchor6 ] && return
	module_path=$(module_file)
	if [ -z "$module_path" ]; then
		modprobe -q anchor6
		return
	fi
	modinfo -F depends "$module_path" | tr ',' '\n' | xargs -r modprobe -a
	insmod "$module_path"
}

# The module and the network.
network_build() {
	module_load || skip_all "the module anchor6 is not there"
	topology_remove
	topology_build
}

# The network with the module's device in the anchor, and no agent.
anchor_build() {
	network_build
	anchor_device
}

anchor_device() {
	ip_in anchor link add anchor0 type anchor6
	ip_in anchor link set anchor0 up
	ip_in anchor route add $HOME_PREFIXES dev anchor0
	cli prefix add $HOME_PREFIXES
}

# at ANCHOR COMMAND...: in the command they speak of that anchor
at() {
	local AT="$1"
	shift
	"$@"
}

# cli ARGUMENT...: the anchor6 command in the anchor
cli() {
	in_ns "$AT" anchor6 --control "$SCRATCH/$AT.control" "$@"
}

# bind home|proxy PREFIX REMOTE [LIFETIME-MS]
bind() {
	cli binding set "$2" --cache "$1" --local $ANCHOR --remote "$3" --lifetime "${4:-600000}"
}

# unbind home|proxy PREFIX
unbind() {
	cli binding del "$2" --cache "$1"
}

# bound home|proxy PREFIX REMOTE: there is such a binding
bound() {
	equals "$(cli --json binding show "$2" --cache "$1" | jq -r '.[0].far_end.remote')" "$3"
}

# ended home|proxy PREFIX: there is no such binding any more
ended() {
	! cli binding show "$2" --cache "$1"
}

# bindings home|proxy: how many there are
bindings() {
	cli --json binding list --cache "$1" | jq length
}

# goes_to home|proxy REMOTE ADDRESS: what the module would do with a packet to the address
goes_to() {
	says "$1 cache" cli lookup "$3" && says "via $2, expires" cli lookup "$3"
}

# verdict home|proxy|unbound|foreign|local|exempt ADDRESS
verdict() {
	equals "$(cli --json lookup "$2" | jq -r .lookup.verdict)" "$1"
}

# counter NAME: its value in the module
counter() {
	cli --json stats | jq --arg name "$1" '.kernel[] | select(.name == $name) | .value'
}

# counts NAME COMMAND...: the command makes the counter grow, whether it succeeds or not
counts() {
	counts_name=$1
	shift
	counts_before=$(counter "$counts_name")
	"$@"
	eventually 30 counter_above "$counts_name" "$counts_before"
}

# agent_counter NAME: its value in the agent
agent_counter() {
	cli --json stats | jq --arg name "$1" '.agent[] | select(.name == $name) | .value'
}

counter_above() {
	[ "$(counter "$1")" -gt "$2" ] || { echo "$1 stayed $2"; return 1; }
}

# unanswered COMMAND...: the message of the command gets no answer
unanswered() {
	unanswered_limit=$ANSWER_MS
	ANSWER_MS=$SILENCE_MS
	exits 3 "$@"
	unanswered_status=$?
	ANSWER_MS=$unanswered_limit
	return $unanswered_status
}

# --- packets ---------------------------------------------------------------------------------------

# reaches NAMESPACE ADDRESS [ARGUMENT...]: it answers an echo request, the first may be lost to
# neighbour discovery on a link that just came up
reaches() {
	reaches_from=$1
	reaches_to=$2
	shift 2
	in_ns "$reaches_from" ping -6 -n -c 3 -i 0.2 -W 10 "$@" "$reaches_to"
}

# one_ping NAMESPACE ADDRESS [ARGUMENT...]
one_ping() {
	one_ping_from=$1
	one_ping_to=$2
	shift 2
	in_ns "$one_ping_from" ping -6 -n -c 1 -W 10 "$@" "$one_ping_to"
}

# arrives NAMESPACE DEVICE COMMAND...: the command succeeds and makes packets come out of the device
arrives() {
	arrives_in=$1
	arrives_device=$2
	shift 2
	arrives_before=$(received "$arrives_in" "$arrives_device")
	"$@" || return 1
	eventually 30 received_above "$arrives_in" "$arrives_device" "$arrives_before"
}

received_above() {
	[ "$(received "$1" "$2")" -gt "$3" ] || { echo "$2 received nothing"; return 1; }
}

received() {
	ip -n "$NS$1" -j -s link show dev "$2" | jq '.[0].stats64.rx.packets'
}

# sees NAMESPACE DEVICE FILTER TEXT COMMAND...: a packet that the filter passes and whose description
# contains the text is seen after the command began
sees() {
	sees_output=$SCRATCH/packets
	background "$sees_output" ip netns exec "$NS$1" \
		tcpdump -n -v -l --immediate-mode -i "$2" "$3"
	sees_text=$4
	shift 4
	eventually 60 grep -q 'listening on' "$sees_output" || return 1
	"$@"
	eventually 30 grep -q -e "$sees_text" "$sees_output"
	sees_status=$?
	[ $sees_status -eq 0 ] || cat "$sees_output"
	kill "$LAST_CHILD"
	return $sees_status
}

# craft NAMESPACE ARGUMENT...: sends a packet that no ordinary program would
craft() {
	craft_from=$1
	shift
	in_ns "$craft_from" python3 "$HERE/craft.py" "$@"
}

# --- the agent -------------------------------------------------------------------------------------

# agent_config [LINE...]: the config file of the agent; the lines join its [timers], AGENT_TOML is the
# rest. The window for timestamps is wide, since the machine may be slow, but not with RFC_TIMERS.
agent_config() {
	{
		cat <<-END
			[agent]
			instance = 1
			device = "anchor0"
			store = "$SCRATCH/$AT.db"
			control = "$SCRATCH/$AT.control"
			user = ""
			log_level = "debug"
			reply_mark = 0xa6
			reply_mask = 0xff
			[timers]
		END
		[ -n "${RFC_TIMERS:-}" ] || echo "timestamp_validity_window_ms = 600000"
		printf '%s\n' "$@"
		cat "$HERE/${AGENT_TOML:-anchor.toml}"
	} >"$SCRATCH/$AT.toml"
}

# The network with the agent in the anchor; the lines join its [timers].
agent_build() {
	network_build
	agent_config "$@"
	agent_start
}

agent_start() {
	daemon_start "$AT" sessions
}

# agent_signal SIGNAL
agent_signal() {
	kill "-$1" "$(cat "$SCRATCH/$AT.pid")"
}

# agent_stop [SIGNAL]
agent_stop() {
	daemon_stop "$AT" "$@"
}

# daemon_start NAMESPACE COMMAND...: an agent there, with its own configuration; soon the command succeeds
daemon_start() {
	daemon_name=$1
	shift
	background "$SCRATCH/$daemon_name.log" ip netns exec "$NS$daemon_name" \
		anchor6d --foreground --config "$SCRATCH/$daemon_name.toml"
	echo "$LAST_CHILD" >"$SCRATCH/$daemon_name.pid"
	eventually 60 "$@" || sed "s/^/# $daemon_name: /" "$SCRATCH/$daemon_name.log"
}

# daemon_stop NAMESPACE [SIGNAL]
daemon_stop() {
	daemon_pid=$(cat "$SCRATCH/$1.pid")
	kill "-${2:-TERM}" "$daemon_pid"
	wait "$daemon_pid" 2>/dev/null
	return 0
}

sessions() {
	cli session list "$@"
}

# status NUMBER COMMAND...: the answer has this status
status() {
	status_expected=$1
	shift
	status_answer=$("$@" --json)
	echo "$status_answer"
	equals "$(echo "$status_answer" | jq '.status')" "$status_expected"
}

# bu SEQUENCE LIFETIME [ARGUMENT...]: a Binding Update of the node from the visited network
bu() {
	bu_of $HOA "$@"
}

# bu_of HOME-ADDRESS SEQUENCE LIFETIME [ARGUMENT...]: the same for another home address
bu_of() {
	bu_home_address=$1
	bu_sequence=$2
	bu_lifetime=$3
	shift 3
	in_ns mn anchor6-load bu --home "$bu_home_address" --coa $COA --anchor $ANCHOR --seq "$bu_sequence" \
		--lifetime "$bu_lifetime" --wait $ANSWER_MS "$@"
}

# bu_home SEQUENCE: the node is back home and ends its registration
bu_home() {
	in_ns mn anchor6-load bu --home $HOA --coa $HOA --anchor $ANCHOR --seq "$1" --lifetime 0 \
		--wait $ANSWER_MS
}

# pbu mag1|mag2 HANDOFF-INDICATOR LIFETIME [ARGUMENT...]: a Proxy Binding Update for the node
pbu() {
	pbu_mag=$1
	pbu_handoff=$2
	pbu_lifetime=$3
	shift 3
	pbu_of "$pbu_mag" $MN_ID --hnp $HNP --hi "$pbu_handoff" --att 4 --lifetime "$pbu_lifetime" "$@"
}

# pbu_of mag1|mag2 IDENTIFIER ARGUMENT...
pbu_of() {
	case $1 in
	mag1) pbu_address=$MAG1 ;;
	*) pbu_address=$MAG2 ;;
	esac
	pbu_mag=$1
	pbu_node=$2
	shift 2
	in_ns "$pbu_mag" anchor6-load pbu --mag $pbu_address --anchor $ANCHOR --mn "$pbu_node" \
		--wait $ANSWER_MS "$@"
}
