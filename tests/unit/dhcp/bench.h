/* SPDX-License-Identifier: ISC */
/*
 * A DHCP client over a whole stack on virtual time, and scripted servers: what they say is written
 * option by option, and what the client says is taken apart for assertions.
 */
#ifndef TESTS_UNIT_DHCP_BENCH_H
#define TESTS_UNIT_DHCP_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/dhcp/dhcp.h"
#include "net/dhcp/dhcp_format.h"
#include "tests/fakes/net_rig.h"

#define OFFERED RIG_ADDR
#define SERVER  RIG_GATEWAY
#define OTHER   UINT32_C(0x0a000203) /* another server */

enum { LEASE_S = 3600, MESSAGE_MAX = 1200 };

/* A message of a server. */
struct said {
	uint8_t bytes[MESSAGE_MAX];
	size_t len;
};

/* A message of the client. */
struct asked {
	uint8_t eth_dst[6];
	uint32_t src, dst; /* of the IP header */
	uint32_t xid, ciaddr;
	uint16_t secs;
	uint8_t bytes[MESSAGE_MAX];
	size_t len;
};

struct bench {
	struct net_rig rig;
	struct udp udp;
	struct dhcp dhcp;
	struct dhcp_watcher watcher;
	unsigned told;                   /* calls of the watcher */
	struct asked asked;              /* what the client said last */
	unsigned arps;                   /* frames of ARP that it sent in between … */
	uint32_t arp_sender, arp_target; /* … and what the last one said */
};

extern struct bench b;

/* Starts a client called "fata"; its first DISCOVER is not yet taken. */
int setup(void **state);
int teardown(void **state);

/* The client's next message; false if it has sent none. */
bool hears(void);

/* It has sent one of this type. */
void hears_type(uint8_t type);

/* It has sent nothing. */
void hears_nothing(void);

/* An option of the last message; NULL if it is not there. */
const uint8_t *asked_option(uint8_t code, size_t *len);

/* The value of an option of four bytes; 0 if it is not there. */
uint32_t asked_addr(uint8_t code);

/* Begins an answer to the last message, for OFFERED, with type and server identifier. */
void begin_reply(struct said *s, uint8_t type, uint32_t server);
void add(struct said *s, uint8_t code, const void *bytes, size_t len);
void add_addr(struct said *s, uint8_t code, uint32_t value);

/* The same with mask, router and a lease of LEASE_S. */
void usual_reply(struct said *s, uint8_t type, uint32_t server);

/* It arrives, by broadcast; says() ends it and sends it. */
void arrives(const struct said *s);
void says(struct said *s);

/* The usual one, said. */
void says_usual(uint8_t type, uint32_t server);

/* From DISCOVER to ACK. The announcement is not taken. */
void obtains(void);

/* Moves the clock, poll by poll as deadlines come. */
void passes(uint64_t us);

extern const struct CMUnitTest leases_tests[], renewing_tests[], options_tests[];
extern const size_t n_leases_tests, n_renewing_tests, n_options_tests;

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
