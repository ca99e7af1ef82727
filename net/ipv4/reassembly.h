/* SPDX-License-Identifier: ISC */
/*
 * Fragments that arrive, put together again (RFC 791 section 3.2, RFC 1122 section 3.3.2).
 *
 * Fragments of a datagram wait, in the buffers that they came in, in a table of fixed size. Once
 * all are there they become the pieces of one packet, without a copy. A datagram in more buffers
 * than a packet has pieces is copied, at that moment, into one of a few buffers of 64 KiB; without
 * a free one it is dropped. To copy each fragment as it comes would let anybody hold such a buffer
 * for thirty seconds, and more pieces in every packet would make all packets of all images larger.
 *
 * A datagram with anything wrong in it is given up as a whole, with all of its fragments that still
 * come (RFC 8200 section 4.5, RFC 5722): fragments that overlap, that contradict each other
 * about the end, or a first one that does not hold the transport's header. The very same
 * range once more is a duplicate, and ignored.
 *
 * Whatever strangers send, what they can hold is bounded: datagrams and buffers in all, of those
 * half and three quarters for one source, and half of what the pool of received packets has left.
 * When a bound is reached the oldest datagram goes. After thirty seconds the sender is told, at the
 * rate of ICMP errors. All calls come from the event loop.
 */
#ifndef NET_IPV4_REASSEMBLY_H
#define NET_IPV4_REASSEMBLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "hal/timer.h"
#include "net/ipv4/ipv4.h"

#define IPV4_REASSEMBLY_US (UINT64_C(30) * US_PER_S)

struct ipv4_reassembly_config {
	uint16_t datagrams; /* that wait for fragments at once; 1 at least */
	uint16_t packets;   /* received buffers that all fragments together may hold */
	uint16_t large;     /* buffers of 64 KiB for datagrams of many fragments; may be 0 */
};

struct ipv4_reassembly_stats {
	uint32_t fragments; /* that arrived */
	uint32_t whole;     /* datagrams put together */
	uint32_t copied;    /* of those, because of their many fragments */
	/* Fragments dropped: */
	uint32_t duplicates;
	uint32_t late; /* of a datagram that had been given up */
	/* Datagrams given up, with all their fragments: */
	uint32_t bad;  /* no payload, not in units of 8 bytes, beyond 65,535 */
	uint32_t tiny; /* the first fragment does not hold the transport's header */
	uint32_t overlaps;
	uint32_t inconsistent; /* two ends, something behind the end, ECN (RFC 3168 section 5.3) */
	uint32_t evicted;      /* made room for newer ones */
	uint32_t no_room;      /* held as many packets as it may */
	uint32_t no_large;     /* no buffer of 64 KiB */
	uint32_t timeouts;
};

/* It, described (base/counter.h). */
extern const struct counter ipv4_reassembly_counters[];

struct ipv4_reassembly;

/* Bytes of memory that ipv4_reassembly_init() wants. */
size_t ipv4_reassembly_memory_bytes(const struct ipv4_reassembly_config *config);

/*
 * Has `ipv4` give fragments to a new table in `memory`, ipv4_reassembly_memory_bytes(config) bytes,
 * CACHE_LINE_BYTES aligned (asserted), which must outlive it. Until then they are dropped.
 */
MUST_USE struct ipv4_reassembly *ipv4_reassembly_init(struct ipv4 *ipv4, void *memory,
						      const struct ipv4_reassembly_config *config);

/* Gives up what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t ipv4_reassembly_poll(struct ipv4_reassembly *r, uint64_t now_us);

/* Drops all fragments, silently: when the address they were sent to is no longer ours. */
void ipv4_reassembly_clear(struct ipv4_reassembly *r);

const struct ipv4_reassembly_stats *ipv4_reassembly_stats(const struct ipv4_reassembly *r);

#endif
