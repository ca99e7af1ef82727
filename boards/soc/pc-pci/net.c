/* SPDX-License-Identifier: ISC */
#include "boards/common/common.h"
#include "boards/soc/pc-pci/pc_pci.h"
#include "boards/soc/pc/pc.h"
#include "drivers/net/virtio_net/virtio_net.h"
#include "hal/board.h"

enum { NETIFS_MAX = 2 };

struct card {
	struct virtio_pci slot;
	struct virtio_net net;
	struct netif *netif; /* NULL: not asked for yet */
};

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	static const char *const names[NETIFS_MAX] = {"net0", "net1"};
	static struct card cards[NETIFS_MAX];
	enum irq_trigger trigger;
	uint32_t line;

	if (index < NETIFS_MAX && cards[index].netif != NULL)
		return cards[index].netif;
	enum err e = index < NETIFS_MAX ? pc_pci_find(&cards[index].slot, VIRTIO_ID_NET, index)
					: ERR_NODEV;
	if (e == ERR_NODEV)
		board_complain("there is no such network device; give QEMU -netdev …,id=n0 "
			       "-device virtio-net-pci,netdev=n0");
	if (e != OK)
		return NULL;
	struct card *c = &cards[index];
	if (pc_pci_interrupt(&c->slot, &line, &trigger) != OK) {
		board_complain("the network device has neither messages (MSI-X) nor a line to "
			       "interrupt with");
		return NULL;
	}
	c->netif = virtio_net_init(&c->net, &c->slot.dev, &pc_apic()->chip, line, trigger, rx,
				   names[index]);
	return c->netif;
}
