/* SPDX-License-Identifier: ISC */
/*
 * Fragments of IPv6 (RFC 8200 section 4.5), both ways, by net/fragments, with the path's MTU (RFC
 * 8201) for datagrams: sets it in at an ipv6, which drops fragments and sends none as long as
 * nobody does.
 *
 * A few destinations are known whose way takes less than the link. What routers say is believed for
 * ten minutes and never below 1280 bytes; when the table is full, what was said first is forgotten.
 * TCP does not ask it: it knows which of such words are about what it sent.
 */
#ifndef NET_IPV6_FRAGMENTS_IPV6_FRAGMENTS_H
#define NET_IPV6_FRAGMENTS_IPV6_FRAGMENTS_H

#include <stdint.h>

#include "base/attr.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "net/fragments/fragmenter.h"
#include "net/fragments/reassembly.h"
#include "net/ipv6/ipv6.h"

enum { IPV6_PATHS_MAX = 16 };

#define IPV6_REASSEMBLY_US (UINT64_C(60) * US_PER_S)
#define IPV6_PATH_MTU_US   (UINT64_C(600) * US_PER_S)

struct ipv6_path {
	struct ip_addr dst;
	uint64_t until_us; /* 0: free */
	uint16_t mtu;
};

struct ipv6_fragmenter {
	struct fragmenter out;
	struct ipv6_path path[IPV6_PATHS_MAX];
};

/* Has `ipv6` give fragments to a new table, as reassembly_init(). Once only. */
MUST_USE struct reassembly *ipv6_reassembly_init(struct ipv6 *ipv6, void *memory,
						 const struct reassembly_config *config);

/*
 * Has `ipv6` send UDP datagrams and ICMPv6 messages of up to 65,535 bytes in fragments from now on
 * where the way wants that, with packets of `tx` and identifications from `rng`; TCP has segments
 * instead. All of them must outlive it.
 */
void ipv6_fragmenter_init(struct ipv6_fragmenter *f, struct ipv6 *ipv6, struct pkt_pool *tx,
			  struct rng *rng);

#endif
