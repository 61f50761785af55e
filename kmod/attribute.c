// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink attributes from and to the module's own structures. A policy has only
 * the attributes that its command takes: the core refuses every other one.
 */
#include "anchor.h"
#include "attribute.h"
#include "tunnel.h"

static struct netlink_range_validation anchor6_lifetime_range = {
	.min = 1,
	.max = ANCHOR6_LIFETIME_MS_MAX,
};

static const struct nla_policy
anchor6_device_policy[ANCHOR6_DEVICE_A_OUTER_VRF + 1] = {
	[ANCHOR6_DEVICE_A_REPLY_MARK] = { .type = NLA_U32 },
	[ANCHOR6_DEVICE_A_REPLY_MASK] = { .type = NLA_U32 },
	[ANCHOR6_DEVICE_A_BINDINGS_MAX] = { .type = NLA_U32 },
	[ANCHOR6_DEVICE_A_MODE] = NLA_POLICY_RANGE(NLA_U8,
						   ANCHOR6_MODE_UNSPEC + 1,
						   ANCHOR6_MODE_MAX),
	[ANCHOR6_DEVICE_A_OUTER_MARK] = { .type = NLA_U32 },
	[ANCHOR6_DEVICE_A_OUTER_VRF] = { .type = NLA_U32 },
};

static const struct nla_policy
anchor6_home_prefix_nest_policy[ANCHOR6_HOME_PREFIX_A_LENGTH + 1] = {
	[ANCHOR6_HOME_PREFIX_A_ADDRESS] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[ANCHOR6_HOME_PREFIX_A_LENGTH] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
};

static const struct nla_policy
anchor6_far_end_policy[ANCHOR6_FAR_END_A_ENCAP + 1] = {
	[ANCHOR6_FAR_END_A_LOCAL] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[ANCHOR6_FAR_END_A_REMOTE] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[ANCHOR6_FAR_END_A_ENCAP] = NLA_POLICY_RANGE(NLA_U8,
						     ANCHOR6_ENCAP_UNSPEC + 1,
						     ANCHOR6_ENCAP_MAX),
};

static const struct nla_policy
anchor6_far_end_remote_policy[ANCHOR6_FAR_END_A_REMOTE + 1] = {
	[ANCHOR6_FAR_END_A_REMOTE] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
};

#define ANCHOR6_BINDING_KEY_POLICY					\
	[ANCHOR6_BINDING_A_CACHE] = NLA_POLICY_RANGE(NLA_U8,		\
						     ANCHOR6_CACHE_UNSPEC + 1, \
						     ANCHOR6_CACHE_MAX), \
	[ANCHOR6_BINDING_A_PREFIX] =					\
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),		\
	[ANCHOR6_BINDING_A_PREFIX_LENGTH] = NLA_POLICY_RANGE(NLA_U8, 1, 128)

static const struct nla_policy
anchor6_binding_spec_policy[ANCHOR6_BINDING_A_GROUP + 1] = {
	ANCHOR6_BINDING_KEY_POLICY,
	[ANCHOR6_BINDING_A_FAR_END] = NLA_POLICY_NESTED(anchor6_far_end_policy),
	[ANCHOR6_BINDING_A_LIFETIME_MS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &anchor6_lifetime_range),
	[ANCHOR6_BINDING_A_COOKIE] = { .type = NLA_U64 },
	[ANCHOR6_BINDING_A_OWNER] = { .type = NLA_U64 },
	[ANCHOR6_BINDING_A_GROUP] = { .type = NLA_U32 },
};

static const struct nla_policy
anchor6_binding_key_policy[ANCHOR6_BINDING_A_COOKIE + 1] = {
	ANCHOR6_BINDING_KEY_POLICY,
	[ANCHOR6_BINDING_A_COOKIE] = { .type = NLA_U64 },
};

static const struct nla_policy
anchor6_binding_filter_policy[ANCHOR6_BINDING_A_GROUP + 1] = {
	ANCHOR6_BINDING_KEY_POLICY,
	[ANCHOR6_BINDING_A_FAR_END] = NLA_POLICY_NESTED(anchor6_far_end_policy),
	[ANCHOR6_BINDING_A_COOKIE] = { .type = NLA_U64 },
	[ANCHOR6_BINDING_A_OWNER] = { .type = NLA_U64 },
	[ANCHOR6_BINDING_A_GROUP] = { .type = NLA_U32 },
};

