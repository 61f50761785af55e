# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What every machine of the lab is started with, and what comes out of it.

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
