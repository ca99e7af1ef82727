/* SPDX-License-Identifier: ISC */
/* Between the files of the driver. */
#ifndef DRIVERS_NET_LAN9118_LAN9118_INTERNAL_H
#define DRIVERS_NET_LAN9118_LAN9118_INTERNAL_H

#include "arch/mmio.h"
#include "base/attr.h"
#include "base/bytes.h"
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

enum { LAN9118_BURST_WORDS = 8 };

/*
 * Words into and out of the FIFOs, eight to a turn: each is one access of the bus, which is dear
 * enough, and little else. `from` need not be aligned; the words are in memory's order.
 */
ALWAYS_INLINE const uint8_t *lan9118_put_words(const struct lan9118 *l, const uint8_t *from,
					       size_t words)
{
	const uintptr_t fifo = l->base + LAN9118_TX_DATA;

	for (; words >= LAN9118_BURST_WORDS; words -= LAN9118_BURST_WORDS) {
#pragma GCC unroll 8
		for (unsigned i = 0; i < LAN9118_BURST_WORDS; i++, from += sizeof(uint32_t))
			mmio_write32(fifo, load_le32(from));
	}
	for (; words > 0; words--, from += sizeof(uint32_t))
		mmio_write32(fifo, load_le32(from));
	return from;
}

ALWAYS_INLINE void lan9118_get_words(const struct lan9118 *l, uint32_t *to, size_t words)
{
	const uintptr_t fifo = l->base + LAN9118_RX_DATA;

	for (; words >= LAN9118_BURST_WORDS; words -= LAN9118_BURST_WORDS) {
#pragma GCC unroll 8
		for (unsigned i = 0; i < LAN9118_BURST_WORDS; i++)
			*to++ = mmio_read32(fifo);
	}
	for (; words > 0; words--)
		*to++ = mmio_read32(fifo);
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

/* What interrupts are for. */
static inline uint32_t lan9118_wanted(const struct lan9118 *l)
{
	return LAN9118_INT_RX | LAN9118_INT_PHY | LAN9118_INT_TX_ERROR |
	       (l->tx_waits ? LAN9118_INT_TX_ROOM : 0);
}

static inline void lan9118_unmask(const struct lan9118 *l)
{
	lan9118_write(l, LAN9118_INT_ENABLE, lan9118_wanted(l));
}

#endif
