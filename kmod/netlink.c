// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family and its commands. The ABI is described in
 * anchor6.h.
 */
#include <linux/module.h>
#include <net/addrconf.h>

#include "compat.h"
#include "message.h"

/**
 * anchor6_header_check - refuse a header that asks for what we do not know
 * @header: of a request
 * @known: flags that the command knows
 * @extack: where the reason of a refusal goes
 *
 * Context: process.
 * Return: 0, -EOPNOTSUPP or -EINVAL
 */
int anchor6_header_check(const struct nlmsghdr *header, u16 known,
			 struct netlink_ext_ack *extack)
{
	const struct genlmsghdr *genl = nlmsg_data(header);

	if (header->nlmsg_flags & ~(NLM_F_REQUEST | NLM_F_ACK | known)) {
		NL_SET_ERR_MSG(extack, "a flag of the request is unknown to this command");
		return -EOPNOTSUPP;
	}
	if (genl->reserved) {
		NL_SET_ERR_MSG(extack, "the reserved field of the header is not zero");
		return -EINVAL;
	}
	return 0;
}

/**
 * anchor6_device_lock - find the device of a request and lock its bindings
 * @net: namespace of the request
 * @attrs: attributes of the request
 * @extack: where the reason of a refusal goes
 *
 * Context: process.
 * Return: the device, to be given back by anchor6_device_unlock(), or an
 * ERR_PTR()
 */
struct anchor6_device *anchor6_device_lock(struct net *net,
					   struct nlattr **attrs,
					   struct netlink_ext_ack *extack)
{
	struct anchor6_device *device;
	struct net_device *netdev;

	if (NL_REQ_ATTR_CHECK(extack, NULL, attrs, ANCHOR6_A_IFINDEX)) {
		NL_SET_ERR_MSG(extack, "the interface index is missing");
		return ERR_PTR(-EINVAL);
	}
	netdev = dev_get_by_index(net, nla_get_u32(attrs[ANCHOR6_A_IFINDEX]));
	if (!netdev) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[ANCHOR6_A_IFINDEX],
				    "the interface does not exist");
		return ERR_PTR(-ENODEV);
	}
	device = anchor6_device_of(netdev);
	if (device) {
		mutex_lock(&device->bindings.lock);
		if (!device->dead)
			return device;
		mutex_unlock(&device->bindings.lock);
	}
	dev_put(netdev);
	NL_SET_ERR_MSG_ATTR(extack, attrs[ANCHOR6_A_IFINDEX],
			    "the interface is not an anchor6 device");
	return ERR_PTR(-ENODEV);
}

/**
 * anchor6_device_unlock - end what anchor6_device_lock() began
 * @device: the device
 *
 * Context: process.
 */
void anchor6_device_unlock(struct anchor6_device *device)
{
	struct net_device *netdev = device->netdev;

	mutex_unlock(&device->bindings.lock);
	dev_put(netdev);
}

static int anchor6_pre_doit(const struct anchor6_genl_op *op, struct sk_buff *skb,
			    struct genl_info *info)
{
	struct anchor6_device *device;
	u16 known = 0;
	int err;

	if (op->cmd == ANCHOR6_CMD_BINDING_SET)
		known = NLM_F_CREATE | NLM_F_EXCL | NLM_F_REPLACE;
	err = anchor6_header_check(info->nlhdr, known, info->extack);
	if (err)
		return err;
	device = anchor6_device_lock(genl_info_net(info), info->attrs,
				     info->extack);
	if (IS_ERR(device))
		return PTR_ERR(device);
	info->user_ptr[0] = device;
	return 0;
}

static void anchor6_post_doit(const struct anchor6_genl_op *op, struct sk_buff *skb,
			      struct genl_info *info)
{
	anchor6_device_unlock(info->user_ptr[0]);
}

static int anchor6_nest_require(struct genl_info *info, int attribute)
{
	if (!GENL_REQ_ATTR_CHECK(info, attribute))
		return 0;
	GENL_SET_ERR_MSG(info, "the object of the request is missing");
	return -EINVAL;
}

static int anchor6_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_message message;
	int err;

	err = anchor6_reply_begin(&message, device, info,
				  anchor6_device_size());
	if (err)
		return err;
	err = anchor6_device_put(message.skb, device);
	return anchor6_reply_send(&message, err, info);
}

