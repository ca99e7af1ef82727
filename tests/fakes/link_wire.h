/* SPDX-License-Identifier: ISC */
/*
 * One direction of a link that is not what one would wish: it loses, delays, repeats, reorders and
 * damages frames, and is only so fast.
 *
 * A frame that is sent passes, in this order: the MTU, random loss, bursts of loss, the queue in
 * front of the transmitter (tail drop), the transmitter (rate), duplication, damage, a mark, delay.
 * It arrives in order, jitter or not, unless it was chosen to be held back. All chance comes from
 * one seed, all time is an argument: the same calls give the same frames at the same moments.
 *
 * Bursts are those of the Gilbert-Elliott model in continuous time: good and bad periods of
 * exponential length alternate whether frames are sent or not, so a burst ends even for a sender
 * that has become careful.
 *
 * Damage is up to three bits in one octet of an IP packet, which every checksum that covers the
 * octet notices (RFC 1071); the Ethernet header and other types are left alone, as ARP has no
 * checksum of its own and relies on the FCS. So are those octets of IPv6 that no checksum covers:
 * the traffic class, the flow label and the hop limit.
 *
 * A mark is that of congestion (RFC 3168), on every so many IPv4 packets of a transport that
 * understands it.
 *
 * Memory is the structure's: a link holds LINK_WIRE_FRAMES at most and loses what is more. Needs no
 * test framework.
 */
#ifndef TESTS_FAKES_LINK_WIRE_H
#define TESTS_FAKES_LINK_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fakes/random.h"

enum {
	LINK_WIRE_FRAME_MAX = 9216, /* bytes, with the Ethernet header */
	LINK_WIRE_FRAMES = 1024,    /* in flight */
};

/* What a link is like; all zero is a perfect one. ppm: parts in a million of the frames. */
struct link_conditions {
	uint32_t loss_ppm;
	uint64_t good_us, bad_us;  /* mean lengths of good and bad periods; bad_us 0: no bursts */
	uint32_t bad_loss_ppm;     /* loss in a bad period */
	uint32_t duplicate_ppm;    /* arrive twice */
	uint32_t corrupt_ppm;      /* arrive damaged */
	uint32_t reorder_ppm;      /* held back for reorder_us, while others overtake */
	uint64_t reorder_us;       /* at most */
	uint64_t delay_us;         /* of propagation */
	uint64_t jitter_us;        /* up to so much more */
	uint64_t rate_bytes_per_s; /* 0: without limit */
	uint32_t queue_bytes;      /* in front of the transmitter; 0: 64 KiB */
	uint32_t mark_every;       /* packets that say ECT; 0: none is marked */
	uint16_t mtu;              /* bytes behind the Ethernet header; 0: the largest */
};

struct link_wire_stats {
	uint64_t sent, sent_bytes, delivered, delivered_bytes;
	uint32_t lost, lost_in_burst, queue_full, too_long;
	uint32_t duplicated, corrupted, reordered;
	uint32_t capable, marked; /* of ECT */
	uint32_t no_room;         /* lost because LINK_WIRE_FRAMES were in flight */
	uint32_t in_flight_max;   /* frames, ever */
};

struct link_frame {
	uint64_t due_us;
	uint64_t number; /* of two that are due at once the earlier one comes first */
	uint32_t len;
	uint8_t bytes[LINK_WIRE_FRAME_MAX];
};

struct link_wire {
	struct link_conditions conditions; /* may be changed at any time */
	struct link_wire_stats stats;
	struct random random;
	bool bad;               /* a bad period, until … */
	uint64_t period_end_us; /* … this; 0: not begun */
	uint64_t idle_us;       /* when the transmitter will have sent all that is queued */
	uint64_t latest_us;     /* arrival of the last frame that kept its place */
	uint64_t number;
	unsigned n_heap, n_free;
	struct link_frame *heap[LINK_WIRE_FRAMES]; /* by due_us and number */
	struct link_frame *free[LINK_WIRE_FRAMES];
	struct link_frame frame[LINK_WIRE_FRAMES];
};

/* Nothing in flight, counters zero. Does not touch the frames. */
void link_wire_init(struct link_wire *w, const struct link_conditions *c, uint64_t seed);

/* A frame is sent at `now_us`, which never goes back. False: it is lost, and counted. */
bool link_wire_send(struct link_wire *w, uint64_t now_us, const void *frame, size_t len);

/* When the next frame arrives, or UINT64_MAX. */
uint64_t link_wire_next_us(const struct link_wire *w);

/* The next frame that has arrived by `now_us`, borrowed until the next link_wire_send(), or NULL.
 */
struct link_frame *link_wire_receive(struct link_wire *w, uint64_t now_us);

#endif
