#!/bin/dash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module's tables agree with a naive model, at random, when it is built with DEBUG=1.
. "$(dirname "$0")/lib.sh"

MODULE=$HERE/../build/${KERNEL:-}/anchor6-debug.ko

unload() {
	[ ! -d /sys/module/anchor6 ] || rmmod anchor6
}

# Loading runs the comparison and fails with it.
compare() {
	unload && module_load && unload && return
	dmesg | grep anchor6
	return 1
}

[ -f "$MODULE" ] || skip_all "needs the module built with DEBUG=1"
plan 1
check "the tables agree with the naive model" compare