static int anchor6_reply_mark_set(struct anchor6_device *device,
				  struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	struct nlattr *mark_attr = tb[ANCHOR6_DEVICE_A_REPLY_MARK];
	struct nlattr *mask_attr = tb[ANCHOR6_DEVICE_A_REPLY_MASK];
	u32 mark = mark_attr ? nla_get_u32(mark_attr) : device->reply_mark;
	u32 mask = mask_attr ? nla_get_u32(mask_attr) : device->reply_mask;

	if (mask && mark & ~mask) {
		NL_SET_ERR_MSG_ATTR(extack, mark_attr ?: mask_attr,
				    "the reply mark has bits outside its mask");
		return -EINVAL;
	}
	WRITE_ONCE(device->reply_mark, mark);
	WRITE_ONCE(device->reply_mask, mask);
	return 0;
}

static int anchor6_outer_vrf_check(struct anchor6_device *device,
				   struct nlattr **tb,
				   struct netlink_ext_ack *extack)
{
	struct nlattr *attr = tb[ANCHOR6_DEVICE_A_OUTER_VRF];
	struct net_device *vrf;
	int err = 0;

	if (!attr || !nla_get_u32(attr))
		return 0;
	rcu_read_lock();
	vrf = dev_get_by_index_rcu(dev_net(device->netdev), nla_get_u32(attr));
	if (!vrf || !netif_is_l3_master(vrf)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "the interface for outer packets is no VRF");
		err = -EINVAL;
	}
	rcu_read_unlock();
	return err;
}

/* The far ends' cached routes were looked up with the old settings. */
static void anchor6_outer_set(struct anchor6_device *device, struct nlattr **tb)
{
	struct nlattr *mark = tb[ANCHOR6_DEVICE_A_OUTER_MARK];
	struct nlattr *vrf = tb[ANCHOR6_DEVICE_A_OUTER_VRF];

	if (mark)
		WRITE_ONCE(device->outer_mark, nla_get_u32(mark));
	if (vrf)
		WRITE_ONCE(device->outer_vrf, nla_get_u32(vrf));
	if (mark || vrf)
		rt_genid_bump_ipv6(dev_net(device->netdev));
}

static int anchor6_device_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct anchor6_device *device = info->user_ptr[0];
	struct nlattr *tb[ANCHOR6_DEVICE_A_MAX + 1];
	int err;

	err = anchor6_nest_require(info, ANCHOR6_A_DEVICE) ?:
	      nla_parse_nested(tb, ANCHOR6_DEVICE_A_MAX,
			       info->attrs[ANCHOR6_A_DEVICE], NULL,
			       info->extack) ?:
	      anchor6_outer_vrf_check(device, tb, info->extack) ?:
	      anchor6_reply_mark_set(device, tb, info->extack);
	if (err)
		return err;
	anchor6_outer_set(device, tb);
	if (tb[ANCHOR6_DEVICE_A_MODE])
		WRITE_ONCE(device->mode, nla_get_u8(tb[ANCHOR6_DEVICE_A_MODE]));
	if (tb[ANCHOR6_DEVICE_A_BINDINGS_MAX])
		device->bindings.max =
			nla_get_u32(tb[ANCHOR6_DEVICE_A_BINDINGS_MAX]);
	anchor6_device_notify(device, info->snd_portid);
	return 0;
}

static int anchor6_home_prefix_add_doit(struct sk_buff *skb,
					struct genl_info *info)
{
	struct nlattr *nest = info->attrs[ANCHOR6_A_HOME_PREFIX];
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_prefix prefix;
	int err;

	err = anchor6_nest_require(info, ANCHOR6_A_HOME_PREFIX) ?:
	      anchor6_home_prefix_parse(nest, &prefix, info->extack);
	if (err)
		return err;
	NL_SET_BAD_ATTR(info->extack, nest);
	err = anchor6_home_prefix_add(&device->bindings, &prefix, info->extack);
	if (!err)
		anchor6_home_prefix_notify(device, &prefix, ANCHOR6_REASON_SET,
					   info->snd_portid);
	return err;
}

static int anchor6_home_prefix_del_doit(struct sk_buff *skb,
					struct genl_info *info)
{
	struct nlattr *nest = info->attrs[ANCHOR6_A_HOME_PREFIX];
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_prefix prefix;
	int err;

