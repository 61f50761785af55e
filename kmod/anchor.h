/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_ANCHOR_H
#define _ANCHOR6_ANCHOR_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/gro_cells.h>

#include "binding.h"
#include "stats.h"
#include "trace.h"

struct dentry;

/**
 * struct anchor6_device - private part of a network device of kind anchor6
 * @netdev: the network device that this is the private part of
 * @bindings: what is bound; readers under RCU, writers under its lock
 * @reply_mark: see %ANCHOR6_DEVICE_A_REPLY_MARK
 * @reply_mask: see %ANCHOR6_DEVICE_A_REPLY_MASK
 * @outer_mark: see %ANCHOR6_DEVICE_A_OUTER_MARK
 * @outer_vrf: see %ANCHOR6_DEVICE_A_OUTER_VRF
 * @mode: enum anchor6_mode
 * @stats: per-CPU counters
 * @gro_cells: receive queues for decapsulated packets
 * @hook: registered while the device is up
 * @dead: the device is going away, nothing may be added; under the lock of
 *	@bindings
 * @debugfs: directory of the device's views
 *
 * Packets find the device through the argument of the transmit function or of
 * the hook, or through the namespace's RCU pointer, and only while it is running.
 * The core waits for a grace period between stopping the device and
 * anchor6_device_uninit(): what uninit frees has no reader left.
 */
struct anchor6_device {
	struct net_device *netdev;
	struct anchor6_bindings bindings;
	u32 reply_mark;
	u32 reply_mask;
	u32 outer_mark;
	int outer_vrf;
	u8 mode;
	struct anchor6_stats __percpu *stats;
	struct gro_cells gro_cells;
	struct nf_hook_ops hook;

	bool dead;
	struct dentry *debugfs;
};

/* Count what became of a packet, which must be there still when it is dropped. */
static inline void anchor6_packet_count(struct anchor6_device *device,
					const struct sk_buff *skb,
					enum anchor6_counter counter)
{
	anchor6_count(device->stats, counter);
	if (anchor6_counter_infos[counter].kind == ANCHOR6_COUNTER_DROP)
		trace_anchor6_drop(device->netdev, skb, counter);
}

struct anchor6_device *anchor6_device_of(struct net_device *netdev);
struct anchor6_device *anchor6_device_in(struct net *net);
struct anchor6_device *anchor6_device_running(struct net *net);

int anchor6_hook_register(struct anchor6_device *device);
void anchor6_hook_unregister(struct anchor6_device *device);
bool anchor6_address_is_local(struct anchor6_device *device,
			      const struct in6_addr *address);
netdev_tx_t anchor6_device_xmit(struct sk_buff *skb, struct net_device *netdev);

int anchor6_netlink_init(void);
void anchor6_netlink_exit(void);
void anchor6_binding_notify(struct anchor6_device *device,
			    const struct anchor6_binding *binding, u8 reason,
			    u32 portid);

void anchor6_debugfs_init(void);
void anchor6_debugfs_exit(void);
void anchor6_debugfs_add(struct anchor6_device *device);
void anchor6_debugfs_remove(struct anchor6_device *device);

#endif /* _ANCHOR6_ANCHOR_H */
