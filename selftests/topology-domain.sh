# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# A whole Proxy Mobile IPv6 domain with an agent in each of its routers, in namespaces:
#
#                     2001:db8:2::/64         2001:db8:1::/64
#        cn ::2 ───────────────── ::1 anchor ::1 ───────────────── ::2 core
#   (correspondent)            home agent and LMA               (the Internet)
#                              home prefix 2001:db8:77::/48        │ │ │
#             ┌────────────────────────────────────────────────────┘ │ └──────┐
#             │ 2001:db8:a::/64                     2001:db8:b::/64  │        │ 2001:db8:d::/64
#         ::1 mag1                                           ::1 mag2     ::1 visited
#             │ access                                           │ access      │ access
#             │ 2001:db8:e1::/64                2001:db8:e2::/64 │             │ 2001:db8:c::/64
#   air:  ap-mag1                                            ap-mag2       ap-visited
#             └ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ┬ ─ ─ ─ ─ ─ ─ ─ ─ ─ ┴ ─ ─ ─ ─ ─ ─ ─ ┘
#                                      wlan0 mn, 02:00:00:00:00:10
#                                      wlan0 mn2, 02:00:00:00:00:20
#                                      wlan0 mn3, 02:00:00:00:00:30, where a test asks for it
#
# mag1 and mag2 are access gateways: anchor6d with that role, and a local prefix for nodes that move
# by themselves. visited is somebody else's router, with radvd. air is what a node moves through: a
# bridge an access link, and each node a port of one of them or of none. A node has one interface and
# makes its addresses of the prefixes it hears.
#
# After lib.sh: it takes the place of the network of topology.sh and uses its addresses.

LOCAL1=2001:db8:e1::/64
LOCAL2=2001:db8:e2::/64
VISITED_PREFIX=2001:db8:c::/64
MN_MAC=02:00:00:00:00:10
MN2_MAC=02:00:00:00:00:20
MN3_MAC=02:00:00:00:00:30
MN2_ID=mn2@example.com
MN3_ID=mn3@example.com
# What the nodes make of their prefixes.
MN_IID=0:ff:fe00:10
MN2_IID=0:ff:fe00:20
MN_ADDRESS=2001:db8:77:1:$MN_IID
MN2_ADDRESS=2001:db8:77:2:$MN2_IID
MN3_ADDRESS=2001:db8:77:3:0:ff:fe00:30
FIXED=fe80::200:5eff:fe00:5213

AGENT_TOML=domain.toml
TOPOLOGY="cn anchor core mag1 mag2 visited air mn mn2"

domain_air() {
	in_ns air sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	for domain_router in mag1 mag2 visited; do
		domain_access $domain_router
	done
}

# domain_access ROUTER: its access link
domain_access() {
	ip link add access netns "$NS$1" type veth peer name "$1" netns "${NS}air"
	batch_in air <<-END
		link add ap-$1 type bridge mcast_snooping 0 forward_delay 0
		link set ap-$1 up
		link set $1 master ap-$1 up
	END
}

# domain_gateway NAMESPACE ADDRESS ROUTER LOCAL-PREFIX
domain_gateway() {
	batch_in "$1" <<-END
		link set lo up
		addr add $2/64 dev to-core nodad
		link set to-core up
		link set access up
		route add default via $3
	END
	ip_in core route add "$4" via "$2"
}

# domain_node NAMESPACE LINK-LAYER-ADDRESS: a host as it comes, on no access link yet
domain_node() {
	ip link add wlan0 netns "$NS$1" address "$2" type veth peer name "$1" netns "${NS}air"
	in_ns "$1" sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.wlan0.accept_dad=0 net.ipv6.conf.wlan0.accept_ra=1 net.ipv6.icmp.ratelimit=0
	ip_in "$1" link set lo up
	ip_in "$1" link set wlan0 up
}

domain_visited() {
	batch_in visited <<-END
		link set lo up
		addr add $VISITED/64 dev to-core nodad
		link set to-core up
		route add default via 2001:db8:d::2
		addr add 2001:db8:c::1/64 dev access nodad
		link set access up
	END
	cat >"$SCRATCH/radvd.conf" <<-END
		interface access {
			AdvSendAdvert on;
			MinRtrAdvInterval 3;
			MaxRtrAdvInterval 4;
			prefix $VISITED_PREFIX { AdvOnLink on; AdvAutonomous on; };
		};
	END
	background "$SCRATCH/radvd.log" ip netns exec "${NS}visited" \
		radvd -n -C "$SCRATCH/radvd.conf" -p "$SCRATCH/radvd.pid" -m stderr
}

