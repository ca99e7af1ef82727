/* SPDX-License-Identifier: ISC */
/*
 * A resolver over UDP and a network that is the test: it sees what is sent, and answers what it
 * likes, when it likes. The clock stands until the test moves it. TCP is a fake flow.
 */
#ifndef TESTS_UNIT_DNS_RIG_H
#define TESTS_UNIT_DNS_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "hal/timer.h"
#include "net/dns/dns.h"
#include "net/dns/dns_cache.h"
#include "net/dns/dns_msg.h"
#include "tests/fakes/flow_fake.h"

#undef assert

#define SERVER_1 UINT32_C(0x0a000203)
#define SERVER_2 UINT32_C(0x0a000204)
#define SECOND   ((uint64_t)US_PER_S)

#ifdef RIG_SMALLEST /* what the smallest images have (tests/unit/smallest) */
enum { PACKETS = RIG_SMALLEST };
#else
enum { PACKETS = 16 }; /* in each pool */
#endif
enum { SENT_MAX = 64, QUERIES = 4, ENTRIES = 4, TCP_BYTES = 1024, MESSAGE_MAX = 4096 };

/* A datagram that was sent. */
struct sent {
	uint8_t bytes[512];
	size_t len;
	uint32_t to;
	uint16_t from_port, to_port;
};

struct rig {
	struct ip ip; /* first */
	ip_input_fn *input;
	ip_error_fn *error;
	void *input_self;
	struct pkt_pool tx, rx;
	void *tx_memory, *rx_memory, *memory; /* of just the size, so that ASan sees what is over */
	struct udp udp;
	struct rng rng;
	struct dns *dns;
	struct resolver *resolver;
	struct sent sent[SENT_MAX];
	unsigned n_sent, n_taken;
	enum err output_error, rng_error, connect_error;
	uint32_t seed;
	uint64_t now_us, due_us;
	unsigned wakes;
	unsigned unreachable; /* datagrams to ports that are closed */
	unsigned pieces;      /* responses arrive in so many */
	struct flow_fake flow;
	unsigned connects;
	uint32_t connected_to;
};

extern struct rig rig;

int setup(void **state);
int teardown(void **state);

/* A request, and what became of it. */
struct lookup {
	struct resolver_request request;
	unsigned done;
	uint64_t at_us;
};

/* Starts it, which must be OK and not done yet. */
void look_up(struct lookup *l, const char *name, enum resolver_family family);

/* Polls as often as the resolver wants at once. */
void rig_poll(void);

/* Moves the clock and polls. */
void rig_pass(uint64_t us);

/* The oldest datagram that was sent and not taken; NULL: there is none. Polls before. */
const struct sent *take_sent(void);

/* The same of one that must be a question to `server`, sent by its rules. */
const struct sent *take_query(uint32_t server);

/* --- messages of a server -------------------------------------------------------------------- */

struct message {
	uint8_t bytes[MESSAGE_MAX];
	size_t len;
};

enum section { ANSWER = 6, AUTHORITY = 8, ADDITIONAL = 10 }; /* where its count stands */

enum { FLAGS_OK = 0x8180, FLAGS_TRUNCATED = 0x8380 }; /* response, RD, RA */

/* The header and the question of `query`, with the flags and code of a response. */
struct message reply_to(const struct sent *query, uint16_t flags);

void put_bytes(struct message *m, const void *bytes, size_t len);
void put_be16(struct message *m, uint16_t v);
void put_be32(struct message *m, uint32_t v);

/* A name, uncompressed; letters are not looked at. */
void put_name(struct message *m, const char *text);

/* Records. `name` NULL: a pointer to the question's. */
void put_record(struct message *m, enum section section, const char *name, uint16_t type,
		uint32_t ttl_s, const void *data, size_t data_bytes);
void put_a(struct message *m, const char *name, uint32_t ttl_s, uint32_t address);
void put_cname(struct message *m, const char *name, uint32_t ttl_s, const char *target);
void put_soa(struct message *m, const char *name, uint32_t ttl_s, uint32_t minimum_s);

/* Comes as a datagram from `server`, port `from`, to the local port `to`; or where it belongs. */
void deliver_from(const struct message *m, uint32_t server, uint16_t from, uint16_t to);
void deliver(const struct message *m, const struct sent *query);

/* An ICMP error comes about a datagram from port `from` to `server`, port `to`. */
void deliver_error(enum err error, uint16_t from, uint32_t server, uint16_t to);

/* The requests' outcomes. */
void assert_error(const struct lookup *l, enum err e);
void assert_address(const struct lookup *l, uint32_t address);

/* A lookup of `name` that is answered by `address` for `ttl_s`. */
void learn(const char *name, uint32_t ttl_s, uint32_t address);

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int run_names(void);
int run_messages(void);
int run_queries(void);
int run_forgery(void);
int run_cache(void);
int run_tcp(void);

#endif
