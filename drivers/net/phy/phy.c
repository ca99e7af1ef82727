/* SPDX-License-Identifier: ISC */
/* The PHY's life. */
#define LOG_MODULE "phy"

#include "drivers/net/phy/phy.h"

#include "base/assert.h"
#include "base/log.h"
#include "drivers/net/phy/phy_internal.h"
#include "hal/timer.h"

enum { STEPS_MAX = 3 }; /* of one poll: from a search to a link */

/* --- registers -------------------------------------------------------------------------------- */

enum err phy_read(const struct phy *p, unsigned reg, uint16_t *value)
{
	*value = 0;
	return p->config->read(p->mac, p->address, reg, value);
}

enum err phy_write(const struct phy *p, unsigned reg, uint16_t value)
{
	return p->config->write(p->mac, p->address, reg, value);
}

static enum err mmd_select(const struct phy *p, unsigned device, unsigned reg)
{
	enum err e = phy_write(p, PHY_MMD_CONTROL, (uint16_t)device);

	if (e == OK)
		e = phy_write(p, PHY_MMD_DATA, (uint16_t)reg);
	if (e == OK)
		e = phy_write(p, PHY_MMD_CONTROL, (uint16_t)(PHY_MMD_IS_DATA | device));
	return e;
}

enum err phy_mmd_read(const struct phy *p, unsigned device, unsigned reg, uint16_t *value)
{
	enum err e = mmd_select(p, device, reg);

	return e == OK ? phy_read(p, PHY_MMD_DATA, value) : e;
}

enum err phy_mmd_write(const struct phy *p, unsigned device, unsigned reg, uint16_t value)
{
	enum err e = mmd_select(p, device, reg);

	return e == OK ? phy_write(p, PHY_MMD_DATA, value) : e;
}

/* --- states ----------------------------------------------------------------------------------- */

static void enter(struct phy *p, enum phy_state state, uint64_t deadline_us)
{
	p->state = state;
	p->deadline_us = deadline_us;
}

/* Whether there is one at p->address. ERR_IO: there is none. */
static enum err identify(struct phy *p)
{
	uint16_t high, low = 0;
	enum err e = phy_read(p, PHY_ID1, &high);

	if (e == OK && (high == 0 || high == PHY_ID_NONE))
		e = ERR_IO;
	if (e == OK)
		e = phy_read(p, PHY_ID2, &low);
	if (e == OK)
		p->id = (uint32_t)high << 16 | low;
	return e;
}

static enum err find(struct phy *p)
{
	enum err e = ERR_IO;

	if (p->config->address != PHY_ADDRESS_ANY) {
		p->address = p->config->address;
		return identify(p);
	}
	for (unsigned i = 0; i < PHY_ADDRESSES && e == ERR_IO; i++) {
		p->address = (uint8_t)i;
		e = identify(p);
	}
	return e;
}

static enum err step_search(struct phy *p, uint64_t now_us)
{
	enum err e = find(p);

	if (e == OK)
		e = phy_write(p, PHY_CONTROL, PHY_CONTROL_RESET);
	if (e == OK)
		enter(p, PHY_RESETTING, now_us + PHY_RESET_US);
	return e;
}

static enum err negotiate(struct phy *p, uint64_t now_us)
{
	p->again = false;
	enter(p, PHY_NEGOTIATING, now_us + PHY_NEGOTIATE_US);
	return phy_offer(p);
}

static enum err step_reset(struct phy *p, uint64_t now_us)
{
	uint16_t control;
	enum err e = phy_read(p, PHY_CONTROL, &control);

	if (e != OK)
		return e;
	if ((control & PHY_CONTROL_RESET) != 0)
		return now_us < p->deadline_us ? OK : ERR_TIMEOUT;
	if (p->config->setup != NULL)
		e = p->config->setup(p);
	if (e == OK)
		e = negotiate(p, now_us);
	if (e == OK)
		p->complained = false;
	return e;
}

static void come_up(struct phy *p)
{
	enter(p, PHY_UP, TIME_NEVER);
	p->links++;
	log_info("%s: link up, %u Mb/s, %s duplex", p->name, p->link.mbit,
		 p->link.full_duplex ? "full" : "half");
}

static enum err step_negotiation(struct phy *p, uint64_t now_us)
{
	uint16_t status;
	enum err e = phy_read(p, PHY_STATUS, &status);

	if (e == OK && (status & PHY_STATUS_LINK) == 0) {
		p->deadline_us = now_us + PHY_NEGOTIATE_US;
		return OK;
	}
	if (e == OK)
		e = (status & PHY_STATUS_COMPLETE) != 0 ? phy_resolve(p, &p->link) : ERR_NOTFOUND;
	if (e == OK) {
		come_up(p);
		return OK;
	}
	if (e != ERR_NOTFOUND || now_us < p->deadline_us)
		return e == ERR_NOTFOUND ? OK : e;
	return negotiate(p, now_us);
}

/* A link that was lost says so once, so its mode does not change while it is up. */
static enum err step_up(struct phy *p, uint64_t now_us)
{
	uint16_t status;
	enum err e = phy_read(p, PHY_STATUS, &status);

	if (e == OK && (status & PHY_STATUS_LINK) == 0)
		enter(p, PHY_NEGOTIATING, now_us + PHY_NEGOTIATE_US);
	return e;
}

static enum err step(struct phy *p, uint64_t now_us)
{
	if (p->again && p->state >= PHY_NEGOTIATING)
		return negotiate(p, now_us);
	switch (p->state) {
	case PHY_SEARCHED:
		return step_search(p, now_us);
	case PHY_RESETTING:
		return step_reset(p, now_us);
	case PHY_NEGOTIATING:
		return step_negotiation(p, now_us);
	case PHY_UP:
		break;
	}
	return step_up(p, now_us);
}

/* --- interface -------------------------------------------------------------------------------- */

static uint32_t interval_us(const struct phy *p)
{
	switch (p->state) {
	case PHY_RESETTING:
		return PHY_RESET_POLL_US;
	case PHY_UP:
		return PHY_UP_US;
	default:
		return PHY_DOWN_US;
	}
}

static void lose(struct phy *p, enum err e)
{
	if (!p->complained)
		log_warn("%s: the PHY does not answer: %s", p->name, err_str(e));
	p->complained = true;
	p->state = PHY_SEARCHED;
}

bool phy_poll(struct phy *p, uint64_t now_us)
{
	bool was_up = phy_is_up(p);
	enum phy_state before;
	enum err e = OK;

	/* What takes no time is done at once; a link that has gone stays so until the next poll. */
	for (unsigned i = 0; i < STEPS_MAX; i++) {
		before = p->state;
		e = step(p, now_us);
		if (e != OK || p->state <= before)
			break;
	}
	if (e != OK)
		lose(p, e);
	p->due_us = now_us + interval_us(p);
	if (was_up && !phy_is_up(p)) {
		p->losses++;
		log_info("%s: link down", p->name);
	}
	return was_up != phy_is_up(p);
}

void phy_renegotiate(struct phy *p, uint8_t offers)
{
	p->offers = offers;
	p->again = true;
	p->due_us = 0;
}

void phy_restart(struct phy *p)
{
	p->state = PHY_SEARCHED;
	p->due_us = 0;
}

void phy_init(struct phy *p, const struct phy_config *config, void *mac, const char *name)
{
	assert(config->address <= PHY_ADDRESS_ANY);
	*p = (struct phy){.config = config, .mac = mac, .name = name, .offers = config->offers};
}
