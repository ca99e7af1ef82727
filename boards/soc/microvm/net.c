/* SPDX-License-Identifier: ISC */
#include "boards/common/common.h"
#include "boards/soc/microvm/microvm.h"
#include "drivers/net/virtio_net/virtio_net.h"
#include "hal/board.h"

enum { NETIFS_MAX = 2 };

struct card {
	struct virtio_mmio slot;
	struct virtio_net net;
	struct netif *netif; /* NULL: not asked for yet */
};

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static const char *const names[NETIFS_MAX] = {"net0", "net1"};
	static struct card cards[NETIFS_MAX];

	uint32_t line;
	if (index < NETIFS_MAX && cards[index].netif != NULL)
		return cards[index].netif;
	if (index >= NETIFS_MAX ||
	    microvm_find_virtio(&cards[index].slot, VIRTIO_ID_NET, index, &line) != OK) {
		board_complain("there is no such network device; give QEMU -netdev …,id=n0 "
			       "-device virtio-net-device,netdev=n0");
		return NULL;
	}
	struct card *c = &cards[index];
	c->netif = virtio_net_init(&c->net, &c->slot.dev, &pc_apic()->chip, line, IRQ_LEVEL_HIGH,
				   rx, names[index]);
	return c->netif;
}
