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
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define anchor6_genl_op genl_ops
#else
#define anchor6_genl_op genl_split_ops
#endif

static inline struct nlattr **anchor6_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

/* No transmit lock, and bound to the network namespace it was made in. */
static inline void anchor6_netdev_constrain(struct net_device *netdev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	netdev->features |= NETIF_F_LLTX | NETIF_F_NETNS_LOCAL;
#else
	netdev->lltx = true;
	netdev->netns_immutable = true;
#endif
}

/* From 6.9 on the core allocates and frees the statistics of a device. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
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
#else
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
#endif

#endif /* _ANCHOR6_COMPAT_H */
