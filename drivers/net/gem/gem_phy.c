/* SPDX-License-Identifier: ISC */
/*
 * The way to the PHY, and what the MAC is told of the link.
 */
#include "drivers/net/gem/gem_internal.h"

enum { MDIO_US = 1000 }; /* a frame takes 26 us */

static enum err exchange(const struct gem *g, unsigned address, unsigned reg, uint32_t frame)
{
	gem_write(g, GEM_MDIO,
		  frame | (uint32_t)address << GEM_MDIO_PHY_SHIFT |
			  (uint32_t)reg << GEM_MDIO_REGISTER_SHIFT);
	return mac_wait(&g->mac, g->config.base + GEM_STATUS, GEM_STATUS_MDIO_IDLE,
			GEM_STATUS_MDIO_IDLE, MDIO_US);
}

/* The controller does not say whether anybody answered; silence reads as ones. */
static enum err read_phy(void *mac, unsigned address, unsigned reg, uint16_t *value)
{
	const struct gem *g = gem_of(mac);
	enum err e = exchange(g, address, reg, GEM_MDIO_READ);

	*value = (uint16_t)(gem_read(g, GEM_MDIO) & GEM_MDIO_DATA);
	return e;
}

static enum err write_phy(void *mac, unsigned address, unsigned reg, uint16_t value)
{
	return exchange(gem_of(mac), address, reg, GEM_MDIO_WRITE | value);
}

static void set_mode(const struct gem *g, const struct phy_link *link)
{
	uint32_t config = gem_read(g, GEM_CONFIG);

	config &= ~(GEM_CONFIG_100 | GEM_CONFIG_1000 | GEM_CONFIG_FULL_DUPLEX);
	if (link->mbit == 1000)
		config |= GEM_CONFIG_1000;
	if (link->mbit == 100)
		config |= GEM_CONFIG_100;
	if (link->full_duplex)
		config |= GEM_CONFIG_FULL_DUPLEX;
	gem_write(g, GEM_CONFIG, config);
	if (g->config.set_rate != NULL)
		g->config.set_rate(link->mbit);
}

struct phy_config gem_phy_config(const struct gem_config *config)
{
	return (struct phy_config){
		.read = read_phy,
		.write = write_phy,
		.setup = config->phy_setup,
		.address = config->phy,
		/* Half duplex there is not at 1000 Mb/s. */
		.offers = PHY_10_100 | PHY_1000_FULL,
	};
}

void gem_looked(struct mac *m, bool has_come)
{
	if (has_come)
		set_mode(gem_of(m), &m->phy.link);
	gem_count(gem_of(m));
}
