/* SPDX-License-Identifier: ISC */
/*
 * Link-local addresses over a whole stack with a client of DHCP, on virtual time: other stations
 * say what tests tell them to, and what the host says is taken apart.
 */
#ifndef TESTS_UNIT_LINK_LOCAL_BENCH_H
#define TESTS_UNIT_LINK_LOCAL_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/link_local/link_local.h"
#include "tests/fakes/net_rig.h"

#define NEIGHBOUR UINT32_C(0xa9fe0707) /* 169.254.7.7 */

enum { SAID_MAX = 128 };

/* A message of ARP that the host sent, or of DHCP: then `op` is 0. */
struct said {
	uint64_t at_us;
	uint16_t op;
	uint32_t sender, target; /* or source and destination of the IP header */
	bool broadcast;          /* its frame */
	uint8_t type;            /* of DHCP */
};

struct bench {
	struct net_rig rig;
	struct dhcp dhcp;
	struct link_local ll;
	unsigned n;
	struct said said[SAID_MAX]; /* since forget() */
};

extern struct bench b;

/* Starts all of it; nothing has been said but a DISCOVER. */
int setup(void **state);
int teardown(void **state);

/* Moves the clock, poll by poll as deadlines come, and notes what is said meanwhile. */
void passes(uint64_t us);

/* The same until the state is reached, which it asserts to be within two minutes. */
void passes_until(enum link_local_state state);

/* From the start to an address. */
void claims(void);

void forget(void);

/* How many of what was said are probes (of anybody's address), announcements, DISCOVERs. */
unsigned n_probes(void), n_announcements(void), n_discovers(void);

/* A message of ARP of another station, to everybody. */
void arp_says(uint16_t op, uint32_t sender, uint32_t target);

/* An answer of a server of DHCP, for RIG_ADDR, sent to `dst`. */
void server_says(uint8_t type, uint32_t dst);

/* DHCP obtains a lease of an hour. */
void leases(void);

extern const struct CMUnitTest claiming_tests[], conflicts_tests[], leases_tests[];
extern const size_t n_claiming_tests, n_conflicts_tests, n_leases_tests;

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
