/* SPDX-License-Identifier: ISC */
/*
 * Fragments of IPv4, both ways, by net/fragments: sets it in at an ipv4, which drops fragments and
 * sends none as long as nobody does.
 */
#ifndef NET_IPV4_FRAGMENTS_IPV4_FRAGMENTS_H
#define NET_IPV4_FRAGMENTS_IPV4_FRAGMENTS_H

#include <stdint.h>

#include "base/attr.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "net/fragments/fragmenter.h"
#include "net/fragments/reassembly.h"
#include "net/ipv4/ipv4.h"

#define IPV4_REASSEMBLY_US (UINT64_C(30) * US_PER_S)

/* Has `ipv4` give fragments to a new table, as reassembly_init(). Once only. */
MUST_USE struct reassembly *ipv4_reassembly_init(struct ipv4 *ipv4, void *memory,
						 const struct reassembly_config *config);

/*
 * Has `ipv4` send packets of up to 65,535 bytes with their header in fragments from now on, with
 * packets of `tx` and identifications from `rng`; TCP has segments instead. All of them must
 * outlive it.
 */
void ipv4_fragmenter_init(struct fragmenter *f, struct ipv4 *ipv4, struct pkt_pool *tx,
			  struct rng *rng);

#endif
