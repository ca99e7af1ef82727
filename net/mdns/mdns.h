/* SPDX-License-Identifier: ISC */
/*
 * A responder of Multicast DNS (RFC 6762) and DNS-SD (RFC 6763): the image answers to a name below
 * .local, without any server, and says which services it has.
 *
 * Before it uses its names it asks whether somebody else does, and takes others then ("web-2",
 * "Web (2)"); it announces itself, and answers questions of the link, over IPv4 and IPv6, whichever
 * have addresses. No record is multicast more often than once a second. It says goodbye when it is
 * stopped.
 *
 * The caller owns the struct, whose members are the responder's, and the texts of services. A state
 * machine without I/O: time is an argument; all calls come from the event loop.
 */
#ifndef NET_MDNS_MDNS_H
#define NET_MDNS_MDNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "base/waker.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "net/dns/dns_name.h"
#include "net/udp/udp.h"

enum {
	MDNS_PORT = 5353,
	MDNS_TTL = 255, /* of packets: RFC 6762 section 11 */
	MDNS_ADDRS_MAX = 6,
	MDNS_SERVICES_MAX = 4,
	MDNS_NAMES_MAX = 1 + MDNS_SERVICES_MAX,
	MDNS_TXT_BYTES_MAX = 200,
	/* Five of each service, two of each address, and what the host has not. */
	MDNS_RECORDS_MAX = 2 * MDNS_ADDRS_MAX + 1 + 5 * MDNS_SERVICES_MAX,
	MDNS_QUESTIONS_MAX = 32,              /* of one query that are answered */
	MDNS_UNICASTS_PER_S = 50,             /* answers to single hosts */
	MDNS_CONFLICTS_SOON = 15,             /* after so many … */
	MDNS_CONFLICT_WAIT_US = 5 * US_PER_S, /* … this long between attempts: section 8.1 */
};

struct mdns_service {
	const char *type;     /* "_http._tcp" */
	const char *instance; /* for a person to read, in UTF-8; NULL or "": the host's name */
	const char *txt;      /* "path=/\nversion=1": pairs on lines; NULL or "": none */
	uint16_t port;
};

struct mdns_stats {
	uint32_t queries, responses; /* received, well-formed */
	uint32_t sent, unsent;       /* packets; unsent: none was left, or a layer below refused */
	uint32_t suppressed;         /* answers that the asker knew, or another gave */
	uint32_t conflicts, renamed;
	/* Received and dropped: */
	uint32_t malformed, off_link, limited;
	uint32_t bad_port; /* responses from another port */
};

/* It, described (base/counter.h). */
extern const struct counters mdns_counters;

enum mdns_state { MDNS_OFF, MDNS_OFFLINE, MDNS_PROBING, MDNS_ANNOUNCING, MDNS_RUNNING };

struct mdns_entry {
	struct mdns_service service;
	struct dns_name type;
	uint8_t txt[MDNS_TXT_BYTES_MAX];
	uint8_t txt_bytes;
};

/* What there is of one address family. Bit N of a set stands for record N. */
struct mdns_link {
	struct udp_peer to;                 /* the group */
	bool joined, up;                    /* up: there is an address to send from */
	uint64_t pending;                   /* the set of records that are to be multicast … */
	uint64_t due_us;                    /* … then */
	uint64_t sent_us[MDNS_RECORDS_MAX]; /* when each was last; 0: never */
};

/* An answer that waits for the rest of what the asker knows (section 7.2). */
struct mdns_deferred {
	struct mdns_link *link; /* NULL: there is none */
	struct udp_peer peer;
	uint64_t answers;
	uint64_t due_us;
};

struct mdns {
	struct udp *udp;
	struct pkt_pool *tx;
	struct rng *rng;
	struct waker work;
	struct udp_socket socket;
	enum mdns_state state;
	unsigned step;   /* of probing and announcing */
	uint64_t due_us; /* of the next step */
	const char *label;
	/* What must be ours alone: the name of the host, and of each service's instance. */
	struct dns_name name[MDNS_NAMES_MAX];
	unsigned number[MDNS_NAMES_MAX]; /* of it: 2 is "web-2", or "Web (2)" */
	unsigned conflicts;              /* since the names were announced */
	unsigned n_addrs, n_entries;
	struct ip_addr addr[MDNS_ADDRS_MAX];
	struct mdns_entry entry[MDNS_SERVICES_MAX];
	struct mdns_link link[2]; /* of IPv4 and IPv6 */
	struct mdns_deferred deferred;
	unsigned unicasts; /* in the second that began at … */
	uint64_t second_us;
	struct mdns_stats stats;
};

/*
 * Makes a responder, not yet started, for the host `label`.local; the label, borrowed, is a name
 * without dots (RFC 952). Packets come from `tx`, whose buffers hold PKT_HEADROOM + 384 bytes.
 * `work` is woken when there is something to do for mdns_poll(). ERR_INVALID, with a log line, for
 * a label that is none.
 */
MUST_USE enum err mdns_init(struct mdns *m, const char *label, struct udp *udp, struct pkt_pool *tx,
			    struct rng *rng, struct waker work);

/*
 * Adds a service, also while the responder runs. ERR_NOMEM after MDNS_SERVICES_MAX; ERR_INVALID,
 * with a log line, for a type or an instance that is no name, or TXT pairs of more than
 * MDNS_TXT_BYTES_MAX bytes.
 */
MUST_USE enum err mdns_add_service(struct mdns *m, uint64_t now_us,
				   const struct mdns_service *service);

/*
 * Joins the groups, and begins as soon as there is an address. Once. ERR_UNSUPPORTED when the image
 * has no groups; ERR_EXISTS when port 5353 is taken.
 */
MUST_USE enum err mdns_start(struct mdns *m, uint64_t now_us);

/*
 * Says goodbye, if anything was announced, and leaves the groups. True: packets are on their way
 * to the device, which should have a moment.
 */
bool mdns_stop(struct mdns *m, uint64_t now_us);

/* Does what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t mdns_poll(struct mdns *m, uint64_t now_us);

#endif
