// SPDX-License-Identifier: GPL-2.0
#include <linux/if_arp.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/ip_tunnels.h>
#include <net/netns/generic.h>
#include <net/rtnetlink.h>

#include "anchor.h"
#include "compat.h"
#include "tunnel.h"

/* The path decides what fits, not the device: it never refuses a packet. */
#define ANCHOR6_MTU	(IP_MAX_MTU - ANCHOR6_OVERHEAD)

struct anchor6_net {
	struct anchor6_device __rcu *device;
};

static unsigned int anchor6_net_id __read_mostly;

/**
 * anchor6_device_in - the device of a network namespace
 * @net: the namespace
 *
 * Context: RCU read side.
 * Return: the device or NULL
 */
struct anchor6_device *anchor6_device_in(struct net *net)
{
	struct anchor6_net *anchor6 = net_generic(net, anchor6_net_id);

	return rcu_dereference(anchor6->device);
}

/**
 * anchor6_device_running - the device of a network namespace, if it is up
 * @net: the namespace
 *
 * Context: RCU read side.
 * Return: the device or NULL
 */
struct anchor6_device *anchor6_device_running(struct net *net)
{
	struct anchor6_device *device = anchor6_device_in(net);

	return device && netif_running(device->netdev) ? device : NULL;
}

static void anchor6_device_binding_expired(struct anchor6_bindings *bindings,
					   const struct anchor6_binding *binding)
{
	struct anchor6_device *device =
		container_of(bindings, struct anchor6_device, bindings);

	anchor6_count(device->stats, ANCHOR6_COUNT_bindings_expired);
	anchor6_binding_notify(device, binding, ANCHOR6_REASON_EXPIRED, 0);
}

static int anchor6_device_init(struct net_device *netdev)
{
	struct anchor6_net *anchor6 = net_generic(dev_net(netdev),
						  anchor6_net_id);
	struct anchor6_device *device = netdev_priv(netdev);
	int err = -ENOMEM;

	device->netdev = netdev;
	device->mode = ANCHOR6_MODE_FAST;
	device->stats = alloc_percpu(struct anchor6_stats);
	if (!device->stats)
		return err;
	err = gro_cells_init(&device->gro_cells, netdev);
	if (err)
		goto err_stats;
	err = anchor6_bindings_init(&device->bindings,
				    anchor6_device_binding_expired);
	if (err)
		goto err_gro_cells;
	err = anchor6_netdev_stats_init(netdev);
	if (err)
		goto err_bindings;
	anchor6_debugfs_add(device);
	rcu_assign_pointer(anchor6->device, device);
	return 0;

err_bindings:
	anchor6_bindings_destroy(&device->bindings);
err_gro_cells:
	gro_cells_destroy(&device->gro_cells);
err_stats:
	free_percpu(device->stats);
	return err;
}

/* Packets are gone by now; see struct anchor6_device. */
static void anchor6_device_uninit(struct net_device *netdev)
{
	struct anchor6_net *anchor6 = net_generic(dev_net(netdev),
						  anchor6_net_id);
	struct anchor6_device *device = netdev_priv(netdev);

	RCU_INIT_POINTER(anchor6->device, NULL);
	mutex_lock(&device->bindings.lock);
	device->dead = true;
	mutex_unlock(&device->bindings.lock);
	anchor6_debugfs_remove(device);
	anchor6_bindings_destroy(&device->bindings);
	gro_cells_destroy(&device->gro_cells);
	free_percpu(device->stats);
}

static int anchor6_device_open(struct net_device *netdev)
{
	return anchor6_hook_register(netdev_priv(netdev));
}

static int anchor6_device_stop(struct net_device *netdev)
{
	anchor6_hook_unregister(netdev_priv(netdev));
	return 0;
}

static const struct net_device_ops anchor6_device_ops = {
	.ndo_init = anchor6_device_init,
	.ndo_uninit = anchor6_device_uninit,
	.ndo_open = anchor6_device_open,
	.ndo_stop = anchor6_device_stop,
	.ndo_start_xmit = anchor6_device_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
};

/**
 * anchor6_device_of - the private part of a network device
 * @netdev: any network device
 *
 * Context: any, with a reference to @netdev or on the RCU read side.
 * Return: the private part, or NULL when the device is not of our kind
 */
struct anchor6_device *anchor6_device_of(struct net_device *netdev)
{
	return netdev->netdev_ops == &anchor6_device_ops ? netdev_priv(netdev) :
							   NULL;
}

