#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel outlives the agent, and the agent knows its own when it comes back.
. "$(dirname "$0")/lib.sh"

gone() {
	equals "$(bindings "$1")" 0
}

left() {
	equals "$(bindings home) $(bindings proxy)" "$1"
}

plan 16
agent_build
node_attach visited
node_use visited
pbu mag1 1 600 >/dev/null
bu 100 600 >/dev/null
check "both bindings are there" left "1 1"

agent_stop KILL
check "packets flow without the agent" reaches cn $HOA
agent_start
check "the bindings are still there" left "1 1"
check "the agent knows the session" says $MN_ID sessions
check "an old sequence number is still old" exits 2 bu 100 600
check "the next one is accepted" bu 101 600
check "a refresh of the proxy registration is accepted" pbu mag1 5 600

agent_stop KILL
cli binding set 2001:db8:77:66::/64 --cache proxy --local $ANCHOR --remote $MAG2 --lifetime 600000 \
	--owner 1 --cookie 4711
unbind proxy $HNP
agent_start
check "an entry that the store does not know is removed" eventually 30 not bound proxy 2001:db8:77:66::/64 $MAG2
check "one that the kernel lost is installed again" eventually 30 bound proxy $HNP $MAG1

cli binding flush
check "what an administrator flushed is installed again" eventually 60 bound proxy $HNP $MAG1
check "in both caches" eventually 60 bound home $HOA/128 $COA

check "a short registration" bu 102 8
agent_stop KILL
check "ends in the kernel without the agent" eventually 60 gone home
check "the proxy binding stays" bound proxy $HNP $MAG1
agent_start
check "the agent comes back to that" eventually 30 left "0 1"
agent_stop TERM
check "an orderly end leaves the bindings too" bound proxy $HNP $MAG1
