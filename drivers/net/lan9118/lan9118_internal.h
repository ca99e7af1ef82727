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

/* In memory, of whatever it may be a part. */
typedef uint32_t lan9118_word __attribute__((may_alias));

/*
 * Words into and out of the FIFOs, eight to a turn: each is one access of the bus, which is dear
 * enough, and little else. From aligned memory a processor moves two at a time; and loops look for
 * their end at the end, which is an instruction less.
 */
ALWAYS_INLINE const uint8_t *lan9118_put_words(const struct lan9118 *l, const uint8_t *from,
					       size_t words)
{
	const uintptr_t fifo = l->base + LAN9118_TX_DATA;
	const size_t burst_bytes = LAN9118_BURST_WORDS * sizeof(lan9118_word);
	const uint8_t *bursts = from + words / LAN9118_BURST_WORDS * burst_bytes,
		      *end = from + words * sizeof(lan9118_word);

	if ((uintptr_t)from % sizeof(lan9118_word) != 0) {
		for (; from != bursts; from += burst_bytes) {
#pragma GCC unroll 8
			for (unsigned i = 0; i < LAN9118_BURST_WORDS; i++)
				mmio_write32(fifo, load_le32(from + i * sizeof(lan9118_word)));
		}
	} else if (from != bursts) {
		do {
			const lan9118_word *word = (const void *)from;
#pragma GCC unroll 4
			for (unsigned i = 0; i < LAN9118_BURST_WORDS; i += 2) {
				uint32_t first = word[i], second = word[i + 1];
				mmio_write32(fifo, first);
				mmio_write32(fifo, second);
			}
			from += burst_bytes;
		} while (from != bursts);
	}
	if (from != end) {
		do {
			mmio_write32(fifo, load_le32(from));
			from += sizeof(lan9118_word);
		} while (from != end);
	}
	return from;
}

ALWAYS_INLINE void lan9118_get_words(const struct lan9118 *l, lan9118_word *to, size_t words)
{
	const uintptr_t fifo = l->base + LAN9118_RX_DATA;
	lan9118_word *bursts = to + words / LAN9118_BURST_WORDS * LAN9118_BURST_WORDS,
		     *end = to + words;

	if (to != bursts) {
		do {
#pragma GCC unroll 4
			for (unsigned i = 0; i < LAN9118_BURST_WORDS; i += 2) {
				uint32_t first = mmio_read32(fifo), second = mmio_read32(fifo);
				to[i] = first;
				to[i + 1] = second;
			}
			to += LAN9118_BURST_WORDS;
		} while (to != bursts);
	}
	if (to != end) {
		do
			*to++ = mmio_read32(fifo);
		while (to != end);
	}
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
