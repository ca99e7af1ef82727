/* SPDX-License-Identifier: ISC */
/*
 * The bench on which fragments that arrive are tested (tests/unit/ipv4_fragmenter has those that
 * are sent): a stack with a table, a payload of which fragments are cut, and what came together.
 */
#ifndef TESTS_UNIT_IPV4_FRAGMENTS_BENCH_H
#define TESTS_UNIT_IPV4_FRAGMENTS_BENCH_H

#include <stdint.h>

#include "net/ipv4/fragments/ipv4_fragments.h"
#include "tests/fakes/net_rig.h"

enum {
	PROTO = 253, /* for experiments: RFC 3692 */
	MORE = 0x2000,
	UNIT = 8,
	MTU_PAYLOAD = 1480,
	PAYLOAD_MAX = 65515,
	DATAGRAMS = 8,
	PACKETS = 64,
};

#define OTHER UINT32_C(0x0a000208)

extern struct net_rig rig;
extern struct reassembly *table;
extern uint8_t payload[PAYLOAD_MAX];

/* How the next fragments are sent: setup() says as what. */
struct sender {
	uint32_t src;
	uint16_t id;
	uint8_t proto, tos, option_bytes;
};
extern struct sender from;

/* What has come together, and the last of it. */
extern unsigned inputs;
extern struct ip_meta last;
extern unsigned last_pieces;
extern uint32_t last_source;

int setup(void **state);
int teardown(void **state);
void setup_with(const struct reassembly_config *config);
const struct reassembly_stats *stats(void);

/* `len` bytes of the payload from `offset` on arrive, with the field's flags `more`. */
void fragment(uint32_t offset, uint32_t len, uint16_t more);

/* A datagram of the first `len` bytes, in fragments of 1480 bytes, in order. */
void send_datagram(uint32_t len);

/* One datagram has come together, of the first `len` bytes. */
void expect_whole(size_t len);

/* The datagram has been given up, for the reason that `counter` counts, and stays so. */
void expect_given_up(const uint32_t *counter);

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* The groups; each returns how many of its tests failed. */
int test_whole(void);
int test_attacks(void);
int test_bounds(void);

#endif
