/* SPDX-License-Identifier: ISC */
/* What net/ipv6 and net/ipv6/fragments share. */
#ifndef NET_IPV6_IPV6_INTERNAL_H
#define NET_IPV6_IPV6_INTERNAL_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/ipv6/ipv6.h"

/* Gives a packet with its network header to the next hop. OK and errors as of ndp_output(). */
MUST_USE enum err ipv6_send(struct ipv6 *ipv6, uint64_t now_us, struct pkt *p,
			    const struct ip_addr *dst);

#endif
