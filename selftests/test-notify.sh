#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every change of a binding is told to those who listen, with its reason.
. "$(dirname "$0")/lib.sh"

# told REASON TEXT: a line of the watcher has both
told() {
	eventually 30 grep -q -e "$1.*$2" -e "$2.*$1" "$SCRATCH/watch" || { cat "$SCRATCH/watch"; return 1; }
}

listening() {
	bind home 2001:db8:77:9::9/128 $COA
	grep -q 2001:db8:77:9::9 "$SCRATCH/watch"
}

plan 5
anchor_build
background "$SCRATCH/watch" ip netns exec "${NS}anchor" anchor6 --json binding watch
eventually 60 listening

bind proxy $HNP $MAG1
check "set" told set $HNP
bind proxy $HNP $MAG2
check "replaced" told set $MAG2
unbind proxy $HNP
check "deleted" told deleted $HNP
bind home $HOA/128 $COA 300
check "expired" told expired $HOA/128
cli binding flush --cache home
check "flushed" told flushed home
