/* SPDX-License-Identifier: ISC */
/* An IPv4 layer with IGMP, a querier that a test plays, and what was sent, taken apart. */
#ifndef TESTS_UNIT_IGMP_BENCH_H
#define TESTS_UNIT_IGMP_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/igmp/igmp.h"
#include "tests/fakes/net_rig.h"

#define GROUP   UINT32_C(0xef010203) /* 239.1.2.3 */
#define ANOTHER UINT32_C(0xe00000fb)
#define V3_ALL  UINT32_C(0xe0000016)

enum { SECOND = US_PER_S, NO_ALERT = 0xff };

struct bench {
	struct net_rig rig;
	struct igmp igmp;
};

extern struct bench bench;

/* A message that was sent. */
struct sent {
	uint32_t dst, src;
	uint8_t type;
	uint32_t group; /* of version 1 and 2 */
	unsigned n;     /* records of version 3 */
	struct {
		uint8_t type;
		uint32_t group;
	} record[GROUP_ENTRIES_MAX];
};

int bench_setup(void **state);
int bench_teardown(void **state);

enum err bench_join(uint32_t group);
void bench_leave(uint32_t group);

/* Takes the oldest message sent and checks what all have in common; false: there is none. */
bool bench_sent(struct sent *out);

/* Polls until `until_us`, and returns how many messages were sent, forgotten. */
unsigned bench_run(uint64_t until_us);

/* Polls at each deadline until a message is sent, which it returns; asserts that one is in time. */
struct sent bench_next(uint64_t until_us);

/* Asserts that the only record of a message is this one. */
void bench_is_record(const struct sent *s, uint8_t type, uint32_t group);

/* A query of a version for a group, or 0, with a maximum delay, to whom it belongs. */
void bench_query(unsigned version, uint32_t group, uint8_t code);

/* `len` bytes of an IGMP message arrive from the neighbour; its checksum is made right. */
struct bench_packet {
	uint32_t src, dst; /* 0: the neighbour, all hosts */
	uint8_t ttl;       /* 0: 1 */
	bool without_alert, bad_checksum;
};
void bench_arrive(const struct bench_packet *as, uint8_t *message, size_t len);

int bench_run_versions(void);
int bench_run_messages(void);

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

#endif
