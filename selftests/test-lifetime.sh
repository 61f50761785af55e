#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A binding ends with its lifetime, in the kernel alone.
. "$(dirname "$0")/lib.sh"

gone() {
	equals "$(bindings "$1")" 0
}

# The list hides what is over; the kernel removes and counts it a little later.
expired() {
	equals "$(counter bindings_expired)" "$1"
}

plan 8
anchor_build
node_attach mag1
node_use mag1

bind proxy $HNP $MAG1 10000
check "a binding with a short lifetime serves" reaches cn $HOA
check "it ends" eventually 60 gone proxy
check "which is counted" eventually 60 expired 1
check "the node is unreachable" says "Address unreachable" one_ping cn $HOA

bind proxy $HNP $MAG1 2000
bind proxy $HNP $MAG1 600000
bind home $HOA/128 $COA 1000
check "a home binding ends by itself" eventually 60 gone home
sleep 2.5
check "a refreshed binding outlives its first lifetime" bound proxy $HNP $MAG1
check "packets fall back to the proxy binding" goes_to proxy $MAG1 $HOA
check "and reach the node" reaches cn $HOA
