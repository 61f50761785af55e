# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Where demo and shell find the lab, and names for a person to type.

# shellcheck disable=SC2034 # no prefix
NS=
LAB=/mnt/anchor6/selftests
KERNEL=${KERNEL:-$(sed -n 's/.*lab\.kernel=\([^ ]*\).*/\1/p' /proc/cmdline)}
export KERNEL
