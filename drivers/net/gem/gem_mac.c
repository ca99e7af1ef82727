/* SPDX-License-Identifier: ISC */
/* The controller: what it is, stopping it, setting it up, its counters. */
#include <string.h>

#include "drivers/net/gem/gem_internal.h"

enum {
	STOP_US = 5000,     /* of sending, which first ends the frame that it is at */
	RX_DRAIN_US = 1000, /* from the end of receiving to that of the last frame's DMA */
	MDC_HZ_MAX = 2500000,
	ADDRESSES_MORE = 3, /* for which it could receive too */
};

enum err gem_identify(struct mac *m)
{
	const struct gem *g = gem_of(m);
	uint32_t module = gem_read(g, GEM_MODULE) >> GEM_MODULE_SHIFT & GEM_MODULE_MASK;

	if (module < GEM_MODULE_GEM || module == GEM_MODULE_MASK)
		return ERR_NODEV;
	return (gem_read(g, GEM_DESIGN6) & GEM_DESIGN6_64) != 0 ? OK : ERR_UNSUPPORTED;
}

bool gem_read_address(struct gem *g)
{
	return mac_from_registers(g->mac.nif.mac, gem_read(g, GEM_MAC_LOW),
				  gem_read(g, GEM_MAC_HIGH));
}

static void mask_all(const struct gem *g)
{
	uint32_t queues = gem_read(g, GEM_DESIGN6) & GEM_DESIGN6_QUEUES;

	gem_write(g, GEM_INTR_DISABLE, UINT32_MAX);
	for (unsigned q = 1; q < GEM_QUEUES_MAX; q++) {
		if ((queues >> q & 1) != 0)
			gem_write(g, GEM_QUEUE_INTR_DISABLE(q), UINT32_MAX);
	}
}

enum err gem_halt(struct mac *m)
{
	struct gem *g = gem_of(m);
	enum err e;

	mask_all(g);
	g->control = (gem_read(g, GEM_CONTROL) & GEM_CONTROL_TX) | GEM_CONTROL_MDIO;
	gem_write(g, GEM_CONTROL, g->control | GEM_CONTROL_TX_HALT);
	e = mac_wait(m, g->config.base + GEM_TX_STATUS, GEM_TX_STATUS_GOING, 0, STOP_US);
	g->control = GEM_CONTROL_MDIO;
	gem_write(g, GEM_CONTROL, g->control | GEM_CONTROL_CLEAR_STATS);
	mac_delay(m, RX_DRAIN_US);
	gem_write(g, GEM_TX_STATUS, UINT32_MAX);
	gem_write(g, GEM_RX_STATUS, UINT32_MAX);
	gem_write(g, GEM_INTR, gem_read(g, GEM_INTR));
	return e;
}

/* The divider for MDIO, by its place among 8, 16, 32, 48, 64, 96, 128, 224. */
static uint32_t mdc_divider(uint32_t pclk_hz)
{
	static const uint8_t dividers[] = {8, 16, 32, 48, 64, 96, 128, 224};
	uint32_t i = 0;

	while (i < GEM_CONFIG_MDC_SLOWEST && pclk_hz / dividers[i] > MDC_HZ_MAX)
		i++;
	return i << GEM_CONFIG_MDC_SHIFT;
}

/* That of the data bus, as the design has it: 1, 2 or 4 words of 32 bits. */
static uint32_t bus_width(const struct gem *g)
{
	uint32_t words = gem_read(g, GEM_DESIGN1) >> GEM_DESIGN1_BUS_SHIFT & GEM_DESIGN1_BUS_MASK;

	return (words >= 4 ? 2u : words / 2) << GEM_CONFIG_BUS_SHIFT;
}

/* A bit for each hash of an address that is let through. */
static void set_hashes(const struct gem *g)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < GEM_HASHES; i++)
		bits |= (uint64_t)(!g->filters || g->groups[i] > 0) << i;
	gem_write(g, GEM_HASH_LOW, (uint32_t)bits);
	gem_write(g, GEM_HASH_HIGH, (uint32_t)(bits >> 32));
}

/* The exclusive or of the address's eight runs of six bits, its first bit the lowest (UG1085). */
static unsigned hash_of(const uint8_t address[static 6])
{
	uint64_t bits = 0;
	unsigned hash = 0;

	for (unsigned i = 0; i < 6; i++)
		bits |= (uint64_t)address[i] << 8 * i;
	for (; bits != 0; bits /= GEM_HASHES)
		hash ^= bits % GEM_HASHES;
	return hash;
}

