/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "genet"

#include "drivers/net/genet/genet.h"

#include <string.h>

#include "base/log.h"
#include "drivers/net/genet/genet_internal.h"

enum { MTU = 1500 };

/* --- taking down ----------------------------------------------------------------------------- */

/* All that the controller, which has stopped, has not been done with. */
static void free_all(struct genet *g)
{
	for (unsigned i = 0; i < GENET_RING; i++) {
		if (g->rx.pkt[i] != NULL) {
			dma_sync_for_cpu(g->rx.pkt[i]->buf, 0, DMA_FROM_DEVICE);
			pkt_put(g->rx.pkt[i]);
		}
		g->rx.pkt[i] = NULL;
		genet_tx_free(g, i);
	}
}

/*
 * Stops the controller and frees its packets. False if it does not stop: then it may still write to
 * them, and nobody else may have them.
 */
static bool take_down(struct genet *g)
{
	g->running = false;
	g->armed = false;
	compiler_barrier(); /* from here on the interrupt handler leaves it alone */
	timer_arm(g->timer, TIME_NEVER);
	g->stuck = genet_halt(g) != OK;
	if (g->stuck) {
		log_error("%s: does not stop", g->nif.name);
		return false;
	}
	free_all(g);
	return true;
}

static void give_up(struct genet *g)
{
	log_error("%s: given up", g->nif.name);
	g->nif.link_up = false;
	if (g->attached)
		irq_detach(g->irq, g->config.line);
	g->attached = false;
}

/* --- bringing up ----------------------------------------------------------------------------- */

static enum err read_mac(struct genet *g)
{
	static const uint8_t none[6];
	enum err e = g->config.mac(g->nif.mac);

	/* A group's cannot be a station's. */
	if (e == OK && ((g->nif.mac[0] & 1) != 0 || memcmp(g->nif.mac, none, sizeof(none)) == 0))
		e = ERR_NOTFOUND;
	return e;
}

/* Sets the halted controller up and lets it go. */
static enum err go(struct genet *g)
{
	enum err e = OK;

	genet_reset(g);
	genet_rx_reset(g);
	genet_tx_reset(g);
	if (genet_rx_fill(g) == 0)
		return ERR_NOMEM;
	if (g->strays > GENET_STRAYS_MAX) /* its handler has turned the line off */
		e = g->irq->ops->enable(g->irq, g->config.line, IRQ_LEVEL_HIGH);
	if (e != OK)
		return e;
	g->fault = NULL;
	g->strays = 0;
	g->link_due = false;
	genet_go(g);
	compiler_barrier(); /* from here on the interrupt handler uses it */
	g->running = true;
	genet_phy_poll(g);
	return OK;
}

/* --- faults ---------------------------------------------------------------------------------- */

void genet_fail(struct genet *g, const char *fault)
{
	if (g->fault == NULL)
		g->fault = fault;
}

static bool may_reset(struct genet *g)
{
	uint64_t received = g->nif.stats.rx_packets;

	if (received - g->rx_at_reset >= GENET_FRAMES_BETWEEN_RESETS)
		g->resets_left = GENET_RESETS_MAX;
	g->rx_at_reset = received;
	if (g->resets_left == 0)
		return false;
	g->resets_left--;
	return true;
}

void genet_check_fault(struct genet *g)
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
	struct genet *g = arg;

	genet_write(g, INTR_MASK_SET, UINT32_MAX);
	genet_write(g, INTR1_MASK_SET, UINT32_MAX);
	if (g->armed) {
		g->armed = false;
		waker_wake(&g->nif.rx);
		return;
	}
	g->strays++;
	if (g->strays <= GENET_STRAYS_MAX)
		return;
	g->irq->ops->disable(g->irq, g->config.line);
	waker_wake(&g->nif.rx);
}

static void look_at_link(void *arg)
{
	struct genet *g = arg;

	g->link_due = true;
	waker_wake(&g->nif.rx);
}

static enum err bring_up(struct genet *g)
{
	enum err e = genet_identify(g);

	if (e != OK)
		return e;
	/* First of all frees what a controller that did not stop when it should has kept. */
	if (!take_down(g))
		return ERR_TIMEOUT;
	e = read_mac(g);
	if (e == OK && !g->attached) {
		e = irq_attach(g->irq, g->config.line, IRQ_LEVEL_HIGH, interrupt, g);
		g->attached = e == OK;
	}
	return e == OK ? go(g) : e;
}

static enum err start(struct netif *nif)
{
	struct genet *g = genet_of(nif);
	enum err e;

	assert(!g->running);
	g->timer->alarm = (struct waker){look_at_link, g};
	g->resets_left = GENET_RESETS_MAX;
	genet_phy_init(g);
	g->fault = NULL;
	g->strays = 0;
	nif->features = NETIF_SG;
	e = bring_up(g);
	if (e != OK) {
		log_error("%s: no Ethernet controller that works: %s", nif->name, err_str(e));
		give_up(g);
	}
	return e;
}

static void stop(struct netif *nif)
{
	struct genet *g = genet_of(nif);

	if (g->running)
		(void)take_down(g);
	if (g->attached)
		irq_detach(g->irq, g->config.line);
	g->attached = false;
	nif->link_up = false;
}

static const struct netif_ops genet_ops = {
	.start = start,
	.stop = stop,
	.send = genet_send,
	.flush = genet_flush,
	.recv = genet_recv,
	.rx_arm = genet_rx_arm,
};

struct netif *genet_init(struct genet *g, const struct genet_config *config, struct irq_chip *irq,
			 struct timer *timer, struct pkt_pool *rx, const char *name)
{
	assert(rx->buf_bytes >= GENET_RX_BYTES);
	memset(g, 0, sizeof(*g));
	g->nif = (struct netif){.ops = &genet_ops, .name = name, .mtu = MTU};
	g->config = *config;
	g->irq = irq;
	g->timer = timer;
	g->rx_pool = rx;
	return &g->nif;
}
