/* SPDX-License-Identifier: ISC */
/* What the files of the reassembly share. */
#ifndef NET_FRAGMENTS_REASSEMBLY_INTERNAL_H
#define NET_FRAGMENTS_REASSEMBLY_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/pkt.h"
#include "base/pool.h"
#include "net/fragments/reassembly.h"

/* A datagram that waits for fragments or, once given up, for the end of its time. */
struct datagram {
	struct list node;      /* among those in use, the oldest first */
	struct list fragments; /* struct pkt, by offset, which is in its `user` */
	struct ip_meta meta;   /* of the first fragment, until that is there of any */
	uint64_t born_us;
	uint32_t bytes;   /* of payload that is there */
	uint32_t total;   /* of payload in all; 0: the last fragment is not there yet */
	uint32_t packets; /* buffers held */
	uint32_t id;
	uint8_t ecn; /* codepoints seen, as a set of bits */
	bool given_up;
};

struct reassembly {
	struct ip *ip;
	const struct reassembly_family *family;
	struct reassembly_config config;
	struct pool datagrams;
	struct pkt_pool large;
	struct list used; /* struct datagram */
	uint32_t packets; /* held by all */
	struct reassembly_stats stats;
};

static inline struct pkt *reassembly_pkt_of(struct list *node)
{
	return list_entry(node, struct pkt, node);
}

/*
 * The payload of all fragments of `d`, which are all there, as one packet, which the caller is
 * given, with a network header as it was before it was cut: by reference or, if there are too many
 * for that, as a copy in a large buffer. NULL if they are no datagram or there is no buffer; then
 * *fault is the counter that says why. d->meta is what is true of the whole.
 */
MUST_USE struct pkt *reassembly_whole(struct reassembly *r, struct datagram *d, uint32_t **fault);

#endif
