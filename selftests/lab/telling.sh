# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# A scenario told to a person: steps with their time, checks in words, what was said and what the
# anchor has. After scenario.sh.

STEP=0
# The last line told is empty.
PARAGRAPH=
START=$(uptime_ms)

say() {
	echo "${*:+          $*}"
	[ -n "$*" ] && PARAGRAPH= || PARAGRAPH=1
}

step() {
	STEP=$((STEP + 1))
	[ -n "$PARAGRAPH" ] || echo
	printf '%6.1f s  %d. %s\n' "$(since_start)" $STEP "$1"
	echo
}

since_start() {
	echo $(($(uptime_ms) - START)) | sed 's/...$/.&/; s/^\./0./'
}

check() {
	check_text=$1
	shift
	CHECKS=$((CHECKS + 1))
	if "$@" >"$SCRATCH/check" 2>&1; then
		say "[ok]     $check_text"
	else
		FAILURES=$((FAILURES + 1))
		say "[FAILED] $check_text"
		sed 's/^/          | /' "$SCRATCH/check"
	fi
}

# What reaches the anchors' routers from the core and what they send there, of the Mobility Header: bare,
# behind destination options or a routing header, or in a tunnel.
signaling_begin() {
	for signaling_at in $ANCHORS; do
		background "$SCRATCH/signaling-$signaling_at" ip netns exec "$NS$signaling_at" \
			tcpdump -n -t -l --immediate-mode -i to-core \
			"ip6 proto 135 or ip6 proto 60 or ip6 proto 43 or (ip6 proto 41 and ip6[46] = 135)"
		eventually 30 grep -q 'listening on' "$SCRATCH/signaling-$signaling_at"
		echo 1 >"$SCRATCH/signaling-next-$signaling_at"
	done
}

names() {
	sed -e "s/$MAG1\>/mag1/g; s/$MAG2\>/mag2/g; s/${MAG3:-mag3}\>/mag3/g" \
		-e "s/$ANCHOR\>/anchor/g; s/${ANCHOR2:-anchor2}\>/anchor2/g; s/${HA:-ha}\>/ha/g"
}

# One message a line, of those that were not told yet. A P is before those from and to a gateway.
signaling() {
	signaling_next=$(cat "$SCRATCH/signaling-next-$AT")
	tail -n "+$signaling_next" "$SCRATCH/signaling-$AT" >"$SCRATCH/signaling-new"
	echo $((signaling_next + $(wc -l <"$SCRATCH/signaling-new"))) >"$SCRATCH/signaling-next-$AT"
	names <"$SCRATCH/signaling-new" | awk '
		/mobility: B[UA]/ {
			from = $2; to = $4; by = ""
			if ($5 == "IP6") { by = from ~ /^anchor/ ? to : from; from = $6; to = $8 }
			sub(/:$/, "", to); sub(/:$/, "", by)
			kind = (by == "" && from to ~ /mag/ ? "P" : "") (/mobility: BU/ ? "BU" : "BA")
			for (field = 5; field <= NF; ++field)
				if ($field ~ /^(status|lifetime)=/) { sub(/=/, " ", $field); kind = kind ", " $field }
			print from " to " to (by == "" ? "" : " through " by) ": " kind (/lifetime/ ? " s" : "")
		}'
}

# One cache, a binding a line.
cache() {
	cli --json binding list --cache "$1" |
		jq -r '.[] | "\(.prefix) to \(.far_end.remote), \(.lifetime_ms / 1000 | floor) s"' | names
}

# told HEADING COMMAND...: its output a line below another, or a dash
told() {
	told_heading=$1
	shift
	"$@" >"$SCRATCH/told"
	[ -s "$SCRATCH/told" ] || echo - >"$SCRATCH/told"
	while read -r told_line; do
		say "$(printf '%-12s %s' "$told_heading" "$told_line")"
		told_heading=
	done <"$SCRATCH/told"
}

show_anchor() {
	for show_anchor in $ANCHORS; do
		say
		[ "$ANCHORS" = anchor ] || say "$show_anchor"
		at "$show_anchor" told signaling signaling
		at "$show_anchor" told "home cache" cache home
		at "$show_anchor" told "proxy cache" cache proxy
	done
	say
}
