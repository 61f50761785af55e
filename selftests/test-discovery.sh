#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A node finds its home agents and its prefixes (RFC 6275 sections 6.5 to 6.8).
. "$(dirname "$0")/lib.sh"
. "$HERE/topology-home-link.sh"

AGENT_TOML=home-link.toml
VIRTUAL_HOME_AGENTS=2001:db8:77:1:fdff:ffff:ffff:fffe

# home_agents ADDRESS: the list that a request to the address is answered with
home_agents() {
	in_ns mn anchor6-load dhaad --coa $COA --anchor "$1" --identifier 77 --wait $ANSWER_MS --json |
		jq -r 'select(.identifier == 77) | .home_agents | join(" ")'
}

listed() {
	equals "$(home_agents "$1")" "$2"
}

# solicit HOME-ADDRESS FILTER: the jq filter holds for the answer to a prefix solicitation
solicit() {
	solicit_answer=$(in_ns mn anchor6-load mps --home "$1" --coa $COA --anchor $ANCHOR \
		--identifier 78 --wait $ANSWER_MS --json)
	echo "$solicit_answer"
	echo "$solicit_answer" | jq -e "$2" >/dev/null
}

# lifetimes VALID PREFERRED: the configuration of both home prefixes changes
lifetimes() {
	sed -i "s/^prefix = .*/&\nvalid_lifetime_s = $1\npreferred_lifetime_s = $2/" "$SCRATCH/anchor.toml"
	agent_signal HUP
}

plan 11
network_build
home_link_build
agent_config
agent_start
node_attach visited
ip_in mn route replace default via fe80::1 dev to-visited src $COA

check "a request to the home agents of a routed home prefix" listed $VIRTUAL_HOME_AGENTS $ANCHOR
check "a request to the home agent itself" listed $ANCHOR $ANCHOR
check "a request to the home agents of a home link" listed $HOME_AGENTS $ANCHOR
radvd_start
check "another home agent on the link is learned, the preferred one first" \
	eventually 60 listed $HOME_AGENTS "$ROUTER $ANCHOR"
check "for that link only" listed $VIRTUAL_HOME_AGENTS $ANCHOR
check "the command lists it" says $ROUTER cli home-agents

check "a prefix solicitation without a binding gets a Binding Error" \
	solicit $HOA '.answer == "BE" and .status == 1'
bu 100 600 >/dev/null
check "with one it gets the home network prefix" \
	solicit $HOA '.answer == "MPA" and .identifier == 78 and .prefix_information[0].prefix == "2001:db8:77:1::/64"'
bu_of $HOME_LINK_HOA 100 600 >/dev/null
check "on a home link the link's" \
	solicit $HOME_LINK_HOA '.answer == "MPA" and .prefix_information[0].prefix == "2001:db8:88::/64"'
check "changed lifetimes are told to those who are away" \
	sees mn to-visited "src host $ANCHOR" "valid time 5000s" lifetimes 5000 4000
check "and to those who ask" eventually 30 \
	solicit $HOA '.answer == "MPA" and .prefix_information[0].valid_lifetime <= 5000'
