/* SPDX-License-Identifier: ISC */
/*
 * The MAC's registers, the PHY behind them, and the link.
 */
#define LOG_MODULE "lan9118"
#include "base/log.h"
#include "drivers/net/lan9118/lan9118_internal.h"

enum { ETH_MULTICAST = 1 };

static enum err csr(const struct lan9118 *l, uint32_t command)
{
	lan9118_write(l, LAN9118_MAC_CMD, command | LAN9118_MAC_CMD_BUSY);
	return lan9118_wait_clear(l, LAN9118_MAC_CMD, LAN9118_MAC_CMD_BUSY, LAN9118_POLLS);
}

static enum err csr_read(const struct lan9118 *l, unsigned reg, uint32_t *value)
{
	enum err e = csr(l, reg | LAN9118_MAC_CMD_READ);

	*value = e == OK ? lan9118_read(l, LAN9118_MAC_DATA) : 0;
	return e;
}

static enum err csr_write(const struct lan9118 *l, unsigned reg, uint32_t value)
{
	lan9118_write(l, LAN9118_MAC_DATA, value);
	return csr(l, reg);
}

/* Waits until the serial line to the PHY is free. */
static enum err phy_wait(const struct lan9118 *l)
{
	for (unsigned i = 0; i < LAN9118_POLLS; i++) {
		uint32_t busy;
		enum err e = csr_read(l, LAN9118_MAC_MII_ACC, &busy);

		if (e != OK || (busy & LAN9118_MAC_MII_ACC_BUSY) == 0)
			return e;
	}
	return ERR_TIMEOUT;
}

static enum err phy_access(const struct lan9118 *l, unsigned reg, uint32_t how)
{
	enum err e = csr_write(l, LAN9118_MAC_MII_ACC,
			       LAN9118_MAC_MII_ACC_PHY | LAN9118_MAC_MII_ACC_REG(reg) | how |
				       LAN9118_MAC_MII_ACC_BUSY);

	return e == OK ? phy_wait(l) : e;
}

static enum err phy_read(const struct lan9118 *l, unsigned reg, uint32_t *value)
{
	enum err e = phy_access(l, reg, 0);

	return e == OK ? csr_read(l, LAN9118_MAC_MII_DATA, value) : e;
}

static enum err phy_write(const struct lan9118 *l, unsigned reg, uint32_t value)
{
	enum err e = csr_write(l, LAN9118_MAC_MII_DATA, value);

	return e == OK ? phy_access(l, reg, LAN9118_MAC_MII_ACC_WRITE) : e;
}

/* The controller has read it from its EEPROM, or whoever started the machine has set it. */
static enum err read_address(struct lan9118 *l)
{
	/* Administered by nobody but us: for a controller that has none. */
	static const uint8_t none[6] = {0x02, 0xfa, 0x7a, 0x91, 0x18, 0x00};
	uint32_t high, low;
	enum err e = csr_read(l, LAN9118_MAC_ADDR_HIGH, &high);

	if (e == OK)
		e = csr_read(l, LAN9118_MAC_ADDR_LOW, &low);
	if (e != OK)
		return e;
	for (unsigned i = 0; i < 6; i++)
		l->nif.mac[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
	if ((l->nif.mac[0] & ETH_MULTICAST) == 0 && (low | (high & 0xffff)) != 0)
		return OK;
	log_warn("%s: has no station address, and gets one that others may have", l->nif.name);
	for (unsigned i = 0; i < 6; i++)
		l->nif.mac[i] = none[i];
	high = (uint32_t)none[5] << 8 | none[4];
	low = (uint32_t)none[3] << 24 | (uint32_t)none[2] << 16 | (uint32_t)none[1] << 8 | none[0];
	e = csr_write(l, LAN9118_MAC_ADDR_HIGH, high);
	return e == OK ? csr_write(l, LAN9118_MAC_ADDR_LOW, low) : e;
}

static enum err phy_start(const struct lan9118 *l)
{
	const uint32_t abilities = LAN9118_PHY_ABILITY_802_3 | LAN9118_PHY_ABILITY_10 |
				   LAN9118_PHY_ABILITY_10_FULL | LAN9118_PHY_ABILITY_100 |
				   LAN9118_PHY_ABILITY_100_FULL;
	uint32_t control = LAN9118_PHY_CONTROL_RESET;
	enum err e = phy_write(l, LAN9118_PHY_CONTROL, LAN9118_PHY_CONTROL_RESET);

