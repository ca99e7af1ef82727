/* SPDX-License-Identifier: ISC */
/*
 * Neighbor Discovery (RFC 4861) and address autoconfiguration (RFC 4862) of a host with one
 * Ethernet: what IPv6 has in place of ARP and, as a rule, DHCP.
 *
 * It lies below net/ipv6, as net/arp below net/ipv4, and knows all that a host must know of its
 * link: its own addresses and how far each has got, neighbours, routers, prefixes, redirects, and
 * what routers say of name servers (net/ndp/servers.h). Above it net/ipv6 asks for the way of each
 * packet, and net/icmpv6 hands it the messages that come.
 *
 * A link-local address is made at the start, and one of each prefix that routers advertise for it,
 * unless a static address is given. Identifiers are opaque and stable (RFC 7217): the same host
 * has the same address in the same network, and nothing in common in two. An address is looked for
 * on the link before it is used (DAD), with a nonce against echoes of one's own (RFC 7527). One
 * that was generated is used meanwhile, with care that nobody's cache is changed by it (RFC 4429),
 * so that the second that this takes does not delay the start. For the same reason nothing is
 * delayed at random: who starts a thousand images at once can do that himself.
 *
 * All that comes is believed only from the link itself (hop limit 255), and every table is
 * bounded: what strangers say displaces nothing that is in use. The owner calls ndp_poll() in each
 * poll of the Ethernet layer below (net/eth/eth.h), after all who send. Nothing here is for
 * interrupt handlers.
 */
#ifndef NET_NDP_NDP_H
#define NET_NDP_NDP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/list.h"
#include "base/pkt.h"
#include "base/siphash.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "net/eth/eth.h"
#include "net/ip/ip.h"
#include "net/neighbour/neighbour.h"

enum {
	NDP_ADDRS_MAX = 8,     /* of this host */
	NDP_PREFIXES_MAX = 8,  /* on the link */
	NDP_ROUTERS_MAX = 4,   /* by default */
	NDP_REDIRECTS_MAX = 8, /* destinations with a better first hop */
	NDP_HOP_LIMIT = 255,   /* of each message: nobody beyond the link can send one */
	NDP_TRIES = 3,         /* RFC 4861 section 10: MAX_MULTICAST_SOLICIT, MAX_UNICAST_SOLICIT */
	NDP_NONCE_MAX = 6,

	NDP_REACHABLE_US = 30 * US_PER_S, /* RFC 4861 section 10 */
	NDP_RETRANS_US = 1 * US_PER_S,
	NDP_DELAY_US = 5 * US_PER_S,
	NDP_FAILED_US = 5 * US_PER_S,  /* how long a neighbour that is not there is refused */
	NDP_REDO_US = 1 * US_PER_S,    /* RFC 7217 section 7: IDGEN_DELAY */
	NDP_REDO_MAX = 3,              /* IDGEN_RETRIES */
	NDP_SOLICIT_US = 4 * US_PER_S, /* RFC 7559 section 2: IRT */
	NDP_DEFEND_US = 10 * US_PER_S, /* between two answers to who has our address */
};

#define NDP_SOLICIT_MAX_US (UINT64_C(3600) * US_PER_S) /* RFC 7559 section 2: MRT */

enum ndp_addr_state {
	NDP_ADDR_FREE,
	NDP_ADDR_REDO,       /* another one will be generated at due_us */
	NDP_ADDR_DUPLICATE,  /* another station has it: not used */
	NDP_ADDR_TENTATIVE,  /* looked for on the link: not used yet */
	NDP_ADDR_OPTIMISTIC, /* the same, used with care: RFC 4429 */
	NDP_ADDR_ASSIGNED,
};

struct ndp_addr {
	struct ip_addr addr;
	uint8_t state;       /* enum ndp_addr_state */
	uint8_t prefix_bits; /* of the prefix that it was made of */
	uint8_t conflicts;   /* RFC 7217: DAD_Counter */
	bool generated;
	bool deprecated; /* what begins prefers others: preferred_us has passed */
	uint8_t nonce[NDP_NONCE_MAX];
	uint64_t due_us; /* of the next step before it is assigned */
	uint64_t preferred_us;
	uint64_t valid_us; /* until then it is ours; TIME_NEVER: for good */
};

struct ndp_prefix {
	struct ipv6_prefix prefix;
	uint64_t until_us; /* 0: free */
};

struct ndp_router {
	struct ip_addr addr;
	uint64_t until_us; /* 0: free */
	int8_t preference; /* RFC 4191 section 2.1: -1, 0, 1 */
	bool is_static;
};

struct ndp_redirect {
	struct ip_addr dst, hop, router; /* router: that said so */
	uint64_t used_us;                /* 0: free */
};

struct ndp_stats {
	uint32_t bad; /* malformed, or not from the link */
	uint32_t solicitations_in, advertisements_in, routers_in, redirects_in;
	uint32_t solicitations_out, advertisements_out, routers_out;
	uint32_t conflicts;    /* other stations with an address of ours */
	uint32_t failed;       /* neighbours that did not answer */
	uint32_t not_learnt;   /* senders for whom there was no entry */
	uint32_t not_believed; /* redirects from another than the router, lifetimes that … */
	uint32_t full;         /* prefixes, routers and addresses that there was no room for */
	uint32_t tx_failed;    /* messages not sent: no packet, or the device refused */
};

struct ndp;

