/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "mac"

#include "drivers/net/mac/mac.h"

#include "arch/barrier.h"
#include "base/log.h"

/* --- the link -------------------------------------------------------------------------------- */

/* Looks at it, and sets the alarm to do so again; first of all has the PHY negotiate. */
static void look_at_link(struct mac *m)
{
	bool changed = phy_poll(&m->phy, timer_now_us(m->timer));

	m->nif.link_up = phy_is_up(&m->phy);
	m->ops->looked(m, changed && m->nif.link_up);
	timer_arm(m->timer, m->phy.due_us);
}

static void want_look(void *arg)
{
	struct mac *m = arg;

	m->link_due = true;
	waker_wake(&m->nif.rx);
}

/* --- taking down ----------------------------------------------------------------------------- */

/*
 * Stops the controller and frees its packets. False if it does not stop: then it may still write to
 * them, and nobody else may have them.
 */
static bool take_down(struct mac *m)
{
	m->running = false;
	m->armed = false;
	compiler_barrier(); /* from here on the interrupt handler leaves it alone */
	timer_arm(m->timer, TIME_NEVER);
	m->stuck = m->ops->halt(m) != OK;
	if (m->stuck) {
		log_error("%s: does not stop", m->nif.name);
		return false;
	}
	m->ops->release(m);
	return true;
}

static void detach(struct mac *m)
{
	if (m->attached)
		irq_detach(m->irq, m->line);
	m->attached = false;
	m->nif.link_up = false;
}

static void give_up(struct mac *m)
{
	log_error("%s: given up", m->nif.name);
	detach(m);
}

/* --- bringing up ----------------------------------------------------------------------------- */

/* Sets the halted controller up and lets it go. */
static enum err go(struct mac *m)
{
	enum err e = m->ops->set_up(m);

	if (e == OK && m->strays > MAC_STRAYS_MAX) /* its handler has turned the line off */
		e = m->irq->ops->enable(m->irq, m->line, IRQ_LEVEL_HIGH);
	if (e != OK)
		return e;
	m->fault = NULL;
	m->strays = 0;
	m->link_due = false;
	m->ops->go(m);
	compiler_barrier(); /* from here on the interrupt handler uses it */
	m->running = true;
	look_at_link(m);
	return OK;
}

static enum err bring_up(struct mac *m)
{
	enum err e = m->ops->identify(m);

	if (e != OK)
		return e;
	/* First of all frees what a controller that did not stop when it should has kept. */
	if (!take_down(m))
		return ERR_TIMEOUT;
	if (m->ops->prepare != NULL)
		e = m->ops->prepare(m);
	if (e == OK && !m->attached) {
		e = irq_attach(m->irq, m->line, IRQ_LEVEL_HIGH, m->ops->interrupt, m);
		m->attached = e == OK;
	}
	return e == OK ? go(m) : e;
}

enum err mac_start(struct netif *nif)
{
	struct mac *m = mac_of(nif);
	enum err e;

	assert(!m->running);
	m->timer->alarm = (struct waker){want_look, m};
	m->resets_left = MAC_RESETS_MAX;
	phy_init(&m->phy, &m->phy_config, m, nif->name);
	m->fault = NULL;
	m->strays = 0;
	e = bring_up(m);
	if (e != OK)
		detach(m);
	return e;
}

void mac_stop(struct netif *nif)
{
	struct mac *m = mac_of(nif);

	if (m->running)
		(void)take_down(m);
	detach(m);
}

/* --- faults ---------------------------------------------------------------------------------- */

void mac_fail(struct mac *m, const char *fault)
{
	if (m->fault == NULL)
		m->fault = fault;
}

static bool may_reset(struct mac *m)
{
	uint64_t received = m->nif.stats.rx_packets;

	if (received - m->rx_at_reset >= MAC_FRAMES_BETWEEN_RESETS)
		m->resets_left = MAC_RESETS_MAX;
	m->rx_at_reset = received;
	if (m->resets_left == 0)
		return false;
	m->resets_left--;
	return true;
}

/* Sets it up again, or gives it up. */
static void recover(struct mac *m)
{
	bool again;

	log_error("%s: device fault: %s", m->nif.name, m->fault);
	again = take_down(m) && may_reset(m);
	if (again) {
		m->nif.stats.resets++;
		m->nif.link_up = false;
		phy_restart(&m->phy); /* the MAC has forgotten the link */
		again = go(m) == OK;
	}
	if (!again)
		give_up(m);
	/* Whoever waits for frames or for room looks again. */
	waker_wake(&m->nif.rx);
	waker_wake(&m->nif.tx);
}

/* --- of the loop and of the interrupt --------------------------------------------------------- */

void mac_end_batch(struct mac *m)
{
	if (m->link_due) {
		m->link_due = false;
		look_at_link(m);
	}
	if (m->strays > MAC_STRAYS_MAX)
		mac_fail(m, "interrupts all the time");
	if (UNLIKELY(m->fault != NULL))
		recover(m);
}

void mac_interrupted(struct mac *m)
{
	if (m->armed) {
		m->armed = false;
		waker_wake(&m->nif.rx);
		return;
	}
	m->strays++;
	if (m->strays <= MAC_STRAYS_MAX)
		return;
	m->irq->ops->disable(m->irq, m->line);
	waker_wake(&m->nif.rx);
}

/* --- what chips need ------------------------------------------------------------------------- */

void mac_delay(struct mac *m, uint32_t us)
{
	uint64_t end = timer_now_us(m->timer) + us;

	while (timer_now_us(m->timer) < end)
		cpu_relax();
}

bool mac_is_station(const uint8_t address[static 6])
{
	uint8_t any = 0;

	for (unsigned i = 0; i < 6; i++)
		any |= address[i];
	return (address[0] & 1) == 0 && any != 0;
}

bool mac_from_registers(uint8_t address[static 6], uint32_t low, uint32_t high)
{
	for (unsigned i = 0; i < 6; i++)
		address[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
	return mac_is_station(address);
}
