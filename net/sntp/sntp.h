/* SPDX-License-Identifier: ISC */
/*
 * A simple client of NTP (RFC 4330, RFC 5905 section 14) that sets the time of day.
 *
 * It asks one server at a time, at once when it is started, then every 64 to 1024 seconds, from a
 * random port (RFC 9109), and takes only an answer that returns the random number of the request
 * (RFC 5905 section 8) and whose server knows the time. A server that does not answer, or
 * that ICMP says cannot be reached, is followed by the next; one that asks for less traffic gets
 * it, and one that wants none is not asked again (RFC 5905 section 7.4). The first answer sets the
 * clock. Later ones slew it; a step takes two answers in a row that agree, so that one packet that
 * was late or forged does nothing.
 *
 * Servers are names, for a resolver, or addresses. The caller owns the struct, whose members are
 * the client's, the clock and the texts of names; all must outlive it. A state machine without I/O:
 * time is an argument; all calls come from the event loop.
 */
#ifndef NET_SNTP_SNTP_H
#define NET_SNTP_SNTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/inet.h"
#include "base/pkt.h"
#include "base/waker.h"
#include "base/wall_clock.h"
#include "hal/resolver.h"
#include "hal/rng.h"
#include "hal/timer.h"
#include "net/udp/udp.h"

enum {
	SNTP_PORT = 123,
	SNTP_SERVERS_MAX = 4,
	SNTP_NAME_CHARS = 64,   /* of a server that is kept as text, with the NUL */
	SNTP_POLL_MIN_LOG = 6,  /* 64 s; doubled with each good answer up to … */
	SNTP_POLL_MAX_LOG = 10, /* … 1024 s */
	SNTP_RATE_MAX_LOG = 14, /* how long a server may ask to be left alone: 4½ hours */
	/* Between two requests to one server that does not answer; RFC 4330 section 10 says 15 s.
	 */
	SNTP_RETRY_LOG = 4,
	SNTP_TIMEOUT_US = 2 * US_PER_S, /* until the next server is asked */
	SNTP_OFFLINE_US = US_PER_S,     /* until the next attempt where nothing could be sent */
	SNTP_DISTANCE_MAX_US = 1500000, /* MAXDIST and what a clock drifts: RFC 5905 section 11.1 */
};

/* No server's time may be before 2025-01-01: this code was not there. */
#define SNTP_UNIX_MIN_US (INT64_C(1735689600) * US_PER_S)

struct sntp_stats {
	uint32_t sent, unsent, unresolved;
	uint32_t timeouts; /* requests without an answer, also those that ICMP returned */
	uint32_t accepted; /* answers that were used */
	uint32_t steps;    /* of the clock, the first one included */
	uint32_t suspect;  /* answers that would have been a step and waited for a second one */
	/* Dropped: from elsewhere; malformed; no answer to what was asked; a time that is none. */
	uint32_t bad_source, malformed, unexpected, unusable;
	uint32_t unsynchronised; /* servers that do not know the time */
	uint32_t rate_limited, denied, other_kisses;
};

/* They, described (base/counter.h). */
extern const struct counters sntp_counters;

struct sntp_server {
	const char *name; /* as it was configured; NULL: an address */
	struct ip_addr addr;
	uint64_t resolved_us;   /* when, for a name; TIME_NEVER: not */
	uint64_t not_before_us; /* of the next request */
	uint8_t wait_log;       /* seconds that it is left alone for, at least */
	bool ipv6;              /* what is asked for next of its name's addresses */
	bool denied;            /* it wants no requests from us */
};

enum sntp_state { SNTP_OFF, SNTP_WAITING, SNTP_RESOLVING, SNTP_ASKING };

struct sntp {
	struct udp *udp;
	struct pkt_pool *tx;
	struct rng *rng;
	struct resolver *resolver;
	struct wall_clock *wall;
	struct waker work;
	struct udp_socket socket;
	struct resolver_request request;
	struct sntp_server server[SNTP_SERVERS_MAX];
	struct sntp_server *current; /* of them */
	uint8_t n_servers;
	uint8_t tried;      /* servers since one answered, or since all have been asked */
	uint8_t rounds;     /* of all servers without an answer */
	uint8_t poll_log;   /* of the interval, in seconds */
	bool round_sent;    /* in this round something was sent */
	bool synchronised;  /* the clock was set by an answer */
	bool has_suspect;   /* … */
	int64_t suspect_us; /* the offset of which the last answer spoke, if it was a large one */
	enum sntp_state state;
	uint64_t due_us;
	uint64_t sent_us; /* the request that is on its way */
	uint64_t nonce;
	int64_t offset_us; /* of the last answer that was used, before it was */
	uint32_t delay_us; /* its round trip */
	struct sntp_stats stats;
};

/*
 * Makes a client without servers, not yet started. `wall` is the clock that it sets. `tx` supplies
 * packets, whose buffers hold PKT_HEADROOM + 48 bytes. `resolver` may be NULL: then servers are
 * addresses. `work` is woken when there is something to do for sntp_poll().
 */
void sntp_init(struct sntp *sntp, struct wall_clock *wall, struct udp *udp, struct pkt_pool *tx,
	       struct rng *rng, struct resolver *resolver, struct waker work);

/*
 * Adds a server by name or address, a borrowed text that lives on, behind those before it. Before
 * sntp_start(). ERR_NOMEM after SNTP_SERVERS_MAX; ERR_INVALID, with a log line, for a name without
 * a resolver.
 */
MUST_USE enum err sntp_add_server(struct sntp *sntp, const char *name);

/*
 * Replaces all servers by `n` IPv4 addresses in host order, of which SNTP_SERVERS_MAX count: those
 * that came with a lease. If they are the ones that there are nothing happens.
 */
void sntp_replace_servers_v4(struct sntp *sntp, uint64_t now_us, const uint32_t *servers,
			     unsigned n);

/* Begins to ask. Once. */
void sntp_start(struct sntp *sntp, uint64_t now_us);

/* Whether an answer has set the clock. */
static inline bool sntp_is_synchronised(const struct sntp *sntp)
{
	return sntp->synchronised;
}

/* Does what is due. Returns the time of its next call, or TIME_NEVER. */
uint64_t sntp_poll(struct sntp *sntp, uint64_t now_us);

#endif