	err = anchor6_nest_require(info, ANCHOR6_A_HOME_PREFIX) ?:
	      anchor6_home_prefix_parse(nest, &prefix, info->extack);
	if (err)
		return err;
	NL_SET_BAD_ATTR(info->extack, nest);
	err = anchor6_home_prefix_del(&device->bindings, &prefix, info->extack);
	if (!err)
		anchor6_home_prefix_notify(device, &prefix,
					   ANCHOR6_REASON_DELETED,
					   info->snd_portid);
	return err;
}

static int anchor6_binding_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *nest = info->attrs[ANCHOR6_A_BINDING];
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_binding_spec spec;
	struct anchor6_binding *binding;
	int err;

	err = anchor6_nest_require(info, ANCHOR6_A_BINDING) ?:
	      anchor6_binding_spec_parse(nest, &spec, info->extack);
	if (err)
		return err;
	NL_SET_BAD_ATTR(info->extack, nest);
	binding = anchor6_binding_set(&device->bindings, &spec,
				      info->nlhdr->nlmsg_flags, info->extack);
	if (IS_ERR(binding))
		return PTR_ERR(binding);
	anchor6_binding_notify(device, binding, ANCHOR6_REASON_SET,
			       info->snd_portid);
	return 0;
}

static struct anchor6_binding *
anchor6_binding_named(struct genl_info *info,
		      struct anchor6_binding_filter *filter)
{
	struct nlattr *nest = info->attrs[ANCHOR6_A_BINDING];
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_binding *binding;
	int err;

	err = anchor6_nest_require(info, ANCHOR6_A_BINDING) ?:
	      anchor6_binding_key_parse(nest, filter, info->extack);
	if (err)
		return ERR_PTR(err);
	binding = anchor6_binding_find(&device->bindings, &filter->spec.key);
	if (binding)
		return binding;
	NL_SET_ERR_MSG_ATTR(info->extack, nest, "no such binding");
	return ERR_PTR(-ENOENT);
}

static int anchor6_binding_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_binding_filter filter;
	struct anchor6_binding *binding;

	binding = anchor6_binding_named(info, &filter);
	if (IS_ERR(binding))
		return PTR_ERR(binding);
	if (filter.fields & ANCHOR6_FIELD_COOKIE &&
	    filter.spec.cookie != binding->cookie) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[ANCHOR6_A_BINDING],
				    "the binding has another cookie");
		return -ESTALE;
	}
	anchor6_binding_notify(device, binding, ANCHOR6_REASON_DELETED,
			       info->snd_portid);
	anchor6_binding_remove(&device->bindings, binding);
	return 0;
}

static int anchor6_binding_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const u32 name = ANCHOR6_FIELD_CACHE | ANCHOR6_FIELD_PREFIX |
			 ANCHOR6_FIELD_PREFIX_LENGTH;
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_binding_filter filter;
	struct anchor6_message message;
	struct anchor6_binding *binding;
	int err;

	binding = anchor6_binding_named(info, &filter);
	if (IS_ERR(binding))
		return PTR_ERR(binding);
	if (filter.fields & ~name) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[ANCHOR6_A_BINDING],
				    "cache, prefix and prefix length name a binding, and nothing else");
		return -EINVAL;
	}
	err = anchor6_reply_begin(&message, device, info,
				  anchor6_binding_size());
	if (err)
		return err;
	err = anchor6_binding_put(message.skb, ANCHOR6_A_BINDING, device,
				  binding);
	return anchor6_reply_send(&message, err, info);
}

static int anchor6_binding_flush_doit(struct sk_buff *skb,
				      struct genl_info *info)
{
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_binding_filter filter;
	int err;

	err = anchor6_binding_filter_parse(info->attrs[ANCHOR6_A_BINDING],
					   &filter, info->extack);
	if (err)
		return err;
	if (anchor6_binding_flush(&device->bindings, &filter))
		anchor6_flush_notify(device, &filter, info->snd_portid);
	return 0;
}

/* What a lookup found; the pointers live as long as the lock is held. */
struct anchor6_finding {
	struct in6_addr address;
	u32 mark;
	u8 verdict;
	struct anchor6_home_prefix *home_prefix;
	struct anchor6_binding *binding;
	struct anchor6_binding *shadowed;
};

static int anchor6_lookup_parse(struct genl_info *info,
				struct anchor6_finding *finding)
{
	struct nlattr *nest = info->attrs[ANCHOR6_A_LOOKUP];
	struct nlattr *tb[ANCHOR6_LOOKUP_A_MAX + 1];
	int err;

