/* SPDX-License-Identifier: ISC */
/* The controller: reset, MAC, and by its MDIO the PHY. */
#include "drivers/net/sun8i_emac/sun8i_emac_internal.h"

enum {
	RESET_US = 100 * 1000,
	MDIO_US = 1000, /* a frame takes 26 us */
};

enum err sun8i_emac_reset(struct mac *mac)
{
	const struct sun8i_emac *m = sun8i_emac_of(mac);

	sun8i_emac_write(m, EMAC_INT_ENABLE, 0);
	sun8i_emac_write(m, EMAC_RX0, 0);
	sun8i_emac_write(m, EMAC_TX0, 0);
	sun8i_emac_write(m, EMAC_RX1, 0);
	sun8i_emac_write(m, EMAC_TX1, 0);
	sun8i_emac_write(m, EMAC_BASIC1, EMAC_BASIC1_RESET);
	return mac_wait(mac, m->config.base + EMAC_BASIC1, EMAC_BASIC1_RESET, 0, RESET_US);
}

bool sun8i_emac_left_address(const struct sun8i_emac *m, uint8_t mac[static 6])
{
	/* Ones are what a reset leaves: a group's. */
	return mac_from_registers(mac, sun8i_emac_read(m, EMAC_ADDRESS_LOW),
				  sun8i_emac_read(m, EMAC_ADDRESS_HIGH));
}

static void set_address(const struct sun8i_emac *m)
{
	const uint8_t *mac = m->mac.nif.mac;

	sun8i_emac_write(m, EMAC_ADDRESS_HIGH, (uint32_t)mac[5] << 8 | mac[4]);
	sun8i_emac_write(m, EMAC_ADDRESS_LOW,
			 (uint32_t)mac[3] << 24 | (uint32_t)mac[2] << 16 | (uint32_t)mac[1] << 8 |
				 mac[0]);
}

void sun8i_emac_go(struct mac *mac)
{
	const struct sun8i_emac *m = sun8i_emac_of(mac);

	sun8i_emac_write(m, EMAC_BASIC1, EMAC_BASIC1_BURST_8);
	set_address(m);
	sun8i_emac_write(m, EMAC_FILTER, EMAC_FILTER_OFF);
	sun8i_emac_write(m, EMAC_INT_STATUS, UINT32_MAX);
	sun8i_emac_write(m, EMAC_TX_DESCRIPTORS, sun8i_emac_address(m->tx.desc));
	sun8i_emac_write(m, EMAC_RX_DESCRIPTORS, sun8i_emac_address(m->rx.desc));
	sun8i_emac_write(m, EMAC_TX1, EMAC_TX1_WHOLE_FRAME | EMAC_TX1_DMA);
	sun8i_emac_write(m, EMAC_TX0, EMAC_TX0_ENABLE);
	sun8i_emac_write(m, EMAC_RX0, EMAC_RX0_ENABLE | EMAC_RX0_CHECK);
	sun8i_emac_write(m, EMAC_RX1, EMAC_RX1_WHOLE_FRAME | EMAC_RX1_DMA | EMAC_RX1_START);
}

/* --- the PHY --------------------------------------------------------------------------------- */

static enum err exchange(const struct sun8i_emac *m, unsigned address, unsigned reg, uint32_t what)
{
	sun8i_emac_write(m, EMAC_MDIO,
			 EMAC_MDIO_CLOCK | (uint32_t)address << EMAC_MDIO_PHY_SHIFT |
				 (uint32_t)reg << EMAC_MDIO_REGISTER_SHIFT | what | EMAC_MDIO_BUSY);
	return mac_wait(&m->mac, m->config.base + EMAC_MDIO, EMAC_MDIO_BUSY, 0, MDIO_US);
}

/* Where nobody answers, the lines read as ones, which no register has. */
static enum err read_phy(void *mac, unsigned address, unsigned reg, uint16_t *value)
{
	const struct sun8i_emac *m = sun8i_emac_of(mac);
	enum err e = exchange(m, address, reg, 0);

	*value = (uint16_t)sun8i_emac_read(m, EMAC_MDIO_DATA);
	return e == OK && *value == UINT16_MAX ? ERR_IO : e;
}

static enum err write_phy(void *mac, unsigned address, unsigned reg, uint16_t value)
{
	const struct sun8i_emac *m = sun8i_emac_of(mac);

	sun8i_emac_write(m, EMAC_MDIO_DATA, value);
	return exchange(m, address, reg, EMAC_MDIO_WRITE);
}

static void set_mode(const struct sun8i_emac *m, const struct phy_link *link)
{
	uint32_t mode = EMAC_BASIC0_SPEED_10;

	if (link->mbit == 1000)
		mode = EMAC_BASIC0_SPEED_1000;
	else if (link->mbit == 100)
		mode = EMAC_BASIC0_SPEED_100;
	if (link->full_duplex)
		mode |= EMAC_BASIC0_FULL_DUPLEX;
	sun8i_emac_write(m, EMAC_BASIC0, mode);
}

struct phy_config sun8i_emac_phy_config(const struct sun8i_emac_config *config)
{
	return (struct phy_config){
		.read = read_phy,
		.write = write_phy,
		.address = config->phy_address,
		.offers = PHY_10_100,
	};
}

void sun8i_emac_looked(struct mac *mac, bool has_come)
{
	if (has_come)
		set_mode(sun8i_emac_of(mac), &mac->phy.link);
	if (sun8i_emac_tx_stands(sun8i_emac_of(mac)))
		mac_fail(mac, "sends nothing");
}
