/* SPDX-License-Identifier: ISC */
/* Between the files of the driver. */
#ifndef DRIVERS_NET_LAN9118_LAN9118_INTERNAL_H
#define DRIVERS_NET_LAN9118_LAN9118_INTERNAL_H

#include "arch/mmio.h"
#include "base/attr.h"
#include "drivers/net/lan9118/lan9118.h"
#include "drivers/net/lan9118/lan9118_regs.h"

enum {
	/* Reads of a register, 40 ns or more each: for what takes microseconds, and for resets. */
	LAN9118_POLLS = 10000,
	LAN9118_POLLS_RESET = 1000000,

	LAN9118_FCS_BYTES = 4,
	/* In front of a received frame, so that what follows its header is aligned to words. */
	LAN9118_RX_OFFSET = 2,
};

static inline struct lan9118 *lan9118_of(struct netif *nif)
{
	return container_of(nif, struct lan9118, nif);
}

static inline uint32_t lan9118_read(const struct lan9118 *l, unsigned reg)
{
	return mmio_read32(l->base + reg);
}

static inline void lan9118_write(const struct lan9118 *l, unsigned reg, uint32_t value)
{
	mmio_write32(l->base + reg, value);
}

/* Waits until `bits` of `reg` are clear, at most `polls` reads. ERR_TIMEOUT. */
MUST_USE enum err lan9118_wait_clear(const struct lan9118 *l, unsigned reg, uint32_t bits,
				     unsigned polls);

/* lan9118_mac.c: the station's address, the PHY, and what the link has become. */
MUST_USE enum err lan9118_mac_start(struct lan9118 *l);
void lan9118_mac_check_link(struct lan9118 *l);

/* lan9118_io.c: of netif_ops. */
enum err lan9118_send(struct netif *nif, struct pkt *p);
struct pkt *lan9118_recv(struct netif *nif);
bool lan9118_rx_arm(struct netif *nif);

/* lan9118.c: begins anew if the controller has lied. */
void lan9118_check_fault(struct lan9118 *l);

/* Lets what is wanted interrupt. */
static inline void lan9118_unmask(const struct lan9118 *l)
{
	lan9118_write(l, LAN9118_INT_ENABLE,
		      LAN9118_INT_RX | LAN9118_INT_PHY | LAN9118_INT_TX_ERROR |
			      (l->tx_waits ? LAN9118_INT_TX_ROOM : 0));
}

#endif
