/* SPDX-License-Identifier: ISC */
/*
 * A stateless client of DHCPv6 (RFC 8415 section 6.1) for one interface: it asks for servers of
 * names and time and for the domain, not for addresses, which IPv6 makes itself.
 *
 * It asks at once when it is started, for most networks answer, and those whose routers do not
 * speak of DHCPv6 cost a packet now and then: the times between tries double up to an hour. When
 * it has an answer it asks again as often as the server says. What it knows stays until another
 * answer replaces it.
 *
 * Watchers learn of each answer, in the event loop, where all calls come from. The owner calls
 * dhcpv6_poll() in each poll of the Ethernet layer below (net/eth/eth.h).
 */
#ifndef NET_DHCPV6_DHCPV6_H
#define NET_DHCPV6_DHCPV6_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/list.h"
#include "base/pkt.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "net/dhcpv6/dhcpv6_msg.h"
#include "net/udp/udp.h"

enum {
	/* RFC 8415 section 7.6 */
	DHCPV6_TIMEOUT_US = 1 * US_PER_S, /* INF_TIMEOUT */
	DHCPV6_MAX_WAIT_S = 3600,         /* INF_MAX_RT */
	DHCPV6_REFRESH_S = 86400,         /* IRT_DEFAULT */
	DHCPV6_REFRESH_MIN_S = 600,       /* IRT_MINIMUM */
};

struct dhcpv6;

/* Lives as long as the client; set `changed`, the rest is the client's. */
struct dhcpv6_watcher {
	struct list node;
	/* There is an answer, perhaps with the same contents as before. */
	void (*changed)(struct dhcpv6_watcher *w, struct dhcpv6 *dhcp, uint64_t now_us);
};

struct dhcpv6_stats {
	uint32_t sent, unsent; /* unsent: no packet, or a layer below refused */
	uint32_t answers;
	uint32_t bad;        /* malformed, or to somebody else */
	uint32_t unexpected; /* not an answer to what was asked last */
};

/* It, described. */
extern const struct counters dhcpv6_counters;

struct dhcpv6 {
	struct udp_socket socket;
	struct udp *udp;
	struct pkt_pool *tx;
	struct rng *rng;
	const uint8_t *mac;
	struct list watchers;
	bool asking, known;
	uint32_t xid;
	uint64_t began_us; /* to ask */
	uint64_t wait_us;  /* before the next try */
	uint64_t due_us;   /* of the next step; TIME_NEVER: it was not started */
	struct dhcpv6_reply reply;
	struct dhcpv6_stats stats;
};

/*
 * Makes a client, not yet started, over `udp` over IPv6, with packets of `tx`. `rng` draws the
 * transaction's numbers. `mac`, borrowed, is the Ethernet address, six bytes.
 */
void dhcpv6_init(struct dhcpv6 *d, struct udp *udp, struct pkt_pool *tx, struct rng *rng,
		 const uint8_t *mac);

/* Asks from now on. Once only. ERR_EXISTS if port 546 is taken. */
MUST_USE enum err dhcpv6_start(struct dhcpv6 *d, uint64_t now_us);

/* The last answer, borrowed until the next; NULL: there is none. */
const struct dhcpv6_reply *dhcpv6_reply(const struct dhcpv6 *d);

/* Has `w` called at each answer from now on. */
void dhcpv6_watch(struct dhcpv6 *d, struct dhcpv6_watcher *w);

/* Does what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t dhcpv6_poll(struct dhcpv6 *d, uint64_t now_us);

#endif
