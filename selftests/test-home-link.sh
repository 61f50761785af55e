#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A physical home link: the anchor stands in for a node that is away, beside another router with radvd.
. "$(dirname "$0")/lib.sh"
. "$HERE/topology-home-link.sh"

AGENT_TOML=home-link.toml
LINK_LOCAL=fe80::10

# away SEQUENCE LIFETIME [ARGUMENT...]: a Binding Update of the node from the visited network
away() {
	bu_of $HOME_LINK_HOA "$@"
}

# back SEQUENCE: one from the home link, that ends the registration
back() {
	back_sequence=$1
	shift
	in_ns mn anchor6-load bu --home $HOME_LINK_HOA --coa $HOME_LINK_HOA --anchor $ANCHOR \
		--seq "$back_sequence" --lifetime 0 --wait $ANSWER_MS "$@"
}

# hardware NAMESPACE DEVICE: its link-layer address
hardware() {
	ip -n "$NS$1" -j link show dev "$2" | jq -r '.[0].address'
}

# learned ADDRESS NAMESPACE DEVICE: the neighbour's cache says that the device has the address
learned() {
	equals "$(ip -n "${NS}neighbour" -j -6 neigh show "$1" | jq -r '.[0].lladdr')" "$(hardware "$2" "$3")"
}

# stands_in ADDRESS [SECONDS]: who asks for the address on the link gets the anchor
stands_in() {
	ip_in neighbour neigh flush all
	in_ns neighbour ping -6 -n -c 1 -W 1 -I eth0 "$1" >/dev/null
	eventually "${2:-30}" learned "$1" anchor home0
}

defended() {
	ip_in anchor neigh show proxy dev home0 | grep -q "^$1 "
}

# tunnelled ADDRESS: packets to it are routed to the anchor's device
tunnelled() {
	ip_in anchor route show "$1" proto 166 | grep -q anchor0
}

none_bound() {
	equals "$(bindings home)" 0
}

# asks ADDRESS: nobody answers, and nothing goes into a tunnel
asks() {
	asks_before=$(counter hook_encapsulated)
	not in_ns neighbour ping -6 -n -c 1 -W 2 -I eth0 "$1" || return 1
	equals "$(counter hook_encapsulated)" "$asks_before"
}

plan 33
network_build
home_link_build
agent_config
agent_start
radvd_start
node_attach visited
ip_in mn addr add $HOME_LINK_HOA/128 dev lo
ip_in mn route replace default dev ha src $HOME_LINK_HOA

check "an address that another node has is refused" status 134 bu_of $NEIGHBOUR 1 600
check "nothing is bound for it" none_bound
check "nor defended" not defended $NEIGHBOUR
check "its owner is reached as before" reaches cn $NEIGHBOUR
check "a mobile router without any prefix is refused" status 143 bu_of 2001:db8:88::20 1 600 --router

ip_in neighbour neigh replace $HOME_LINK_HOA lladdr "$(hardware mn to-home)" dev eth0 nud stale
check "a registration is told to the home link" \
	sees neighbour eth0 "icmp6" "tgt is $HOME_LINK_HOA, Flags \[.*override" away 100 600 --link-local
check "the neighbour that knew the node has learned it" eventually 30 learned $HOME_LINK_HOA anchor home0
check "its binding is in the kernel" bound home $HOME_LINK_HOA/128 $COA
check "the anchor stands in for the home address" stands_in $HOME_LINK_HOA
check "and for the link-local address" stands_in $LINK_LOCAL
check "which is not tunnelled" asks $LINK_LOCAL
check "the neighbour reaches the node through the tunnel" arrives mn ha reaches neighbour $HOME_LINK_HOA
check "so does the correspondent" arrives mn ha reaches cn $HOME_LINK_HOA
check "the node can begin" reaches mn $NEIGHBOUR -I $HOME_LINK_HOA
check "other addresses are not defended" not stands_in 2001:db8:88::77 2
check "a second registration needs no detection" status 0 away 101 600 --link-local

agent_stop KILL
check "packets flow without the agent" reaches neighbour $HOME_LINK_HOA
ip_in anchor neigh del proxy $HOME_LINK_HOA dev home0
ip_in anchor neigh add proxy 2001:db8:88::77 dev home0 protocol 166
ip_in anchor route add 2001:db8:88::77/128 dev anchor0 proto 166
agent_start
check "a restarted agent defends again what it knows" eventually 30 defended $HOME_LINK_HOA
check "and not what it does not know" eventually 30 not defended 2001:db8:88::77
check "the route is there" eventually 30 tunnelled $HOME_LINK_HOA
check "the other is not" eventually 30 not tunnelled 2001:db8:88::77
check "the neighbour reaches the node" reaches neighbour $HOME_LINK_HOA

link_up to-home
ip_in mn addr replace $HOME_LINK_HOA/64 dev to-home nodad noprefixroute
ip_in mn route replace $ANCHOR via fe80::1 dev to-home src $HOME_LINK_HOA
check "a refusal reaches the node that came home on its link" status 135 back 101
check "and changes nothing" bound home $HOME_LINK_HOA/128 $COA
check "so does the answer to the end of the registration" status 0 back 102
check "nothing is bound any more" none_bound
check "the address is the node's again" not defended $HOME_LINK_HOA
check "and its link-local one" not defended $LINK_LOCAL
check "the route is gone" not tunnelled $HOME_LINK_HOA
ip_in mn route replace default via fe80::1 dev to-home src $HOME_LINK_HOA
check "the anchor finds the node on the link" arrives mn to-home reaches cn $HOME_LINK_HOA

ip_in mn link set to-home down
ip_in mn route replace $ANCHOR via fe80::1 dev to-visited src $COA
check "the node leaves again, for a short time" status 0 away 103 8
check "which ends" eventually 60 not defended $HOME_LINK_HOA
check "with nothing left" eventually 30 none_bound
