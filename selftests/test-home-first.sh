#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The home cache comes before the proxy cache, and neither touches the other.
. "$(dirname "$0")/lib.sh"

plan 13
anchor_build
node_attach mag1
node_attach visited

bind proxy $HNP $MAG1
check "the proxy binding alone takes the packet" goes_to proxy $MAG1 $HOA
node_use mag1
check "packets reach the node through its MAG" arrives mag1 lma reaches cn $HOA

bind home $HOA/128 $COA
check "a home binding beside it wins" goes_to home $COA $HOA
check "the proxy binding is still there" bound proxy $HNP $MAG1
check "the lookup names the binding that is hidden" says $MAG1 cli lookup $HOA
check "the node's other addresses keep the proxy binding" goes_to proxy $MAG1 2001:db8:77:1::11
check "packets reach the care-of address" arrives mn ha reaches cn $HOA
node_use visited
check "packets go both ways through the home binding" arrives anchor anchor0 reaches cn $HOA

bind proxy $HOA/128 $MAG2
check "a longer prefix in the proxy cache does not win" goes_to home $COA $HOA
bind home $HNP $COA
unbind home $HOA/128
check "neither against a shorter prefix in the home cache" goes_to home $COA $HOA

unbind home $HNP
check "without home bindings the longest proxy prefix wins" goes_to proxy $MAG2 $HOA
unbind proxy $HOA/128
node_use mag1
check "then the shorter one" goes_to proxy $MAG1 $HOA
check "packets reach the node through its MAG again" arrives mag1 lma reaches cn $HOA
