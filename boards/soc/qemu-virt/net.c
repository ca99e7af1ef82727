/* SPDX-License-Identifier: ISC */
/*
 * Network interfaces: the virtio slots that hold a network device, in the order of QEMU's command
 * line.
 */
#include "boards/common/common.h"
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/net/virtio_net/virtio_net.h"
#include "drivers/virtio/virtio_mmio.h"
#include "hal/board.h"

/* Interfaces that an image can use (board.cfg.h says so, too); each takes about 16 KiB. */
enum { NETIFS_MAX = 2 };

struct interface {
	struct virtio_mmio slot;
	struct virtio_net net;
	struct netif *nif; /* NULL: not handed out yet */
};

static struct interface interfaces[NETIFS_MAX];

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static const char *const names[NETIFS_MAX] = {"net0", "net1"};
	const struct machine_device *d;
	struct interface *i;

	if (index < NETIFS_MAX && interfaces[index].nif != NULL)
		return interfaces[index].nif;
	d = index < NETIFS_MAX ? qemu_virt_find(&interfaces[index].slot, VIRTIO_ID_NET, index)
			       : NULL;
	if (d == NULL) {
		board_complain("no network device: add -device virtio-net-device,netdev=…");
		return NULL;
	}
	i = &interfaces[index];
	i->nif = virtio_net_init(&i->net, &i->slot.dev, qemu_virt_irq_chip(), d->line, d->trigger,
				 rx, names[index]);
	return i->nif;
}
