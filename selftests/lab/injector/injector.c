// SPDX-License-Identifier: GPL-2.0
/*
 * Hands copies of one packet to the network stack, to random nodes, and
 * measures nothing but that. In debugfs:
 *
 *   injector/packet   write: the packet, from its IPv6 header on; what has no such
 *                     header goes to nobody
 *   injector/run      write: "SOURCE SINK NODES NODE-OFFSET PEERS PEER-OFFSET
 *                     BATCHES INTERVAL SEED": the devices in the writer's namespace,
 *                     how many nodes and at which octet of the packet the four
 *                     of the node go, the same of the two of its peer (0: it
 *                     has none), how many batches, and nanoseconds from one to
 *                     the next (0: no pause)
 *   injector/result   read: u32 each: packets sent, packets and octets that
 *                     came out of the sink, and of each batch the nanoseconds
 *                     it took and those it began too late
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/prandom.h>
#include <linux/vmalloc.h>

#define INJECTOR_BATCH		64
#define INJECTOR_BATCHES_MAX	1000000
#define INJECTOR_PACKET_MAX	ETH_DATA_LEN

struct injector_time {
	u32 ns;
	u32 late_ns;
};

struct injector_result {
	u32 sent;
	u32 arrived;
	u32 arrived_octets;
	struct injector_time times[];
};

/* What to do, and how far it is done. */
struct injector_run {
	struct net_device *source;
	struct net_device *sink;
	u32 nodes, node_offset;
	u32 peers, peer_offset;
	u32 batches, batch;
	u32 interval_ns, seed;
	struct rnd_state random;
	struct hrtimer timer;
	struct completion done;
	struct sk_buff *skbs[INJECTOR_BATCH];
};

static DEFINE_MUTEX(injector_lock);
static struct dentry *injector_folder;
static u8 injector_packet[INJECTOR_PACKET_MAX];
static size_t injector_packet_length;
static struct injector_result *injector_result;
static size_t injector_result_size;
static struct injector_run injector_run;

/* Murmur's finalizer: another number for each number, without order. */
static u32 injector_node_number(u32 index)
{
	index ^= index >> 16;
	index *= 0x85ebca6b;
	index ^= index >> 13;
	index *= 0xc2b2ae35;
	return index ^ index >> 16;
}

/* As a driver hands it over: its checksum verified, the link header pulled. */
static struct sk_buff *injector_skb(struct injector_run *run)
{
	u32 index = prandom_u32_state(&run->random) % run->nodes;
	struct net_device *source = run->source;
	struct sk_buff *skb;
	struct ethhdr *link;
	u8 *packet;

	skb = netdev_alloc_skb_ip_align(source,
					ETH_HLEN + injector_packet_length);
	if (!skb)
		return NULL;
	link = skb_put_zero(skb, ETH_HLEN);
	ether_addr_copy(link->h_dest, source->dev_addr);
	link->h_proto = htons(injector_packet[0] >> 4 == 6 ? ETH_P_IPV6 :
							     ETH_P_802_EX1);
	packet = skb_put_data(skb, injector_packet, injector_packet_length);
	put_unaligned_be32(injector_node_number(index),
			   packet + run->node_offset);
	if (run->peers)
		put_unaligned_be16(index % run->peers + 1,
				   packet + run->peer_offset);
	skb->protocol = eth_type_trans(skb, source);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->csum_level = 1;
	return skb;
}

static bool injector_prepare(struct injector_run *run)
{
	u32 i;

	for (i = 0; i < INJECTOR_BATCH; i++) {
		run->skbs[i] = injector_skb(run);
		if (run->skbs[i])
			continue;
		while (i--)
			kfree_skb(run->skbs[i]);
		return false;
	}
	return true;
}

/* Enabling the bottom halves again delivers what was queued meanwhile. */
static u32 injector_deliver(struct injector_run *run)
{
	u64 begin = ktime_get_ns();
	u32 i;

	local_bh_disable();
	for (i = 0; i < INJECTOR_BATCH; i++)
		netif_receive_skb(run->skbs[i]);
	local_bh_enable();
	return ktime_get_ns() - begin;
}

static void injector_batch(struct injector_run *run, u32 late_ns)
{
	struct injector_time *time = &injector_result->times[run->batch++];

	if (!injector_prepare(run))
		return;
	time->ns = injector_deliver(run);
	time->late_ns = late_ns;
	injector_result->sent += INJECTOR_BATCH;
}

static enum hrtimer_restart injector_tick(struct hrtimer *timer)
{
	struct injector_run *run = container_of(timer, struct injector_run,
						timer);

	injector_batch(run, ktime_sub(ktime_get(), hrtimer_get_expires(timer)));
	if (run->batch == run->batches) {
		complete(&run->done);
		return HRTIMER_NORESTART;
	}
	hrtimer_forward_now(timer, run->interval_ns);
	return HRTIMER_RESTART;
}

