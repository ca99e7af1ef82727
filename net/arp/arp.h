/* SPDX-License-Identifier: ISC */
/*
 * Address resolution (RFC 826): from the IPv4 address of a neighbour to its Ethernet address.
 *
 * A fixed cache, filled only by answers to our own requests and by requests that are aimed at us;
 * what else goes by updates entries that exist and creates none. While a neighbour is being asked,
 * the latest packet for it waits (RFC 1122 section 2.3.2.2), and those before it as long as no more
 * than ARP_WAITING_MAX wait in all: many connections may begin at once. A neighbour that was heard
 * of a minute ago is asked again, still in use meanwhile; one that does not answer three times in a
 * row is forgotten or, if it never answered, refused for some seconds. When the cache is full,
 * entries that nobody uses go first, and a stranger's request never displaces one in use.
 *
 * Until it is given an address it answers nobody and learns nothing. The owner calls arp_poll() in
 * each poll of the Ethernet layer below (net/eth/eth.h), after all who send. Nothing here is for
 * interrupt handlers.
 */
#ifndef NET_ARP_ARP_H
#define NET_ARP_ARP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "hal/timer.h"
#include "net/eth/eth.h"
#include "net/neighbour/neighbour.h"

enum {
	ARP_ENTRIES = NEIGHBOURS_MAX,
	ARP_TRIES = 3,
	ARP_WAITING_MAX = NEIGHBOUR_WAITING_MAX,
	ARP_ANNOUNCEMENTS = 2, /* RFC 5227 section 1.1: ANNOUNCE_NUM */

	ARP_RETRY_US = 1 * US_PER_S,      /* RFC 1122 section 2.3.2.1: at most one a second */
	ARP_REACHABLE_US = 60 * US_PER_S, /* the same: "on the order of a minute" */
	ARP_FAILED_US = 5 * US_PER_S,
	ARP_ANNOUNCE_US = 2 * US_PER_S, /* RFC 5227: ANNOUNCE_INTERVAL */
	ARP_DEFEND_US = 10 * US_PER_S,  /* RFC 5227: DEFEND_INTERVAL */
};

struct arp_stats {
	uint32_t requests_in, replies_in, requests_out, replies_out;
	uint32_t bad;        /* malformed */
	uint32_t conflicts;  /* packets of another station that uses our address */
	uint32_t failed;     /* neighbours that did not answer */
	uint32_t not_learnt; /* requests aimed at us for whose sender there was no entry */
	uint32_t tx_failed;  /* ARP packets not sent: no packet, or the device refused */
};

/* It, described (base/counter.h). */
extern const struct counters arp_counters;

struct arp {
	struct eth *eth;
	struct pkt_pool *tx;
	struct ipv4_prefix prefix; /* our address and its subnet; address 0: none yet */
	uint64_t deadline_us;
	uint64_t announce_us; /* of the next announcement, or TIME_NEVER */
	unsigned announcements_left;
	uint32_t probed;    /* the address that arp_probe() asked for; 0: none */
	uint64_t defend_us; /* our address is not defended again before */
	bool contested;     /* another station has used it meanwhile */
	bool probe_taken;   /* another station has the probed one */
	bool conflict_said; /* the log has a line about another one with our address */
	struct neighbours neighbours;
	COUNTED(struct arp_stats, stats);
};

/*
 * Makes a resolver without an address and binds it to `eth`. `tx` supplies the packets that it
 * builds. The errors of eth_bind().
 */
MUST_USE enum err arp_init(struct arp *arp, struct eth *eth, struct pkt_pool *tx);

/*
 * Makes `prefix.addr` our address, and tells the neighbours, now and once more in two seconds (RFC
 * 5227 section 2.3); address 0 takes it away. Of another address or subnet than before, neighbours
 * are forgotten, and what waits for them. net/ipv4 calls it, which has checked the address.
 */
void arp_set_address(struct arp *arp, uint64_t now_us, struct ipv4_prefix prefix);

/*
 * Asks once whether another station has `addr` (host order), which need not be ours yet (RFC 5227
 * section 2.1.1). From now on arp_probe_taken() tells whether one has said so; if it is our address
 * by then, that is not defended, for whoever has asked will give it back. 0 ends this.
 */
void arp_probe(struct arp *arp, uint32_t addr);

/* Whether another station was heard that has, or is about to take, the probed address. */
static inline bool arp_probe_taken(const struct arp *arp)
{
	return arp->probe_taken;
}

/*
 * Whether another station has used our address within ARP_DEFEND_US of its defence: whoever may
 * choose another one gives it up now (RFC 5227 section 2.4 (b)).
 */
static inline bool arp_is_contested(const struct arp *arp)
{
	return arp->contested;
}

/*
 * Sends the IPv4 packet p from our address to the on-link neighbour `addr` (host order, not 0). OK:
 * it was given; it may have to wait, and be lost if the neighbour does not answer or later ones
 * take its place. Not OK: the caller still owns it: ERR_UNREACHABLE if the neighbour did not answer
 * lately, or the errors of eth_output().
 */
MUST_USE enum err arp_output(struct arp *arp, uint64_t now_us, struct pkt *p, uint32_t addr);

/* The number of the neighbour `addr` (neighbour_numbered()), 0 if it is not known. */
uint32_t arp_number(struct arp *arp, uint32_t addr);

/* Asks again, ages and forgets what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t arp_poll(struct arp *arp, uint64_t now_us);

#endif
