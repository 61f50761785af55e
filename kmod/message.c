// SPDX-License-Identifier: GPL-2.0
/* Answers and notifications. */
#include "message.h"

enum anchor6_multicast_group {
	ANCHOR6_GROUP_BINDINGS,
	ANCHOR6_GROUP_EVENTS,
	ANCHOR6_GROUP_NUM
};

const struct genl_multicast_group anchor6_groups[ANCHOR6_GROUP_NUM] = {
	[ANCHOR6_GROUP_BINDINGS] = {
		.name = ANCHOR6_MCGRP_BINDINGS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[ANCHOR6_GROUP_EVENTS] = {
		.name = ANCHOR6_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

static int anchor6_message_begin(struct anchor6_message *message,
				 struct anchor6_device *device, u8 command,
				 u32 portid, u32 seq, size_t size)
{
	message->skb = genlmsg_new(nla_total_size(sizeof(u32)) + size,
				   GFP_KERNEL);
	if (!message->skb)
		return -ENOMEM;
	message->header = genlmsg_put(message->skb, portid, seq,
				      &anchor6_family, 0, command);
	if (message->header &&
	    !nla_put_u32(message->skb, ANCHOR6_A_IFINDEX,
			 device->netdev->ifindex))
		return 0;
	nlmsg_free(message->skb);
	return -EMSGSIZE;
}

/**
 * anchor6_reply_send - answer a request
 * @message: begun by anchor6_reply_begin(); it is gone afterwards
 * @err: how filling it in went
 * @info: the request
 *
 * Context: process.
 * Return: 0 or a negative error
 */
int anchor6_reply_send(struct anchor6_message *message, int err,
		       struct genl_info *info)
{
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(message->skb);
		return err;
	}
	genlmsg_end(message->skb, message->header);
	return genlmsg_reply(message->skb, info);
}

/**
 * anchor6_reply_begin - begin the answer to a request
 * @message: the answer
 * @device: that it is about
 * @info: the request
 * @size: room for what will be filled in
 *
 * Context: process.
 * Return: 0 or a negative error
 */
int anchor6_reply_begin(struct anchor6_message *message,
			struct anchor6_device *device, struct genl_info *info,
			size_t size)
{
	return anchor6_message_begin(message, device, info->genlhdr->cmd,
				     info->snd_portid, info->snd_seq, size);
}

static bool anchor6_group_listens(const struct anchor6_device *device,
				  enum anchor6_multicast_group group)
{
	return genl_has_listeners(&anchor6_family, dev_net(device->netdev),
				  group);
}

static void anchor6_message_multicast(struct anchor6_message *message, int err,
				      struct anchor6_device *device,
				      enum anchor6_multicast_group group,
				      u32 portid)
{
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(message->skb);
		return;
	}
	genlmsg_end(message->skb, message->header);
	genlmsg_multicast_netns(&anchor6_family, dev_net(device->netdev),
				message->skb, portid, group, GFP_KERNEL);
}

/**
 * anchor6_binding_notify - tell the listeners what happened to a binding
 * @device: device of the binding
 * @binding: still there
 * @reason: enum anchor6_reason
 * @portid: the requester, who is not told; 0 when there is none
 *
 * Context: process, under the lock of the device's bindings.
 */
void anchor6_binding_notify(struct anchor6_device *device,
			    const struct anchor6_binding *binding, u8 reason,
			    u32 portid)
{
	struct anchor6_message message;
	int err;

	if (!anchor6_group_listens(device, ANCHOR6_GROUP_BINDINGS))
		return;
	if (anchor6_message_begin(&message, device, ANCHOR6_CMD_BINDING_NTF,
				  portid, 0, anchor6_binding_size() +
				  nla_total_size(sizeof(u8))))
		return;
	err = anchor6_binding_put(message.skb, ANCHOR6_A_BINDING, device,
				  binding) ?:
	      nla_put_u8(message.skb, ANCHOR6_A_REASON, reason);
	anchor6_message_multicast(&message, err, device,
				  ANCHOR6_GROUP_BINDINGS, portid);
}

/**
 * anchor6_flush_notify - tell the listeners that bindings were flushed
 * @device: device of the bindings
 * @filter: which ones
 * @portid: the requester, who is not told
 *
 * Context: process, under the lock of the device's bindings.
 */
void anchor6_flush_notify(struct anchor6_device *device,
			  const struct anchor6_binding_filter *filter,
			  u32 portid)
{
	struct anchor6_message message;
	int err;

	if (!anchor6_group_listens(device, ANCHOR6_GROUP_BINDINGS))
		return;
	if (anchor6_message_begin(&message, device, ANCHOR6_CMD_BINDING_NTF,
				  portid, 0, anchor6_binding_size() +
				  nla_total_size(sizeof(u8))))
		return;
	err = anchor6_binding_filter_put(message.skb, filter) ?:
	      nla_put_u8(message.skb, ANCHOR6_A_REASON,
			 ANCHOR6_REASON_FLUSHED);
	anchor6_message_multicast(&message, err, device,
				  ANCHOR6_GROUP_BINDINGS, portid);
}

/**
 * anchor6_home_prefix_notify - tell the listeners about a home prefix
 * @device: device of the home prefix
 * @prefix: the home prefix
 * @reason: enum anchor6_reason
 * @portid: the requester, who is not told
 *
 * Context: process, under the lock of the device's bindings.
 */
void anchor6_home_prefix_notify(struct anchor6_device *device,
				const struct anchor6_prefix *prefix, u8 reason,
				u32 portid)
{
	const struct anchor6_home_prefix home_prefix = { .prefix = *prefix };
	struct anchor6_message message;
	int err;

	if (!anchor6_group_listens(device, ANCHOR6_GROUP_EVENTS))
		return;
	if (anchor6_message_begin(&message, device,
				  ANCHOR6_CMD_HOME_PREFIX_NTF, 0, 0,
				  anchor6_home_prefix_size() +
				  nla_total_size(sizeof(u8))))
		return;
	err = anchor6_home_prefix_put(message.skb, &home_prefix) ?:
	      nla_put_u8(message.skb, ANCHOR6_A_REASON, reason);
	anchor6_message_multicast(&message, err, device, ANCHOR6_GROUP_EVENTS,
				  portid);
}

/**
 * anchor6_device_notify - tell the listeners about new settings
 * @device: whose settings changed
 * @portid: the requester, who is not told
 *
 * Context: process, under the lock of the device's bindings.
 */
void anchor6_device_notify(struct anchor6_device *device, u32 portid)
{
	struct anchor6_message message;

	if (!anchor6_group_listens(device, ANCHOR6_GROUP_EVENTS))
		return;
	if (anchor6_message_begin(&message, device, ANCHOR6_CMD_DEVICE_NTF, 0,
				  0, anchor6_device_size()))
		return;
	anchor6_message_multicast(&message,
				  anchor6_device_put(message.skb, device),
				  device, ANCHOR6_GROUP_EVENTS, portid);
}
