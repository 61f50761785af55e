// SPDX-License-Identifier: GPL-2.0
/*
 * Read-only views for a person without the command at hand:
 * /sys/kernel/debug/anchor6/<inode of the namespace>-<device>/.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <net/net_namespace.h>

#include "anchor.h"
#include "tunnel.h"

static struct dentry *anchor6_debugfs_root;

/* The last binding shown: where reading goes on after the lock was let go. */
struct anchor6_view {
	struct anchor6_binding_key last;
};

static void *anchor6_bindings_start(struct seq_file *seq, loff_t *position)
{
	struct anchor6_device *device = file_inode(seq->file)->i_private;
	struct anchor6_view *view = seq->private;

	mutex_lock(&device->bindings.lock);
	return anchor6_binding_after(&device->bindings,
				     *position ? &view->last : NULL);
}

static void *anchor6_bindings_next(struct seq_file *seq, void *entry,
				   loff_t *position)
{
	struct anchor6_device *device = file_inode(seq->file)->i_private;
	struct anchor6_view *view = seq->private;

	++*position;
	view->last = anchor6_binding_key_of(entry);
	return anchor6_binding_next(&device->bindings, entry);
}

static void anchor6_bindings_stop(struct seq_file *seq, void *entry)
{
	struct anchor6_device *device = file_inode(seq->file)->i_private;

	mutex_unlock(&device->bindings.lock);
}

static int anchor6_bindings_show(struct seq_file *seq, void *entry)
{
	struct anchor6_device *device = file_inode(seq->file)->i_private;
	const struct anchor6_binding *binding = entry;
	const struct anchor6_far_end *far_end =
		anchor6_binding_far_end(&device->bindings, binding);
	s64 remaining = binding->expires_ns - anchor6_now();

	seq_printf(seq, "%s %pI6c/%u local %pI6c remote %pI6c lifetime_ms %lld cookie %#llx owner %#llx group %u down %lld/%lld up %lld/%lld\n",
		   binding->cache == ANCHOR6_CACHE_HOME ? "home" : "proxy",
		   &binding->prefix.address, binding->prefix.length,
		   &far_end->key.local, &far_end->key.remote,
		   div_s64(remaining, NSEC_PER_MSEC), binding->cookie,
		   binding->owner, binding->group,
		   atomic64_read(&binding->down_packets),
		   atomic64_read(&binding->down_bytes),
		   atomic64_read(&binding->up_packets),
		   atomic64_read(&binding->up_bytes));
	return 0;
}

static const struct seq_operations anchor6_bindings_seq_ops = {
	.start = anchor6_bindings_start,
	.next = anchor6_bindings_next,
	.stop = anchor6_bindings_stop,
	.show = anchor6_bindings_show,
};

static int anchor6_bindings_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &anchor6_bindings_seq_ops,
				sizeof(struct anchor6_view));
}

static const struct file_operations anchor6_bindings_fops = {
	.owner = THIS_MODULE,
	.open = anchor6_bindings_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

static int anchor6_far_ends_show(struct seq_file *seq, void *unused)
{
	struct anchor6_device *device = seq->private;
	struct anchor6_far_ends *far_ends = &device->bindings.far_ends;
	struct anchor6_far_end *far_end;

	mutex_lock(&device->bindings.lock);
	far_end = anchor6_far_end_after(far_ends, NULL);
	for (; far_end;
	     far_end = anchor6_far_end_after(far_ends, &far_end->key))
		seq_printf(seq, "local %pI6c remote %pI6c encap %u mtu %u bindings %u\n",
			   &far_end->key.local, &far_end->key.remote,
			   far_end->key.encap,
			   anchor6_tunnel_mtu(device, far_end), far_end->users);
	mutex_unlock(&device->bindings.lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(anchor6_far_ends);

static int anchor6_home_prefixes_show(struct seq_file *seq, void *unused)
{
	struct anchor6_device *device = seq->private;
	const struct anchor6_home_prefixes *prefixes;
	u32 i;

	mutex_lock(&device->bindings.lock);
	prefixes = anchor6_home_prefixes_of(&device->bindings);
	for (i = 0; i < prefixes->count; i++)
		seq_printf(seq, "%pI6c/%u bindings %u\n",
			   &prefixes->entries[i].prefix.address,
			   prefixes->entries[i].prefix.length,
			   prefixes->entries[i].bindings);
	mutex_unlock(&device->bindings.lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(anchor6_home_prefixes);

static int anchor6_counters_show(struct seq_file *seq, void *unused)
{
	struct anchor6_device *device = seq->private;
	enum anchor6_counter i;

	for (i = 0; i < ANCHOR6_COUNTER_NUM; i++)
		seq_printf(seq, "%s %llu\n", anchor6_counter_infos[i].name,
			   anchor6_counter_sum(device->stats, i));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(anchor6_counters);

/**
 * anchor6_debugfs_init - make the directory of the module
 *
 * Context: module initialisation.
 */
void __init anchor6_debugfs_init(void)
{
	anchor6_debugfs_root = debugfs_create_dir("anchor6", NULL);
}

/**
 * anchor6_debugfs_exit - remove the directory of the module
 *
 * Context: module removal, or its failed initialisation.
 */
void anchor6_debugfs_exit(void)
{
	debugfs_remove_recursive(anchor6_debugfs_root);
}

/**
 * anchor6_debugfs_add - show a device
 * @device: with its bindings
 *
 * Context: process, under the RTNL.
 */
void anchor6_debugfs_add(struct anchor6_device *device)
{
	char name[IFNAMSIZ + 16];

	snprintf(name, sizeof(name), "%u-%s",
		 dev_net(device->netdev)->ns.inum, device->netdev->name);
	device->debugfs = debugfs_create_dir(name, anchor6_debugfs_root);
	debugfs_create_file("bindings", 0400, device->debugfs, device,
			    &anchor6_bindings_fops);
	debugfs_create_file("far_ends", 0400, device->debugfs, device,
			    &anchor6_far_ends_fops);
	debugfs_create_file("home_prefixes", 0400, device->debugfs, device,
			    &anchor6_home_prefixes_fops);
	debugfs_create_file("counters", 0400, device->debugfs, device,
			    &anchor6_counters_fops);
}

/**
 * anchor6_debugfs_remove - show a device no more
 * @device: as it was added
 *
 * Context: process, under the RTNL, not under the lock of the bindings: waits
 * for readers, who take it.
 */
void anchor6_debugfs_remove(struct anchor6_device *device)
{
	debugfs_remove_recursive(device->debugfs);
}