void gem_filter(struct netif *nif, const uint8_t group[static 6], bool wanted)
{
	struct gem *g = gem_of(mac_of(nif));
	uint16_t *count = &g->groups[hash_of(group)];

	assert(wanted || *count > 0);
	*count = (uint16_t)(wanted ? *count + 1 : *count - 1);
	g->filters = true;
	if (g->mac.running)
		set_hashes(g);
}

static void set_addresses(const struct gem *g)
{
	const uint8_t *mac = g->mac.nif.mac;

	/* The lower half turns an address off, the upper one on. */
	gem_write(g, GEM_MAC_LOW,
		  (uint32_t)mac[3] << 24 | (uint32_t)mac[2] << 16 | (uint32_t)mac[1] << 8 | mac[0]);
	gem_write(g, GEM_MAC_HIGH, (uint32_t)mac[5] << 8 | mac[4]);
	for (unsigned i = 0; i < ADDRESSES_MORE; i++)
		gem_write(g, GEM_MAC2_LOW + 8 * i, 0);
	set_hashes(g);
}

/* Queues are told where their rings are; those that have none, that there is nothing to do. */
static void set_rings(struct gem *g)
{
	struct gem_rings *r = &g->rings;
	uint32_t queues = gem_read(g, GEM_DESIGN6) & GEM_DESIGN6_QUEUES;

	r->rx_idle = (struct gem_descriptor){.address = GEM_RX_USED | GEM_RX_WRAP};
	r->tx_idle = (struct gem_descriptor){.control = GEM_TX_USED | GEM_TX_WRAP};
	dma_write_barrier(); /* the rings are written before */
	for (unsigned q = 1; q < GEM_QUEUES_MAX; q++) {
		if ((queues >> q & 1) == 0)
			continue;
		gem_write(g, GEM_QUEUE_RX(q), (uint32_t)(uintptr_t)&r->rx_idle);
		gem_write(g, GEM_QUEUE_TX(q), (uint32_t)(uintptr_t)&r->tx_idle);
	}
	gem_write(g, GEM_RX_QUEUE, (uint32_t)(uintptr_t)r->rx);
	gem_write(g, GEM_TX_QUEUE, (uint32_t)(uintptr_t)r->tx);
	gem_write(g, GEM_RX_QUEUES_HIGH, (uint32_t)((uint64_t)(uintptr_t)r >> 32));
	gem_write(g, GEM_TX_QUEUES_HIGH, (uint32_t)((uint64_t)(uintptr_t)r >> 32));
}

void gem_reset(struct gem *g)
{
	gem_write(g, GEM_CONFIG,
		  GEM_CONFIG_FULL_DUPLEX | GEM_CONFIG_MULTICAST | GEM_CONFIG_1536 |
			  RX_FRAME_OFFSET << GEM_CONFIG_OFFSET_SHIFT | GEM_CONFIG_NO_FCS |
			  mdc_divider(g->config.pclk_hz) | bus_width(g) | GEM_CONFIG_RX_CHECKSUM);
	gem_write(g, GEM_DMA,
		  GEM_DMA_BURST_16 | GEM_DMA_ALL_MEMORY | GEM_DMA_TX_CHECKSUM |
			  GEM_RX_BYTES / GEM_DMA_RX_UNIT << GEM_DMA_RX_SHIFT | GEM_DMA_RX_DISCARD |
			  GEM_DMA_64);
	set_addresses(g);
	set_rings(g);
}

void gem_go(struct mac *m)
{
	struct gem *g = gem_of(m);

	g->control = GEM_CONTROL_MDIO | GEM_CONTROL_RX | GEM_CONTROL_TX;
	gem_write(g, GEM_CONTROL, g->control);
}

void gem_count(struct gem *g)
{
	struct netif_stats *s = &g->mac.nif.stats;

	for (uint32_t at = GEM_RX_UNDERSIZE; at <= GEM_RX_ALIGNMENT; at += 4)
		s->rx_errors += gem_read(g, at);
	for (uint32_t at = GEM_RX_BAD_IP; at <= GEM_RX_BAD_UDP; at += 4)
		s->rx_errors += gem_read(g, at);
	s->rx_dropped += gem_read(g, GEM_RX_NO_BUFFERS) + gem_read(g, GEM_RX_OVERRUNS);
	s->tx_errors += gem_read(g, GEM_TX_UNDERRUNS) + gem_read(g, GEM_TX_RETRIES) +
			gem_read(g, GEM_TX_LATE) + gem_read(g, GEM_TX_NO_CARRIER);
}
