#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# What anchor and gateways say to each other besides registrations: heartbeats and revocations; and
# what a gateway cannot do to a session that has left it.
. "$(dirname "$0")/lib.sh"

# peer NAMESPACE ADDRESS ARGUMENT...
peer() {
	peer_in=$1
	peer_source=$2
	shift 2
	in_ns "$peer_in" python3 "$HERE/gateway_peer.py" "$@" --source "$peer_source" --anchor $ANCHOR
}

# gateway_serves ARGUMENT...: mag1 answers the anchor from now on
gateway_serves() {
	background "$SCRATCH/gateway" ip netns exec "${NS}mag1" \
		python3 "$HERE/gateway_peer.py" serve --source $MAG1 "$@"
	GATEWAY=$LAST_CHILD
	eventually 60 grep -q ready "$SCRATCH/gateway"
}

gateway_stops() {
	kill "$GATEWAY"
	wait "$GATEWAY" 2>/dev/null
	: >"$SCRATCH/gateway"
}

gateway_got() {
	grep -q -e "$1" "$SCRATCH/gateway" || { cat "$SCRATCH/gateway"; return 1; }
}

# mag_has FILTER: what the agent knows of mag1
mag_has() {
	mag_known=$(cli --json mag list | jq -c '.[] | select(.name == "mag1")')
	echo "$mag_known"
	echo "$mag_known" | jq -e "$1" >/dev/null
}

# no_session: neither the agent nor the kernel has a proxy session
no_session() {
	equals "$(cli --json session list | jq '[.[] | select(.cache == "proxy")] | length')" 0 &&
		equals "$(cli --json binding list --cache proxy | jq length)" 0
}

attach() {
	pbu "$1" 1 600 >/dev/null
}

move_to_mag2() {
	pbu mag2 3 600 >/dev/null
}

# A registration without a timestamp. lean MAG SEQUENCE HANDOFF-INDICATOR
lean() {
	pbu "$1" "$3" 600 --seq "$2" --omit timestamp
}

anchor_says_restart() {
	gateway_got "heartbeat unsolicited response.* restart="
}

lose_the_store() {
	agent_stop
	rm -f "$SCRATCH"/anchor.db*
	ip -n "${NS}anchor" link del anchor0
	agent_start
}

plan 28
network_build
agent_config "heartbeat_interval_s = 1" "missing_heartbeats_allowed = 3" \
	"max_delay_before_new_bce_assign_ms = 600000" "min_delay_before_bce_delete_ms = 0"
sed -i '/^name = "mag1"/a heartbeat = true\nrevocation = true' "$SCRATCH/anchor.toml"
agent_start

check "a gateway's heartbeat is answered with our restart counter" \
	says "heartbeat response sequence=77 restart=" peer mag1 $MAG1 heartbeat --sequence 77
check "nobody else's is" not peer core 2001:db8:1::2 heartbeat --wait 3

check "a gateway without sessions is not asked" mag_has '.paths == []'
gateway_serves --restart-counter 7
attach mag1
check "one with a session is" eventually 60 gateway_got "heartbeat request"
check "it is reachable, and its restart counter is known" \
	eventually 60 mag_has '.paths[0].reachable and .paths[0].restart_counter == 7'
check "its clock is seen" mag_has '.offset_ms != null and .sessions == 1'

check "an administrator revokes a session" says "1 sessions" cli session revoke $MN_ID
check "the gateway is told" eventually 60 gateway_got "indication trigger=1 flags=8000 node=$MN_ID"
check "then the session is gone from agent and kernel" eventually 60 no_session
check "a session that is not there is refused" says "no such session" not cli session revoke $MN_ID

attach mag1
move_to_mag2
check "the previous gateway learns of a handover" \
	eventually 60 gateway_got "indication trigger=2 flags=8000 node=$MN_ID"
check "the node is at the other gateway" goes_to proxy $MAG2 $HOA

check "a gateway cannot revoke the session of another" \
	says "acknowledgement status=128" peer mag1 $MAG1 revocation --node $MN_ID
check "nor all sessions, unless it may" \
	says "acknowledgement status=130" peer mag2 $MAG2 revocation --trigger 128
check "its own it can" says "acknowledgement status=0" peer mag2 $MAG2 revocation --node $MN_ID
check "which is gone before the answer" no_session

attach mag1
eventually 60 mag_has '.paths[0].restart_counter == 7' >/dev/null
gateway_stops
gateway_serves --restart-counter 8
check "sessions that a gateway has lost end" eventually 60 no_session
attach mag1
gateway_stops
check "a silent gateway is unreachable" eventually 120 mag_has '.paths[0].reachable == false'
check "its sessions stay, unless configured otherwise" goes_to proxy $MAG1 $HOA
gateway_serves --restart-counter 8 --ignorant
cli session revoke $MN_ID >/dev/null
check "a gateway that knows no revocations says so, and the session ends" eventually 60 no_session
check "which the agent remembers" mag_has .revocation_refused

lean mag1 100 1 >/dev/null
lean mag2 7 3 >/dev/null
check "a late message of the old gateway does not take the node back" unanswered lean mag1 101 4
check "it stays where it is" goes_to proxy $MAG2 $HOA
check "an administrator ends all sessions of a gateway" says "1 sessions" cli mag revoke mag2
lose_the_store
check "gateways are told when the anchor has lost its bindings" eventually 60 anchor_says_restart

sed -i '/^name = "mag1"/a end_sessions_when_unreachable = true\nglobal_revocation = true' "$SCRATCH/anchor.toml"
agent_signal HUP
eventually 60 grep -q "read again" "$SCRATCH/anchor.log"
gateway_stops
gateway_serves --restart-counter 8
attach mag1
check "a gateway that may ends all of its sessions" \
	says "acknowledgement status=0" peer mag1 $MAG1 revocation --trigger 128
check "which are gone before the answer" no_session
attach mag1
eventually 60 mag_has '.paths[0].reachable' >/dev/null
gateway_stops
check "sessions of a silent gateway end when configured" eventually 120 no_session