static const struct nla_policy
anchor6_binding_flush_nest_policy[ANCHOR6_BINDING_A_GROUP + 1] = {
	[ANCHOR6_BINDING_A_CACHE] = NLA_POLICY_RANGE(NLA_U8,
						     ANCHOR6_CACHE_UNSPEC + 1,
						     ANCHOR6_CACHE_MAX),
	[ANCHOR6_BINDING_A_FAR_END] =
		NLA_POLICY_NESTED(anchor6_far_end_remote_policy),
	[ANCHOR6_BINDING_A_OWNER] = { .type = NLA_U64 },
	[ANCHOR6_BINDING_A_GROUP] = { .type = NLA_U32 },
};

static const struct nla_policy
anchor6_lookup_nest_policy[ANCHOR6_LOOKUP_A_MARK + 1] = {
	[ANCHOR6_LOOKUP_A_ADDRESS] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[ANCHOR6_LOOKUP_A_MARK] = { .type = NLA_U32 },
};

#define ANCHOR6_IFINDEX_POLICY \
	[ANCHOR6_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1)

const struct nla_policy anchor6_device_get_policy[ANCHOR6_A_IFINDEX + 1] = {
	ANCHOR6_IFINDEX_POLICY,
};

const struct nla_policy anchor6_device_set_policy[ANCHOR6_A_DEVICE + 1] = {
	ANCHOR6_IFINDEX_POLICY,
	[ANCHOR6_A_DEVICE] = NLA_POLICY_NESTED(anchor6_device_policy),
};

const struct nla_policy anchor6_home_prefix_policy[ANCHOR6_A_HOME_PREFIX + 1] = {
	ANCHOR6_IFINDEX_POLICY,
	[ANCHOR6_A_HOME_PREFIX] =
		NLA_POLICY_NESTED(anchor6_home_prefix_nest_policy),
};

const struct nla_policy anchor6_binding_set_policy[ANCHOR6_A_BINDING + 1] = {
	ANCHOR6_IFINDEX_POLICY,
	[ANCHOR6_A_BINDING] = NLA_POLICY_NESTED(anchor6_binding_spec_policy),
};

const struct nla_policy anchor6_binding_del_policy[ANCHOR6_A_BINDING + 1] = {
	ANCHOR6_IFINDEX_POLICY,
	[ANCHOR6_A_BINDING] = NLA_POLICY_NESTED(anchor6_binding_key_policy),
};

const struct nla_policy anchor6_binding_get_policy[ANCHOR6_A_BINDING + 1] = {
	ANCHOR6_IFINDEX_POLICY,
	[ANCHOR6_A_BINDING] = NLA_POLICY_NESTED(anchor6_binding_filter_policy),
};

const struct nla_policy anchor6_binding_flush_policy[ANCHOR6_A_BINDING + 1] = {
	ANCHOR6_IFINDEX_POLICY,
	[ANCHOR6_A_BINDING] =
		NLA_POLICY_NESTED(anchor6_binding_flush_nest_policy),
};

const struct nla_policy anchor6_lookup_policy[ANCHOR6_A_LOOKUP + 1] = {
	ANCHOR6_IFINDEX_POLICY,
	[ANCHOR6_A_LOOKUP] = NLA_POLICY_NESTED(anchor6_lookup_nest_policy),
};

/* 0, or -EINVAL and the reason that an attribute of a nest is missing. */
#define ANCHOR6_ATTR_REQUIRE(extack, nest, tb, type, name) ({		\
	struct netlink_ext_ack *__answer = (extack);			\
	int __missing = 0;						\
									\
	if (NL_REQ_ATTR_CHECK(__answer, nest, tb, type)) {		\
		NL_SET_ERR_MSG(__answer, name " is missing");		\
		__missing = -EINVAL;					\
	}								\
	__missing;							\
})

static int anchor6_prefix_check(const struct anchor6_prefix *prefix,
				const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	if (anchor6_prefix_normal(prefix))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "the prefix has bits beyond its length");
	return -EINVAL;
}

/**
 * anchor6_home_prefix_parse - read a home prefix
 * @nest: validated nest of enum anchor6_home_prefix_attr
 * @prefix: the answer
 * @extack: where the reason of a refusal goes
 *
 * Context: any.
 * Return: 0 or -EINVAL
 */
