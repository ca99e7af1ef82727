/* SPDX-License-Identifier: ISC */
/*
 * Slots of struct ip_ops for a fake network layer that has no groups, owns every address, and
 * answers nobody that something cannot be reached.
 */
#ifndef TESTS_FAKES_IP_SLOTS_H
#define TESTS_FAKES_IP_SLOTS_H

#include "base/pkt.h"
#include "net/ip/ip.h"

static inline enum err ip_slot_join(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	(void)ip, (void)now_us, (void)group;
	return ERR_UNSUPPORTED;
}

static inline void ip_slot_leave(struct ip *ip, uint64_t now_us, const struct ip_addr *group)
{
	(void)ip, (void)now_us, (void)group;
}

static inline void ip_slot_unreachable(struct ip *ip, uint64_t now_us, struct pkt *p,
				       const struct ip_meta *meta, enum ip_unreachable why)
{
	(void)ip, (void)now_us, (void)meta, (void)why;
	pkt_put(p);
}

static inline struct ip *ip_slot_owner(struct ip *ip, const struct ip_addr *addr)
{
	(void)addr;
	return ip;
}

#endif
