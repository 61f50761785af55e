# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# More than one anchor: beside the domain of topology-domain.sh a second one, and a home agent that is
# no LMA. A test builds and starts what it needs of them.
#
#       core ──┬── 2001:db8:3::/64 ── ::1 anchor2    home agent and LMA, home prefix 2001:db8:66::/48
#              ├── 2001:db8:f::/64 ── ::1 mag3       access gateway of anchor2
#              │                            │ access, 2001:db8:e3::/64
#              │                         ap-mag3
#              └── 2001:db8:4::/64 ── ::1 ha         home agent, home prefix 2001:db8:55::/48
#
# `at anchor2` and `at ha` before a command of lib.sh: it speaks of that anchor.
# After topology-domain.sh.

ANCHOR2=2001:db8:3::1
HOME_PREFIXES2=2001:db8:66::/48
MAG3=2001:db8:f::1
LOCAL3=2001:db8:e3::/64
HA=2001:db8:4::1
HA_PREFIXES=2001:db8:55::/48
# The node's addresses: as a guest of the second domain, and of its home agent.
MN_ADDRESS2=2001:db8:66:1:$MN_IID
MN_HOA=2001:db8:55:1::10
MN2_HOA=2001:db8:55:2::10

# domains_router NAMESPACE NETWORK PREFIX: a router beside the core, which routes the prefix to it
domains_router() {
	ip netns delete "$NS$1" 2>/dev/null
	ip netns add "$NS$1"
	TOPOLOGY="$TOPOLOGY $1"
	topology_namespace "$1" 1
	ip link add to-core netns "$NS$1" type veth peer name "to-$1" netns "${NS}core"
	batch_in "$1" <<-END
		link set lo up
		addr add $2::1/64 dev to-core nodad
		link set to-core up
		route add default via $2::2
	END
	batch_in core <<-END
		addr add $2::2/64 dev to-$1 nodad
		link set to-$1 up
		route add $3 via $2::1
	END
	answers cn "$2::1"
}

domain2_build() {
	domains_router anchor2 2001:db8:3 $HOME_PREFIXES2
	domains_router mag3 2001:db8:f $LOCAL3
	domain_access mag3
	ip_in mag3 link set access up
}

# domain2_start [LINE...]: the lines join the [gateway] of mag3
domain2_start() {
	AGENT_TOML=domain2.toml at anchor2 agent_config
	at anchor2 agent_start
	LMA=$ANCHOR2 gateway_config mag3 $MAG3 $LOCAL3 "$@"
	gateway_start mag3
}

ha_build() {
	domains_router ha 2001:db8:4 $HA_PREFIXES
}

ha_start() {
	AGENT_TOML=home-agent.toml at ha agent_config
	at ha agent_start
}
