# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What happens in the lab, told to a person: steps with their time, and checks in words.

STEP=0
START=$(uptime_ms)

say() {
	echo "${*:+          $*}"
}

step() {
	STEP=$((STEP + 1))
	echo
	printf '%6.1f s  %d. %s\n' "$(since_start)" $STEP "$1"
	echo
}

since_start() {
	echo $(($(uptime_ms) - START)) | sed 's/...$/.&/; s/^\./0./'
}

# verify TEXT COMMAND...
verify() {
	verify_text=$1
	shift
	CHECKS=$((CHECKS + 1))
	if "$@" >"$SCRATCH/check" 2>&1; then
		say "[ok]     $verify_text"
	else
		FAILURES=$((FAILURES + 1))
		say "[FAILED] $verify_text"
		sed 's/^/          | /' "$SCRATCH/check"
	fi
}

# The checks of a scenario are told, too.
check() {
	verify "$@"
}
