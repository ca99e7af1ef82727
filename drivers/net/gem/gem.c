/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "gem"

#include "drivers/net/gem/gem.h"

#include <string.h>

#include "base/log.h"
#include "drivers/net/gem/gem_internal.h"

/* The address that the loader has left there, or one administered by nobody but us. */
static void choose_address(struct gem *g)
{
	static const uint8_t none[6] = {0x02, 0xfa, 0x7a, 0x6e, 0x30, 0x00};

	if (gem_read_address(g))
		return;
	log_warn("%s: has no station address, and gets one that others may have", g->mac.nif.name);
	memcpy(g->mac.nif.mac, none, sizeof(none));
}

static enum err prepare(struct mac *m)
{
	struct gem *g = gem_of(m);

	choose_address(g);
	return dma_memory_share(&g->rings, sizeof(g->rings));
}

static enum err set_up(struct mac *m)
{
	struct gem *g = gem_of(m);

	gem_rx_reset(g);
	gem_tx_reset(g);
	if (gem_rx_fill(g) == 0)
		return ERR_NOMEM;
	gem_reset(g);
	return OK;
}

static void release(struct mac *m)
{
	gem_rx_free(gem_of(m));
	gem_tx_free(gem_of(m));
}

static void interrupt(void *mac)
{
	const struct gem *g = gem_of(mac);

	gem_write(g, GEM_INTR_DISABLE, UINT32_MAX);
	gem_write(g, GEM_INTR, gem_read(g, GEM_INTR));
	mac_interrupted(mac);
}

static enum err start(struct netif *nif)
{
	struct gem *g = gem_of(mac_of(nif));

	g->filters = false;
	memset(g->groups, 0, sizeof(g->groups));
	nif->features = NETIF_SG | NETIF_CSUM_TX | NETIF_CSUM_RX;
	return mac_start(nif);
}

static const struct netif_ops netif_ops = {
	.start = start,
	.stop = mac_stop,
	.send = gem_send,
	.flush = gem_flush,
	.recv = gem_recv,
	.rx_arm = gem_rx_arm,
};

static const struct mac_ops mac_ops = {
	.identify = gem_identify,
	.halt = gem_halt,
	.release = release,
	.prepare = prepare,
	.set_up = set_up,
	.go = gem_go,
	.interrupt = interrupt,
	.looked = gem_looked,
};

struct netif *gem_init(struct gem *g, const struct gem_config *config, struct irq_chip *irq,
		       struct timer *timer, struct pkt_pool *rx, const char *name)
{
	assert(rx->buf_bytes >= GEM_RX_BYTES);
	memset(g, 0, sizeof(*g));
	g->config = *config;
	g->mac = (struct mac){
		.nif = {.ops = &netif_ops, .name = name, .mtu = MAC_MTU, .filter = gem_filter},
		.ops = &mac_ops,
		.phy_config = gem_phy_config(config),
		.irq = irq,
		.line = config->line,
		.timer = timer,
		.rx_pool = rx,
	};
	return &g->mac.nif;
}
