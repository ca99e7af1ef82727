/* SPDX-License-Identifier: ISC */
/*
 * The way to the PHY, which is the controller's MDIO, and what the MAC is told of the link.
 */
#include "drivers/net/genet/genet_internal.h"

enum { MDIO_US = 1000 }; /* a frame takes 26 us */

static enum err exchange(const struct genet *g, unsigned address, unsigned reg, uint32_t frame)
{
	frame |= (uint32_t)address << UMAC_MDIO_PHY_SHIFT | (uint32_t)reg
								    << UMAC_MDIO_REGISTER_SHIFT;
	genet_write(g, UMAC_MDIO, frame);
	genet_write(g, UMAC_MDIO, frame | UMAC_MDIO_BUSY);
	return mac_wait(&g->mac, g->config.base + UMAC_MDIO, UMAC_MDIO_BUSY, 0, MDIO_US);
}

static enum err read_phy(void *mac, unsigned address, unsigned reg, uint16_t *value)
{
	const struct genet *g = genet_of(mac);
	enum err e = exchange(g, address, reg, UMAC_MDIO_READ);
	uint32_t answer = genet_read(g, UMAC_MDIO);

	if (e == OK && (answer & UMAC_MDIO_FAILED) != 0)
		e = ERR_IO;
	*value = (uint16_t)(answer & UMAC_MDIO_DATA);
	return e;
}

static enum err write_phy(void *mac, unsigned address, unsigned reg, uint16_t value)
{
	return exchange(genet_of(mac), address, reg, UMAC_MDIO_WRITE | value);
}

/* Tells the MAC of the link, with the delays of the lines left to the PHY. */
static void set_mode(const struct genet *g, const struct phy_link *link)
{
	uint32_t rgmii = genet_read(g, EXT_RGMII) & ~EXT_RGMII_OOB_DISABLE;
	uint32_t command = genet_read(g, UMAC_COMMAND);
	uint32_t speed = link->mbit == 1000 ? 2 : link->mbit == 100 ? 1 : 0;

	genet_write(g, EXT_RGMII, rgmii | EXT_RGMII_LINK | EXT_RGMII_ENABLE | EXT_RGMII_NO_DELAY);
	command &= ~(3u << UMAC_COMMAND_SPEED_SHIFT | UMAC_COMMAND_HALF_DUPLEX);
	command |= speed << UMAC_COMMAND_SPEED_SHIFT;
	if (!link->full_duplex)
		command |= UMAC_COMMAND_HALF_DUPLEX;
	genet_write(g, UMAC_COMMAND, command);
}

struct phy_config genet_phy_config(void)
{
	return (struct phy_config){
		.read = read_phy,
		.write = write_phy,
		.address = GENET_PHY,
		.offers = PHY_10_100 | PHY_1000_FULL,
	};
}

void genet_looked(struct mac *m, bool has_come)
{
	const struct genet *g = genet_of(m);

	if (has_come)
		set_mode(g, &m->phy.link);
	if (!m->nif.link_up)
		genet_write(g, EXT_RGMII, genet_read(g, EXT_RGMII) & ~EXT_RGMII_LINK);
}
