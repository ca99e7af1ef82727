/* SPDX-License-Identifier: ISC */
/*
 * Network interfaces: the virtio slots that hold a network device, in the order of QEMU's command
 * line.
 */
#include "boards/soc/qemu-virt/qemu_virt.h"
#include "drivers/net/virtio_net/virtio_net.h"
#include "drivers/virtio/virtio_mmio.h"
#include "hal/board.h"

/* Interfaces that an image can use; each takes about 16 KiB. */
#ifndef QEMU_VIRT_NETIFS
#define QEMU_VIRT_NETIFS 2
#endif

struct interface {
	struct virtio_mmio slot;
	struct virtio_net net;
	struct netif *nif; /* NULL: not handed out yet */
};

static struct interface interfaces[QEMU_VIRT_NETIFS];

/* Network device number `index`: its slot in *slot and in the machine, or NULL. */
static const struct machine_device *find(unsigned index, struct virtio_mmio *slot)
{
	const struct machine *m = &qemu_virt_machine;

	for (unsigned i = 0; i < m->n_virtio; i++) {
		if (virtio_mmio_probe(slot, m->virtio[i].base) != OK ||
		    slot->dev.id != VIRTIO_ID_NET)
			continue;
		if (index-- == 0)
			return &m->virtio[i];
	}
	return NULL;
}

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static const char *const names[] = {"net0", "net1", "net2", "net3"};
	const struct machine_device *d;
	struct interface *i;

	_Static_assert(QEMU_VIRT_NETIFS <= ARRAY_SIZE(names), "each has a name");
	if (index >= QEMU_VIRT_NETIFS) {
		qemu_virt_complain("this image was built for fewer network interfaces");
		return NULL;
	}
	i = &interfaces[index];
	if (i->nif != NULL)
		return i->nif;
	d = find(index, &i->slot);
	if (d == NULL) {
		qemu_virt_complain("no network device: add -device virtio-net-device,netdev=…");
		return NULL;
	}
	i->nif = virtio_net_init(&i->net, &i->slot.dev, qemu_virt_irq_chip(), d->line, d->trigger,
				 rx, names[index]);
	return i->nif;
}
