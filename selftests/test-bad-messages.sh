#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is malformed is refused as the RFCs say, counted, and changes nothing.
. "$(dirname "$0")/lib.sh"

# raw HEX [ARGUMENT...]: any octets as Mobility Header from the MAG
raw() {
	in_ns mag1 anchor6-load raw "$@" --source $MAG1 --anchor $ANCHOR --wait $ANSWER_MS
}

plan 17
agent_build
node_attach visited
pbu mag1 1 600 >/dev/null
bu 100 600 >/dev/null
before=$(cli --json binding list | jq -c '[.[] | {cache, prefix, far_end}]')

check "another protocol after the header" says "problem) code 0 pointer 40" pbu mag1 5 600 --payload-proto 6
check "a header shorter than its type" says "problem) code 0 pointer 41" raw 3b000500000000ff
check "an unknown type gets a Binding Error" says "BE 2 " raw 3b016300000000000000000000000000
check "a wrong checksum" unanswered pbu mag1 5 600 --checksum dead
check "a header longer than its packet" unanswered pbu mag1 5 600 --header-len 40
check "options that end inside the header" unanswered pbu mag1 5 600 --truncate 40
check "an option longer than what is left" unanswered \
	raw 3b02050000000001c000009608200102030405060708090a
check "a Binding Update without Home Address option" exits 2 bu 101 600 --no-hao
check "a Binding Update twice" exits 2 bu 100 600
check "unaligned options are read" pbu mag1 5 600 --pad unaligned
check "options padded with zeros are read" pbu mag1 5 600 --pad zeros
check "an unknown home address stays silent or is refused" not \
	in_ns mn anchor6-load bu --home ff02::1 --coa $COA --anchor $ANCHOR --seq 1 --lifetime 600 --wait $SILENCE_MS
check "a Binding Acknowledgement is nothing for an anchor" unanswered raw 3b01060000000000000000000000
check "a Binding Error is nothing for an anchor" unanswered raw 3b020700000000000100000000000000000000000000000000
check "nothing has changed" equals \
	"$(cli --json binding list | jq -c '[.[] | {cache, prefix, far_end}]')" "$before"
check "the agent still serves" bu 102 600
check "the agent counted by name" eventually 30 says parse_ cli stats --nonzero
