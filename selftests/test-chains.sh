#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which chain of netfilter sees which packet, in both modes: Documentation/netfilter.md, by counters.
. "$(dirname "$0")/lib.sh"

CHAINS="first raw input forward output postrouting"

# chain NAME HOOK PRIORITY: counts the four kinds of packets that pass there
chain() {
	cat <<-END
		counter $1_down {}
		counter $1_up {}
		counter $1_outer_down {}
		counter $1_outer_up {}
		chain $1 {
			type filter hook $2 priority $3
			ip6 saddr $CN ip6 daddr $HNP counter name $1_down
			ip6 saddr $HNP ip6 daddr $CN counter name $1_up
			ip6 saddr $ANCHOR ip6 daddr $MAG1 ip6 nexthdr 41 counter name $1_outer_down
			ip6 saddr $MAG1 ip6 daddr $ANCHOR ip6 nexthdr 41 counter name $1_outer_up
		}
	END
}

# The hook of the module has priority -401.
ruleset() {
	echo "table ip6 seen {"
	chain first prerouting -450
	chain raw prerouting -300
	chain input input 0
	chain forward forward 0
	chain output output 0
	chain postrouting postrouting 0
	cat <<-END
		counter untracked {}
		counter established {}
		chain states {
			type filter hook forward priority 10
			ip6 saddr $HNP ct state untracked counter name untracked
			ip6 saddr $HNP ct state established counter name established
		}
	END
	echo "}"
}

# passed KIND: the chains that saw all of the three packets, and a complaint for what saw some
passed() {
	in_ns anchor nft -j list counters table ip6 seen | jq -r --arg kind "$1" --arg chains "$CHAINS" '
		[.nftables[].counter | select(.) | {(.name): .packets}] | add as $count |
		[$chains | split(" ")[] | . as $chain | $count["\($chain)_\($kind)"] |
		 if . == 3 then $chain elif . == 0 then empty else "\($chain)=\(.)" end] | join(" ")'
}

state() {
	in_ns anchor nft -j list counter ip6 seen "$1" | jq '.nftables[].counter.packets | values'
}

pings() {
	in_ns anchor nft reset counters >/dev/null
	in_ns cn ping -6 -n -c 3 -i 0.2 -W 10 $HOA >/dev/null
}

modprobe -qa nf_tables nft_ct nf_conntrack
command -v nft >/dev/null || skip_all "needs nft"
plan 18
anchor_build
node_attach mag1
node_use mag1
bind proxy $HNP $MAG1
reaches cn $HOA >/dev/null
check "the rules" eval 'ruleset | in_ns anchor nft -f -'

check "fast mode is the default" equals "$(cli --json device show | jq -r .mode)" fast
pings
check "fast, downlink, inner" equals "$(passed down)" "first"
check "fast, downlink, outer" equals "$(passed outer_down)" "output postrouting"
check "fast, uplink, outer" equals "$(passed outer_up)" "first raw input"
check "fast, uplink, inner" equals "$(passed up)" "first raw forward postrouting"
check "untracked" equals "$(state untracked) $(state established)" "3 0"

check "stateful mode" cli device set --mode stateful
reaches cn $HOA >/dev/null
pings
check "stateful, downlink, inner" equals "$(passed down)" "first raw forward postrouting"
check "stateful, downlink, outer" equals "$(passed outer_down)" "output postrouting"
check "stateful, uplink, outer" equals "$(passed outer_up)" "first raw input"
check "stateful, uplink, inner" equals "$(passed up)" "first raw forward postrouting"
check "of a connection that both directions make" equals "$(state untracked) $(state established)" "0 3"
check "the hook counts what it left" counts hook_stateful one_ping cn $HOA

# What a firewall of connections lets through.
in_ns anchor nft -f - <<-END
	table ip6 firewall {
		chain forward {
			type filter hook forward priority 20; policy drop
			ct state established,related accept
			iifname anchor0 ct state new accept
		}
	}
END
check "a stateful firewall lets the node open connections" reaches mn $CN -I $HOA
check "and nobody else" not one_ping cn $HOA
check "back to fast mode" cli device set --mode fast
in_ns anchor nft delete table ip6 firewall
check "packets flow" reaches cn $HOA
