# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Inside every machine of the lab: runs its command, unloads the module and looks for complaints.

unload_module() {
	[ -d /sys/module/anchor6 ] || return 0
	rmmod anchor6 || { echo "lab: anchor6 does not unload"; return 1; }
}

# Memory that nothing points to, on a kernel that looks for it: it takes objects for leaks that are
# older than some seconds and that two scans agree on.
inspect_memory() {
	leaks=/sys/kernel/debug/kmemleak
	[ -w $leaks ] || return 0
	echo scan >$leaks
	sleep 6
	echo scan >$leaks
	[ -n "$(cat $leaks)" ] || return 0
	echo "lab: memory leaked:"
	cat $leaks
	return 1
}

inspect_log() {
	complaints=$(dmesg | grep -E 'BUG[ :]|WARNING:|UBSAN:|ODEBUG:|INFO: |Object remaining|[Oo]bjects remaining|still has objects|Slab.*(overwritten|corrupt)|kmemleak: [0-9]+ new|unregister_netdevice: waiting|ref_tracker:|leaked reference|suspicious RCU')
	[ -z "$complaints" ] && return 0
	echo "lab: the kernel complained:"
	echo "$complaints"
	return 1
}

# run COMMAND...: its output, then what became of it; 99 when only the kernel complained
run() {
	"$@"
	status=$?
	unload_module && inspect_memory && inspect_log || [ $status -ne 0 ] || status=99
	echo "lab: status $status"
}