static void anchor6_link_setup(struct net_device *netdev)
{
	/* A list of whole packets cannot take another header as one. */
	const netdev_features_t features = (NETIF_F_SG | NETIF_F_FRAGLIST |
					    NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |
					    NETIF_F_GSO_SOFTWARE) &
					   ~NETIF_F_GSO_FRAGLIST;

	netdev->netdev_ops = &anchor6_device_ops;
	netdev->header_ops = &ip_tunnel_header_ops;
	netdev->type = ARPHRD_NONE;
	netdev->flags = IFF_NOARP;
	netdev->priv_flags |= IFF_NO_QUEUE;
	netdev->features |= features;
	netdev->hw_features |= features;
	netdev->needed_headroom = LL_MAX_HEADER + ANCHOR6_OVERHEAD;
	netdev->mtu = ANCHOR6_MTU;
	netdev->min_mtu = IPV6_MIN_MTU;
	netdev->max_mtu = ANCHOR6_MTU;
	netdev->needs_free_netdev = true;
	netdev->priv_destructor = anchor6_netdev_stats_free;
	anchor6_netdev_constrain(netdev);
	anchor6_netdev_stats_declare(netdev);
}

static int anchor6_link_new(struct net *src_net, struct net_device *netdev,
			    struct nlattr *tb[], struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	struct anchor6_net *anchor6 = net_generic(dev_net(netdev),
						  anchor6_net_id);
	struct inet6_dev *in6_dev;
	int err;

	if (rcu_access_pointer(anchor6->device)) {
		NL_SET_ERR_MSG(extack, "the network namespace already has an anchor6 device");
		return -EEXIST;
	}
	err = register_netdevice(netdev);
	if (err)
		return err;
	in6_dev = __in6_dev_get(netdev);
	if (in6_dev)
		in6_dev->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;
	return 0;
}

static struct rtnl_link_ops anchor6_link_ops __read_mostly = {
	.kind = ANCHOR6_LINK_KIND,
	.priv_size = sizeof(struct anchor6_device),
	.setup = anchor6_link_setup,
	.newlink = anchor6_link_new,
};

static struct pernet_operations anchor6_net_ops = {
	.id = &anchor6_net_id,
	.size = sizeof(struct anchor6_net),
};

static int __init anchor6_caches_create(void)
{
	int err;

	err = anchor6_binding_cache_create();
	if (err)
		return err;
	err = anchor6_far_end_cache_create();
	if (err)
		anchor6_binding_cache_destroy();
	return err;
}

static void anchor6_caches_destroy(void)
{
	rcu_barrier();
	anchor6_far_end_cache_destroy();
	anchor6_binding_cache_destroy();
}

static int __init anchor6_register(void)
{
	int err;

	err = register_pernet_device(&anchor6_net_ops);
	if (err)
		return err;
	err = anchor6_tunnel_init();
	if (err)
		goto err_pernet;
	err = rtnl_link_register(&anchor6_link_ops);
	if (err)
		goto err_tunnel;
	err = anchor6_netlink_init();
	if (err)
		goto err_link;
	return 0;

err_link:
	rtnl_link_unregister(&anchor6_link_ops);
err_tunnel:
	anchor6_tunnel_exit();
err_pernet:
	unregister_pernet_device(&anchor6_net_ops);
	return err;
}

static int __init anchor6_init(void)
{
	int err;

	err = anchor6_caches_create();
	if (err)
		return err;
	anchor6_debugfs_init();
	err = anchor6_binding_selftest() ? anchor6_register() : -ENOTRECOVERABLE;
	if (err) {
		anchor6_debugfs_exit();
		anchor6_caches_destroy();
	}
	return err;
}

static void __exit anchor6_exit(void)
{
	anchor6_netlink_exit();
	rtnl_link_unregister(&anchor6_link_ops);
	anchor6_tunnel_exit();
	unregister_pernet_device(&anchor6_net_ops);
	anchor6_debugfs_exit();
	anchor6_caches_destroy();
}

module_init(anchor6_init);
module_exit(anchor6_exit);

MODULE_AUTHOR("The anchor6 authors");
MODULE_DESCRIPTION("IPv6 mobility anchor: home agent and local mobility anchor");
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK(ANCHOR6_LINK_KIND);
MODULE_ALIAS_GENL_FAMILY(ANCHOR6_GENL_NAME);
