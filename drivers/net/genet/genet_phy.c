/* SPDX-License-Identifier: ISC */
/*
 * The PHY, by the controller's MDIO (IEEE 802.3 clause 22), and what the MAC is told of the link.
 */
#define LOG_MODULE "genet"

#include "base/log.h"
#include "drivers/net/genet/genet_internal.h"

enum {
	MDIO_US = 1000,     /* a frame takes 26 us */
	RESET_US = 50000,   /* clause 22.2.4.1.1 allows ten times as long; this one takes 1 ms */
	RESET_STEP_US = 50, /* between two questions whether it is over */
};

/* How the link was negotiated, as PHY_RESULT says. The speed as the MAC counts it. */
struct mode {
	uint8_t speed;
	bool half, exists;
};

static const struct mode modes[PHY_RESULT_MODE + 1] = {
	[1] = {.speed = 0, .half = true, .exists = true}, [2] = {.speed = 0, .exists = true},
	[3] = {.speed = 1, .half = true, .exists = true}, [5] = {.speed = 1, .exists = true},
	[6] = {.speed = 2, .half = true, .exists = true}, [7] = {.speed = 2, .exists = true},
};

static enum err exchange(const struct genet *g, uint32_t frame)
{
	frame |= (uint32_t)GENET_PHY << UMAC_MDIO_PHY_SHIFT;
	genet_write(g, UMAC_MDIO, frame);
	genet_write(g, UMAC_MDIO, frame | UMAC_MDIO_BUSY);
	return genet_wait(g, UMAC_MDIO, UMAC_MDIO_BUSY, 0, MDIO_US);
}

static enum err read_phy(const struct genet *g, unsigned reg, uint32_t *value)
{
	enum err e = exchange(g, UMAC_MDIO_READ | reg << UMAC_MDIO_REGISTER_SHIFT);

	*value = genet_read(g, UMAC_MDIO);
	if (e == OK && (*value & UMAC_MDIO_FAILED) != 0)
		e = ERR_IO;
	*value &= UMAC_MDIO_DATA;
	return e;
}

static enum err write_phy(const struct genet *g, unsigned reg, uint32_t value)
{
	return exchange(g, UMAC_MDIO_WRITE | reg << UMAC_MDIO_REGISTER_SHIFT | value);
}

/* Afterwards all is as the board's straps have it, the delays of the lines to the MAC too. */
static enum err reset_phy(const struct genet *g)
{
	uint64_t end = timer_now_us(g->timer) + RESET_US;
	uint32_t control;
	enum err e = write_phy(g, PHY_CONTROL, PHY_CONTROL_RESET);

	while (e == OK) {
		genet_delay(g, RESET_STEP_US);
		e = read_phy(g, PHY_CONTROL, &control);
		if (e == OK && (control & PHY_CONTROL_RESET) == 0)
			return OK;
		if (timer_now_us(g->timer) >= end)
			return ERR_TIMEOUT;
	}
	return e;
}

/* Has it negotiate, from the beginning. */
static enum err start_phy(struct genet *g)
{
	uint32_t id = 0;
	enum err e = read_phy(g, PHY_ID, &id);

	/* Lines that nobody drives read as ones. */
	if (e == OK && (id == 0 || id == UMAC_MDIO_DATA))
		e = ERR_NODEV;
	if (e == OK)
		e = reset_phy(g);
	if (e == OK)
		e = write_phy(g, PHY_ADVERTISE, PHY_ADVERTISE_10_100);
	if (e == OK)
		e = write_phy(g, PHY_ADVERTISE_1000, PHY_1000_FULL);
	if (e == OK)
		e = write_phy(g, PHY_CONTROL, PHY_CONTROL_AUTO | PHY_CONTROL_AGAIN);
	g->phy_ready = e == OK;
	return e;
}

/* Reads how the link is; ERR_NOTFOUND: there is none, or there was none for a moment. */
static enum err read_link(const struct genet *g, const struct mode **mode)
{
	uint32_t status, result;
	enum err e = read_phy(g, PHY_STATUS, &status);

	if (e != OK)
		return e;
	if ((status & PHY_STATUS_LINK) == 0 || (status & PHY_STATUS_COMPLETE) == 0)
		return ERR_NOTFOUND;
	e = read_phy(g, PHY_RESULT, &result);
	if (e != OK)
		return e;
	*mode = &modes[result >> PHY_RESULT_SHIFT & PHY_RESULT_MODE];
	return (*mode)->exists ? OK : ERR_NOTFOUND;
}

/* Tells the MAC of the link, with the delays of the lines left to the PHY. */
static void set_mode(const struct genet *g, const struct mode *mode)
{
	uint32_t rgmii = genet_read(g, EXT_RGMII) & ~EXT_RGMII_OOB_DISABLE;
	uint32_t command = genet_read(g, UMAC_COMMAND);

	genet_write(g, EXT_RGMII, rgmii | EXT_RGMII_LINK | EXT_RGMII_ENABLE | EXT_RGMII_NO_DELAY);
	command &= ~(3u << UMAC_COMMAND_SPEED_SHIFT | UMAC_COMMAND_HALF_DUPLEX);
	command |= (uint32_t)mode->speed << UMAC_COMMAND_SPEED_SHIFT;
	if (mode->half)
		command |= UMAC_COMMAND_HALF_DUPLEX;
	genet_write(g, UMAC_COMMAND, command);
}

static void go_down(struct genet *g)
{
	if (g->nif.link_up)
		log_info("%s: link down", g->nif.name);
	g->nif.link_up = false;
	genet_write(g, EXT_RGMII, genet_read(g, EXT_RGMII) & ~EXT_RGMII_LINK);
}

static void go_up(struct genet *g, const struct mode *mode)
{
	static const uint16_t mbit[] = {10, 100, 1000};

	/* A link that was lost says so once, so its mode does not change while it is up. */
	if (g->nif.link_up)
		return;
	set_mode(g, mode);
	g->nif.link_up = true;
	log_info("%s: link up, %u Mb/s, %s duplex", g->nif.name, mbit[mode->speed],
		 mode->half ? "half" : "full");
}

void genet_phy_poll(struct genet *g)
{
	const struct mode *mode = NULL;
	enum err e = OK;
	bool silent;

	if (!g->phy_ready)
		e = start_phy(g);
	if (e == OK)
		e = read_link(g, &mode);
	silent = e != OK && e != ERR_NOTFOUND;
	if (silent && !g->phy_silent)
		log_warn("%s: the PHY does not answer", g->nif.name);
	g->phy_silent = silent;
	g->phy_ready = g->phy_ready && !silent;
	if (e == OK)
		go_up(g, mode);
	else
		go_down(g);
	timer_arm(g->timer,
		  timer_now_us(g->timer) + (g->nif.link_up ? GENET_LINK_US : GENET_NO_LINK_US));
}
