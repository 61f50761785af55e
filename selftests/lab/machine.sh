# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What every machine of the lab is started with, what comes out of it, and how two of them share work.

# divide FOLDER NAME SELFTEST...: two machines, NAME and NAME-2, since one rarely keeps more than one
# processor busy. The caller has the function "machine NAME SELFTEST...", which runs those that no other
# machine has taken; their output goes to FOLDER.
divide() {
	divide_folder=$1 divide_name=$2
	shift 2
	for divide_machine in "$divide_name" "$divide_name-2"; do
		machine "$divide_machine" "$@" >"$divide_folder/$divide_machine" 2>&1 &
	done
	wait
	selftests/lab/collect "$divide_folder/$divide_name" "$divide_folder/$divide_name-2" -- "$@"
}

# The command as one shell-quoted line in base64; the kernel's command line knows no quotes.
encode() {
	for word; do
		printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
	done | base64 -w0 | tr '=' '_'
}

# relay FILE: prints the machine's results as they come; the status of its command goes to the file.
relay() {
	awk -v status="$1" '
		{ sub(/\r$/, "") }
		sub(/^lab: status /, "") { print $1 + 0 >status; next }
		{ print; fflush() }'
}
