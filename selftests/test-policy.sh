#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nodes of a policy file are served, and a new file takes effect without a session being lost.
. "$(dirname "$0")/lib.sh"

# policy COUNT [PREFIX-OF-IDENTIFIERS]: a policy file of so many nodes, 2001:db8:77:1000:: and on
policy() {
	awk -v count="$1" -v start="${2:-p}" 'BEGIN {
		for (node = 0; node < count; ++node)
			printf "{\"identifier\":\"%s%d@example.com\",\"authentication\":\"none\"," \
				"\"home_network_prefixes\":[\"2001:db8:77:%x::/64\"]}\n", start, node, 4096 + node
	}' >"$SCRATCH/nodes.jsonl"
}

# register IDENTIFIER [ARGUMENT...]
register() {
	register_node=$1
	shift
	pbu_of mag1 "$register_node" --hnp :: --hi 1 --att 4 --lifetime 600 "$@"
}

logged() { # COUNT TEXT
	equals "$(grep -c -e "$2" "$SCRATCH/anchor.log")" "$1"
}

plan 14
network_build
agent_config "prefix_retention_s = 0"
sed -i "s|^device = .*|&\npolicy = \"$SCRATCH/nodes.jsonl\"|" "$SCRATCH/anchor.toml"
policy 20000
check "the file is checked with the configuration" exits 0 anchor6d --check "$SCRATCH/anchor.toml"
agent_start
check "a node of the policy file is served" status 0 register p19999@example.com
check "with its prefix" bound proxy 2001:db8:77:5e1f::/64 $MAG1
check "a node of neither file is not" status 153 register q1@example.com

echo '{"identifier":"p20000@example.com","authentication":"none","colour":"red"}' >>"$SCRATCH/nodes.jsonl"
agent_signal HUP
check "a mistake is named by file, line and key" eventually 60 \
	logged 1 "$SCRATCH/nodes.jsonl:20001: colour: unknown key"
check "the configuration stays as it was" eventually 60 logged 1 "the configuration stays as it was"
check "its node is not served" status 153 register p20000@example.com
check "the others are" status 0 register p7@example.com

policy 20000 q
agent_signal HUP
check "a new file is read" eventually 60 logged 1 "read again: 2 MAGs, 20007 nodes"
check "its nodes are served" status 0 register q1@example.com
check "the session of a node that is not in it stays" bound proxy 2001:db8:77:5e1f::/64 $MAG1
check "but is extended no longer" status 153 register p19999@example.com
check "a prefix that is now another's is not free yet" status 130 register q19999@example.com
agent_stop
agent_start
check "the sessions outlive a restart" bound proxy 2001:db8:77:5e1f::/64 $MAG1
