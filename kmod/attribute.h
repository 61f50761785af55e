/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_ATTRIBUTE_H
#define _ANCHOR6_ATTRIBUTE_H

#include <net/netlink.h>

#include "binding.h"
#include "stats.h"

struct anchor6_device;

extern const struct nla_policy anchor6_device_get_policy[ANCHOR6_A_IFINDEX + 1];
extern const struct nla_policy anchor6_device_set_policy[ANCHOR6_A_DEVICE + 1];
extern const struct nla_policy
	anchor6_home_prefix_policy[ANCHOR6_A_HOME_PREFIX + 1];
extern const struct nla_policy anchor6_binding_set_policy[ANCHOR6_A_BINDING + 1];
extern const struct nla_policy anchor6_binding_del_policy[ANCHOR6_A_BINDING + 1];
extern const struct nla_policy anchor6_binding_get_policy[ANCHOR6_A_BINDING + 1];
extern const struct nla_policy
	anchor6_binding_flush_policy[ANCHOR6_A_BINDING + 1];
extern const struct nla_policy anchor6_lookup_policy[ANCHOR6_A_LOOKUP + 1];

int anchor6_home_prefix_parse(struct nlattr *nest, struct anchor6_prefix *prefix,
			      struct netlink_ext_ack *extack);
int anchor6_binding_key_parse(struct nlattr *nest,
			      struct anchor6_binding_filter *filter,
			      struct netlink_ext_ack *extack);
int anchor6_binding_spec_parse(struct nlattr *nest,
			       struct anchor6_binding_spec *spec,
			       struct netlink_ext_ack *extack);
int anchor6_binding_filter_parse(struct nlattr *nest,
				 struct anchor6_binding_filter *filter,
				 struct netlink_ext_ack *extack);

size_t anchor6_device_size(void);
int anchor6_device_put(struct sk_buff *skb, struct anchor6_device *device);
size_t anchor6_home_prefix_size(void);
int anchor6_home_prefix_put(struct sk_buff *skb,
			    const struct anchor6_home_prefix *home_prefix);
size_t anchor6_binding_size(void);
int anchor6_binding_put(struct sk_buff *skb, int attribute,
			struct anchor6_device *device,
			const struct anchor6_binding *binding);
int anchor6_binding_filter_put(struct sk_buff *skb,
			       const struct anchor6_binding_filter *filter);
int anchor6_far_end_put_use(struct sk_buff *skb, struct anchor6_device *device,
			    struct anchor6_far_end *far_end);
int anchor6_counter_put(struct sk_buff *skb, enum anchor6_counter counter,
			u64 value);

#endif /* _ANCHOR6_ATTRIBUTE_H */
