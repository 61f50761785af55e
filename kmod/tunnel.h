/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANCHOR6_TUNNEL_H
#define _ANCHOR6_TUNNEL_H

#include "stats.h"

struct anchor6_device;
struct anchor6_far_end;
struct anchor6_hit;
struct sk_buff;

/* Room that the outer header takes from the path MTU. */
#define ANCHOR6_OVERHEAD	sizeof(struct ipv6hdr)

int anchor6_tunnel_init(void);
void anchor6_tunnel_exit(void);

unsigned int anchor6_tunnel_depth(void);
enum anchor6_counter anchor6_tunnel_send(struct anchor6_device *device,
					 const struct anchor6_hit *hit,
					 struct sk_buff *skb, bool forward);
u32 anchor6_tunnel_mtu(struct anchor6_device *device,
		       struct anchor6_far_end *far_end);

#endif /* _ANCHOR6_TUNNEL_H */
