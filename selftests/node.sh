# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The role "node" in the mobile node of topology.sh or in another one, and who talks to it meanwhile.
# Each has an agent with a control socket of its own.

# Whose agent the functions speak of: a namespace.
NODE_AT=mn
PING_INTERVAL_MS=10

# node_as NAMESPACE COMMAND...: in the command they speak of that node
node_as() {
	local NODE_AT="$1"
	shift
	"$@"
}

# No host any more that its own scripts configure: what routers advertise counts.
node_namespace() {
	ip_in "$NODE_AT" link del ha 2>/dev/null
	ip_in "$NODE_AT" addr del $HOA/128 dev lo 2>/dev/null
	for node_interface in "$@"; do
		in_ns "$NODE_AT" sysctl -qw "net.ipv6.conf.$node_interface.accept_ra=2" \
			"net.ipv6.conf.$node_interface.router_solicitation_delay=0"
	done
	modprobe -qa dummy
	return 0
}

# advertise NAMESPACE DEVICE PREFIX...: a router of that link
advertise() {
	advertise_in=$1
	advertise_device=$2
	shift 2
	advertise_file=$SCRATCH/radvd-$advertise_in-$advertise_device
	{
		echo "interface $advertise_device { AdvSendAdvert on; IgnoreIfMissing on; MinRtrAdvInterval 3;"
		echo "MaxRtrAdvInterval 4; AdvDefaultLifetime ${ADVERTISED_S:-1800};"
		for advertise_prefix in "$@"; do
			echo "prefix $advertise_prefix { AdvOnLink on; AdvAutonomous on; };"
		done
		echo "};"
	} >"$advertise_file.conf"
	chmod 600 "$advertise_file.conf"
	background "$advertise_file.log" ip netns exec "$NS$advertise_in" \
		radvd -n -m stderr -C "$advertise_file.conf" -p "$advertise_file.pid"
}

# node_config [LINE...]: the config file of the node's agent; the lines join its [node]. NODE_INTERFACES
# are its interfaces in the order of their preference, the least preferred first. With RFC_TIMERS no timer
# is shortened.
node_config() {
	{
		cat <<-END
			[agent]
			roles = ["node"]
			control = "$SCRATCH/$NODE_AT.control"
			user = ""
			log_level = "debug"
			[node]
			home_address = "${NODE_HOA:-$HOA}"
		END
		[ -n "${RFC_TIMERS:-}" ] || cat <<-END
			initial_dhaad_timeout_ms = 500
			first_bindack_timeout_ms = 1000
			retry_after_refusal_s = 2
		END
		[ -n "${NODE_DISCOVERS:-}" ] || echo "home_agent = \"${NODE_HOME_AGENT:-$ANCHOR}\""
		[ -n "${NODE_AUTHENTICATION:-}" ] || echo 'authentication = "none"'
		printf '%s\n' "$@"
		node_preference=0
		for node_interface in $NODE_INTERFACES; do
			printf '[[node.interface]]\nname = "%s"\npreference = %d\n' "$node_interface" $node_preference
			node_preference=$((node_preference + 1))
		done
	} >"$SCRATCH/$NODE_AT.toml"
	chmod 600 "$SCRATCH/$NODE_AT.toml"
}

node_start() {
	daemon_start "$NODE_AT" node_cli node
}

# node_stop [SIGNAL]
node_stop() {
	daemon_stop "$NODE_AT" "$@"
}

node_cli() {
	in_ns "$NODE_AT" anchor6 --control "$SCRATCH/$NODE_AT.control" "$@"
}

# node_says FILTER: of the JSON of `anchor6 node`
node_says() {
	node_cli --json node | jq -r "$1"
}

# node_is STATE [CARE-OF]
node_is() {
	equals "$(node_says .state)" "$1" || return 1
	[ -z "${2:-}" ] || equals "$(node_says .registered_care_of_address)" "$2"
}

# node_counter NAME
node_counter() {
	node_cli --json stats | jq --arg name "$1" '.agent[] | select(.name == $name) | .value'
}

node_counter_above() {
	[ "$(node_counter "$1")" -gt "$2" ] || { echo "$1 stayed $2"; return 1; }
}

# node_counts NAME COMMAND...: the command makes the node's counter grow
node_counts() {
	node_counts_name=$1
	node_counts_before=$(node_counter "$1")
	shift
	"$@" || return 1
	eventually 90 node_counter_above "$node_counts_name" "$node_counts_before"
}

# care_of DEVICE PREFIX: the address that the node has made there, once it is usable
care_of() {
	ip -n "${NS}mn" -j -6 addr show dev "$1" scope global -tentative |
		jq -r --arg prefix "${2%::*}:" '.[].addr_info[].local | select(startswith($prefix))' | head -n 1
}

has_care_of() {
	[ -n "$(care_of "$@")" ] || { echo "no address on $1"; return 1; }
}

# --- who talks to the node -------------------------------------------------------------------------

# A TCP connection from the node and pings from the correspondent, until talk_end.
talk_begin() {
	background "$SCRATCH/iperf-server" ip netns exec "${NS}cn" iperf3 -s -1
	eventually 60 listens cn 5201 || return 1
	background "$SCRATCH/iperf" ip netns exec "${NS}mn" \
		iperf3 -c $CN -B "${NODE_HOA:-$HOA}" -b 400K -l 1000 -t "${1:-600}" --json
	IPERF=$LAST_CHILD
	background "$SCRATCH/ping" ip netns exec "${NS}cn" \
		ping -6 -n -D -i 0.0$PING_INTERVAL_MS "${NODE_HOA:-$HOA}"
	PING=$LAST_CHILD
	eventually 60 heard_since 5
}

# listens NAMESPACE PORT: somebody takes TCP connections there
listens() {
	in_ns "$1" ss -H -l -t -n "sport = :$2" | grep -q LISTEN
}

# lost FROM TO: echo requests of these numbers without an answer
lost() {
	sed -n 's/.* icmp_seq=\([0-9]*\) .*time=.*/\1/p' "$SCRATCH/ping" |
		awk -v from="$1" -v to="$2" '$1 > from && $1 <= to && !seen[$1]++ { count++ }
			END { print to - from - count }'
}

# moves COMMAND...: LOST is how many pings are lost while the node moves, until many more were answered.
# Those that are late are not lost.
moves() {
	moves_from=$(heard)
	"$@"
	moves_status=$?
	continues 20 || return 1
	moves_to=$(heard)
	continues 20 && sleep 2
	LOST=$(lost "$moves_from" "$moves_to")
	echo "$LOST pings of $((moves_to - moves_from)) lost"
	return $moves_status
}

talk_end() {
	kill -INT "$PING" "$IPERF"
	wait "$PING" "$IPERF" 2>/dev/null
	return 0
}

# The TCP connection is the one of the beginning, and has carried something in its last second.
tcp_continued() {
	jq -e '.intervals | length > 0 and .[-1].sum.bytes > 0' "$SCRATCH/iperf"
}