	err = anchor6_nest_require(info, ANCHOR6_A_LOOKUP) ?:
	      nla_parse_nested(tb, ANCHOR6_LOOKUP_A_MAX, nest, NULL,
			       info->extack);
	if (err)
		return err;
	if (NL_REQ_ATTR_CHECK(info->extack, nest, tb,
			      ANCHOR6_LOOKUP_A_ADDRESS)) {
		GENL_SET_ERR_MSG(info, "the address to look up is missing");
		return -EINVAL;
	}
	finding->address = nla_get_in6_addr(tb[ANCHOR6_LOOKUP_A_ADDRESS]);
	if (tb[ANCHOR6_LOOKUP_A_MARK])
		finding->mark = nla_get_u32(tb[ANCHOR6_LOOKUP_A_MARK]);
	return 0;
}

static void anchor6_lookup_bindings(struct anchor6_device *device,
				    struct anchor6_finding *finding)
{
	struct anchor6_bindings *bindings = &device->bindings;
	u32 mask = device->reply_mask;
	struct anchor6_binding *home, *proxy;
	u64 now = anchor6_now();

	rcu_read_lock();
	home = anchor6_binding_lookup(bindings, ANCHOR6_CACHE_HOME,
				      &finding->address, now);
	proxy = anchor6_binding_lookup(bindings, ANCHOR6_CACHE_PROXY,
				       &finding->address, now);
	rcu_read_unlock();
	if (mask && (finding->mark & mask) == READ_ONCE(device->reply_mark))
		home = NULL;
	finding->binding = home ?: proxy;
	finding->shadowed = home ? proxy : NULL;
	finding->verdict = home ? ANCHOR6_VERDICT_HOME :
			   proxy ? ANCHOR6_VERDICT_PROXY :
				   ANCHOR6_VERDICT_UNBOUND;
}

static void anchor6_lookup(struct anchor6_device *device,
			   struct anchor6_finding *finding)
{
	struct anchor6_bindings *bindings = &device->bindings;

	if (ipv6_addr_type(&finding->address) &
	    (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL)) {
		finding->verdict = ANCHOR6_VERDICT_EXEMPT;
		return;
	}
	finding->home_prefix =
		anchor6_home_prefix_find(anchor6_home_prefixes_of(bindings),
					 &finding->address);
	if (!finding->home_prefix) {
		finding->verdict = ANCHOR6_VERDICT_FOREIGN;
		return;
	}
	anchor6_lookup_bindings(device, finding);
	if (anchor6_address_is_local(device, &finding->address))
		finding->verdict = ANCHOR6_VERDICT_LOCAL;
}

static size_t anchor6_finding_size(void)
{
	return nla_total_size(0) + nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(sizeof(u32)) + nla_total_size(sizeof(u8)) +
	       anchor6_home_prefix_size() + 2 * anchor6_binding_size();
}

static int anchor6_verdict_put(struct sk_buff *skb,
			       const struct anchor6_finding *finding)
{
	struct nlattr *nest = nla_nest_start(skb, ANCHOR6_A_LOOKUP);

	if (!nest ||
	    nla_put_in6_addr(skb, ANCHOR6_LOOKUP_A_ADDRESS,
			     &finding->address) ||
	    nla_put_u32(skb, ANCHOR6_LOOKUP_A_MARK, finding->mark) ||
	    nla_put_u8(skb, ANCHOR6_LOOKUP_A_VERDICT, finding->verdict))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int anchor6_finding_put(struct sk_buff *skb,
			       struct anchor6_device *device,
			       const struct anchor6_finding *finding)
{
	int err = anchor6_verdict_put(skb, finding);

	if (!err && finding->home_prefix)
		err = anchor6_home_prefix_put(skb, finding->home_prefix);
	if (!err && finding->binding)
		err = anchor6_binding_put(skb, ANCHOR6_A_BINDING, device,
					  finding->binding);
	if (!err && finding->shadowed)
		err = anchor6_binding_put(skb, ANCHOR6_A_SHADOWED, device,
					  finding->shadowed);
	return err;
}

static int anchor6_lookup_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct anchor6_device *device = info->user_ptr[0];
	struct anchor6_finding finding = {};
	struct anchor6_message message;
	int err;

	err = anchor6_lookup_parse(info, &finding);
	if (err)
		return err;
	anchor6_lookup(device, &finding);
	err = anchor6_reply_begin(&message, device, info,
				  anchor6_finding_size());
	if (err)
		return err;
	err = anchor6_finding_put(message.skb, device, &finding);
	return anchor6_reply_send(&message, err, info);
}

