/* SPDX-License-Identifier: ISC */
#define LOG_MODULE "lan9118"
#include "drivers/net/lan9118/lan9118.h"

#include "arch/barrier.h"
#include "base/counter.h"
#include "base/log.h"
#include "drivers/net/lan9118/lan9118_internal.h"

enum {
	TX_FIFO_KIB = 5,
	TX_ROOM_WANTED = 25, /* of 64 bytes: a whole frame with its command words */
};

enum err lan9118_wait_clear(const struct lan9118 *l, unsigned reg, uint32_t bits, unsigned polls)
{
	while (polls-- > 0) {
		if ((lan9118_read(l, reg) & bits) == 0)
			return OK;
		cpu_relax();
	}
	return ERR_TIMEOUT;
}

/* A soft reset leaves the station's address, which the EEPROM is asked for again. */
static enum err reset(struct lan9118 *l)
{
	enum err e;

	lan9118_write(l, LAN9118_HW_CFG, LAN9118_HW_CFG_RESET);
	e = lan9118_wait_clear(l, LAN9118_HW_CFG, LAN9118_HW_CFG_RESET, LAN9118_POLLS_RESET);
	if (e == OK)
		e = lan9118_wait_clear(l, LAN9118_E2P_CMD, LAN9118_E2P_CMD_BUSY,
				       LAN9118_POLLS_RESET);
	return e;
}

/* The registers answer, in the byte order that is expected, when it has left its power-on reset. */
static enum err find(const struct lan9118 *l)
{
	for (unsigned i = 0; i < LAN9118_POLLS; i++) {
		if (lan9118_read(l, LAN9118_BYTE_TEST) == LAN9118_BYTE_TEST_VALUE)
			return OK;
	}
	return ERR_NODEV;
}

static void configure(struct lan9118 *l)
{
	lan9118_write(l, LAN9118_HW_CFG, LAN9118_HW_CFG_ONE | LAN9118_HW_CFG_TX_KIB(TX_FIFO_KIB));
	lan9118_write(l, LAN9118_FIFO_INT, LAN9118_FIFO_INT_TX_ROOM(TX_ROOM_WANTED));
	lan9118_write(l, LAN9118_RX_CFG, LAN9118_RX_CFG_OFFSET(LAN9118_RX_OFFSET));
	lan9118_write(l, LAN9118_TX_CFG, LAN9118_TX_CFG_ON | LAN9118_TX_CFG_OVERRUN);
	lan9118_write(l, LAN9118_IRQ_CFG,
		      LAN9118_IRQ_CFG_ENABLE | LAN9118_IRQ_CFG_ACTIVE_HIGH |
			      LAN9118_IRQ_CFG_PUSH_PULL);
}

static enum err bring_up(struct lan9118 *l)
{
	enum err e = find(l);

	if (e == OK)
		e = reset(l);
	if (e != OK)
		return e;
	configure(l);
	e = lan9118_mac_start(l);
	if (e != OK)
		return e;
	l->fault = NULL;
	l->tx_waits = false;
	l->rx_frames = 0;
	l->running = true;
	lan9118_write(l, LAN9118_INT_STATUS, UINT32_MAX);
	lan9118_unmask(l);
	return OK;
}

/* What it said is noted, and it is silent until the batch that this wakes has ended. */
static void interrupt(void *arg)
{
	struct lan9118 *l = arg;
	uint32_t why = lan9118_read(l, LAN9118_INT_STATUS) & lan9118_wanted(l);

	lan9118_write(l, LAN9118_INT_ENABLE, 0);
	if (why != LAN9118_INT_RX) /* that alone is taken back when it is armed again */
		lan9118_write(l, LAN9118_INT_STATUS, why);
	if ((why & LAN9118_INT_PHY) != 0)
		l->phy_changed = true;
	if ((why & LAN9118_INT_TX_ERROR) != 0)
		COUNT(l->nif.stats.tx_errors);
	if ((why & LAN9118_INT_TX_ROOM) != 0) {
		l->tx_waits = false;
		waker_wake(&l->nif.tx);
	}
	waker_wake(&l->nif.rx);
}

static enum err lan9118_start(struct netif *nif)
{
	struct lan9118 *l = lan9118_of(nif);
	enum err e = bring_up(l);

	if (e == OK && !l->attached) {
		e = irq_attach(l->chip, l->line, IRQ_LEVEL_HIGH, interrupt, l);
		l->attached = e == OK;
	}
	l->running = e == OK;
	return e;
}

static void lan9118_stop(struct netif *nif)
{
	struct lan9118 *l = lan9118_of(nif);

	l->running = false;
	nif->link_up = false;
	lan9118_write(l, LAN9118_INT_ENABLE, 0);
	if (l->attached)
		irq_detach(l->chip, l->line);
	l->attached = false;
	(void)!reset(l);
}

void lan9118_check_fault(struct lan9118 *l)
{
	const char *fault = l->fault;

	l->running = false;
	COUNT(l->nif.stats.resets);
	if (++l->resets <= LAN9118_RESETS_MAX && bring_up(l) == OK) {
		log_warn("%s: %s; it was reset", l->nif.name, fault);
		waker_wake(&l->nif.tx);
		return;
	}
	l->fault = NULL;
	l->nif.link_up = false;
	lan9118_write(l, LAN9118_INT_ENABLE, 0);
	log_error_brief(l->nif.name, fault, "%s: %s; it is given up", l->nif.name, fault);
}

/* What was written is on its way already. */
static void lan9118_flush(struct netif *nif)
{
	(void)nif;
}

struct netif *lan9118_init(struct lan9118 *l, uintptr_t base, struct irq_chip *chip, uint32_t line,
			   struct pkt_pool *rx, const char *name)
{
	static const struct netif_ops ops = {
		.start = lan9118_start,
		.stop = lan9118_stop,
		.send = lan9118_send,
		.flush = lan9118_flush,
		.recv = lan9118_recv,
		.rx_arm = lan9118_rx_arm,
	};

	*l = (struct lan9118){
		.nif = {.ops = &ops, .name = name, .mtu = 1500, .features = NETIF_SG},
		.base = base,
		.chip = chip,
		.line = line,
		.rx_pool = rx,
	};
	return &l->nif;
}
