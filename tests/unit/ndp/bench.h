/* SPDX-License-Identifier: ISC */
/*
 * Neighbor Discovery over a fake interface on virtual time, and scripted neighbours: what they say
 * is written byte by byte, and what this host says is taken apart for assertions.
 */
#ifndef TESTS_UNIT_NDP_BENCH_H
#define TESTS_UNIT_NDP_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "net/ip/ipv6_addr.h"
#include "net/ndp/ndp_msg.h"
#include "tests/fakes/ipv6_rig.h"

extern struct ipv6_rig rig;

/* A message that this host sent. */
struct heard {
	uint8_t eth_dst[6];
	struct ip_addr src, dst, target;
	uint8_t hop_limit, flags; /* flags: of an NA */
	const uint8_t *mac;       /* of its link-layer address option, or NULL */
	const uint8_t *nonce;     /* or NULL */
};

/* Without static address; with fd00::2/64 behind fe80::1; their first second is over. */
int setup(void **state);
int setup_static(void **state);
int teardown(void **state);

/* Starts anew; NULL: none. What is sent at the start is not taken. */
void start(const char *prefix, const char *gateway, const char *secret);

/* The next message that was sent, which must be of this type. */
struct heard hears(uint8_t type);
void hears_nothing(void);

void assert_addr(const struct ip_addr *a, const char *text);

/* The address with this prefix, which there must be. */
const struct ndp_addr *addr_in(const char *prefix);

/* A solicitation of `target`; `mac` NULL: without option. */
void solicits(const struct ip_addr *src, const struct ip_addr *dst, const struct ip_addr *target,
	      const uint8_t *mac);

/* An advertisement of `target` to us or, with src's dst NULL, to all nodes. */
void advertises(const struct ip_addr *target, const struct ip_addr *dst, uint8_t flags,
		const uint8_t *mac);

/* The router advertises one prefix. */
void advertises_prefix(const char *prefix, uint8_t bits, uint8_t flags, uint32_t valid_s,
		       uint32_t preferred_s);

/* Moves the clock, poll by poll. */
void passes_s(uint64_t s);

extern const struct CMUnitTest addresses_tests[], neighbours_tests[], routers_tests[],
	redirects_tests[], servers_tests[];
extern const size_t n_addresses_tests, n_neighbours_tests, n_routers_tests, n_redirects_tests,
	n_servers_tests;

#define TEST(f)        cmocka_unit_test_setup_teardown(f, setup, teardown)
#define TEST_STATIC(f) cmocka_unit_test_setup_teardown(f, setup_static, teardown)

#endif
