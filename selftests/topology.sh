# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The network of the selftests, in namespaces:
#
#                     2001:db8:2::/64         2001:db8:1::/64
#        cn ::2 ───────────────── ::1 anchor ::1 ───────────────── ::2 core
#   (correspondent)            home agent and LMA               (the Internet)
#                              home prefix 2001:db8:77::/48        │ │ │
#                                                                  │ │ │
#             ┌────────────────────────────────────────────────────┘ │ └──────┐
#             │ 2001:db8:a::/64                     2001:db8:b::/64  │        │ 2001:db8:d::/64
#         ::1 mag1                                           ::1 mag2     ::1 visited
#             │ access                                           │ access      │ access, 2001:db8:c::/64
#             └────────────────────────────┐ ┌───────────────────┘             │
#                                 to-mag1  │ │ to-mag2              to-visited │
#                                          mn 2001:db8:77:1::10 ───────────────┘ 2001:db8:c::10
#                                     (mobile node)
#
# mag1 and mag2 are access gateways of the home domain: a stock ip6tnl device to the anchor, and a
# source rule that sends what the node says into it. visited is somebody else's router. The node
# keeps its home address and has a stock ip6tnl device to the anchor for when it is away.

NS=${NS-a6-}

ANCHOR=2001:db8:1::1
CN=2001:db8:2::2
MAG1=2001:db8:a::1
MAG2=2001:db8:b::1
VISITED=2001:db8:d::1
HOME_PREFIXES=2001:db8:77::/48
HNP=2001:db8:77:1::/64
HOA=2001:db8:77:1::10
COA=2001:db8:c::10
MN_ID=mn1@example.com

TOPOLOGY="cn anchor core mag1 mag2 visited mn"


# in_ns NAMESPACE COMMAND...
in_ns() {
	ns_name=$NS$1
	shift
	ip netns exec "$ns_name" "$@"
}

# ip_in NAMESPACE ARGUMENT... : the ip command without the cost of entering
ip_in() {
	ns_name=$NS$1
	shift
	ip -n "$ns_name" -6 "$@"
}

# batch_in NAMESPACE: lines of ip's own batch language on the standard input
batch_in() {
	ip -n "$NS$1" -6 -batch -
}

# Forwarding, no address detection, no autoconfiguration.
topology_namespace() {
	in_ns "$1" sysctl -qw net.ipv6.conf.all.forwarding="$2" \
		net.ipv6.conf.default.forwarding="$2" net.ipv6.conf.default.accept_ra=0 \
		net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.icmp.ratelimit=0
}

# Between the routers, and to the correspondent.
topology_trunks() {
	ip -batch - <<-END
		link add eth0 netns ${NS}cn type veth peer name to-cn netns ${NS}anchor
		link add to-core netns ${NS}anchor type veth peer name to-anchor netns ${NS}core
		link add to-core netns ${NS}mag1 type veth peer name to-mag1 netns ${NS}core
		link add to-core netns ${NS}mag2 type veth peer name to-mag2 netns ${NS}core
		link add to-core netns ${NS}visited type veth peer name to-visited netns ${NS}core
	END
}

topology_links() {
	topology_trunks
	ip -batch - <<-END
		link add access netns ${NS}mag1 type veth peer name to-mag1 netns ${NS}mn
		link add access netns ${NS}mag2 type veth peer name to-mag2 netns ${NS}mn
		link add access netns ${NS}visited type veth peer name to-visited netns ${NS}mn
	END
}

topology_core() {
	batch_in cn <<-END
		link set lo up
		addr add $CN/64 dev eth0 nodad
		link set eth0 up
		route add default via 2001:db8:2::1
	END
	batch_in anchor <<-END
		link set lo up
		addr add 2001:db8:2::1/64 dev to-cn nodad
		addr add $ANCHOR/64 dev to-core nodad
		link set to-cn up
		link set to-core up
		route add default via 2001:db8:1::2
	END
	batch_in core <<-END
		link set lo up
		addr add 2001:db8:1::2/64 dev to-anchor nodad
		addr add 2001:db8:a::2/64 dev to-mag1 nodad
		addr add 2001:db8:b::2/64 dev to-mag2 nodad
		addr add 2001:db8:d::2/64 dev to-visited nodad
		link set to-anchor up
		link set to-mag1 up
		link set to-mag2 up
		link set to-visited up
		route add 2001:db8:2::/64 via $ANCHOR
		route add $HOME_PREFIXES via $ANCHOR
		route add 2001:db8:c::/64 via $VISITED
	END
}

# topology_gateway NAMESPACE ADDRESS ROUTER: the tunnel of a MAG and the rule that feeds it
topology_gateway() {
	batch_in "$1" <<-END
		link set lo up
		addr add $2/64 dev to-core nodad
		link set to-core up
		route add default via $3
		addr add fe80::1/64 dev access nodad
		link set access up
		route add $HNP dev access
		link add lma type ip6tnl mode ip6ip6 local $2 remote $ANCHOR encaplimit none hoplimit 64
		link set lma up
		route add default dev lma table 100
		rule add from $HNP iif access lookup 100
	END
}

topology_visited() {
	batch_in visited <<-END
		link set lo up
		addr add $VISITED/64 dev to-core nodad
		link set to-core up
		route add default via 2001:db8:d::2
		addr add 2001:db8:c::1/64 dev access nodad
		addr add fe80::1/64 dev access nodad
		link set access up
	END
}

topology_node() {
	batch_in mn <<-END
		link set lo up
		addr add $HOA/128 dev lo
		link add ha type ip6tnl mode ip6ip6 local $COA remote $ANCHOR encaplimit none hoplimit 64
		link set ha up
	END
}

topology_build() {
	modprobe -qa veth ip6_tunnel
	for topology_name in $TOPOLOGY; do
		ip netns add "$NS$topology_name"
	done
	for topology_name in anchor core mag1 mag2 visited; do
		topology_namespace $topology_name 1
	done
	topology_namespace cn 0
	topology_namespace mn 0
	topology_links
	topology_core
	topology_gateway mag1 $MAG1 2001:db8:a::2
	topology_gateway mag2 $MAG2 2001:db8:b::2
	topology_visited
	topology_node
	for topology_name in $MAG1 $MAG2 $VISITED; do
		answers cn $topology_name
	done
}

# answers NAMESPACE ADDRESS: waits until the links on the way, which come up by themselves, carry an echo
answers() {
	eventually 60 in_ns "$1" ping -6 -n -c 1 -W 2 "$2"
}

topology_remove() {
	for topology_name in $TOPOLOGY; do
		ip netns delete "$NS$topology_name" 2>/dev/null
	done
	return 0
}

# node_attach mag1|mag2|visited: the access link is up; the node's packets still take the old way.
# An interface loses its addresses when it goes down, and answers neighbours for its own only.
node_attach() {
	ip_in mn link set "to-$1" up
	case $1 in
	visited)
		ip_in mn addr replace $COA/64 dev to-visited nodad
		ip_in mn route replace $ANCHOR via fe80::1 dev to-visited src $COA
		;;
	*) ip_in mn addr replace $HOA/128 dev "to-$1" nodad ;;
	esac
	answers mn "fe80::1%to-$1"
}

node_detach() {
	ip_in mn link set "to-$1" down
}

# node_use mag1|mag2|visited: what the node says goes this way from now on
node_use() {
	case $1 in
	visited) ip_in mn route replace default dev ha src $HOA ;;
	*) ip_in mn route replace default via fe80::1 dev "to-$1" src $HOA ;;
	esac
}
