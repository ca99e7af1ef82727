/* SPDX-License-Identifier: ISC */
/* The controller: reset, MAC, and by its MDIO the PHY. */
#include <string.h>

#include "drivers/net/sun8i_emac/sun8i_emac_internal.h"

enum {
	RESET_US = 100 * 1000,
	MDIO_US = 1000, /* a frame takes 26 us */
};

/* Waits are for the hardware: the time is that of the timer, which goes on whatever it does. */
static enum err wait_clear(const struct sun8i_emac *m, uint32_t offset, uint32_t mask, uint32_t us)
{
	uint64_t end = timer_now_us(m->timer) + us;

	while ((sun8i_emac_read(m, offset) & mask) != 0) {
		if (timer_now_us(m->timer) >= end)
			return ERR_TIMEOUT;
		cpu_relax();
	}
	return OK;
}

enum err sun8i_emac_reset(const struct sun8i_emac *m)
{
	sun8i_emac_write(m, EMAC_INT_ENABLE, 0);
	sun8i_emac_write(m, EMAC_RX0, 0);
	sun8i_emac_write(m, EMAC_TX0, 0);
	sun8i_emac_write(m, EMAC_RX1, 0);
	sun8i_emac_write(m, EMAC_TX1, 0);
	sun8i_emac_write(m, EMAC_BASIC1, EMAC_BASIC1_RESET);
	return wait_clear(m, EMAC_BASIC1, EMAC_BASIC1_RESET, RESET_US);
}

enum err sun8i_emac_left_address(const struct sun8i_emac *m, uint8_t mac[static 6])
{
	static const uint8_t none[6];
	uint32_t low = sun8i_emac_read(m, EMAC_ADDRESS_LOW);
	uint32_t high = sun8i_emac_read(m, EMAC_ADDRESS_HIGH);

	for (unsigned i = 0; i < 6; i++)
		mac[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
	/* A group's cannot be a station's, and ones are what a reset leaves. */
	return (mac[0] & 1) != 0 || memcmp(mac, none, sizeof(none)) == 0 ? ERR_NOTFOUND : OK;
}

static void set_address(const struct sun8i_emac *m)
{
	const uint8_t *mac = m->nif.mac;

	sun8i_emac_write(m, EMAC_ADDRESS_HIGH, (uint32_t)mac[5] << 8 | mac[4]);
	sun8i_emac_write(m, EMAC_ADDRESS_LOW,
			 (uint32_t)mac[3] << 24 | (uint32_t)mac[2] << 16 | (uint32_t)mac[1] << 8 |
				 mac[0]);
}

void sun8i_emac_go(const struct sun8i_emac *m)
{
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
	return wait_clear(m, EMAC_MDIO, EMAC_MDIO_BUSY, MDIO_US);
}

/* Where nobody answers, the lines read as ones, which no register has. */
static enum err read_phy(void *mac, unsigned address, unsigned reg, uint16_t *value)
{
	const struct sun8i_emac *m = mac;
	enum err e = exchange(m, address, reg, 0);

	*value = (uint16_t)sun8i_emac_read(m, EMAC_MDIO_DATA);
	return e == OK && *value == UINT16_MAX ? ERR_IO : e;
}

static enum err write_phy(void *mac, unsigned address, unsigned reg, uint16_t value)
{
	const struct sun8i_emac *m = mac;

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

void sun8i_emac_phy_init(struct sun8i_emac *m)
{
	m->phy_config = (struct phy_config){
		.read = read_phy,
		.write = write_phy,
		.address = m->config.phy_address,
		.offers = PHY_10_100,
	};
	phy_init(&m->phy, &m->phy_config, m, m->nif.name);
}

void sun8i_emac_phy_poll(struct sun8i_emac *m)
{
	if (phy_poll(&m->phy, timer_now_us(m->timer)) && phy_is_up(&m->phy))
		set_mode(m, &m->phy.link);
	m->nif.link_up = phy_is_up(&m->phy);
	timer_arm(m->timer, m->phy.due_us);
}
