/* SPDX-License-Identifier: ISC */
/*
 * Router solicitations (RFC 4861 section 6.3.7): the first at once, the others ever more rarely
 * until a router answers (RFC 7559).
 */
#include "net/ndp/ndp_internal.h"

/* RFC 7559 section 2, with RAND between -0.1 and 0.1: `wait_us` changed by up to a tenth. */
static uint64_t jittered(struct ndp *ndp, uint64_t wait_us)
{
	uint64_t tenth = wait_us / 10;
	return wait_us - tenth + ndp_random(ndp) % (2 * tenth + 1);
}

/* From the link-local address with the Ethernet address, or from nobody while there is none. */
static void send(struct ndp *ndp)
{
	const struct ndp_addr *a = &ndp->addr[0];
	bool known = a->state == NDP_ADDR_ASSIGNED;
	const struct ndp_out out = {.type = NDP_ROUTER_SOLICITATION,
				    .option = known ? NDP_OPTION_SOURCE : 0,
				    .sent = &ndp->stats.routers_out};
	ndp_send(ndp, known ? &a->addr : &ipv6_unspecified, &ipv6_all_routers, NULL, &out);
}

static SELDOM void solicit(struct ndp *ndp, uint64_t now_us, uint64_t wait_us)
{
	ndp->solicit_wait_us = jittered(ndp, wait_us);
	ndp->solicit_us = now_us + ndp->solicit_wait_us;
	send(ndp);
}

void ndp_router_solicit(struct ndp *ndp, uint64_t now_us)
{
	solicit(ndp, now_us, NDP_SOLICIT_US);
	ndp_expect_poll_at(ndp, ndp->solicit_us);
}

uint64_t ndp_solicit_poll(struct ndp *ndp, uint64_t now_us)
{
	if (now_us >= ndp->solicit_us)
		solicit(ndp, now_us, MIN(2 * ndp->solicit_wait_us, NDP_SOLICIT_MAX_US));
	return ndp->solicit_us;
}
