/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The differences between the supported kernels, 6.1 to 6.12. No other file
 * looks at LINUX_VERSION_CODE.
 */
#ifndef _ANCHOR6_COMPAT_H
#define _ANCHOR6_COMPAT_H

#include <linux/netdevice.h>
#include <linux/version.h>
#include <net/genetlink.h>

#define ANCHOR6_KERNEL_SINCE(major, minor) \
	(KERNEL_VERSION(major, minor, 0) <= LINUX_VERSION_CODE)

#if ANCHOR6_KERNEL_SINCE(6, 5)
#include <net/gso.h>
#endif

#if ANCHOR6_KERNEL_SINCE(6, 12)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#if ANCHOR6_KERNEL_SINCE(6, 2)
#define anchor6_genl_op genl_split_ops
#else
#define anchor6_genl_op genl_ops
#endif

static inline struct nlattr **anchor6_dump_attrs(struct netlink_callback *cb)
{
#if ANCHOR6_KERNEL_SINCE(6, 7)
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/* No transmit lock, and bound to the network namespace it was made in. */
static inline void anchor6_netdev_constrain(struct net_device *netdev)
{
#if ANCHOR6_KERNEL_SINCE(6, 12)
	netdev->lltx = true;
	netdev->netns_immutable = true;
#else
	netdev->features |= NETIF_F_LLTX | NETIF_F_NETNS_LOCAL;
#endif
}

/* From 6.9 on the core allocates and frees the statistics of a device. */
#if ANCHOR6_KERNEL_SINCE(6, 9)
static inline int anchor6_netdev_stats_init(struct net_device *netdev)
{
	return 0;
}

static inline void anchor6_netdev_stats_free(struct net_device *netdev)
{
}

static inline void anchor6_netdev_stats_declare(struct net_device *netdev)
{
	netdev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
}
#else
static inline int anchor6_netdev_stats_init(struct net_device *netdev)
{
	netdev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	return netdev->tstats ? 0 : -ENOMEM;
}

static inline void anchor6_netdev_stats_free(struct net_device *netdev)
{
	free_percpu(netdev->tstats);
	netdev->tstats = NULL;
}

static inline void anchor6_netdev_stats_declare(struct net_device *netdev)
{
}
#endif

#endif /* _ANCHOR6_COMPAT_H */
