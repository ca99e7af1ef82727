/* SPDX-License-Identifier: ISC */
/* What the files of net/dns share. */
#ifndef NET_DNS_INTERNAL_H
#define NET_DNS_INTERNAL_H

#include <stdbool.h>

#include "base/list.h"
#include "base/pool.h"
#include "hal/timer.h"
#include "net/dns/dns.h"
#include "net/dns/dns_cache.h"
#include "net/dns/dns_msg.h"

enum {
	DNS_PORT = 53,
	DNS_ROUNDS = 3,            /* times that each server is asked */
	DNS_TCP_US = 5 * US_PER_S, /* that connecting and answering may take */
};

/* A question in flight. */
struct dns_query {
	struct list node;     /* in dns->queries */
	struct list requests; /* that wait for the answer; never empty */
	struct dns *dns;
	struct udp_socket socket;
	uint64_t due_us; /* when the next server is asked */
	struct dns_question question;
	uint8_t tries;  /* servers asked so far, each as often as it was */
	uint8_t server; /* that is being asked */
	uint8_t asked;  /* bit N: server N has been */
	uint8_t failed; /* bit N: it has said that it can't answer */
	bool wants_tcp; /* the response did not fit: it waits for TCP, or uses it */
	enum err error; /* if nobody answers */
};

/* The one connection over TCP. */
struct dns_stream {
	struct tcp *tcp;
	struct flow *flow;
	struct dns_query *query; /* that uses it, or NULL */
	uint8_t *bytes;          /* what has come: a length of two bytes, the message */
	size_t have, max;
};

struct dns {
	struct resolver resolver;
	struct udp *udp;
	struct pkt_pool *tx;
	struct rng *rng;
	struct waker work;
	struct ip_addr server[DNS_SERVERS_MAX];
	uint8_t source[DNS_SERVERS_MAX]; /* enum dns_source, of each */
	uint8_t n_servers;
	struct pool pool;    /* of struct dns_query */
	struct list queries; /* in flight */
	struct list done;    /* requests whose done() is due */
	struct dns_cache cache;
	struct dns_stats stats;
	/* Behind pointers, so that an image without dns_use_tcp() does not hold what they name. */
	void (*stream_start)(struct dns *dns, uint64_t now_us);
	void (*stream_stop)(struct dns *dns);
	struct dns_stream stream;
	struct dns_name name;               /* that a request begins with */
	uint8_t scratch[DNS_UDP_BYTES_MAX]; /* for a datagram in pieces, a question over TCP,
					       letters */
};

/* A query for `question`, whose id is yet to be drawn; or the error. It has no request yet. */
MUST_USE enum err dns_query_open(struct dns *dns, const struct dns_name *name, uint16_t type,
				 uint64_t now_us, struct dns_query **out);

/* The servers are others: begins again. */
void dns_query_restart(struct dns_query *q, uint64_t now_us);

/* Gives the query up; it has no requests any more. */
void dns_query_close(struct dns_query *q);

/* What was asked has not been answered in time, or is yet to be asked: asks the next server. */
void dns_query_run(struct dns_query *q, uint64_t now_us);

/*
 * `server` can't answer, and is not asked again. If it is the one that is being asked, the next is,
 * at the next poll.
 */
void dns_query_failed(struct dns_query *q, unsigned server, enum err error, uint64_t now_us);

/*
 * Looks at a response from `server`, of `len` bytes, or more if it is `cut`. False if it is none to
 * this question, or malformed. May close the query.
 */
MUST_USE bool dns_query_response(struct dns_query *q, unsigned server, const uint8_t *msg,
				 size_t len, bool cut, uint64_t now_us);

/* Ends the requests of a query with its addresses, or an error if there are none, and closes it. */
void dns_finish(struct dns_query *q, enum err error, const struct ip_addr *addresses,
		unsigned count);

#endif
