/* SPDX-License-Identifier: ISC */
#include "drivers/net/genet/genet.h"

#include <string.h>

#include "drivers/net/genet/genet_internal.h"

static enum err find_address(struct mac *m)
{
	enum err e = genet_of(m)->config.mac(m->nif.mac);

	return e == OK && !mac_is_station(m->nif.mac) ? ERR_NOTFOUND : e;
}

static enum err set_up(struct mac *m)
{
	struct genet *g = genet_of(m);

	genet_reset(g);
	genet_rx_reset(g);
	genet_tx_reset(g);
	return genet_rx_fill(g) > 0 ? OK : ERR_NOMEM;
}

static void release(struct mac *m)
{
	struct genet *g = genet_of(m);

	for (unsigned i = 0; i < GENET_RING; i++) {
		genet_rx_free(g, i);
		genet_tx_free(g, i);
	}
}

static void interrupt(void *mac)
{
	const struct genet *g = genet_of(mac);

	genet_write(g, INTR_MASK_SET, UINT32_MAX);
	genet_write(g, INTR1_MASK_SET, UINT32_MAX);
	mac_interrupted(mac);
}

static const struct netif_ops netif_ops = {
	.start = mac_start,
	.stop = mac_stop,
	.send = genet_send,
	.flush = genet_flush,
	.recv = genet_recv,
	.rx_arm = genet_rx_arm,
};

static const struct mac_ops mac_ops = {
	.identify = genet_identify,
	.halt = genet_halt,
	.release = release,
	.prepare = find_address,
	.set_up = set_up,
	.go = genet_go,
	.interrupt = interrupt,
	.looked = genet_looked,
};

struct netif *genet_init(struct genet *g, const struct genet_config *config, struct irq_chip *irq,
			 struct timer *timer, struct pkt_pool *rx, const char *name)
{
	assert(rx->buf_bytes >= GENET_RX_BYTES);
	memset(g, 0, sizeof(*g));
	g->config = *config;
	g->mac = (struct mac){
		.nif = {.ops = &netif_ops, .name = name, .mtu = MAC_MTU, .features = NETIF_SG},
		.ops = &mac_ops,
		.phy_config = genet_phy_config(),
		.irq = irq,
		.line = config->line,
		.timer = timer,
		.rx_pool = rx,
	};
	return &g->mac.nif;
}
