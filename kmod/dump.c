// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps go on after the last object that was sent, in the order of its key: an
 * object that is there all the time comes exactly once, whatever else changes.
 */
#include "compat.h"
#include "message.h"

/* Where a dump goes on: the last object that was sent. */
struct anchor6_dump {
	bool started;
	union {
		enum anchor6_counter counter;
		struct in6_addr home_prefix;
		struct anchor6_binding_key binding;
		struct anchor6_far_end_key far_end;
	};
};

static struct anchor6_dump *anchor6_dump_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct anchor6_dump) > sizeof(cb->ctx));
	return (struct anchor6_dump *)cb->ctx;
}

static void *anchor6_entry_begin(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct anchor6_device *device)
{
	void *header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, &anchor6_family,
				   NLM_F_MULTI,
				   ((struct genlmsghdr *)
				    nlmsg_data(cb->nlh))->cmd);

	if (!header)
		return NULL;
	if (nla_put_u32(skb, ANCHOR6_A_IFINDEX, device->netdev->ifindex)) {
		genlmsg_cancel(skb, header);
		return NULL;
	}
	genl_dump_check_consistent(cb, header);
	return header;
}

static int anchor6_entry_end(struct sk_buff *skb, void *header, int err)
{
	if (err)
		genlmsg_cancel(skb, header);
	else
		genlmsg_end(skb, header);
	return err;
}

/* Fills in one kind of object from where the dump stands. */
typedef int (*anchor6_dump_fill)(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct anchor6_device *device);

static int anchor6_dump(struct sk_buff *skb, struct netlink_callback *cb,
			anchor6_dump_fill fill)
{
	struct anchor6_device *device;
	int err;

	device = anchor6_device_lock(sock_net(cb->skb->sk),
				     anchor6_dump_attrs(cb), cb->extack);
	if (IS_ERR(device))
		return PTR_ERR(device);
	cb->seq = device->bindings.generation;
	err = fill(skb, cb, device);
	anchor6_device_unlock(device);
	return err && !(err == -EMSGSIZE && skb->len) ? err : skb->len;
}

/**
 * anchor6_dump_start - check the request for a dump of a device's objects
 * @cb: the dump
 *
 * A refusal here is an error message; later it would be the end of a dump.
 *
 * Context: process.
 * Return: 0 or a negative error
 */
int anchor6_dump_start(struct netlink_callback *cb)
{
	struct anchor6_device *device;
	int err;

	err = anchor6_header_check(cb->nlh, NLM_F_DUMP, cb->extack);
	if (err)
		return err;
	device = anchor6_device_lock(sock_net(cb->skb->sk),
				     anchor6_dump_attrs(cb), cb->extack);
	if (IS_ERR(device))
		return PTR_ERR(device);
	anchor6_device_unlock(device);
	return 0;
}

/**
 * anchor6_binding_get_start - check the request for a dump of bindings
 * @cb: the dump
 *
 * Context: process.
 * Return: 0 or a negative error
 */
int anchor6_binding_get_start(struct netlink_callback *cb)
{
	struct anchor6_binding_filter filter;

	return anchor6_dump_start(cb) ?:
	       anchor6_binding_filter_parse(anchor6_dump_attrs(cb)
						    [ANCHOR6_A_BINDING],
					    &filter, cb->extack);
}

/**
 * anchor6_device_get_start - check the request for a dump of devices
 * @cb: the dump
 *
 * Context: process.
 * Return: 0 or a negative error
 */
int anchor6_device_get_start(struct netlink_callback *cb)
{
	if (!anchor6_dump_attrs(cb)[ANCHOR6_A_IFINDEX])
		return anchor6_header_check(cb->nlh, NLM_F_DUMP, cb->extack);
	NL_SET_ERR_MSG(cb->extack, "a dump of devices takes no interface index");
	return -EINVAL;
}

static struct anchor6_device *anchor6_device_lock_in(struct net *net)
{
	struct anchor6_device *device;
	struct net_device *netdev = NULL;

	rcu_read_lock();
	device = anchor6_device_in(net);
	if (device) {
		netdev = device->netdev;
		dev_hold(netdev);
	}
	rcu_read_unlock();
	if (!device)
		return NULL;
	mutex_lock(&device->bindings.lock);
	if (!device->dead)
		return device;
	anchor6_device_unlock(device);
	return NULL;
}

/**
 * anchor6_device_get_dumpit - dump the device of the namespace
 * @skb: to be filled
 * @cb: the dump
 *
 * Context: process.
 * Return: octets filled in, 0 at the end, or a negative error
 */
int anchor6_device_get_dumpit(struct sk_buff *skb,
			      struct netlink_callback *cb)
{
	struct anchor6_dump *dump = anchor6_dump_of(cb);
	struct anchor6_device *device;
	void *header;
	int err = -EMSGSIZE;

	if (dump->started)
		return 0;
	device = anchor6_device_lock_in(sock_net(cb->skb->sk));
	if (!device)
		return 0;
	header = anchor6_entry_begin(skb, cb, device);
	if (header)
		err = anchor6_entry_end(skb, header,
					anchor6_device_put(skb, device));
	anchor6_device_unlock(device);
	dump->started = !err;
	return err ?: skb->len;
}