/* Lives as long as the layer; set `changed`, the rest is the layer's. */
struct ndp_watcher {
	struct list node;
	/* An address has come or gone, or what net/ndp/servers.h holds has changed. */
	void (*changed)(struct ndp_watcher *w, struct ndp *ndp, uint64_t now_us);
};

/* Who is told of groups that this host joins and leaves, to tell routers (MLD, RFC 3810). */
typedef void ndp_group_fn(void *self, uint64_t now_us, const struct ip_addr *group, bool joined);

/* A part that takes options of router advertisements: net/ndp/servers.h. */
struct ndp_part {
	/* An option of 16 bytes at least, with all that its length says. */
	void (*option)(void *self, uint64_t now_us, const uint8_t *option, size_t len);
	uint64_t (*poll)(void *self, uint64_t now_us); /* returns its next deadline */
};

struct ndp_config {
	struct ipv6_prefix address; /* static; ::/0: none, addresses are generated */
	struct ip_addr gateway;     /* static router; :: none, those that advertise themselves */
	/* What stable identifiers are made with; "": addresses differ after each start. */
	const char *secret;
};

struct ndp {
	struct eth *eth;
	struct pkt_pool *tx;
	struct siphash_key stable_key, random_key;
	uint64_t drawn;     /* random numbers so far */
	bool autoconfigure; /* no static address */
	bool static_router;
	uint8_t hop_limit;
	uint16_t mtu;
	uint32_t reachable_us, retrans_us; /* as routers advertise them */
	uint64_t solicit_us;               /* of the next router solicitation, or TIME_NEVER */
	uint64_t solicit_wait_us;
	uint64_t defended_us;
	uint64_t deadline_us;
	struct neighbours neighbours;
	struct ndp_addr addr[NDP_ADDRS_MAX]; /* [0] is link-local */
	struct ndp_prefix prefix[NDP_PREFIXES_MAX];
	struct ndp_router router[NDP_ROUTERS_MAX];
	struct ndp_redirect redirect[NDP_REDIRECTS_MAX];
	struct list watchers;
	ndp_group_fn *group; /* or NULL */
	void *group_self;
	const struct ndp_part *part; /* or NULL */
	void *part_self;
	struct ndp_stats stats;
};

extern const struct counters ndp_counters; /* of struct ndp_stats, for net/metrics */

/*
 * Makes a layer over `eth`, which is started, and begins: addresses are looked for, routers asked.
 * `tx` supplies packets; `rng` draws secrets. ERR_INVALID for an address that no host can have or
 * a gateway that is none, ERR_UNSUPPORTED for an MTU that is too small for IPv6, which a log line
 * tells. The errors of eth_join_group() and rng_read().
 */
MUST_USE enum err ndp_start(struct ndp *ndp, struct eth *eth, struct pkt_pool *tx, struct rng *rng,
			    const struct ndp_config *config, uint64_t now_us);

/* Has `w` called at each change from now on. */
void ndp_watch(struct ndp *ndp, struct ndp_watcher *w);

/* Has `fn` called with `self` for each group that is joined or left, and at once for those that
 * are: ff02::1 is not among them (RFC 3810 section 6). */
void ndp_watch_groups(struct ndp *ndp, uint64_t now_us, ndp_group_fn *fn, void *self);

/*
 * The first hop of a packet to `dst`, a unicast address: itself on the link, or a router; borrowed
 * from the caller or until the next call. NULL if there is none.
 */
MUST_USE const struct ip_addr *ndp_next_hop(struct ndp *ndp, uint64_t now_us,
					    const struct ip_addr *dst);

/* Bits of the prefix by which packets to `dst`, a unicast address, need no router; less than 0 if
 * they do. */
MUST_USE int ndp_link_bits(const struct ndp *ndp, const struct ip_addr *dst);

/* Whether there is a router for what is not on the link. */
MUST_USE bool ndp_has_router(const struct ndp *ndp);

/* The best of our addresses to send from to `dst` (RFC 6724 section 5), or NULL without any. */
const struct ndp_addr *ndp_source(const struct ndp *ndp, const struct ip_addr *dst);

/* The address of ours that is `addr` and has got as far as `state`, or NULL. */
const struct ndp_addr *ndp_address(const struct ndp *ndp, const struct ip_addr *addr,
				   enum ndp_addr_state state);

/* Whether `addr` is ours, and may be used. */
MUST_USE static inline bool ndp_owns(const struct ndp *ndp, const struct ip_addr *addr)
{
	return ndp_address(ndp, addr, NDP_ADDR_OPTIMISTIC) != NULL;
}

/* Whether packets to the group are for us: ff02::1 and those of our addresses. */
MUST_USE bool ndp_is_member(const struct ndp *ndp, const struct ip_addr *group);

/*
 * Sends the IPv6 packet p to the on-link neighbour `hop`, as arp_output(). ERR_UNREACHABLE if it
 * did not answer lately, or the errors of eth_output().
 */
MUST_USE enum err ndp_output(struct ndp *ndp, uint64_t now_us, struct pkt *p,
			     const struct ip_addr *hop);

/*
 * Takes a message: `len` bytes from the ICMPv6 header on, in the packet's first piece, whose
 * checksum is right. `meta` is as it came. Borrows them. Returns the counter that is to count it.
 */
MUST_USE uint32_t *ndp_input(struct ndp *ndp, uint64_t now_us, const uint8_t *msg, size_t len,
			     const struct ip_meta *meta);

/* Does what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t ndp_poll(struct ndp *ndp, uint64_t now_us);

#endif
