/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "sun8i_emac"

#include "drivers/net/sun8i_emac/sun8i_emac.h"

#include <string.h>

#include "base/log.h"
#include "drivers/net/sun8i_emac/sun8i_emac_internal.h"

enum { MTU = 1500 };

/* --- taking down ----------------------------------------------------------------------------- */

/*
 * Resets the controller and frees its packets. False if that does not end: then it may still write
 * to them, and nobody else may have them.
 */
static bool take_down(struct sun8i_emac *m)
{
	m->running = false;
	m->armed = false;
	compiler_barrier(); /* from here on the interrupt handler leaves it alone */
	timer_arm(m->timer, TIME_NEVER);
	m->stuck = sun8i_emac_reset(m) != OK;
	if (m->stuck) {
		log_error("%s: its reset does not end", m->nif.name);
		return false;
	}
	sun8i_emac_rx_free(m);
	sun8i_emac_tx_free(m);
	return true;
}

static void give_up(struct sun8i_emac *m)
{
	log_error("%s: given up", m->nif.name);
	m->nif.link_up = false;
	if (m->attached)
		irq_detach(m->irq, m->config.line);
	m->attached = false;
}

/* --- bringing up ----------------------------------------------------------------------------- */

/* Before the reset, which forgets what the loader has left. */
static enum err find_address(struct sun8i_emac *m)
{
	static const uint8_t none[6];

	if (memcmp(m->nif.mac, none, sizeof(none)) != 0 ||
	    sun8i_emac_left_address(m, m->nif.mac) == OK)
		return OK;
	return m->config.mac(m->nif.mac);
}

/* Sets the controller up after its reset and lets it go. */
static enum err go(struct sun8i_emac *m)
{
	enum err e = OK;

	sun8i_emac_tx_init(m);
	if (sun8i_emac_rx_fill(m) == 0)
		return ERR_NOMEM;
	if (m->strays > SUN8I_EMAC_STRAYS_MAX) /* its handler has turned the line off */
		e = m->irq->ops->enable(m->irq, m->config.line, IRQ_LEVEL_HIGH);
	if (e != OK)
		return e;
	m->fault = NULL;
	m->strays = 0;
	m->link_due = m->rx_stood = m->rx_empty = false;
	sun8i_emac_go(m);
	compiler_barrier(); /* from here on the interrupt handler uses it */
	m->running = true;
	phy_restart(&m->phy); /* the reset may have been the PHY's, too */
	sun8i_emac_phy_poll(m);
	return OK;
}

/* --- faults ---------------------------------------------------------------------------------- */

void sun8i_emac_fail(struct sun8i_emac *m, const char *fault)
{
	if (m->fault == NULL)
		m->fault = fault;
}

static bool may_reset(struct sun8i_emac *m)
{
	uint64_t received = m->nif.stats.rx_packets;

	if (received - m->rx_at_reset >= SUN8I_EMAC_FRAMES_BETWEEN_RESETS)
		m->resets_left = SUN8I_EMAC_RESETS_MAX;
	m->rx_at_reset = received;
	if (m->resets_left == 0)
		return false;
	m->resets_left--;
	return true;
}

void sun8i_emac_check_fault(struct sun8i_emac *m)
{
	bool again;

	if (LIKELY(m->fault == NULL))
		return;
	log_error("%s: device fault: %s", m->nif.name, m->fault);
	again = take_down(m) && may_reset(m);
	if (again) {
		m->nif.stats.resets++;
		m->nif.link_up = false;
		again = go(m) == OK;
	}
	if (!again)
		give_up(m);
	/* Whoever waits for frames or for room looks again. */
	waker_wake(&m->nif.rx);
	waker_wake(&m->nif.tx);
}

/* --- interface ------------------------------------------------------------------------------- */

/*
 * One interrupt, and no other until the loop has been there. One that comes though all are turned
 * off is no work: if that does not end, the line is turned off, and the loop told.
 */
static void interrupt(void *arg)
{
	struct sun8i_emac *m = arg;

	sun8i_emac_write(m, EMAC_INT_ENABLE, 0);
	if (m->armed) {
		m->armed = false;
		waker_wake(&m->nif.rx);
		return;
	}
	m->strays++;
	if (m->strays <= SUN8I_EMAC_STRAYS_MAX)
		return;
	m->irq->ops->disable(m->irq, m->config.line);
	waker_wake(&m->nif.rx);
}

static void look_at_link(void *arg)
{
	struct sun8i_emac *m = arg;

	m->link_due = true;
	waker_wake(&m->nif.rx);
}

static enum err bring_up(struct sun8i_emac *m)
{
	enum err e = find_address(m);

	if (e != OK)
		return e;
	/* First of all frees what a controller whose reset did not end has kept. */
	if (!take_down(m))
		return ERR_TIMEOUT;
	if (!m->attached) {
		e = irq_attach(m->irq, m->config.line, IRQ_LEVEL_HIGH, interrupt, m);
		m->attached = e == OK;
	}
	return e == OK ? go(m) : e;
}

static enum err start(struct netif *nif)
{
	struct sun8i_emac *m = sun8i_emac_of(nif);
	enum err e;

	assert(!m->running);
	m->timer->alarm = (struct waker){look_at_link, m};
	m->resets_left = SUN8I_EMAC_RESETS_MAX;
	m->fault = NULL;
	m->strays = 0;
	nif->features = NETIF_SG;
	e = bring_up(m);
	if (e != OK) {
		log_error("%s: no Ethernet controller that works: %s", nif->name, err_str(e));
		give_up(m);
	}
	return e;
}

static void stop(struct netif *nif)
{
	struct sun8i_emac *m = sun8i_emac_of(nif);

	if (m->running)
		(void)take_down(m);
	if (m->attached)
		irq_detach(m->irq, m->config.line);
	m->attached = false;
	nif->link_up = false;
}

static const struct netif_ops sun8i_emac_ops = {
	.start = start,
	.stop = stop,
	.send = sun8i_emac_send,
	.flush = sun8i_emac_flush,
	.recv = sun8i_emac_recv,
	.rx_arm = sun8i_emac_rx_arm,
};

struct netif *sun8i_emac_init(struct sun8i_emac *m, const struct sun8i_emac_config *config,
			      struct irq_chip *irq, struct timer *timer, struct pkt_pool *rx,
			      const char *name)
{
	assert(rx->buf_bytes >= SUN8I_EMAC_RX_BYTES);
	memset(m, 0, sizeof(*m));
	m->nif = (struct netif){.ops = &sun8i_emac_ops, .name = name, .mtu = MTU};
	m->config = *config;
	m->irq = irq;
	m->timer = timer;
	m->rx_pool = rx;
	sun8i_emac_phy_init(m);
	return &m->nif;
}
