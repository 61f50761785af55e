#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# A mistake in the configuration is named by file, line and key.
. "$(dirname "$0")/lib.sh"

# refused LINE-PATTERN SED-SCRIPT: the good file, edited, is refused with a message that names the
# line that has the pattern
refused() {
	sed "$2" "$SCRATCH/anchor.toml" >"$SCRATCH/bad.toml"
	refused_line=$(grep -n -m 1 -e "$1" "$SCRATCH/bad.toml" | cut -d: -f1)
	refused_output=$(anchor6d --check "$SCRATCH/bad.toml" 2>&1) && { echo "accepted"; return 1; }
	echo "$refused_output"
	echo "$refused_output" | grep -q -e "$SCRATCH/bad.toml:$refused_line: .*$3"
}

plan 12
agent_config
check "a good file" exits 0 anchor6d --check "$SCRATCH/anchor.toml"
check "laboratory settings are reported" says "anybody can speak" anchor6d --check "$SCRATCH/anchor.toml"
check "an unknown key" refused colour 's/^device = .*/&\ncolour = "red"/' colour
check "an unknown table" refused '^..mags' 's/^\[\[mag\]\]/[[mags]]/' mags
check "a wrong type" refused '^instance' 's/^instance = .*/instance = "one"/' instance
check "a number out of range" refused '^timestamp' 's/^timestamp_validity.*/timestamp_validity_window_ms = 0/' \
	timestamp_validity_window_ms
check "a relative path" refused '^store' 's/^store = .*/store = "here.db"/' store
check "an address that is none" refused '^lma_address' 's/^lma_address.*/lma_address = "2001:db8::g"/' lma_address
check "a prefix with host bits" refused '^prefix' 's/^prefix = .*/prefix = "2001:db8:77::1\/48"/' prefix
check "a node's prefix outside the home prefixes" refused '2001:db8:99' \
	's/2001:db8:77:2::/2001:db8:99:2::/' home_network_prefixes
check "what is no TOML" refused '^device' 's/^device = .*/device = /' ''
check "a file that is not there" says "/nowhere.toml" anchor6d --check /nowhere.toml