#define ANCHOR6_OP(command, accepted, last)		\
	.cmd = ANCHOR6_CMD_##command,			\
	.flags = GENL_UNS_ADMIN_PERM,			\
	.policy = accepted,				\
	.maxattr = last

static const struct genl_ops anchor6_ops[] = {
	{
		ANCHOR6_OP(DEVICE_GET, anchor6_device_get_policy,
			   ANCHOR6_A_IFINDEX),
		.doit = anchor6_device_get_doit,
		.start = anchor6_device_get_start,
		.dumpit = anchor6_device_get_dumpit,
	},
	{
		ANCHOR6_OP(DEVICE_SET, anchor6_device_set_policy,
			   ANCHOR6_A_DEVICE),
		.doit = anchor6_device_set_doit,
	},
	{
		ANCHOR6_OP(HOME_PREFIX_ADD, anchor6_home_prefix_policy,
			   ANCHOR6_A_HOME_PREFIX),
		.doit = anchor6_home_prefix_add_doit,
	},
	{
		ANCHOR6_OP(HOME_PREFIX_DEL, anchor6_home_prefix_policy,
			   ANCHOR6_A_HOME_PREFIX),
		.doit = anchor6_home_prefix_del_doit,
	},
	{
		ANCHOR6_OP(HOME_PREFIX_GET, anchor6_device_get_policy,
			   ANCHOR6_A_IFINDEX),
		.start = anchor6_dump_start,
		.dumpit = anchor6_home_prefix_get_dumpit,
	},
	{
		ANCHOR6_OP(BINDING_SET, anchor6_binding_set_policy,
			   ANCHOR6_A_BINDING),
		.doit = anchor6_binding_set_doit,
	},
	{
		ANCHOR6_OP(BINDING_DEL, anchor6_binding_del_policy,
			   ANCHOR6_A_BINDING),
		.doit = anchor6_binding_del_doit,
	},
	{
		ANCHOR6_OP(BINDING_GET, anchor6_binding_get_policy,
			   ANCHOR6_A_BINDING),
		.doit = anchor6_binding_get_doit,
		.start = anchor6_binding_get_start,
		.dumpit = anchor6_binding_get_dumpit,
	},
	{
		ANCHOR6_OP(BINDING_FLUSH, anchor6_binding_flush_policy,
			   ANCHOR6_A_BINDING),
		.doit = anchor6_binding_flush_doit,
	},
	{
		ANCHOR6_OP(FAR_END_GET, anchor6_device_get_policy,
			   ANCHOR6_A_IFINDEX),
		.start = anchor6_dump_start,
		.dumpit = anchor6_far_end_get_dumpit,
	},
	{
		ANCHOR6_OP(LOOKUP, anchor6_lookup_policy, ANCHOR6_A_LOOKUP),
		.doit = anchor6_lookup_doit,
	},
	{
		ANCHOR6_OP(STATS_GET, anchor6_device_get_policy,
			   ANCHOR6_A_IFINDEX),
		.start = anchor6_dump_start,
		.dumpit = anchor6_stats_get_dumpit,
	},
};

struct genl_family anchor6_family __ro_after_init = {
	.name = ANCHOR6_GENL_NAME,
	.version = ANCHOR6_GENL_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	/*
	 * The core's check of the header knows no NLM_F_CREATE: ours replaces
	 * it. What the core requires beyond, policies, every command has.
	 */
	.resv_start_op = ANCHOR6_CMD_MAX + 1,
	.pre_doit = anchor6_pre_doit,
	.post_doit = anchor6_post_doit,
	.ops = anchor6_ops,
	.n_ops = ARRAY_SIZE(anchor6_ops),
	.mcgrps = anchor6_groups,
	.n_mcgrps = ARRAY_SIZE(anchor6_groups),
};

/**
 * anchor6_netlink_init - begin to take requests
 *
 * Context: module initialisation.
 * Return: 0 or a negative error
 */
int __init anchor6_netlink_init(void)
{
	return genl_register_family(&anchor6_family);
}

/**
 * anchor6_netlink_exit - take no more requests
 *
 * Context: module removal.
 */
void anchor6_netlink_exit(void)
{
	genl_unregister_family(&anchor6_family);
}