	for (unsigned i = 0; e == OK && i < LAN9118_POLLS; i++) {
		e = phy_read(l, LAN9118_PHY_CONTROL, &control);
		if ((control & LAN9118_PHY_CONTROL_RESET) == 0)
			break;
	}
	if (e == OK && (control & LAN9118_PHY_CONTROL_RESET) != 0)
		e = ERR_TIMEOUT;
	if (e == OK)
		e = phy_write(l, LAN9118_PHY_ADVERTISED, abilities);
	if (e == OK)
		e = phy_write(l, LAN9118_PHY_INT_MASK,
			      LAN9118_PHY_INT_LINK_DOWN | LAN9118_PHY_INT_NEGOTIATED);
	if (e == OK)
		e = phy_write(l, LAN9118_PHY_CONTROL,
			      LAN9118_PHY_CONTROL_NEGOTIATE | LAN9118_PHY_CONTROL_RENEGOTIATE);
	return e;
}

/* What both ends can do best (IEEE 802.3, 28B.3). */
static enum err read_mode(const struct lan9118 *l, bool *full_duplex, bool *fast)
{
	uint32_t ours, theirs, both;
	enum err e = phy_read(l, LAN9118_PHY_ADVERTISED, &ours);

	if (e == OK)
		e = phy_read(l, LAN9118_PHY_PARTNER, &theirs);
	if (e != OK)
		return e;
	both = ours & theirs;
	*fast = (both & (LAN9118_PHY_ABILITY_100 | LAN9118_PHY_ABILITY_100_FULL)) != 0;
	*full_duplex =
		(both & (*fast ? LAN9118_PHY_ABILITY_100_FULL : LAN9118_PHY_ABILITY_10_FULL)) != 0;
	return OK;
}

static enum err set_duplex(const struct lan9118 *l, bool full)
{
	return csr_write(l, LAN9118_MAC_CR,
			 LAN9118_MAC_CR_RX | LAN9118_MAC_CR_TX | LAN9118_MAC_CR_MULTICAST |
				 (full ? LAN9118_MAC_CR_DUPLEX : 0));
}

/* The link's bit keeps a loss until it is read: the second read is what is now. */
static enum err read_link(struct lan9118 *l)
{
	const uint32_t good = LAN9118_PHY_STATUS_LINK | LAN9118_PHY_STATUS_NEGOTIATED;
	bool full_duplex = true, fast = true;
	uint32_t status;
	enum err e = phy_read(l, LAN9118_PHY_INT_SOURCE, &status);

	for (unsigned i = 0; e == OK && i < 2; i++)
		e = phy_read(l, LAN9118_PHY_STATUS, &status);
	if (e != OK)
		return e;
	bool up = (status & good) == good;
	if (up) {
		e = read_mode(l, &full_duplex, &fast);
		if (e == OK)
			e = set_duplex(l, full_duplex);
	}
	if (e == OK && up != l->nif.link_up) {
		l->nif.link_up = up;
		if (up)
			log_info_brief(l->nif.name, "link is up",
				       "%s: link is up, %s Mbit/s, %s duplex", l->nif.name,
				       fast ? "100" : "10", full_duplex ? "full" : "half");
		else
			log_warn_brief(l->nif.name, "link is down", "%s: link is down",
				       l->nif.name);
	}
	return e;
}

void lan9118_mac_check_link(struct lan9118 *l)
{
	l->phy_changed = false;
	if (read_link(l) != OK)
		l->fault = "its PHY does not answer";
}

enum err lan9118_mac_start(struct lan9118 *l)
{
	enum err e = read_address(l);

	if (e == OK)
		e = phy_start(l);
	if (e == OK)
		e = set_duplex(l, true);
	return e == OK ? read_link(l) : e;
}
