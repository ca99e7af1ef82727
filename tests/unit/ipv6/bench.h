/* SPDX-License-Identifier: ISC */
/*
 * IPv6 and ICMPv6 with a transport that keeps what it is given, as fd00::2/64 behind fe80::1. The
 * neighbour fd00::7 and the router are known.
 */
#ifndef TESTS_UNIT_IPV6_BENCH_H
#define TESTS_UNIT_IPV6_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "net/ip/ipv6_addr.h"
#include "net/ip/ipv6_header.h"
#include "net/ipv6/ipv6_chain.h"
#include "tests/fakes/ip_errors.h"
#include "tests/fakes/ipv6_rig.h"

enum { PROTO = 253 };

extern struct ipv6_rig rig;

/* What the transport was given last. */
extern struct taken {
	unsigned count;
	struct ip_meta meta;
	uint8_t bytes[FRAME_MAX];
	size_t len;
	uint32_t l3, l4;
} taken;

/* The error that it was shown last. */
extern struct ip_error_seen seen;

int setup(void **state);
void setup_with(uint32_t features);
int teardown(void **state);

void assert_addr(const struct ip_addr *a, const char *text);

/* A packet of the peer's arrives: `extension` headers, of which the first is `next`. */
void arrives(uint8_t next, const void *extension, size_t extension_bytes, size_t payload);

/* The next frame sent is an ICMPv6 message of this type and code; returns it. */
const uint8_t *hears(uint8_t type, uint8_t code);
void hears_nothing(void);

/* Sends `len` bytes from fd00::2. */
enum err sends(const char *dst, size_t len);

extern const struct CMUnitTest addresses_tests[], packets_tests[], chain_tests[], errors_tests[],
	fragments_tests[];
extern const size_t n_addresses_tests, n_packets_tests, n_chain_tests, n_errors_tests,
	n_fragments_tests;

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