topology_build() {
	modprobe -qa veth ip6_tunnel bridge sch_ingress cls_flower act_gact
	for domain_name in $TOPOLOGY; do
		ip netns add "$NS$domain_name"
	done
	for domain_name in anchor core mag1 mag2 visited; do
		topology_namespace $domain_name 1
	done
	topology_namespace cn 0
	topology_trunks
	domain_air
	topology_core
	domain_gateway mag1 $MAG1 2001:db8:a::2 $LOCAL1
	domain_gateway mag2 $MAG2 2001:db8:b::2 $LOCAL2
	domain_visited
	domain_node mn $MN_MAC
	domain_node mn2 $MN2_MAC
	for domain_name in $MAG1 $MAG2 $VISITED; do
		answers cn $domain_name
	done
}

# --- the gateways ----------------------------------------------------------------------------------

# gateway_config NAMESPACE ADDRESS LOCAL-PREFIX [LINE...]: the lines join its [gateway]; LMA is its anchor,
# if not that of this domain
gateway_config() {
	gateway_name=$1
	gateway_address=$2
	gateway_local=$3
	shift 3
	{
		cat <<-END
			[agent]
			roles = ["gateway"]
			control = "$SCRATCH/$gateway_name.control"
			user = ""
			log_level = "debug"
			[gateway]
			address = "$gateway_address"
			lma_address = "${LMA:-$ANCHOR}"
			authentication = "none"
		END
		printf '%s\n' "$@"
		cat <<-END
			[[gateway.access]]
			interface = "access"
			local_prefix = "$gateway_local"
			link_events = ${LINK_EVENTS:-true}
			[[gateway.node]]
			identifier = "$MN_ID"
			link_layer_address = "$MN_MAC"
			[[gateway.node]]
			identifier = "$MN2_ID"
			link_layer_address = "$MN2_MAC"
			mobility = "${MN2_MOBILITY:-proxy}"
			[[gateway.node]]
			identifier = "$MN3_ID"
			link_layer_address = "$MN3_MAC"
		END
	} >"$SCRATCH/$gateway_name.toml"
}

gateway_start() {
	daemon_start "$1" gateway "$1" list
}

# gateway_stop NAMESPACE [SIGNAL]
gateway_stop() {
	daemon_stop "$@"
}

# gateways_start [LINE...]: both; the lines join the [gateway] of each
gateways_start() {
	gateway_config mag1 $MAG1 $LOCAL1 "$@"
	gateway_config mag2 $MAG2 $LOCAL2 "$@"
	gateway_start mag1
	gateway_start mag2
}

# gateway NAMESPACE ARGUMENT...: anchor6 gateway there
gateway() {
	gateway_at=$1
	shift
	in_ns "$gateway_at" anchor6 --control "$SCRATCH/$gateway_at.control" gateway "$@"
}

# gateway_state NAMESPACE IDENTIFIER: "registered" and its like; empty: it is not there
gateway_state() {
	gateway "$1" list --json | jq -r --arg id "$2" '.[] | select(.mn_id == $id) | .state'
}

# served mag1|mag2 IDENTIFIER [STATE]
served() {
	equals "$(gateway_state "$1" "$2")" "${3-registered}"
}

# session_at MAG-ADDRESS: the anchor has mn's session with that gateway; with none when it is empty
session_at() {
	equals "$(cli --json session list | jq -r --arg id "$MN_ID" \
		'[.[] | select(.mn_id == $id) | .proxy_care_of_address] | join(" ")')" "$1"
}

# --- the nodes -------------------------------------------------------------------------------------

# node_move mn|mn2 mag1|mag2|visited: the node leaves where it is and comes to another access link
node_move() {
	ip_in air link set "$1" down
	ip_in air link set "$1" master "ap-$2"
	ip_in air link set "$1" up
}

node_leave() {
	ip_in air link set "$1" down
}

# has_address NAMESPACE ADDRESS
has_address() {
	ip_in "$1" addr show dev wlan0 | grep -q " $2/"
}

# has_no_address NAMESPACE ADDRESS: or it is one that is no longer used
has_no_address() {
	! ip_in "$1" addr show dev wlan0 | grep " $2/" | grep -v deprecated
}

# reaches_cn NAMESPACE ADDRESS: and the correspondent reaches it
reaches_cn() {
	reaches cn "$2" && in_ns "$1" ping -6 -n -c 1 -W 10 -I "$2" $CN
}
