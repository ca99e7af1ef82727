/* SPDX-License-Identifier: ISC */
#include "drivers/net/sun8i_emac/sun8i_emac.h"

#include <string.h>

#include "drivers/net/sun8i_emac/sun8i_emac_internal.h"

/* Before the reset, which forgets what the loader has left. */
static enum err find_address(struct mac *mac)
{
	const struct sun8i_emac *m = sun8i_emac_of(mac);
	uint8_t *address = mac->nif.mac;

	if (mac_is_station(address) || sun8i_emac_left_address(m, address))
		return OK;
	return m->config.mac(address);
}

static enum err set_up(struct mac *mac)
{
	struct sun8i_emac *m = sun8i_emac_of(mac);

	sun8i_emac_tx_init(m);
	m->rx_stood = m->rx_empty = false;
	return sun8i_emac_rx_fill(m) > 0 ? OK : ERR_NOMEM;
}

static void release(struct mac *mac)
{
	sun8i_emac_rx_free(sun8i_emac_of(mac));
	sun8i_emac_tx_free(sun8i_emac_of(mac));
}

static void interrupt(void *mac)
{
	sun8i_emac_write(sun8i_emac_of(mac), EMAC_INT_ENABLE, 0);
	mac_interrupted(mac);
}

static const struct netif_ops netif_ops = {
	.start = mac_start,
	.stop = mac_stop,
	.send = sun8i_emac_send,
	.flush = sun8i_emac_flush,
	.recv = sun8i_emac_recv,
	.rx_arm = sun8i_emac_rx_arm,
};

static const struct mac_ops mac_ops = {
	.identify = find_address,
	.halt = sun8i_emac_reset,
	.release = release,
	.prepare = NULL,
	.set_up = set_up,
	.go = sun8i_emac_go,
	.interrupt = interrupt,
	.looked = sun8i_emac_looked,
};

struct netif *sun8i_emac_init(struct sun8i_emac *m, const struct sun8i_emac_config *config,
			      struct irq_chip *irq, struct timer *timer, struct pkt_pool *rx,
			      const char *name)
{
	assert(rx->buf_bytes >= SUN8I_EMAC_RX_BYTES);
	memset(m, 0, sizeof(*m));
	m->config = *config;
	m->mac = (struct mac){
		.nif = {.ops = &netif_ops, .name = name, .mtu = MAC_MTU, .features = NETIF_SG},
		.ops = &mac_ops,
		.phy_config = sun8i_emac_phy_config(config),
		.irq = irq,
		.line = config->line,
		.timer = timer,
		.rx_pool = rx,
	};
	return &m->mac.nif;
}
