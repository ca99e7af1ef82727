/* SPDX-License-Identifier: ISC */
/*
 * A table of neighbours on an Ethernet, with the packets that wait until one of them answers.
 *
 * It is the part that all address resolution has in common: find, create, displace, queue and
 * send. Who asks when, and what an answer changes, is the protocol's (net/ndp, net/arp), which
 * moves entries through the states and looks at their times. Everything is bounded: when the table
 * is full, entries that nobody misses go first, by rank and then by when they were last used; for
 * each neighbour the latest packet waits, and those before it as long as no more than
 * NEIGHBOUR_WAITING_MAX wait in all (RFC 1122 section 2.3.2.2, RFC 4861 section 7.2.2).
 */
#ifndef NET_NEIGHBOUR_NEIGHBOUR_H
#define NET_NEIGHBOUR_NEIGHBOUR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/list.h"
#include "base/pkt.h"
#include "hal/timer.h"
#include "net/eth/eth.h"

enum {
	NEIGHBOURS_MAX = BY_MEMORY(8, 32),
	NEIGHBOUR_WAITING_MAX =
		BY_MEMORY(1, 64), /* packets, besides the latest one for each neighbour */
	NEIGHBOUR_IN_USE_US = 10 * US_PER_S, /* since a packet was last sent to it */
};

/* RFC 4861 section 7.3.2; a protocol need not use all. */
enum neighbour_state {
	NEIGHBOUR_FREE,
	NEIGHBOUR_INCOMPLETE, /* asked, not answered yet; packets may wait */
	NEIGHBOUR_FAILED,     /* did not answer: refused until due_us */
	NEIGHBOUR_REACHABLE,  /* from here on its address is known: confirmed lately */
	NEIGHBOUR_STALE,      /* not confirmed lately, and not used since */
	NEIGHBOUR_DELAY,      /* used since: asked soon, unless something confirms it */
	NEIGHBOUR_PROBE,      /* asked again */
};

/* How little an entry is missed when it is displaced by a new one: the lowest goes first. */
enum neighbour_rank {
	NEIGHBOUR_RANK_FREE,
	NEIGHBOUR_RANK_IDLE,    /* not used lately, or known not to answer */
	NEIGHBOUR_RANK_PENDING, /* anybody who makes us answer a forged source creates these */
	NEIGHBOUR_RANK_IN_USE,
};

struct neighbour {
	struct ip_addr addr;
	uint8_t mac[ETH_ADDR_BYTES]; /* from NEIGHBOUR_REACHABLE on */
	uint8_t state;               /* enum neighbour_state */
	uint8_t tries;
	bool is_router;
	uint32_t number;     /* that it was given; 0: none yet */
	uint64_t due_us;     /* of the next try or the end of the state */
	uint64_t used_us;    /* a packet was last sent to it; 0: never */
	struct list waiting; /* in NEIGHBOUR_INCOMPLETE: packets, the oldest first */
};

struct neighbour_stats {
	uint32_t moved;   /* neighbours whose Ethernet address has changed */
	uint32_t evicted; /* entries displaced by newer ones */
	uint32_t dropped; /* packets that waited in vain */
};

struct neighbours {
	struct eth *eth;
	uint16_t eth_type; /* of the packets that are sent */
	uint16_t last;     /* index of the entry that was looked up last */
	unsigned waiting;  /* packets, for all neighbours together */
	uint32_t numbered; /* numbers given so far: makes them differ; wraps */
	/* Apart from the entries, so that a search reads two cache lines. 0: free. An address of
	 * one word is its own. */
	uint32_t tag[INET_WORDS > 1 ? NEIGHBOURS_MAX : 0];
	struct neighbour entry[NEIGHBOURS_MAX];
	COUNTED(struct neighbour_stats, stats);
};

extern const struct counters neighbour_counters; /* of struct neighbour_stats, for net/metrics */

void neighbours_init(struct neighbours *n, struct eth *eth, uint16_t eth_type);

/* The entry of `addr`, or NULL. */
struct neighbour *neighbour_find(struct neighbours *n, const struct ip_addr *addr);

/*
 * A new entry for `addr`, which has none; its state is for the caller to set. In a full table it
 * displaces the one that is missed least, of rank `worst` or below; NULL if there is none such.
 */
struct neighbour *neighbour_create(struct neighbours *n, uint64_t now_us,
				   const struct ip_addr *addr, enum neighbour_rank worst);

/* Frees the entry, and what waits for it. */
void neighbour_forget(struct neighbours *n, struct neighbour *e);

/* Frees all entries. */
void neighbours_clear(struct neighbours *n);

static inline bool neighbour_is_known(const struct neighbour *e)
{
	return e->state >= NEIGHBOUR_REACHABLE;
}

/*
 * A number for the entry, not 0, which no other has had: whoever notes the number of the neighbour
 * on his way need not look for it again, nor be told of any change. The entry keeps it until it is
 * forgotten, or all lose theirs.
 */
uint32_t neighbour_number(struct neighbours *n, struct neighbour *e);

/* The entry that has this number now, if its address is known; or NULL. */
static inline struct neighbour *neighbour_numbered(struct neighbours *n, uint32_t number)
{
	struct neighbour *e = &n->entry[number % NEIGHBOURS_MAX];
	return number != 0 && e->number == number && neighbour_is_known(e) ? e : NULL;
}

/* Takes all numbers back: the ways that they stand for may have changed. */
void neighbours_renumber(struct neighbours *n);

/* Notes the address; true if the neighbour had another one before. */
bool neighbour_set_mac(struct neighbours *n, struct neighbour *e, const uint8_t *mac);

/* Gives a packet that waits until neighbour_send_waiting() or neighbour_drop_waiting(). */
void neighbour_wait(struct neighbours *n, struct neighbour *e, struct pkt *p);

/* Sends what waits for the neighbour, now that its address is known. */
void neighbour_send_waiting(struct neighbours *n, struct neighbour *e);

void neighbour_drop_waiting(struct neighbours *n, struct neighbour *e);

#endif
