/* SPDX-License-Identifier: ISC */
/*
 * A network interface without a device: what is sent is kept for inspection or goes over a wire
 * to another fake, and tests inject what is received.
 *
 * It behaves as hal/netif.h says: it wakes `rx` only while armed and `tx` after it was full, and
 * what it hands over a wire it copies into packets of the receiver's pool, as a device would. It
 * does the work that its features promise (checksums, cutting up TCP segments) when a frame crosses
 * the wire. Set the public fields at any time after netif_fake_init(). Needs no test framework.
 */
#ifndef TESTS_FAKES_NETIF_FAKE_H
#define TESTS_FAKES_NETIF_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/pkt.h"
#include "hal/netif.h"

enum { NETIF_FAKE_FRAME_MAX = 14 + 65535 };

struct netif_fake {
	struct netif netif;    /* first */
	struct pkt_pool *pool; /* received frames come from it */
	struct list rx, sent;  /* of struct pkt, by node */
	struct netif_fake *peer;

	/* Knobs. */
	enum err start_error;  /* what start answers */
	enum err send_error;   /* what send answers, if not OK */
	unsigned queue_max;    /* frames that wait for netif_flush() or netif_fake_take(): 256 */
	uint32_t rx_headroom;  /* of received packets: PKT_HEADROOM */
	uint32_t rx_first_max; /* bytes in the first piece of received packets; more follow */
	uint32_t rx_chunk_max; /* bytes in a further piece, if rx_first_max is not 0 … */
	bool rx_runs;          /* … or in a further packet of a run */
	uint8_t rx_flags;      /* enum pkt_flag of injected frames */
	/* Sees, and may change, each frame before it arrives; true: it is lost. */
	bool (*on_wire)(struct netif_fake *from, uint8_t *frame, size_t len);
	void *on_wire_arg;

	/* State to look at. */
	unsigned n_rx, n_sent;
	unsigned flushes; /* calls of netif_flush() */
	unsigned lost;    /* by on_wire */
	bool started, armed, was_full;
};

/* Makes an interface called `name` with the station address 52:54:00:00:00:`last`, MTU 1500. */
void netif_fake_init(struct netif_fake *f, const char *name, uint8_t last, struct pkt_pool *pool,
		     uint32_t features);

/* Frees what is queued. */
void netif_fake_fini(struct netif_fake *f);

/* Connects two: what one sends arrives at the other when it flushes. */
void netif_fake_wire(struct netif_fake *a, struct netif_fake *b);

/* A frame arrives. False, and counted, if the pool is empty or its buffers are too small. */
bool netif_fake_inject(struct netif_fake *f, const void *frame, size_t len);

/* The oldest sent frame, given to the caller, or NULL. Only without a wire. */
struct pkt *netif_fake_take(struct netif_fake *f);

/* The same, its bytes copied to `out` and the packet freed: the length, or 0. Asserts that it fits.
 */
size_t netif_fake_take_bytes(struct netif_fake *f, uint8_t *out, size_t max);

/* Copies all bytes of a packet to `out`; asserts that they fit. Returns how many. */
size_t netif_fake_flatten(const struct pkt *p, uint8_t *out, size_t max);

#endif
