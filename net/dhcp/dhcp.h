/* SPDX-License-Identifier: ISC */
/*
 * A client of DHCP (RFC 2131) for one interface: it obtains an IPv4 address and keeps it.
 *
 * It asks at once when it is started, takes the first offer that can be used, and sets the address
 * of the IPv4 layer as soon as the server has acknowledged it. Meanwhile the neighbours are asked
 * whether one of them has the address (RFC 5227 section 2.1.1, one probe, which costs no waiting):
 * when one says so, even some seconds after the lease began, the address is declined and given
 * back. The lease is renewed from its server at T1, from any server at T2, and the address taken
 * away when it has run out or a server denies it; then all begins anew. When the link comes back it
 * may be to another network: without a lease all begins anew at once, with one the servers are
 * asked whether the address is good there (RFC 2131 section 3.2), and their silence is taken for a
 * yes, as long as the lease runs. The server's routes are used (RFC 3442), its MTU is not asked
 * for. A lease under DHCP_LEASE_MIN_S is none.
 *
 * Watchers learn of each change, in the event loop, where all calls come from. The owner calls
 * dhcp_poll() in each poll of the Ethernet layer below, before ARP's (net/eth/eth.h).
 */
#ifndef NET_DHCP_DHCP_H
#define NET_DHCP_DHCP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/list.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "net/dhcp/dhcp_msg.h"
#include "net/ipv4/ipv4.h"
#include "net/ipv4/routes.h"
#include "net/udp/udp.h"

enum {
	DHCP_REQUESTS_MAX = 4, /* for one offer, until another is asked for */
	/* RFC 2131 section 4.1, which begins with 4 s but leaves it to what the network is. */
	DHCP_RETRY_US = 2 * US_PER_S,      /* doubled each time … */
	DHCP_RETRY_DOUBLINGS_MAX = 5,      /* … up to 64 s */
	DHCP_RENEW_MIN_US = 60 * US_PER_S, /* section 4.4.5: between two attempts */
	DHCP_DECLINED_US = 10 * US_PER_S,  /* section 3.1, 5: before the next attempt */
	DHCP_WATCH_US = 3 * US_PER_S,      /* how long an answer to the probe counts */
};

enum dhcp_state {
	DHCP_OFF,
	DHCP_INIT, /* waits before it begins anew */
	DHCP_SELECTING,
	DHCP_REQUESTING,
	DHCP_BOUND,
	DHCP_RENEWING,
	DHCP_REBINDING,
	DHCP_REBOOTING, /* the link was down: is this still the network of the lease? */
};

struct dhcp;

/* Lives as long as the client; set `changed`, the rest is the client's. */
struct dhcp_watcher {
	struct list node;
	/* A lease was granted or renewed, perhaps with other contents, or is over. */
	void (*changed)(struct dhcp_watcher *w, struct dhcp *dhcp, uint64_t now_us);
};

struct dhcp_stats {
	uint32_t sent, unsent; /* unsent: no packet, or a layer below refused */
	uint32_t bad;          /* malformed, or not from a server's port */
	uint32_t unexpected;   /* not an answer to what was asked last */
	uint32_t unusable;     /* an address or lease that no host can have */
	uint32_t leases, renewals, denials, declines, expirations;
};

/* It, described (base/counter.h). */
extern const struct counters dhcp_counters;

struct dhcp {
	enum dhcp_state state;
	bool link_up; /* as it was last seen */
	uint16_t secs;
	struct ipv4 *ipv4;
	struct rng *rng;
	const char *hostname;
	struct list watchers;
	unsigned tries;           /* of the message that is sent now */
	unsigned denials;         /* since there was a lease */
	uint32_t address, server; /* offered or leased; 0: none */
	uint64_t began_us;        /* to ask: the field secs counts from here */
	uint64_t asked_us;        /* when the REQUEST was first sent: the lease counts from here */
	uint64_t due_us;          /* of the next step */
	uint64_t watch_until_us;  /* for answers to the probe; TIME_NEVER: not now */
	uint64_t t1_us, t2_us, end_us;
	struct udp_socket socket;
	uint32_t xid;            /* of what is being asked */
	struct udp udp;          /* its own: UDP may be one over several interfaces */
	struct dhcp_lease lease; /* while there is one */
	struct ipv4_routes routes;
	COUNTED(struct dhcp_stats, stats);
};

/*
 * Makes a client, not yet started, over `ipv4`, which should have no address, and whose
 * routes are the server's from then on. `rng`
 * draws the transaction's numbers. `hostname`, borrowed, is told to servers; "" is not.
 * ERR_INVALID, with a log line, for a hostname that is none or packets of `ipv4` that are too short
 * for a message.
 */
MUST_USE enum err dhcp_init(struct dhcp *dhcp, struct ipv4 *ipv4, struct rng *rng,
			    const char *hostname);

/* Asks for an address, at once. Once only. */
void dhcp_start(struct dhcp *dhcp, uint64_t now_us);

/* The lease, borrowed until the next change; NULL: there is none. */
const struct dhcp_lease *dhcp_lease(const struct dhcp *dhcp);

/* Has `w` called at each change from now on. */
void dhcp_watch(struct dhcp *dhcp, struct dhcp_watcher *w);

/* Does what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t dhcp_poll(struct dhcp *dhcp, uint64_t now_us);

#endif
