/* SPDX-License-Identifier: ISC */
/* What is offered, and what comes of it. */
#include "drivers/net/phy/phy_internal.h"

static uint16_t offers_10_100(uint8_t offers)
{
	uint32_t bits = PHY_OFFER_802_3;

	/* The four modes stand in the register as in enum phy_ability. */
	bits |= (uint32_t)(offers & PHY_10_100) * PHY_OFFER_10_HALF;
	if ((offers & PHY_PAUSE) != 0)
		bits |= PHY_OFFER_PAUSE;
	if ((offers & PHY_PAUSE_ASYM) != 0)
		bits |= PHY_OFFER_PAUSE_ASYM;
	return (uint16_t)bits;
}

static uint16_t offers_1000(uint8_t offers)
{
	return (uint16_t)(((offers & PHY_1000_HALF) != 0 ? PHY_OFFER_1000_HALF : 0) |
			  ((offers & PHY_1000_FULL) != 0 ? PHY_OFFER_1000_FULL : 0));
}

/* Whether it has gigabits; it says so itself. */
static enum err read_extended(const struct phy *p, bool *extended)
{
	uint16_t status;
	enum err e = phy_read(p, PHY_STATUS, &status);

	*extended = e == OK && (status & PHY_STATUS_EXTENDED) != 0;
	return e;
}

enum err phy_offer(const struct phy *p)
{
	bool extended;
	enum err e = read_extended(p, &extended);

	if (e == OK)
		e = phy_write(p, PHY_ADVERTISE, offers_10_100(p->offers));
	if (e == OK && extended)
		e = phy_write(p, PHY_ADVERTISE_1000, offers_1000(p->offers));
	if (e == OK) /* also ends a power-down and an isolation */
		e = phy_write(p, PHY_CONTROL, PHY_CONTROL_AUTO | PHY_CONTROL_AGAIN);
	return e;
}

/* Who may pause whom, by what both have offered (IEEE 802.3, table 28B-3). */
static void resolve_pause(uint16_t ours, uint16_t theirs, struct phy_link *link)
{
	const uint16_t asym = PHY_OFFER_PAUSE_ASYM;

	link->rx_pause = link->tx_pause = (ours & theirs & PHY_OFFER_PAUSE) != 0;
	if (link->rx_pause || (ours & theirs & asym) == 0)
		return;
	link->rx_pause = (ours & PHY_OFFER_PAUSE) != 0;
	link->tx_pause = (theirs & PHY_OFFER_PAUSE) != 0;
}

/* The best that both have (annex 28B.3). One that does not negotiate has what was detected. */
static enum err resolve_10_100(uint16_t both, struct phy_link *link)
{
	bool fast = (both & (PHY_OFFER_100_HALF | PHY_OFFER_100_FULL)) != 0;

	if ((both & PHY_10_100 * PHY_OFFER_10_HALF) == 0)
		return ERR_NOTFOUND;
	link->mbit = fast ? 100 : 10;
	link->full_duplex = (both & (fast ? PHY_OFFER_100_FULL : PHY_OFFER_10_FULL)) != 0;
	return OK;
}

static enum err read_both_1000(const struct phy *p, uint16_t *both)
{
	uint16_t theirs = 0;
	bool extended;
	enum err e = read_extended(p, &extended);

	if (e == OK && extended)
		e = phy_read(p, PHY_PARTNER_1000, &theirs);
	*both = offers_1000(p->offers) & (theirs & PHY_PARTNER_1000_BOTH) >> PHY_PARTNER_1000_SHIFT;
	return e;
}

enum err phy_resolve(const struct phy *p, struct phy_link *link)
{
	uint16_t ours = offers_10_100(p->offers), theirs, gigabit;
	enum err e = phy_read(p, PHY_PARTNER, &theirs);

	if (e == OK)
		e = read_both_1000(p, &gigabit);
	if (e != OK)
		return e;
	if (gigabit != 0) {
		link->mbit = 1000;
		link->full_duplex = (gigabit & PHY_OFFER_1000_FULL) != 0;
	} else {
		e = resolve_10_100(ours & theirs, link);
	}
	link->rx_pause = link->tx_pause = false;
	if (e == OK && link->full_duplex)
		resolve_pause(ours, theirs, link);
	return e;
}
