/* SPDX-License-Identifier: ISC */
/*
 * IPv4 link-local addresses (RFC 3927): an address that a host gives itself while no DHCP server
 * gives it one.
 *
 * When the client of DHCP has had no lease for LINK_LOCAL_AFTER_US, an address of 169.254/16 that
 * follows from that of the station is probed for, and then announced, on the link. It is defended
 * by ARP, once in ten seconds; at a second conflict within those it is given up and the next one
 * tried, not oftener than once a minute after many. DHCP goes on all the time: its lease replaces
 * the address at once, and when the lease is over the same address is looked for again. For
 * LINK_LOCAL_REQUEST_US after a server's offer was requested nothing is probed, for the offered
 * address is; a server that never confirms its offers keeps the fallback away no longer.
 *
 * The owner calls link_local_poll() in each poll of the Ethernet layer below, before DHCP's and
 * ARP's (net/eth/eth.h), so that no packet comes between a conflict and the call. It lives as long
 * as the client, which it watches. All calls come from the event loop.
 */
#ifndef NET_LINK_LOCAL_LINK_LOCAL_H
#define NET_LINK_LOCAL_LINK_LOCAL_H

#include <stdint.h>

#include "base/counter.h"
#include "hal/timer.h"
#include "net/dhcp/dhcp.h"

enum {
	LINK_LOCAL_AFTER_US = 6 * US_PER_S,    /* DHCP has asked two or three times by then */
	LINK_LOCAL_REQUEST_US = DHCP_RETRY_US, /* an offer is confirmed at once, or is lost */
	/* RFC 3927 section 9. ANNOUNCE_NUM, ANNOUNCE_INTERVAL and DEFEND_INTERVAL are ARP's. */
	LINK_LOCAL_PROBES = 3,
	LINK_LOCAL_CONFLICTS_MAX = 10,
	LINK_LOCAL_PROBE_WAIT_US = 1 * US_PER_S,
	LINK_LOCAL_PROBE_MIN_US = 1 * US_PER_S,
	LINK_LOCAL_PROBE_MAX_US = 2 * US_PER_S,
	LINK_LOCAL_ANNOUNCE_WAIT_US = 2 * US_PER_S,
	LINK_LOCAL_RATE_LIMIT_US = 60 * US_PER_S,
};

enum link_local_state {
	LINK_LOCAL_OFF,
	LINK_LOCAL_WAITING, /* for DHCP, or for the turn of the next address */
	LINK_LOCAL_PROBING,
	LINK_LOCAL_BOUND,
	LINK_LOCAL_LEASED, /* there is an address of DHCP */
};

struct link_local_stats {
	uint32_t claims;
	uint32_t refusals; /* another station had it when it was probed */
	uint32_t losses;   /* another station kept using it */
};

/* It, described (base/counter.h). */
extern const struct counters link_local_counters;

struct link_local {
	struct dhcp_watcher watcher;
	struct dhcp *dhcp;
	enum link_local_state state;
	uint32_t addr;      /* that is probed or bound; host order */
	unsigned attempt;   /* the number of the next address to pick */
	unsigned probes;    /* sent for it */
	unsigned conflicts; /* since an address was held for LINK_LOCAL_RATE_LIMIT_US */
	uint64_t claimed_us;
	uint64_t due_us; /* of the next step, or TIME_NEVER */
	struct link_local_stats stats;
};

/*
 * Begins to watch `dhcp`, borrowed, which is started; of a client that is off (DHCP_OFF), the
 * address is somebody else's business and nothing is ever done.
 */
void link_local_start(struct link_local *ll, struct dhcp *dhcp, uint64_t now_us);

/* Does what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t link_local_poll(struct link_local *ll, uint64_t now_us);

#endif
