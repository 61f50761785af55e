/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_MESSAGE_H
#define _ANCHOR6_MESSAGE_H

#include <net/genetlink.h>

#include "anchor.h"
#include "attribute.h"

extern struct genl_family anchor6_family;
extern const struct genl_multicast_group anchor6_groups[2];

/* A message begun, to be filled in and sent. */
struct anchor6_message {
	struct sk_buff *skb;
	void *header;
};

int anchor6_reply_begin(struct anchor6_message *message,
			struct anchor6_device *device, struct genl_info *info,
			size_t size);
int anchor6_reply_send(struct anchor6_message *message, int err,
		       struct genl_info *info);

void anchor6_flush_notify(struct anchor6_device *device,
			  const struct anchor6_binding_filter *filter,
			  u32 portid);
void anchor6_home_prefix_notify(struct anchor6_device *device,
				const struct anchor6_prefix *prefix, u8 reason,
				u32 portid);
void anchor6_device_notify(struct anchor6_device *device, u32 portid);

int anchor6_header_check(const struct nlmsghdr *header, u16 known,
			 struct netlink_ext_ack *extack);
struct anchor6_device *anchor6_device_lock(struct net *net,
					   struct nlattr **attrs,
					   struct netlink_ext_ack *extack);
void anchor6_device_unlock(struct anchor6_device *device);

int anchor6_device_get_start(struct netlink_callback *cb);
int anchor6_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int anchor6_dump_start(struct netlink_callback *cb);
int anchor6_home_prefix_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int anchor6_binding_get_start(struct netlink_callback *cb);
int anchor6_binding_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int anchor6_far_end_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int anchor6_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _ANCHOR6_MESSAGE_H */
