/* SPDX-License-Identifier: ISC */
/* What the files of net/ipv4 share. */
#ifndef NET_IPV4_IPV4_INTERNAL_H
#define NET_IPV4_IPV4_INTERNAL_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/ipv4/ipv4.h"

/*
 * Gives a packet with its network header to the next hop (IPV4_BROADCAST: to all on the link). OK
 * and errors as of arp_output().
 */
MUST_USE enum err ipv4_send(struct ipv4 *ipv4, uint64_t now_us, struct pkt *p, uint32_t hop);

#endif