int anchor6_home_prefix_parse(struct nlattr *nest, struct anchor6_prefix *prefix,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ANCHOR6_HOME_PREFIX_A_MAX + 1];
	int err;

	err = nla_parse_nested(tb, ANCHOR6_HOME_PREFIX_A_MAX, nest, NULL,
			       extack) ?:
	      ANCHOR6_ATTR_REQUIRE(extack, nest, tb,
				   ANCHOR6_HOME_PREFIX_A_ADDRESS,
				   "the address of the home prefix") ?:
	      ANCHOR6_ATTR_REQUIRE(extack, nest, tb,
				   ANCHOR6_HOME_PREFIX_A_LENGTH,
				   "the length of the home prefix");
	if (err)
		return err;
	prefix->address =
		nla_get_in6_addr(tb[ANCHOR6_HOME_PREFIX_A_ADDRESS]);
	prefix->length = nla_get_u8(tb[ANCHOR6_HOME_PREFIX_A_LENGTH]);
	return anchor6_prefix_check(prefix, tb[ANCHOR6_HOME_PREFIX_A_ADDRESS],
				    extack);
}

static int anchor6_far_end_parse(struct nlattr *nest,
				 struct anchor6_binding_filter *filter,
				 struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	struct anchor6_far_end_key *key = &filter->spec.far_end;
	int err;

	err = nla_parse_nested(tb, ANCHOR6_FAR_END_A_MAX, nest, NULL, extack);
	if (err)
		return err;
	if (tb[ANCHOR6_FAR_END_A_LOCAL]) {
		key->local = nla_get_in6_addr(tb[ANCHOR6_FAR_END_A_LOCAL]);
		filter->fields |= ANCHOR6_FIELD_LOCAL;
	}
	if (tb[ANCHOR6_FAR_END_A_REMOTE]) {
		key->remote = nla_get_in6_addr(tb[ANCHOR6_FAR_END_A_REMOTE]);
		filter->fields |= ANCHOR6_FIELD_REMOTE;
	}
	key->encap = ANCHOR6_ENCAP_IP6IP6;
	if (tb[ANCHOR6_FAR_END_A_ENCAP]) {
		key->encap = nla_get_u8(tb[ANCHOR6_FAR_END_A_ENCAP]);
		filter->fields |= ANCHOR6_FIELD_ENCAP;
	}
	return 0;
}

static bool anchor6_address_is_tunnel_end(const struct in6_addr *address)
{
	int type = ipv6_addr_type(address);

	return type & IPV6_ADDR_UNICAST &&
	       !(type & (IPV6_ADDR_LINKLOCAL | IPV6_ADDR_LOOPBACK));
}

static int anchor6_far_end_check(struct nlattr *nest, struct nlattr **tb,
				 const struct anchor6_far_end_key *key,
				 struct netlink_ext_ack *extack)
{
	int err;

	err = ANCHOR6_ATTR_REQUIRE(extack, nest, tb, ANCHOR6_FAR_END_A_LOCAL,
				   "the local address of the far end") ?:
	      ANCHOR6_ATTR_REQUIRE(extack, nest, tb, ANCHOR6_FAR_END_A_REMOTE,
				   "the remote address of the far end");
	if (err)
		return err;
	if (!anchor6_address_is_tunnel_end(&key->local)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[ANCHOR6_FAR_END_A_LOCAL],
				    "the local address is not a global unicast address");
		return -EINVAL;
	}
	if (!anchor6_address_is_tunnel_end(&key->remote)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[ANCHOR6_FAR_END_A_REMOTE],
				    "the remote address is not a global unicast address");
		return -EINVAL;
	}
	if (ipv6_addr_equal(&key->local, &key->remote)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[ANCHOR6_FAR_END_A_REMOTE],
				    "the remote address is the local address");
		return -EINVAL;
	}
	return 0;
}

static int anchor6_binding_prefix_parse(struct nlattr **tb,
					struct anchor6_binding_filter *filter,
					struct netlink_ext_ack *extack)
{
	struct anchor6_prefix *prefix = &filter->spec.key.prefix;