static int anchor6_home_prefix_fill(struct sk_buff *skb,
				    struct netlink_callback *cb,
				    struct anchor6_device *device)
{
	struct anchor6_home_prefixes *prefixes =
		anchor6_home_prefixes_of(&device->bindings);
	struct anchor6_dump *dump = anchor6_dump_of(cb);
	void *header;
	u32 index;
	int err;

	index = dump->started ? anchor6_home_prefix_rank(prefixes,
							 &dump->home_prefix) :
				0;
	for (; index < prefixes->count; index++) {
		header = anchor6_entry_begin(skb, cb, device);
		if (!header)
			return -EMSGSIZE;
		err = anchor6_home_prefix_put(skb, &prefixes->entries[index]);
		err = anchor6_entry_end(skb, header, err);
		if (err)
			return err;
		dump->started = true;
		dump->home_prefix = prefixes->entries[index].prefix.address;
	}
	return 0;
}

/**
 * anchor6_home_prefix_get_dumpit - dump the home prefixes of a device
 * @skb: to be filled
 * @cb: the dump
 *
 * Context: process.
 * Return: octets filled in, 0 at the end, or a negative error
 */
int anchor6_home_prefix_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	return anchor6_dump(skb, cb, anchor6_home_prefix_fill);
}

static int anchor6_binding_entry(struct sk_buff *skb,
				 struct netlink_callback *cb,
				 struct anchor6_device *device,
				 const struct anchor6_binding *binding)
{
	void *header = anchor6_entry_begin(skb, cb, device);

	if (!header)
		return -EMSGSIZE;
	return anchor6_entry_end(skb, header,
				 anchor6_binding_put(skb, ANCHOR6_A_BINDING,
						     device, binding));
}

static int anchor6_binding_fill(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct anchor6_device *device)
{
	struct anchor6_bindings *bindings = &device->bindings;
	struct anchor6_dump *dump = anchor6_dump_of(cb);
	struct anchor6_binding_filter filter;
	struct anchor6_binding *binding;
	int err;

	err = anchor6_binding_filter_parse(anchor6_dump_attrs(cb)
						   [ANCHOR6_A_BINDING],
					   &filter, cb->extack);
	if (err)
		return err;
	binding = anchor6_binding_after(bindings,
					dump->started ? &dump->binding : NULL);
	for (; binding; binding = anchor6_binding_next(bindings, binding)) {
		if (anchor6_binding_live(binding, anchor6_now()) &&
		    anchor6_binding_matches(bindings, binding, &filter)) {
			err = anchor6_binding_entry(skb, cb, device, binding);
			if (err)
				return err;
		}
		dump->started = true;
		dump->binding = anchor6_binding_key_of(binding);
		cond_resched();
	}
	return 0;
}

/**
 * anchor6_binding_get_dumpit - dump the bindings of a device that match
 * @skb: to be filled
 * @cb: the dump
 *
 * Context: process.
 * Return: octets filled in, 0 at the end, or a negative error
 */
int anchor6_binding_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	return anchor6_dump(skb, cb, anchor6_binding_fill);
}

static int anchor6_far_end_fill(struct sk_buff *skb,
				struct netlink_callback *cb,
				struct anchor6_device *device)
{
	struct anchor6_far_ends *far_ends = &device->bindings.far_ends;
	struct anchor6_dump *dump = anchor6_dump_of(cb);
	struct anchor6_far_end *far_end;
	void *header;
	int err;

	for (;;) {
		far_end = anchor6_far_end_after(far_ends, dump->started ?
						&dump->far_end : NULL);
		if (!far_end)
			return 0;
		header = anchor6_entry_begin(skb, cb, device);
		if (!header)
			return -EMSGSIZE;
		err = anchor6_far_end_put_use(skb, device, far_end);
		err = anchor6_entry_end(skb, header, err);
		if (err)
			return err;
		dump->started = true;
		dump->far_end = far_end->key;
	}
}

/**
 * anchor6_far_end_get_dumpit - dump the far ends of a device
 * @skb: to be filled
 * @cb: the dump
 *
 * Context: process.
 * Return: octets filled in, 0 at the end, or a negative error
 */
int anchor6_far_end_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	return anchor6_dump(skb, cb, anchor6_far_end_fill);
}

static int anchor6_stats_fill(struct sk_buff *skb, struct netlink_callback *cb,
			      struct anchor6_device *device)
{
	struct anchor6_dump *dump = anchor6_dump_of(cb);
	void *header;
	u64 value;
	int err;

	for (; dump->counter < ANCHOR6_COUNTER_NUM; dump->counter++) {
		header = anchor6_entry_begin(skb, cb, device);
		if (!header)
			return -EMSGSIZE;
		value = anchor6_counter_sum(device->stats, dump->counter);
		err = anchor6_counter_put(skb, dump->counter, value);
		err = anchor6_entry_end(skb, header, err);
		if (err)
			return err;
	}
	return 0;
}

/**
 * anchor6_stats_get_dumpit - dump the counters of a device
 * @skb: to be filled
 * @cb: the dump
 *
 * Context: process.
 * Return: octets filled in, 0 at the end, or a negative error
 */
int anchor6_stats_get_dumpit(struct sk_buff *skb,
			     struct netlink_callback *cb)
{
	return anchor6_dump(skb, cb, anchor6_stats_fill);
}
