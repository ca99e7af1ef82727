/* SPDX-License-Identifier: ISC */
/*
 * Frames through the FIFOs (LAN9118 data sheet, 3.12 and 3.13).
 */
#include "drivers/net/lan9118/lan9118_internal.h"

#include "base/counter.h"

enum {
	ETH_HEADER_BYTES = 14,
	TX_COMMAND_BYTES = 8,
	DISCARD_WORDS_MIN = 4, /* of a shorter frame the words are read */
	/* An answer in the packet that was received has the room of the headers that were taken
	 * off; this is for what another interface puts in front of a frame, where there is one. */
	RX_HEADROOM = BY_MEMORY(0, 16),
};

/* --- sending --------------------------------------------------------------------------------- */

/* A frame's bytes on their way into the FIFO: those that do not fill a word yet. */
struct packer {
	uint32_t word;
	unsigned bytes;
};

static void put_byte(const struct lan9118 *l, struct packer *k, uint8_t byte)
{
	k->word |= (uint32_t)byte << 8 * k->bytes;
	if (++k->bytes == sizeof(k->word)) {
		lan9118_write(l, LAN9118_TX_DATA, k->word);
		*k = (struct packer){0};
	}
}

HOT(device)
static void put_bytes(const struct lan9118 *l, struct packer *k, const uint8_t *p, size_t n)
{
	for (; n > 0 && k->bytes > 0; n--)
		put_byte(l, k, *p++);
	p = lan9118_put_words(l, p, n / sizeof(k->word));
	for (n %= sizeof(k->word); n > 0; n--)
		put_byte(l, k, *p++);
}

static bool has_room(const struct lan9118 *l, size_t len)
{
	uint32_t room = LAN9118_TX_FIFO_ROOM(lan9118_read(l, LAN9118_TX_FIFO));

	return room >= ROUND_UP(len, sizeof(uint32_t)) + TX_COMMAND_BYTES;
}

HOT(device) enum err lan9118_send(struct netif *nif, struct pkt *p)
{
	struct lan9118 *l = lan9118_of(nif);
	struct packer k = {0};
	size_t len = pkt_bytes(p);
	/* Before the frame come the bytes that its first word begins with: the controller leaves
	 * them away (3.12.2.1, data start offset), and words are moved as they stand. */
	unsigned offset = (uintptr_t)p->data % sizeof(k.word);

	if (!l->running)
		return ERR_IO;
	if (len < ETH_HEADER_BYTES || len > (size_t)nif->mtu + ETH_HEADER_BYTES)
		return ERR_INVALID;
	if (!has_room(l, offset + len)) {
		COUNT(nif->stats.tx_full);
		l->tx_waits = true;
		lan9118_unmask(l);
		return ERR_AGAIN;
	}
	lan9118_write(l, LAN9118_TX_DATA,
		      LAN9118_TX_A_FIRST | LAN9118_TX_A_LAST | LAN9118_TX_A_OFFSET(offset) |
			      (uint32_t)len);
	lan9118_write(l, LAN9118_TX_DATA, (uint32_t)len);
	put_bytes(l, &k, p->data - offset, offset + p->len);
	for (unsigned i = 0; i < p->n_pieces; i++)
		put_bytes(l, &k, p->piece[i].data, p->piece[i].len);
	if (k.bytes > 0)
		lan9118_write(l, LAN9118_TX_DATA, k.word);
	COUNT(nif->stats.tx_packets);
	COUNT_BY(nif->stats.tx_bytes, len);
	pkt_put(p);
	return OK;
}

/* --- receiving ------------------------------------------------------------------------------- */

static uint32_t words_of(uint32_t bytes)
{
	return (LAN9118_RX_OFFSET + bytes + 3) / 4;
}

/* Takes a frame of `words` out of the FIFO that nobody gets. */
static void discard(struct lan9118 *l, uint32_t words)
{
	if (words < DISCARD_WORDS_MIN) {
		while (words-- > 0)
			(void)lan9118_read(l, LAN9118_RX_DATA);
		return;
	}
	lan9118_write(l, LAN9118_RX_DP, LAN9118_RX_DP_DISCARD);
	if (lan9118_wait_clear(l, LAN9118_RX_DP, LAN9118_RX_DP_DISCARD, LAN9118_POLLS) != OK)
		l->fault = "it does not discard a frame";
}

