/* SPDX-License-Identifier: ISC */
/*
 * A responder over UDP and a link that is the test. It is "web.local" with a page, "Page", unless a
 * test says otherwise. The clock stands until the test moves it.
 */
#ifndef TESTS_UNIT_MDNS_RIG_H
#define TESTS_UNIT_MDNS_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/mdns/mdns_internal.h"
#include "tests/fakes/udp_fake.h"

#undef assert

#define SECOND ((uint64_t)US_PER_S)
#define PEER   UINT32_C(0x0a000207) /* 10.0.2.7 */
#define GROUP  UINT32_C(0xe00000fb)
#define HOST   "web.local"
#define PAGE   "Page._http._tcp.local"
#define HTTP   "_http._tcp.local"

extern struct udp_fake net;
extern struct mdns mdns;

int setup(void **state);       /* with everything announced, five seconds ago */
int setup_fresh(void **state); /* not started, without services */
int teardown(void **state);

/* Moves the clock, and polls whenever the responder wants to. */
void pass(uint64_t us);

/* A name of labels divided by dots, which may hold anything else. */
struct dns_name name_of(const char *text);

/* A message that comes: begin, put, send. */
struct dns_writer *message(uint16_t flags);
void put_question(const char *name, uint16_t type, uint16_t class);
void put_record(enum dns_section section, const char *owner, uint16_t type, uint16_t class,
		uint32_t ttl_s, const void *data, size_t len);
void put_a(enum dns_section section, const char *owner, uint32_t ttl_s, uint32_t addr);
void put_ptr(enum dns_section section, const char *owner, uint32_t ttl_s, const char *target);
void deliver_message(void);                                        /* from PEER to the group */
void deliver_from(uint32_t from, uint16_t from_port, uint32_t to); /* from elsewhere */

/* Asks one question of the group, from PEER's port 5353. */
void ask(const char *name, uint16_t type, uint16_t class);

/* The next packet that was sent, taken apart; false: there is none. */
enum { HEARD_MAX = 24 };
struct heard {
	uint16_t id, flags, questions, answers, authorities, additionals;
	uint32_t to;
	uint16_t to_port;
	uint64_t at_us;
	struct dns_record question;
	unsigned n;
	struct dns_record record[HEARD_MAX];
	const uint8_t *bytes;
	size_t len;
};
bool hear(struct heard *h);

/* Forgets what was sent. */
void deafen(void);

/* The record of a packet with this owner and type; NULL: there is none. */
const struct dns_record *find_record(const struct heard *h, const char *owner, uint16_t type);

/* The name at a record's data, `skip` bytes behind its beginning, is this. */
void assert_target(const struct heard *h, const struct dns_record *r, size_t skip,
		   const char *name);

int run_answers(void);
int run_names(void);
int run_records(void);

#define TEST(F) cmocka_unit_test_setup_teardown(F, setup, teardown)

#endif
