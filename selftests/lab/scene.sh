# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The network with the agent running, as the demo and the shell use it.

# shellcheck disable=SC2034 # names without prefix, for a person to type
NS=
LAB=/mnt/anchor6/selftests
KERNEL=${KERNEL:-$(sed -n 's/.*lab\.kernel=\([^ ]*\).*/\1/p' /proc/cmdline)}
export KERNEL

picture() {
	cat <<-'END'
	  cn ──── anchor ──── core ──┬── mag1 ─────┐
	                             ├── mag2 ─────┼── mn
	                             └── visited ──┘

	  cn       the correspondent, 2001:db8:2::2
	  anchor   home agent and local mobility anchor, 2001:db8:1::1, home prefix 2001:db8:77::/48
	  mag1     access gateway of the home domain, 2001:db8:a::1
	  mag2     another one, 2001:db8:b::1
	  visited  somebody else's network, 2001:db8:c::/64
	  mn       the mobile node: home address 2001:db8:77:1::10, care-of address 2001:db8:c::10
	END
}
