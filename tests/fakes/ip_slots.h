/* SPDX-License-Identifier: ISC */
/* Slots of struct ip_ops for a fake network layer that has no groups and owns every address. */
#ifndef TESTS_FAKES_IP_SLOTS_H
#define TESTS_FAKES_IP_SLOTS_H

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

static inline struct ip *ip_slot_owner(struct ip *ip, const struct ip_addr *addr)
{
	(void)addr;
	return ip;
}

#endif
