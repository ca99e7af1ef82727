/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "gem"

#include "drivers/net/gem/gem.h"

#include <string.h>

#include "base/log.h"
#include "drivers/net/gem/gem_internal.h"

enum { MTU = 1500 };

/* --- taking down ----------------------------------------------------------------------------- */

/*
 * Stops the controller and frees its packets. False if it does not stop: then it may still write to
 * them, and nobody else may have them.
 */
static bool take_down(struct gem *g)
{
	g->running = false;
	g->armed = false;
	compiler_barrier(); /* from here on the interrupt handler leaves it alone */
	timer_arm(g->timer, TIME_NEVER);
	g->stuck = gem_halt(g) != OK;
	if (g->stuck) {
		log_error("%s: does not stop", g->nif.name);
		return false;
	}
	gem_rx_free(g);
	gem_tx_free(g);
	return true;
}

static void give_up(struct gem *g)
{
	log_error("%s: given up", g->nif.name);
	g->nif.link_up = false;
	if (g->attached)
		irq_detach(g->irq, g->config.line);
	g->attached = false;
}

/* --- bringing up ----------------------------------------------------------------------------- */

/* Administered by nobody but us: for a controller that was left without one. */
static void choose_mac(struct gem *g)
{
	static const uint8_t none[6] = {0x02, 0xfa, 0x7a, 0x6e, 0x30, 0x00};

	if (gem_read_mac(g))
		return;
	log_warn("%s: has no station address, and gets one that others may have", g->nif.name);
	memcpy(g->nif.mac, none, sizeof(none));
}

/* Sets the halted controller up and lets it go. */
static enum err go(struct gem *g)
{
	enum err e = OK;

	gem_rx_reset(g);
	gem_tx_reset(g);
	if (gem_rx_fill(g) == 0)
		return ERR_NOMEM;
	gem_reset(g);
	if (g->strays > GEM_STRAYS_MAX) /* its handler has turned the line off */
		e = g->irq->ops->enable(g->irq, g->config.line, IRQ_LEVEL_HIGH);
	if (e != OK)
		return e;
	g->fault = NULL;
	g->strays = 0;
	g->link_due = false;
	gem_go(g);
	compiler_barrier(); /* from here on the interrupt handler uses it */
	g->running = true;
	gem_phy_poll(g);
	return OK;
}

/* --- faults ---------------------------------------------------------------------------------- */

void gem_fail(struct gem *g, const char *fault)
{
	if (g->fault == NULL)
		g->fault = fault;
}

static bool may_reset(struct gem *g)
{
	uint64_t received = g->nif.stats.rx_packets;

	if (received - g->rx_at_reset >= GEM_FRAMES_BETWEEN_RESETS)
		g->resets_left = GEM_RESETS_MAX;
	g->rx_at_reset = received;
	if (g->resets_left == 0)
		return false;
	g->resets_left--;
	return true;
}

void gem_check_fault(struct gem *g)
{
	bool again;

	if (LIKELY(g->fault == NULL))
		return;
	log_error("%s: device fault: %s", g->nif.name, g->fault);
	again = take_down(g) && may_reset(g);
	if (again) {
		g->nif.stats.resets++;
		g->nif.link_up = false;
		phy_restart(&g->phy); /* the MAC has forgotten the link */
		again = go(g) == OK;
	}
	if (!again)
		give_up(g);
	/* Whoever waits for frames or for room looks again. */
	waker_wake(&g->nif.rx);
	waker_wake(&g->nif.tx);
}

/* --- interface ------------------------------------------------------------------------------- */

/*
 * One interrupt, and no other until the loop has been there. One that comes though all are turned
 * off is no work: if that does not end, the line is turned off, and the loop told.
 */
static void interrupt(void *arg)
{
	struct gem *g = arg;

	gem_write(g, GEM_INTR_DISABLE, UINT32_MAX);
	gem_write(g, GEM_INTR, gem_read(g, GEM_INTR));
	if (g->armed) {
		g->armed = false;
		waker_wake(&g->nif.rx);
		return;
	}
	g->strays++;
	if (g->strays <= GEM_STRAYS_MAX)
		return;
	g->irq->ops->disable(g->irq, g->config.line);
	waker_wake(&g->nif.rx);
}

static void look_at_link(void *arg)
{
	struct gem *g = arg;

	g->link_due = true;
	waker_wake(&g->nif.rx);
}

static enum err bring_up(struct gem *g)
{
	enum err e = gem_identify(g);

	if (e != OK)
		return e;
	/* First of all frees what a controller that did not stop when it should has kept. */
	if (!take_down(g))
		return ERR_TIMEOUT;
	choose_mac(g);
	e = dma_memory_share(&g->rings, sizeof(g->rings));
	if (e == OK && !g->attached) {
		e = irq_attach(g->irq, g->config.line, IRQ_LEVEL_HIGH, interrupt, g);
		g->attached = e == OK;
	}
	return e == OK ? go(g) : e;
}

static enum err start(struct netif *nif)
{
	struct gem *g = gem_of(nif);
	enum err e;

	assert(!g->running);
	g->timer->alarm = (struct waker){look_at_link, g};
	g->resets_left = GEM_RESETS_MAX;
	gem_phy_init(g);
	g->filters = false;
	memset(g->groups, 0, sizeof(g->groups));
	g->fault = NULL;
	g->strays = 0;
	nif->features = NETIF_SG | NETIF_CSUM_TX | NETIF_CSUM_RX;
	e = bring_up(g);
	if (e != OK) {
		log_error("%s: no Ethernet controller that works: %s", nif->name, err_str(e));
		give_up(g);
	}
	return e;
}

static void stop(struct netif *nif)
{
	struct gem *g = gem_of(nif);

	if (g->running)
		(void)take_down(g);
	if (g->attached)
		irq_detach(g->irq, g->config.line);
	g->attached = false;
	nif->link_up = false;
}

static const struct netif_ops gem_ops = {
	.start = start,
	.stop = stop,
	.send = gem_send,
	.flush = gem_flush,
	.recv = gem_recv,
	.rx_arm = gem_rx_arm,
};

struct netif *gem_init(struct gem *g, const struct gem_config *config, struct irq_chip *irq,
		       struct timer *timer, struct pkt_pool *rx, const char *name)
{
	assert(rx->buf_bytes >= GEM_RX_BYTES);
	memset(g, 0, sizeof(*g));
	g->nif = (struct netif){.ops = &gem_ops, .name = name, .mtu = MTU, .filter = gem_filter};
	g->config = *config;
	g->irq = irq;
	g->timer = timer;
	g->rx_pool = rx;
	return &g->nif;
}
