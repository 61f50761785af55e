# SPDX-License-Identifier: GPL-2.0-or-later
"""The netlink ABI as its specification, its header and the module describe it."""
