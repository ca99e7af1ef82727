/* SPDX-License-Identifier: ISC */
/* What the files of net/ndp share. */
#ifndef NET_NDP_NDP_INTERNAL_H
#define NET_NDP_NDP_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_MODULE "ndp"
#include "base/bytes.h"
#include "base/log.h"
#include "net/ip/ipv6_addr.h"
#include "net/ndp/ndp.h"
#include "net/ndp/ndp_msg.h"

/* A message that came, with all that its handlers need of it. */
struct ndp_msg {
	const uint8_t *bytes;
	const uint8_t *options, *end;
	const struct ip_meta *meta;
	const uint8_t *mac; /* of the sender or the target, as its type says; or NULL */
};

/* ndp.c */
uint64_t ndp_after_s(uint64_t now_us, uint32_t seconds);
uint64_t ndp_random(struct ndp *ndp);
void ndp_expect_poll_at(struct ndp *ndp, uint64_t time_us);
void ndp_tell(struct ndp *ndp, uint64_t now_us);
/*
 * Writes a line to the log by a format that takes three arguments: the interface's name, an address
 * and, if it likes, the length of its prefix (unsigned).
 */
void ndp_log(const struct eth *eth, enum log_level level, const char *format,
	     const struct ip_addr *addr, unsigned bits);

/* A message to send; all borrowed. */
struct ndp_out {
	uint8_t type;
	uint8_t flags;                /* of an advertisement */
	uint8_t option;               /* 0: it has none */
	const struct ip_addr *target; /* NULL: a router solicitation has none */
	const uint8_t *nonce;         /* the option's value; NULL: our Ethernet address */
	uint32_t *sent;               /* where it counts */
};

/* Sends a message to the station `mac`, or if that is NULL to the group `dst`; counts that it
 * could, or could not. */
void ndp_send(struct ndp *ndp, const struct ip_addr *src, const struct ip_addr *dst,
	      const uint8_t *mac, const struct ndp_out *out);

/* resolve.c: what comes returns where it counts, here and below. */
uint32_t *ndp_solicitation_input(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m);
uint32_t *ndp_advertisement_input(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m);
/*
 * A neighbour says what its Ethernet address is, unless that is NULL: RFC 4861 sections 6.3.4,
 * 7.2.3 and 8.3. Returns its entry, or NULL.
 */
struct neighbour *ndp_learn(struct ndp *ndp, uint64_t now_us, const struct ip_addr *addr,
			    const uint8_t *mac);
/* Sends a solicitation for `target`; `mac` NULL: to its group. `nonce` NULL: none. */
void ndp_solicit(struct ndp *ndp, const struct ip_addr *src, const struct ip_addr *target,
		 const uint8_t *mac, const uint8_t *nonce);
/* Tells all nodes of an address of ours (RFC 4861 section 7.2.6). */
void ndp_announce(struct ndp *ndp, const struct ndp_addr *a);
uint64_t ndp_resolve_poll(struct ndp *ndp, uint64_t now_us);

/* address.c: our addresses. */
static inline bool ndp_addr_is_usable(const struct ndp_addr *a)
{
	return a->state >= NDP_ADDR_OPTIMISTIC;
}
struct ndp_addr *ndp_addr_find(struct ndp *ndp, const struct ip_addr *addr);
/* A free place, or NULL. */
struct ndp_addr *ndp_addr_place(struct ndp *ndp);
/* The address of a /64 prefix that this host has in it, in a->addr (RFC 7217 section 5). */
void ndp_addr_generate(const struct ndp *ndp, struct ndp_addr *a, const struct ip_addr *prefix);
/* Joins and leaves the solicited-node group. */
MUST_USE enum err ndp_addr_join(struct ndp *ndp, uint64_t now_us, const struct ndp_addr *a);
void ndp_addr_leave(struct ndp *ndp, uint64_t now_us, const struct ndp_addr *a);
uint64_t ndp_addr_poll(struct ndp *ndp, uint64_t now_us);

/* dad.c: how an address becomes ours. */
void ndp_dad_start(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a);
/* The next step of an address whose due_us has come. */
void ndp_dad_step(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a);
/* Another station has the address, which is not assigned yet. */
void ndp_dad_conflict(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a);

/* router.c: routers, prefixes, and the way out. */
uint32_t *ndp_router_input(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m);
MUST_USE enum err ndp_prefix_set(struct ndp *ndp, const struct ipv6_prefix *prefix,
				 uint64_t until_us);
const struct ndp_router *ndp_router_best(struct ndp *ndp);
void ndp_router_remove(struct ndp *ndp, uint64_t now_us, const struct ip_addr *addr);
uint64_t ndp_router_poll(struct ndp *ndp, uint64_t now_us);

/* slaac.c: a prefix option, of which there are NDP_PREFIX_BYTES. */
void ndp_slaac_prefix(struct ndp *ndp, uint64_t now_us, const uint8_t *option);

/* redirect.c */
uint32_t *ndp_redirect_input(struct ndp *ndp, uint64_t now_us, const struct ndp_msg *m);
const struct ip_addr *ndp_redirect_find(struct ndp *ndp, uint64_t now_us,
					const struct ip_addr *dst);
/* Forgets what leads to `hop`, or what the router `hop` has said. */
void ndp_redirect_forget(struct ndp *ndp, const struct ip_addr *hop);

/* solicit.c: router solicitations. */
void ndp_router_solicit(struct ndp *ndp, uint64_t now_us);
uint64_t ndp_solicit_poll(struct ndp *ndp, uint64_t now_us);

#endif
