#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A home address without a binding is unreachable here, and never bounces to the default route.
. "$(dirname "$0")/lib.sh"

plan 7
anchor_build

check "the sender learns that the address is unreachable" \
	says "Address unreachable" one_ping cn $HOA
check "from the anchor" says "From 2001:db8:2::1" one_ping cn $HOA
check "the hook leaves it to routing" counts hook_unbound one_ping cn $HOA
check "the device counts it" counts device_unbound one_ping cn $HOA
check "the lookup says so" verdict unbound $HOA
check "the router itself gets the error too" not one_ping anchor $HOA
ip_in anchor route add 2001:db8:99::/64 dev anchor0
check "what is routed here from outside the home prefixes is refused" \
	counts device_foreign one_ping cn 2001:db8:99::1