static void injector_go(struct injector_run *run)
{
	if (!run->interval_ns) {
		while (run->batch < run->batches && !signal_pending(current)) {
			injector_batch(run, 0);
			cond_resched();
		}
		return;
	}
	init_completion(&run->done);
	hrtimer_init(&run->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	run->timer.function = injector_tick;
	hrtimer_start(&run->timer, run->interval_ns, HRTIMER_MODE_REL_SOFT);
	wait_for_completion_interruptible(&run->done);
	hrtimer_cancel(&run->timer);
}

static int injector_measure(struct injector_run *run)
{
	struct rtnl_link_stats64 before = {}, after = {};

	vfree(injector_result);
	injector_result_size = struct_size(injector_result, times, run->batches);
	injector_result = vzalloc(injector_result_size);
	if (!injector_result)
		return -ENOMEM;
	prandom_seed_state(&run->random, run->seed);
	dev_get_stats(run->sink, &before);
	injector_go(run);
	dev_get_stats(run->sink, &after);
	injector_result->arrived = after.tx_packets - before.tx_packets;
	injector_result->arrived_octets = after.tx_bytes - before.tx_bytes;
	return 0;
}

static bool injector_run_valid(const struct injector_run *run)
{
	return run->nodes && run->batches &&
	       run->batches <= INJECTOR_BATCHES_MAX &&
	       injector_packet_length >= sizeof(struct ipv6hdr) &&
	       run->node_offset <= injector_packet_length - sizeof(u32) &&
	       run->peer_offset <= injector_packet_length - sizeof(u16);
}

static int injector_parse_and_measure(const char *text)
{
	char source[IFNAMSIZ], sink[IFNAMSIZ];
	struct injector_run *run = &injector_run;
	struct net *net = current->nsproxy->net_ns;
	int err = -ENODEV;

	memset(run, 0, sizeof(*run));
	if (sscanf(text, "%15s %15s %u %u %u %u %u %u %u", source, sink,
		   &run->nodes, &run->node_offset, &run->peers,
		   &run->peer_offset, &run->batches, &run->interval_ns,
		   &run->seed) != 9 ||
	    !injector_run_valid(run))
		return -EINVAL;
	run->source = dev_get_by_name(net, source);
	run->sink = dev_get_by_name(net, sink);
	if (run->source && run->sink)
		err = injector_measure(run);
	dev_put(run->source);
	dev_put(run->sink);
	return err;
}

static ssize_t injector_run_write(struct file *file, const char __user *data,
				  size_t size, loff_t *offset)
{
	char text[128];
	int err;

	if (size >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, data, size))
		return -EFAULT;
	text[size] = '\0';
	mutex_lock(&injector_lock);
	err = injector_parse_and_measure(text);
	mutex_unlock(&injector_lock);
	return err ?: size;
}

static ssize_t injector_packet_write(struct file *file, const char __user *data,
				     size_t size, loff_t *offset)
{
	ssize_t err = size;

	if (size > sizeof(injector_packet))
		return -EMSGSIZE;
	mutex_lock(&injector_lock);
	injector_packet_length = size;
	if (copy_from_user(injector_packet, data, size))
		err = -EFAULT;
	mutex_unlock(&injector_lock);
	return err;
}

static ssize_t injector_result_read(struct file *file, char __user *data,
				    size_t size, loff_t *offset)
{
	ssize_t done;

	mutex_lock(&injector_lock);
	done = simple_read_from_buffer(data, size, offset, injector_result,
				       injector_result_size);
	mutex_unlock(&injector_lock);
	return done;
}

static const struct file_operations injector_packet_operations = {
	.owner = THIS_MODULE,
	.write = injector_packet_write,
};

static const struct file_operations injector_run_operations = {
	.owner = THIS_MODULE,
	.write = injector_run_write,
};

static const struct file_operations injector_result_operations = {
	.owner = THIS_MODULE,
	.read = injector_result_read,
};

static int __init injector_init(void)
{
	injector_folder = debugfs_create_dir("injector", NULL);
	debugfs_create_file("packet", 0200, injector_folder, NULL,
			    &injector_packet_operations);
	debugfs_create_file("run", 0200, injector_folder, NULL,
			    &injector_run_operations);
	debugfs_create_file("result", 0400, injector_folder, NULL,
			    &injector_result_operations);
	return 0;
}

static void __exit injector_exit(void)
{
	debugfs_remove(injector_folder);
	vfree(injector_result);
}

module_init(injector_init);
module_exit(injector_exit);

MODULE_AUTHOR("The anchor6 authors");
MODULE_DESCRIPTION("Packet source of the measurements");
MODULE_LICENSE("GPL");
