#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The command's promises to scripts and people: exit statuses, one line of error, JSON, times.
. "$(dirname "$0")/lib.sh"

# refuses STATUS TEXT ARGUMENT...: the command ends so, with this text in its one line of error
refuses() {
	refuses_status=$1
	refuses_text=$2
	shift 2
	cli "$@" >"$SCRATCH/output" 2>"$SCRATCH/error"
	equals "exit status $?" "exit status $refuses_status" || return 1
	equals "lines $(wc -l <"$SCRATCH/error")" "lines 1" || return 1
	grep -q -e "$refuses_text" "$SCRATCH/error" || { cat "$SCRATCH/error"; return 1; }
}

nobody() {
	in_ns anchor setpriv --reuid 65534 --clear-groups anchor6 binding list
}

# lasts TIME MILLISECONDS: a binding of this lifetime has that long to go, less what the test takes
lasts() {
	cli binding set 2001:db8:77:3::/64 --cache proxy --local $ANCHOR --remote $MAG1 --lifetime "$1" || return 1
	lasts_left=$(cli --json binding show 2001:db8:77:3::/64 | jq '.[0].lifetime_ms')
	echo "$lasts_left"
	[ "$lasts_left" -le "$2" ] && [ "$lasts_left" -gt $(($2 / 2)) ]
}

# whole ARGUMENT...: the output is one valid JSON value
whole() {
	cli --json "$@" | jq -e . >/dev/null
}

# tidy ARGUMENT...: no line of the output ends with a space
tidy() {
	cli "$@" >"$SCRATCH/output" && [ -s "$SCRATCH/output" ] && ! grep -n ' $' "$SCRATCH/output"
}

# The table changes all the time; each list must still come to an end, with or without a warning.
list_while_changing() {
	: >"$SCRATCH/changing"
	(
		while [ -e "$SCRATCH/changing" ]; do
			bind home 2001:db8:77:4::4/128 $COA
			unbind home 2001:db8:77:4::4/128
		done
	) >/dev/null 2>&1 &
	list_writer=$!
	list_status=0
	for list_turn in 1 2 3 4 5; do
		timeout 100 ip netns exec "${NS}anchor" anchor6 binding list || list_status=$?
	done
	rm "$SCRATCH/changing"
	wait $list_writer
	return $list_status
}

plan 33
anchor_build
bind home $HOA/128 $COA
bind proxy $HNP $MAG1

check "no command is a usage error" refuses 64 required
check "an unknown command is a usage error" refuses 64 required nonsense
check "a wrong address is a usage error" refuses 64 "no IPv6 address" lookup 2001:db8::g
check "bits beyond the length are a usage error" refuses 64 "no IPv6 address or prefix" binding show 2001:db8::1/64
check "a wrong time is a usage error" refuses 64 "no time" \
	binding set $HOA --cache home --local $ANCHOR --remote $COA --lifetime 5x
check "a wrong cache is a usage error" refuses 64 cache binding list --cache both
check "help is no error" exits 0 cli binding set --help

check "no such binding" refuses 2 "no such binding" binding show 2001:db8:77:9::/64
check "no such binding to delete" refuses 2 "no such binding" binding del 2001:db8:77:9::9 --cache home
check "no such device" refuses 2 "no device" --device nothing binding list
check "a device of another kind" refuses 2 "not an anchor6 device" --device lo binding list
check "the kernel's reason reaches the person" refuses 1 "outside every home prefix" \
	binding set 2001:db8:99::1 --cache home --local $ANCHOR --remote $COA --lifetime 5m
check "an existing binding, exclusively" refuses 1 exists \
	binding set $HOA --cache home --local $ANCHOR --remote $COA --lifetime 5m --exclusive
check "a missing binding, to be replaced" refuses 2 "no such binding" \
	binding set 2001:db8:77:9::9 --cache home --local $ANCHOR --remote $COA --lifetime 5m --replace
check "another cookie" refuses 1 cookie binding del $HOA --cache home --cookie 5
check "no agent" refuses 1 "agent does not answer" session list
check "nobody may look" says "not permitted" nobody

check "minutes" lasts 5m 300000
check "hours" lasts 2h 7200000
check "milliseconds" lasts 90000 90000

check "JSON: binding list" whole binding list
check "JSON: binding list of nothing" whole binding list --remote 2001:db8::dead
check "JSON: lookup" whole lookup $HOA
check "JSON: stats" whole stats
check "JSON: device show" whole device show
check "JSON: prefix list" whole prefix list
check "JSON: far-end list" whole far-end list
check "columns without spaces at the end: binding list" tidy binding list
check "columns without spaces at the end: stats" tidy stats
check "lookup says what the home binding hides" says "hides proxy binding $HNP via $MAG1" cli lookup $HOA
check "the reply mark skips the home cache" eval \
	"cli device set --reply-mark 0xa6 --reply-mask 0xff && says 'proxy cache' cli lookup $HOA --mark 0xa6"
check "a list comes to an end while the table changes" list_while_changing
cli binding flush --cache home
check "a filter bounds a flush" eval "equals '$(bindings home) $(bindings proxy)' '0 2'"