	if (tb[ANCHOR6_BINDING_A_CACHE]) {
		filter->spec.key.cache =
			nla_get_u8(tb[ANCHOR6_BINDING_A_CACHE]);
		filter->fields |= ANCHOR6_FIELD_CACHE;
	}
	if (tb[ANCHOR6_BINDING_A_PREFIX_LENGTH]) {
		prefix->length =
			nla_get_u8(tb[ANCHOR6_BINDING_A_PREFIX_LENGTH]);
		filter->fields |= ANCHOR6_FIELD_PREFIX_LENGTH;
	}
	if (!tb[ANCHOR6_BINDING_A_PREFIX])
		return 0;
	prefix->address = nla_get_in6_addr(tb[ANCHOR6_BINDING_A_PREFIX]);
	filter->fields |= ANCHOR6_FIELD_PREFIX;
	if (!tb[ANCHOR6_BINDING_A_PREFIX_LENGTH])
		return 0;
	return anchor6_prefix_check(prefix, tb[ANCHOR6_BINDING_A_PREFIX],
				    extack);
}

static void anchor6_binding_owner_parse(struct nlattr **tb,
					struct anchor6_binding_filter *filter)
{
	if (tb[ANCHOR6_BINDING_A_COOKIE]) {
		filter->spec.cookie = nla_get_u64(tb[ANCHOR6_BINDING_A_COOKIE]);
		filter->fields |= ANCHOR6_FIELD_COOKIE;
	}
	if (tb[ANCHOR6_BINDING_A_OWNER]) {
		filter->spec.owner = nla_get_u64(tb[ANCHOR6_BINDING_A_OWNER]);
		filter->fields |= ANCHOR6_FIELD_OWNER;
	}
	if (tb[ANCHOR6_BINDING_A_GROUP]) {
		filter->spec.group = nla_get_u32(tb[ANCHOR6_BINDING_A_GROUP]);
		filter->fields |= ANCHOR6_FIELD_GROUP;
	}
}

static int anchor6_binding_parse(struct nlattr *nest, struct nlattr **tb,
				 struct anchor6_binding_filter *filter,
				 struct netlink_ext_ack *extack)
{
	int err;

	memset(filter, 0, sizeof(*filter));
	err = nla_parse_nested(tb, ANCHOR6_BINDING_A_MAX, nest, NULL, extack) ?:
	      anchor6_binding_prefix_parse(tb, filter, extack);
	if (!err)
		anchor6_binding_owner_parse(tb, filter);
	return err;
}

static int anchor6_binding_key_require(struct nlattr *nest, struct nlattr **tb,
				       struct netlink_ext_ack *extack)
{
	return ANCHOR6_ATTR_REQUIRE(extack, nest, tb, ANCHOR6_BINDING_A_CACHE,
				    "the cache of the binding") ?:
	       ANCHOR6_ATTR_REQUIRE(extack, nest, tb, ANCHOR6_BINDING_A_PREFIX,
				    "the prefix of the binding") ?:
	       ANCHOR6_ATTR_REQUIRE(extack, nest, tb,
				    ANCHOR6_BINDING_A_PREFIX_LENGTH,
				    "the prefix length of the binding");
}

/**
 * anchor6_binding_key_parse - read what names a binding
 * @nest: validated nest of enum anchor6_binding_attr
 * @filter: the answer: its key, and what else was there
 * @extack: where the reason of a refusal goes
 *
 * Context: any.
 * Return: 0 or -EINVAL
 */
int anchor6_binding_key_parse(struct nlattr *nest,
			      struct anchor6_binding_filter *filter,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ANCHOR6_BINDING_A_MAX + 1];

	return anchor6_binding_parse(nest, tb, filter, extack) ?:
	       anchor6_binding_key_require(nest, tb, extack);
}

/**
 * anchor6_binding_spec_parse - read a whole binding
 * @nest: validated nest of enum anchor6_binding_attr
 * @spec: the answer
 * @extack: where the reason of a refusal goes
 *
 * Context: any.
 * Return: 0 or -EINVAL
 */
