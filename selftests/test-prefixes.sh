#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Prefixes of every length in one cache: the longest one wins, up to eight lengths.
. "$(dirname "$0")/lib.sh"

plan 8
anchor_build

bind home 2001:db8:77:100::/56 2001:db8:c::56
bind home 2001:db8:77:101::/64 2001:db8:c::64
bind home 2001:db8:77:101::1/128 2001:db8:c::128
check "the /128" goes_to home 2001:db8:c::128 2001:db8:77:101::1
check "the /64 around it" goes_to home 2001:db8:c::64 2001:db8:77:101::2
check "the /56 around that" goes_to home 2001:db8:c::56 2001:db8:77:102::1
check "nothing outside" verdict unbound 2001:db8:77:200::1

unbind home 2001:db8:77:101::/64
check "the /56 serves what the /64 left" goes_to home 2001:db8:c::56 2001:db8:77:101::2

for length in 60 72 80 96 112 120; do
	bind home 2001:db8:77:300::/$length $COA
done
check "eight prefix lengths fit" equals "$(bindings home)" 8
check "a ninth is refused" not bind home 2001:db8:77:400::/100 $COA
check "the other cache has eight of its own" bind proxy 2001:db8:77:400::/100 $MAG1
