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

# What reaches the anchor's router from the core and what it sends there, of the Mobility Header: bare,
# behind destination options, or in a tunnel.
signaling_begin() {
	background "$SCRATCH/signaling" ip netns exec "${NS}anchor" tcpdump -n -t -l --immediate-mode \
		-i to-core "ip6 proto 135 or ip6 proto 60 or ip6 proto 43 or (ip6 proto 41 and ip6[46] = 135)"
	eventually 30 grep -q 'listening on' "$SCRATCH/signaling"
	SIGNALING_TOLD=0
}

names() {
	sed -e "s/$MAG1\>/mag1/g; s/$MAG2\>/mag2/g; s/$ANCHOR\>/anchor/g"
}

# One message a line, of those that were not told yet. A P is before those from and to a gateway.
signaling() {
	tail -n "+$((SIGNALING_TOLD + 1))" "$SCRATCH/signaling" >"$SCRATCH/signaling-new"
	SIGNALING_TOLD=$((SIGNALING_TOLD + $(wc -l <"$SCRATCH/signaling-new")))
	names <"$SCRATCH/signaling-new" | awk '
		/mobility: B[UA]/ {
			from = $2; to = $4; by = ""
			if ($5 == "IP6") { by = from == "anchor" ? to : from; from = $6; to = $8 }
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
	say
	told signaling signaling
	told "home cache" cache home
	told "proxy cache" cache proxy
	say
}
