# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What joins the network of topology.sh for a physical home link and a second visited network:
#
#        anchor home0 ───────┐                 ┌─────── to-home mn
#        2001:db8:88::1      ├─ segment (br0) ─┤
#        neighbour eth0 ─────┘                 └─────── eth0 router
#        2001:db8:88::3                                 2001:db8:88::2, radvd
#
#        visited access2, 2001:db8:f::/64 ───────────── to-visited2 mn
#
# router is another router of the home link that says it is a home agent, too, and a better one.

HOME_LINK_PREFIX=2001:db8:88::/64
HOME_LINK=2001:db8:88::1
ROUTER=2001:db8:88::2
NEIGHBOUR=2001:db8:88::3
HOME_LINK_HOA=2001:db8:88::10
COA2=2001:db8:f::10
HOME_AGENTS=2001:db8:88:0:fdff:ffff:ffff:fffe

TOPOLOGY="$TOPOLOGY segment neighbour router"

# After topology_build, which makes the namespaces.
home_link_build() {
	topology_namespace router 1
	topology_namespace neighbour 0
	home_link_devices
	home_link_segment
	home_link_hosts
	home_link_visited
	answers neighbour $HOME_LINK
	answers router $HOME_LINK
}

home_link_devices() {
	ip -batch - <<-END
		link add home0 netns ${NS}anchor type veth peer name anchor netns ${NS}segment
		link add eth0 netns ${NS}neighbour type veth peer name neighbour netns ${NS}segment
		link add eth0 netns ${NS}router type veth peer name router netns ${NS}segment
		link add to-home netns ${NS}mn type veth peer name mn netns ${NS}segment
		link add to-visited2 netns ${NS}mn type veth peer name access2 netns ${NS}visited
	END
}

home_link_segment() {
	batch_in segment <<-END
		link add br0 type bridge mcast_snooping 0
		link set br0 up
		link set anchor master br0 up
		link set neighbour master br0 up
		link set router master br0 up
		link set mn master br0 up
	END
}

home_link_hosts() {
	batch_in anchor <<-END
		addr add $HOME_LINK/64 dev home0 nodad
		addr add fe80::1/64 dev home0 nodad
		link set home0 up
	END
	batch_in neighbour <<-END
		link set lo up
		addr add $NEIGHBOUR/64 dev eth0 nodad
		link set eth0 up
		route add default via $HOME_LINK
	END
	batch_in router <<-END
		link set lo up
		addr add $ROUTER/64 dev eth0 nodad
		link set eth0 up
		route add default via $HOME_LINK
	END
	ip_in core route add $HOME_LINK_PREFIX via $ANCHOR
}

home_link_visited() {
	batch_in visited <<-END
		addr add 2001:db8:f::1/64 dev access2 nodad
		addr add fe80::1/64 dev access2 nodad
		link set access2 up
	END
	ip_in core route add 2001:db8:f::/64 via $VISITED
}

# link_up DEVICE: an access link of the node, with a gateway at fe80::1
link_up() {
	ip_in mn link set "$1" up
	answers mn "fe80::1%$1"
}

# radvd runs on the home link, in the other router.
radvd_start() {
	cat >"$SCRATCH/radvd.conf" <<-END
		interface eth0 {
			AdvSendAdvert on;
			MinRtrAdvInterval 3;
			MaxRtrAdvInterval 4;
			AdvHomeAgentFlag on;
			AdvHomeAgentInfo on;
			HomeAgentPreference 10;
			HomeAgentLifetime 1800;
			prefix $ROUTER/64 {
				AdvOnLink on;
				AdvAutonomous on;
				AdvRouterAddr on;
			};
		};
	END
	chmod 600 "$SCRATCH/radvd.conf"
	background "$SCRATCH/radvd.log" ip netns exec "${NS}router" \
		radvd -n -m stderr -C "$SCRATCH/radvd.conf" -p "$SCRATCH/radvd.pid"
	RADVD=$LAST_CHILD
}
