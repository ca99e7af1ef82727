/* SPDX-License-Identifier: ISC */
/*
 * Duplicate address detection (RFC 4862 section 5.4, RFC 4429, RFC 7527): one solicitation, and
 * the address is ours unless somebody has it or asks for it too.
 */
#include "net/ndp/ndp_internal.h"

/* RFC 4429 section 3.1: not for those that people choose, of which two may well be the same. */
void ndp_dad_start(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a)
{
	uint64_t nonce = ndp_random(ndp);
	memcpy(a->nonce, &nonce, sizeof(a->nonce));
	a->state = a->generated ? NDP_ADDR_OPTIMISTIC : NDP_ADDR_TENTATIVE;
	a->due_us = now_us + ndp->retrans_us;
	ndp_solicit(ndp, &ipv6_unspecified, &a->addr, NULL, a->nonce);
	ndp_expect_poll_at(ndp, a->due_us);
	if (ndp_addr_is_usable(a)) {
		ndp_announce(ndp, a);
		ndp_tell(ndp, now_us);
	}
}

static void assign(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a)
{
	bool was_usable = ndp_addr_is_usable(a);
	a->state = NDP_ADDR_ASSIGNED;
	a->due_us = TIME_NEVER;
	ndp_log(ndp->eth, LOG_INFO, "%s: %s/%u", &a->addr, a->prefix_bits);
	ndp_announce(ndp, a);
	if (!was_usable)
		ndp_tell(ndp, now_us);
}

/* RFC 7217 section 6: the next identifier of the same prefix. */
static void redo(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a)
{
	struct ip_addr prefix = a->addr;
	prefix.word[2] = prefix.word[3] = 0;
	ndp_addr_generate(ndp, a, &prefix);
	if (ndp_addr_join(ndp, now_us, a) == OK)
		ndp_dad_start(ndp, now_us, a);
	else
		a->due_us = now_us + NDP_REDO_US;
}

void ndp_dad_step(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a)
{
	if (a->state == NDP_ADDR_REDO)
		redo(ndp, now_us, a);
	else
		assign(ndp, now_us, a);
}

void ndp_dad_conflict(struct ndp *ndp, uint64_t now_us, struct ndp_addr *a)
{
	bool was_usable = ndp_addr_is_usable(a);
	bool again = a->generated && a->conflicts < NDP_REDO_MAX;
	ndp->stats.conflicts++;
	a->conflicts++;
	a->state = again ? NDP_ADDR_REDO : NDP_ADDR_DUPLICATE;
	a->due_us = again ? now_us + NDP_REDO_US : TIME_NEVER;
	ndp_addr_leave(ndp, now_us, a);
	ndp_expect_poll_at(ndp, a->due_us);
	ndp_log(ndp->eth, LOG_WARN,
		again ? "%s: another station has %s: another one is generated"
		      : "%s: another station has %s: it is not used",
		&a->addr, 0);
	if (was_usable)
		ndp_tell(ndp, now_us);
}