int anchor6_binding_spec_parse(struct nlattr *nest,
			       struct anchor6_binding_spec *spec,
			       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ANCHOR6_BINDING_A_MAX + 1];
	struct nlattr *far_end_tb[ANCHOR6_FAR_END_A_MAX + 1];
	struct anchor6_binding_filter filter;
	struct nlattr *far_end;
	int err;

	err = anchor6_binding_parse(nest, tb, &filter, extack) ?:
	      anchor6_binding_key_require(nest, tb, extack) ?:
	      ANCHOR6_ATTR_REQUIRE(extack, nest, tb, ANCHOR6_BINDING_A_FAR_END,
				   "the far end of the binding") ?:
	      ANCHOR6_ATTR_REQUIRE(extack, nest, tb,
				   ANCHOR6_BINDING_A_LIFETIME_MS,
				   "the lifetime of the binding");
	if (err)
		return err;
	far_end = tb[ANCHOR6_BINDING_A_FAR_END];
	err = anchor6_far_end_parse(far_end, &filter, far_end_tb, extack) ?:
	      anchor6_far_end_check(far_end, far_end_tb, &filter.spec.far_end,
				    extack);
	if (err)
		return err;
	*spec = filter.spec;
	spec->lifetime_ms = nla_get_u64(tb[ANCHOR6_BINDING_A_LIFETIME_MS]);
	return 0;
}

/**
 * anchor6_binding_filter_parse - read what bindings have to match
 * @nest: validated nest of enum anchor6_binding_attr, or NULL
 * @filter: the answer
 * @extack: where the reason of a refusal goes
 *
 * Context: any.
 * Return: 0 or -EINVAL
 */
int anchor6_binding_filter_parse(struct nlattr *nest,
				 struct anchor6_binding_filter *filter,
				 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[ANCHOR6_BINDING_A_MAX + 1];
	struct nlattr *far_end_tb[ANCHOR6_FAR_END_A_MAX + 1];
	int err;

	memset(filter, 0, sizeof(*filter));
	if (!nest)
		return 0;
	err = anchor6_binding_parse(nest, tb, filter, extack);
	if (err || !tb[ANCHOR6_BINDING_A_FAR_END])
		return err;
	return anchor6_far_end_parse(tb[ANCHOR6_BINDING_A_FAR_END], filter,
				     far_end_tb, extack);
}

/**
 * anchor6_device_size - room for anchor6_device_put()
 *
 * Context: any.
 * Return: octets
 */
size_t anchor6_device_size(void)
{
	return nla_total_size(0) +
	       ANCHOR6_DEVICE_A_MAX * nla_total_size(sizeof(u32));
}

/**
 * anchor6_device_put - write settings and state of a device
 * @skb: message
 * @device: the device
 *
 * Context: under the lock of the device's bindings.
 * Return: 0 or -EMSGSIZE
 */
