#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The way of the outer packet: policy routing, VRFs, IPsec; and what routers on it say.
. "$(dirname "$0")/lib.sh"

SECOND=2001:db8:f::2

# by NAMESPACE DEVICE COMMAND...: an outer packet to mag1 is seen there
by() {
	by_in=$1
	by_device=$2
	shift 2
	sees "$by_in" "$by_device" "dst host $MAG1" "IP6" "$@"
}

second_link() {
	ip link add second netns "${NS}anchor" type veth peer name second netns "${NS}core"
	ip_in anchor addr add 2001:db8:f::1/64 dev second nodad
	ip_in anchor link set second up
	ip_in core addr add $SECOND/64 dev second nodad
	ip_in core link set second up
	answers anchor $SECOND
}

# associations NAMESPACE: the same transport mode states in both ends
associations() {
	for associations_pair in "$ANCHOR $MAG1 0x101" "$MAG1 $ANCHOR 0x102"; do
		# shellcheck disable=SC2086 # source, destination, index
		set -- "$1" $associations_pair
		in_ns "$1" ip xfrm state add src "$2" dst "$3" proto esp spi "$4" mode transport \
			aead "rfc4106(gcm(aes))" 0x0102030405060708090a0b0c0d0e0f1011121314 128
	done
}

# protect NAMESPACE LOCAL REMOTE: what goes through the tunnel is under ESP
protect() {
	associations "$1"
	in_ns "$1" ip xfrm policy add src "$2" dst "$3" proto 41 dir out \
		tmpl src "$2" dst "$3" proto esp mode transport
	in_ns "$1" ip xfrm policy add src "$3" dst "$2" proto 41 dir in \
		tmpl src "$3" dst "$2" proto esp mode transport
}

domain() {
	ip_in anchor link add "$1" type vrf table "$2"
	ip_in anchor link set "$1" up
}

modprobe -qa vrf esp6
plan 18
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null
second_link

# --- policy routing
ip_in anchor rule add fwmark 7 lookup 77
ip_in anchor route add default via $SECOND dev second table 77
check "an outer mark takes effect at once" cli device set --outer-mark 7
check "outer packets take the way of the mark" by core second reaches cn $HOA
check "and the router's own" by core second reaches anchor $HOA
cli device set --outer-mark 0
check "without it the main way" by core to-anchor reaches cn $HOA
ip_in anchor rule add from $ANCHOR ipproto 41 lookup 77
check "a rule for the tunnels' protocol" by core second reaches cn $HOA
ip_in anchor rule del from $ANCHOR ipproto 41 lookup 77

# --- errors about outer packets
ip_in core route add unreachable $MAG1/128
check "an outer packet is unreachable: so is the inner destination" \
	says "Address unreachable" one_ping cn $HOA
check "which is counted" counts tunnel_error_relayed one_ping cn $HOA
ip_in core route del unreachable $MAG1/128
ip_in anchor route add unreachable $MAG1/128
check "no route to the far end" counts no_route one_ping cn $HOA
ip_in anchor route del unreachable $MAG1/128
in_ns anchor sysctl -qw net.ipv6.route.mtu_expires=1
ip_in core link set to-mag1 mtu 1400
one_ping cn $HOA -s 1400 -M "do" >/dev/null 2>&1
ip_in core link set to-mag1 mtu 1500
check "what is known of the path ages" eventually 60 says 1460 cli --json far-end list

# --- IPsec
protect anchor $ANCHOR $MAG1
protect mag1 $MAG1 $ANCHOR
check "outer packets under ESP" sees core to-anchor "src host $ANCHOR" "ESP" reaches cn $HOA
check "leave less for the inner ones" says "1426" cli --json far-end list
in_ns mag1 ip xfrm policy flush
check "what should come under ESP and does not is dropped" counts tunnel_policy \
	craft mag1 $HOA $CN --outer $MAG1 $ANCHOR
in_ns mag1 ip xfrm state flush
in_ns anchor ip xfrm policy flush
in_ns anchor ip xfrm state flush
in_ns anchor ip xfrm policy add src $CN dst $HOA dir out action block
check "a policy for the inner flow is ordinary forwarding's to apply" \
	counts hook_outbound_policy one_ping cn $HOA
check "and it does" not one_ping cn $HOA
in_ns anchor ip xfrm policy flush

# --- routing domains
domain outer 10
ip_in anchor link set to-core master outer
ip_in anchor addr replace $ANCHOR/64 dev to-core nodad
ip_in anchor route replace default via 2001:db8:1::2 dev to-core table 10
cli device set --outer-vrf outer
check "outer packets in a VRF, both ways" eventually 60 one_ping cn $HOA
cli device set --outer-vrf none
check "from another domain than the tunnel's nothing is accepted" counts tunnel_unknown \
	craft mag1 $HOA $CN --outer $MAG1 $ANCHOR
cli device set --outer-vrf outer
domain inner 20
ip_in anchor link set to-cn master inner
ip_in anchor addr replace 2001:db8:2::1/64 dev to-cn nodad
check "a home prefix of another domain is not ours" counts hook_other_domain one_ping cn $HOA
ip_in anchor link set anchor0 master inner
check "the nodes in a VRF, both ways" eventually 60 one_ping cn $HOA
