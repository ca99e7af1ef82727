/* SPDX-License-Identifier: ISC */
/*
 * Datagrams that are longer than the MTU, sent in fragments (RFC 791 section 3.2).
 *
 * Once it is set up over an ipv4, ip_output() takes UDP datagrams and ICMP messages of up to 65,535
 * bytes with their header; TCP has segments instead. Each fragment is a packet with a header, whose
 * payload are slices of the datagram: nothing is copied where the device takes pieces. All
 * of them are built before the first is sent. Identifications are random (RFC 7739 section 5.2):
 * nobody can guess the next one, and it takes no table. Two datagrams that are under way to the
 * same host at once share one with a probability of 1/65536 and are then both lost, as any datagram
 * may. All calls come from the event loop.
 */
#ifndef NET_IPV4_FRAGMENT_H
#define NET_IPV4_FRAGMENT_H

#include <stdint.h>

#include "base/pkt.h"
#include "hal/rng.h"
#include "net/ipv4/ipv4.h"

struct ipv4_fragmenter_stats {
	uint32_t datagrams, fragments; /* sent */
	uint32_t no_packets;           /* datagrams not sent: too few packets for the fragments */
	uint32_t no_id;                /* datagrams not sent: no random numbers */
	uint32_t cut_short; /* datagrams whose last fragments the device had no room for */
};

struct ipv4_fragmenter {
	struct ipv4 *ipv4;
	struct pkt_pool *tx;
	struct rng *rng;
	struct ipv4_fragmenter_stats stats;
};

/*
 * Has `ipv4` send what is too long in fragments from now on, with packets of `tx`, of which a
 * quarter is left to others, and identifications from `rng`. All of them must outlive it.
 */
void ipv4_fragmenter_init(struct ipv4_fragmenter *f, struct ipv4 *ipv4, struct pkt_pool *tx,
			  struct rng *rng);

#endif