/* The frame of which `status` was taken, in a packet; NULL: it is dropped, and counted. */
static struct pkt *take(struct lan9118 *l, uint32_t status)
{
	uint32_t bytes = LAN9118_RX_STATUS_BYTES(status), words = words_of(bytes);
	bool sound = (status & LAN9118_RX_STATUS_BAD) == 0 &&
		     bytes >= ETH_HEADER_BYTES + LAN9118_FCS_BYTES &&
		     bytes <= (uint32_t)l->nif.mtu + ETH_HEADER_BYTES + LAN9118_FCS_BYTES;
	struct pkt *p = sound ? pkt_alloc(l->rx_pool, RX_HEADROOM) : NULL;

	if (p == NULL || p->buf_bytes < RX_HEADROOM + words * sizeof(uint32_t)) {
		if (sound)
			COUNT(l->nif.stats.rx_dropped);
		else
			COUNT(l->nif.stats.rx_errors);
		if (p != NULL)
			pkt_put(p);
		discard(l, words);
		return NULL;
	}
	lan9118_get_words(l, (lan9118_word *)(void *)p->data, words);
	p->data += LAN9118_RX_OFFSET;
	p->len = bytes - LAN9118_FCS_BYTES;
	return p;
}

/*
 * Looks what the FIFO holds, once for all that it shows: an access of the bus for each frame would
 * be as dear as many instructions.
 */
static bool look(struct lan9118 *l)
{
	uint32_t held = lan9118_read(l, LAN9118_RX_FIFO);

	l->rx_frames = (uint8_t)LAN9118_RX_FIFO_FRAMES(held);
	l->rx_bytes = (uint16_t)LAN9118_RX_FIFO_BYTES(held);
	return l->rx_frames > 0;
}

/*
 * Each turn takes a frame off the controller's list, which holds less than 256 at a time. After so
 * many that nobody gets, others have a turn: more may come as fast as they are thrown away.
 */
static struct pkt *next(struct lan9118 *l)
{
	for (unsigned turns = 0; turns < 256 && l->fault == NULL; turns++) {
		if (l->rx_frames == 0 && !look(l))
			return NULL;
		uint32_t status = lan9118_read(l, LAN9118_RX_STATUS);
		uint32_t bytes = words_of(LAN9118_RX_STATUS_BYTES(status)) * sizeof(uint32_t);
		if (bytes > l->rx_bytes) {
			l->fault = "it has less of a frame than it says";
			break;
		}
		l->rx_bytes = (uint16_t)(l->rx_bytes - bytes);
		l->rx_frames--;
		struct pkt *p = take(l, status);
		if (p != NULL)
			return p;
	}
	return NULL;
}

HOT(device) struct pkt *lan9118_recv(struct netif *nif)
{
	struct lan9118 *l = lan9118_of(nif);
	struct pkt *p = l->running ? next(l) : NULL;

	if (p != NULL) {
		COUNT(nif->stats.rx_packets);
		COUNT_BY(nif->stats.rx_bytes, p->len);
		return p;
	}
	/* The end of a batch. */
	if (UNLIKELY(l->phy_changed) && l->running)
		lan9118_mac_check_link(l);
	if (UNLIKELY(l->fault != NULL))
		lan9118_check_fault(l);
	return NULL;
}

/* What comes before the look behind the write is seen by it, what comes after it interrupts. */
bool lan9118_rx_arm(struct netif *nif)
{
	struct lan9118 *l = lan9118_of(nif);

	if (!l->running)
		return false;
	lan9118_write(l, LAN9118_INT_STATUS, LAN9118_INT_RX);
	lan9118_unmask(l);
	return LAN9118_RX_FIFO_FRAMES(lan9118_read(l, LAN9118_RX_FIFO)) != 0;
}
