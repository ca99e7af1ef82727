/* SPDX-License-Identifier: ISC */
/*
 * Datagrams that are longer than the MTU, sent in fragments: of IPv4 (RFC 791 section 3.2) and IPv6
 * (RFC 8200 section 4.5).
 *
 * Each fragment is a packet with a header, whose payload are slices of the datagram: nothing is
 * copied where the device takes pieces. All of them are built before the first is sent.
 * Identifications are random (RFC 7739 section 5.2): nobody can guess the next one, and it takes no
 * table. Two datagrams that are under way to the same host at once may share one, with a
 * probability of 1/65536 for IPv4, and are then both lost, as any datagram may. All calls come from
 * the event loop.
 */
#ifndef NET_FRAGMENTS_FRAGMENTER_H
#define NET_FRAGMENTS_FRAGMENTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/pkt.h"
#include "hal/rng.h"
#include "net/ip/ip.h"

struct fragmenter_stats {
	uint32_t datagrams, fragments; /* sent */
	uint32_t no_packets;           /* datagrams not sent: too few packets for the fragments */
	uint32_t no_id;                /* datagrams not sent: no random numbers */
	uint32_t cut_short; /* datagrams whose last fragments the device had no room for */
};

/* What the header of a fragment says. */
struct fragment_header {
	const struct ip_meta *meta;
	uint32_t id;     /* random; as many bits of it as there are */
	uint32_t offset; /* bytes */
	uint32_t bytes;  /* of payload */
	bool more;
};

struct fragmenter_family {
	uint32_t header_bytes; /* of a fragment */
	void (*emit)(const struct fragment_header *h, uint8_t *out);
	/* Gives a fragment to the next hop; OK and errors as of ip_output(). */
	enum err (*send)(void *network, uint64_t now_us, struct pkt *p, const void *hop);
};

struct fragmenter {
	const struct fragmenter_family *family;
	void *network; /* the layer, for family->send() */
	struct pkt_pool *tx;
	struct rng *rng;
	struct fragmenter_stats stats;
};

/*
 * Sends p, at its payload, in fragments that fit into `mtu`, with packets of f->tx, of which a
 * quarter is left to others. `hop` is handed to family->send(). As ip_output(): OK once the first
 * was sent. ERR_NOMEM without packets, and the errors of rng_read() and family->send().
 */
MUST_USE enum err fragmenter_output(struct fragmenter *f, uint64_t now_us, struct pkt *p,
				    const struct ip_meta *meta, uint32_t mtu, const void *hop);

#endif