int anchor6_device_put(struct sk_buff *skb, struct anchor6_device *device)
{
	struct anchor6_bindings *bindings = &device->bindings;
	struct nlattr *nest = nla_nest_start(skb, ANCHOR6_A_DEVICE);

	if (!nest ||
	    nla_put_u32(skb, ANCHOR6_DEVICE_A_REPLY_MARK, device->reply_mark) ||
	    nla_put_u32(skb, ANCHOR6_DEVICE_A_REPLY_MASK, device->reply_mask) ||
	    nla_put_u32(skb, ANCHOR6_DEVICE_A_BINDINGS_MAX, bindings->max) ||
	    nla_put_u32(skb, ANCHOR6_DEVICE_A_HOME_BINDINGS,
			anchor6_table_of(bindings, ANCHOR6_CACHE_HOME)->count) ||
	    nla_put_u32(skb, ANCHOR6_DEVICE_A_PROXY_BINDINGS,
			anchor6_table_of(bindings, ANCHOR6_CACHE_PROXY)->count) ||
	    nla_put_u32(skb, ANCHOR6_DEVICE_A_FAR_ENDS,
			bindings->far_ends.count) ||
	    nla_put_u8(skb, ANCHOR6_DEVICE_A_MODE, device->mode) ||
	    nla_put_u32(skb, ANCHOR6_DEVICE_A_OUTER_MARK, device->outer_mark) ||
	    nla_put_u32(skb, ANCHOR6_DEVICE_A_OUTER_VRF, device->outer_vrf))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * anchor6_home_prefix_size - room for anchor6_home_prefix_put()
 *
 * Context: any.
 * Return: octets
 */
size_t anchor6_home_prefix_size(void)
{
	return nla_total_size(0) + nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(sizeof(u8)) + nla_total_size(sizeof(u32));
}

/**
 * anchor6_home_prefix_put - write a home prefix
 * @skb: message
 * @home_prefix: what to write
 *
 * Context: under the lock of the device's bindings.
 * Return: 0 or -EMSGSIZE
 */
int anchor6_home_prefix_put(struct sk_buff *skb,
			    const struct anchor6_home_prefix *home_prefix)
{
	struct nlattr *nest = nla_nest_start(skb, ANCHOR6_A_HOME_PREFIX);

	if (!nest ||
	    nla_put_in6_addr(skb, ANCHOR6_HOME_PREFIX_A_ADDRESS,
			     &home_prefix->prefix.address) ||
	    nla_put_u8(skb, ANCHOR6_HOME_PREFIX_A_LENGTH,
		       home_prefix->prefix.length) ||
	    nla_put_u32(skb, ANCHOR6_HOME_PREFIX_A_BINDINGS,
			home_prefix->bindings))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int anchor6_far_end_key_put(struct sk_buff *skb,
				   const struct anchor6_far_end_key *key)
{
	return nla_put_in6_addr(skb, ANCHOR6_FAR_END_A_LOCAL, &key->local) ?:
	       nla_put_in6_addr(skb, ANCHOR6_FAR_END_A_REMOTE, &key->remote) ?:
	       nla_put_u8(skb, ANCHOR6_FAR_END_A_ENCAP, key->encap);
}

static int anchor6_far_end_nest_put(struct sk_buff *skb, int attribute,
				    struct anchor6_device *device,
				    struct anchor6_far_end *far_end)
{
	struct nlattr *nest = nla_nest_start(skb, attribute);

	if (!nest || anchor6_far_end_key_put(skb, &far_end->key) ||
	    nla_put_u32(skb, ANCHOR6_FAR_END_A_MTU,
			anchor6_tunnel_mtu(device, far_end)) ||
	    nla_put_u32(skb, ANCHOR6_FAR_END_A_BINDINGS, far_end->users))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * anchor6_far_end_put_use - write a far end and how much it is used
 * @skb: message
 * @device: device of the far end
 * @far_end: what to write
 *
 * Context: process, under the lock of the device's bindings.
 * Return: 0 or -EMSGSIZE
 */
int anchor6_far_end_put_use(struct sk_buff *skb, struct anchor6_device *device,
			    struct anchor6_far_end *far_end)
{
	return anchor6_far_end_nest_put(skb, ANCHOR6_A_FAR_END, device,
					far_end);
}

static size_t anchor6_far_end_size(void)
{
	return nla_total_size(0) +
	       2 * nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(sizeof(u8)) + 2 * nla_total_size(sizeof(u32));
}

/**
 * anchor6_binding_size - room for anchor6_binding_put()
 *
 * Context: any.
 * Return: octets
 */
size_t anchor6_binding_size(void)
{
	return nla_total_size(0) + 2 * nla_total_size(sizeof(u8)) +
	       nla_total_size(sizeof(struct in6_addr)) +
	       anchor6_far_end_size() + nla_total_size(sizeof(u32)) +
	       7 * nla_total_size_64bit(sizeof(u64));
}

static int anchor6_binding_u64_put(struct sk_buff *skb, int attribute,
				   u64 value)
{
	return nla_put_u64_64bit(skb, attribute, value, ANCHOR6_BINDING_A_PAD);
}

static int anchor6_binding_prefix_put(struct sk_buff *skb, u8 cache,
				      const struct anchor6_prefix *prefix)
{
	return nla_put_u8(skb, ANCHOR6_BINDING_A_CACHE, cache) ?:
	       nla_put_in6_addr(skb, ANCHOR6_BINDING_A_PREFIX,
				&prefix->address) ?:
	       nla_put_u8(skb, ANCHOR6_BINDING_A_PREFIX_LENGTH, prefix->length);
}

static int anchor6_binding_traffic_put(struct sk_buff *skb,
				       const struct anchor6_binding *binding)
{
	return anchor6_binding_u64_put(skb, ANCHOR6_BINDING_A_DOWN_PACKETS,
				       atomic64_read(&binding->down_packets)) ?:
	       anchor6_binding_u64_put(skb, ANCHOR6_BINDING_A_DOWN_BYTES,
				       atomic64_read(&binding->down_bytes)) ?:
	       anchor6_binding_u64_put(skb, ANCHOR6_BINDING_A_UP_PACKETS,
				       atomic64_read(&binding->up_packets)) ?:
	       anchor6_binding_u64_put(skb, ANCHOR6_BINDING_A_UP_BYTES,
				       atomic64_read(&binding->up_bytes));
}

static u64 anchor6_binding_remaining_ms(const struct anchor6_binding *binding)
{
	u64 now = anchor6_now();

	if (!anchor6_binding_live(binding, now))
		return 0;
	return DIV_ROUND_UP_ULL(binding->expires_ns - now, NSEC_PER_MSEC);
}

/**
 * anchor6_binding_put - write a binding
 * @skb: message
 * @attribute: %ANCHOR6_A_BINDING or %ANCHOR6_A_SHADOWED
 * @device: device of the binding
 * @binding: what to write
 *
 * Context: process, under the lock of the device's bindings.
 * Return: 0 or -EMSGSIZE
 */
int anchor6_binding_put(struct sk_buff *skb, int attribute,
			struct anchor6_device *device,
			const struct anchor6_binding *binding)
{
	struct nlattr *nest = nla_nest_start(skb, attribute);

	if (!nest ||
	    anchor6_binding_prefix_put(skb, binding->cache, &binding->prefix) ||
	    anchor6_far_end_nest_put(skb, ANCHOR6_BINDING_A_FAR_END, device,
				     anchor6_binding_far_end(&device->bindings,
							     binding)) ||
	    anchor6_binding_u64_put(skb, ANCHOR6_BINDING_A_LIFETIME_MS,
				    anchor6_binding_remaining_ms(binding)) ||
	    anchor6_binding_u64_put(skb, ANCHOR6_BINDING_A_COOKIE,
				    binding->cookie) ||
	    anchor6_binding_u64_put(skb, ANCHOR6_BINDING_A_OWNER,
				    binding->owner) ||
	    nla_put_u32(skb, ANCHOR6_BINDING_A_GROUP, binding->group) ||
	    anchor6_binding_traffic_put(skb, binding))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int anchor6_remote_put(struct sk_buff *skb,
			      const struct in6_addr *remote)
{
	struct nlattr *nest = nla_nest_start(skb, ANCHOR6_BINDING_A_FAR_END);

	if (!nest || nla_put_in6_addr(skb, ANCHOR6_FAR_END_A_REMOTE, remote))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * anchor6_binding_filter_put - write the filter of a flush
 * @skb: message
 * @filter: what to write
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE
 */
int anchor6_binding_filter_put(struct sk_buff *skb,
			       const struct anchor6_binding_filter *filter)
{
	const struct anchor6_binding_spec *spec = &filter->spec;
	struct nlattr *nest = nla_nest_start(skb, ANCHOR6_A_BINDING);

	if (!nest ||
	    (filter->fields & ANCHOR6_FIELD_CACHE &&
	     nla_put_u8(skb, ANCHOR6_BINDING_A_CACHE, spec->key.cache)) ||
	    (filter->fields & ANCHOR6_FIELD_REMOTE &&
	     anchor6_remote_put(skb, &spec->far_end.remote)) ||
	    (filter->fields & ANCHOR6_FIELD_OWNER &&
	     anchor6_binding_u64_put(skb, ANCHOR6_BINDING_A_OWNER,
				     spec->owner)) ||
	    (filter->fields & ANCHOR6_FIELD_GROUP &&
	     nla_put_u32(skb, ANCHOR6_BINDING_A_GROUP, spec->group)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * anchor6_counter_put - write a counter
 * @skb: message
 * @counter: which
 * @value: what it counted
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE
 */
int anchor6_counter_put(struct sk_buff *skb, enum anchor6_counter counter,
			u64 value)
{
	const struct anchor6_counter_info *info = &anchor6_counter_infos[counter];
	struct nlattr *nest = nla_nest_start(skb, ANCHOR6_A_COUNTER);

	if (!nest ||
	    nla_put_string(skb, ANCHOR6_COUNTER_A_NAME, info->name) ||
	    nla_put_u64_64bit(skb, ANCHOR6_COUNTER_A_VALUE, value,
			      ANCHOR6_COUNTER_A_PAD) ||
	    nla_put_string(skb, ANCHOR6_COUNTER_A_TEXT, info->text))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
