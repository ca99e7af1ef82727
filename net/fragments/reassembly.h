/* SPDX-License-Identifier: ISC */
/*
 * Fragments that arrive, put together again: of IPv4 (RFC 791 section 3.2, RFC 1122 section 3.3.2)
 * and IPv6 (RFC 8200 section 4.5), whose layers tell what is in their headers by net/fragments'
 * struct reassembly_family.
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
 * When a bound is reached the oldest datagram goes. When a datagram's time is over the sender is
 * told, at the rate of ICMP errors. All calls come from the event loop.
 */
#ifndef NET_FRAGMENTS_REASSEMBLY_H
#define NET_FRAGMENTS_REASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "hal/timer.h"
#include "net/ip/ip.h"

enum { FRAGMENT_UNIT = 8 }; /* bytes that offsets of fragments count in */

/* What a network layer's headers say of a fragment, which is at its payload. */
struct fragment {
	struct pkt *pkt;
	uint32_t id;
	uint32_t begin;     /* of its payload in that of the datagram */
	uint32_t bytes_min; /* that the first one must have, for filters to see (RFC 1858) */
	bool more;          /* others follow behind it */
};

struct reassembly_family {
	uint64_t timeout_us; /* from the first fragment that arrived */
	/* Bytes of a fragment's headers that the length of the whole, 65,535 at most, has not. */
	uint32_t uncounted_bytes;
	/*
	 * Makes the network headers of a whole datagram, from p->l3 to p->l4, those of one that was
	 * never cut.
	 */
	void (*finish)(struct pkt *p, uint32_t payload_bytes);
};

struct reassembly_config {
	uint16_t datagrams; /* that wait for fragments at once; 1 at least */
	uint16_t packets;   /* received buffers that all fragments together may hold */
	uint16_t large;     /* buffers of 64 KiB for datagrams of many fragments; may be 0 */
};

struct reassembly_stats {
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
extern const struct counters reassembly_counters;

struct reassembly;

/* Bytes of memory that reassembly_init() wants. */
size_t reassembly_memory_bytes(const struct reassembly_config *config);

/*
 * Makes a table in `memory`, reassembly_memory_bytes(config) bytes, CACHE_LINE_BYTES aligned
 * (asserted), which must outlive it. `ip` is told of datagrams whose time was over.
 */
MUST_USE struct reassembly *reassembly_init(struct ip *ip, const struct reassembly_family *family,
					    void *memory, const struct reassembly_config *config);

/*
 * Is given a fragment with the `meta` of its packet. The whole datagram, at its payload, with what
 * is true of it in *meta, if this was the last one missing; else NULL.
 */
struct pkt *reassembly_add(struct reassembly *r, uint64_t now_us, const struct fragment *f,
			   struct ip_meta *meta);

/* Gives up what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t reassembly_poll(struct reassembly *r, uint64_t now_us);

/* Drops all fragments, silently: when the address they were sent to is no longer ours. */
void reassembly_clear(struct reassembly *r);

const struct reassembly_stats *reassembly_stats(const struct reassembly *r);

#endif
