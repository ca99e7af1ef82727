/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/ipv4_fragments/bench.h"

enum { CUTS_MAX = 600 };

/* --- what comes together --------------------------------------------------------------------- */

static void two_halves_in_either_order(void **state)
{
	(void)state;
	fragment(0, 800, MORE);
	assert_int_equal(inputs, 0);
	fragment(800, 13, 0);
	expect_whole(813);
	assert_int_equal(last_pieces, 1); /* nothing was copied */
	assert_int_equal(last_source, RIG_PEER);
	assert_int_equal(last.proto, PROTO);
	fragment(800, 13, 0);
	assert_int_equal(inputs, 0);
	fragment(0, 800, MORE);
	expect_whole(813);
	assert_int_equal(stats()->fragments, 4);
	assert_int_equal(stats()->whole, 2);
	assert_int_equal(stats()->copied, 0);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void four_in_all_orders(void **state)
{
	(void)state;
	static const struct {
		uint32_t at, len;
		uint16_t more;
	} f[] = {{0, 8, MORE}, {8, 1480, MORE}, {1488, 16, MORE}, {1504, 1, 0}};
	for (unsigned order = 0; order < 256; order++) {
		unsigned seen = 0;
		for (unsigned i = 0; i < 4; i++)
			seen |= 1u << (order >> 2 * i & 3);
		if (seen != 15)
			continue; /* no permutation */
		for (unsigned i = 0; i < 4; i++) {
			unsigned n = order >> 2 * i & 3;
			assert_int_equal(inputs, 0);
			fragment(f[n].at, f[n].len, f[n].more);
		}
		expect_whole(1505);
	}
	assert_int_equal(stats()->whole, 24);
}

static void the_first_ones_header_counts(void **state)
{
	(void)state;
	from.tos = 0x20;
	fragment(800, 8, 0);
	from.tos = 0x48;
	from.option_bytes = 8;
	fragment(0, 800, MORE);
	expect_whole(808);
	assert_int_equal(last.tos, 0x48);
}

static void datagrams_are_kept_apart(void **state)
{
	(void)state;
	fragment(0, 80, MORE);
	from.id = 2;
	fragment(80, 8, 0);
	from.id = 1;
	from.src = OTHER;
	fragment(80, 16, 0);
	from.src = RIG_PEER;
	from.proto = IP_PROTO_TCP;
	fragment(80, 24, 0);
	assert_int_equal(inputs, 0);
	fragment(0, 80, MORE);
	expect_whole(104);
	from.proto = PROTO;
	fragment(80, 32, 0);
	expect_whole(112);
	from.src = OTHER;
	fragment(0, 80, MORE);
	expect_whole(96);
	assert_int_equal(last_source, OTHER);
	from.src = RIG_PEER;
	from.id = 2;
	fragment(0, 80, MORE);
	expect_whole(88);
}

static void many_fragments_are_copied_once(void **state)
{
	(void)state;
	send_datagram(9 * MTU_PAYLOAD);
	expect_whole(9 * MTU_PAYLOAD);
	assert_int_equal(last_pieces, 8);
	assert_int_equal(stats()->copied, 0);
	send_datagram(9 * MTU_PAYLOAD + 1);
	expect_whole(9 * MTU_PAYLOAD + 1);
	assert_int_equal(last_pieces, 0);
	assert_int_equal(stats()->copied, 1);
}

static void without_large_buffers_they_are_dropped(void **state)
{
	(void)teardown(state);
	setup_with(&(const struct reassembly_config){.datagrams = 4, .packets = PACKETS});
	send_datagram(9 * MTU_PAYLOAD);
	expect_whole(9 * MTU_PAYLOAD);
	send_datagram(9 * MTU_PAYLOAD + 1);
	assert_int_equal(inputs, 0);
	assert_int_equal(stats()->no_large, 1);
	assert_int_equal(rig.rx.pool.used, 0);
}

static void the_longest_datagram(void **state)
{
	(void)state;
	send_datagram(PAYLOAD_MAX);
	expect_whole(PAYLOAD_MAX);
}

/* --- anything at random ---------------------------------------------------------------------- */

struct cut {
	uint32_t at, len;
};

/* Cuts `len` bytes at random borders into fewer than `max` fragments. */
static unsigned cut_up(struct cut *cuts, uint32_t len, unsigned max)
{
	uint32_t at = 0;
	unsigned n = 0;
	while (at < len) {
		uint32_t want = (1 + (uint32_t)rand() % (MTU_PAYLOAD / UNIT)) * UNIT;
		if (len / max > MTU_PAYLOAD / 2 || n + 2 >= max)
			want = MTU_PAYLOAD;
		if (n == 0)
			want = MIN(want, (len - 1) / UNIT * UNIT); /* two at the least */
		cuts[n] = (struct cut){at, MIN(want, len - at)};
		at += cuts[n++].len;
	}
	return n;
}

static void shuffle(struct cut *cuts, unsigned n)
{
	for (unsigned i = n; i > 1; i--) {
		unsigned other = (unsigned)rand() % i;
		struct cut c = cuts[i - 1];
		cuts[i - 1] = cuts[other];
		cuts[other] = c;
	}
}

static void random_datagrams_cut_shuffled_and_doubled(void **state)
{
	(void)state;
	static struct cut cuts[CUTS_MAX];
	srand(1);
	for (unsigned round = 0; round < 600; round++) {
		uint32_t len = 9 + (uint32_t)rand() % (round % 10 == 0 ? 45000 : 12000);
		unsigned n = cut_up(cuts, len, 36);
		/* A device that delivers in pieces takes two buffers each. */
		rig.fake.rx_first_max = n < 20 && round % 3 == 0 ? 700 : 0;
		rig.fake.rx_chunk_max = 2000;
		from.id = (uint16_t)rand();
		shuffle(cuts, n);
		for (unsigned i = 0; i < n; i++) {
			uint16_t more = cuts[i].at + cuts[i].len < len ? MORE : 0;
			assert_int_equal(inputs, 0);
			fragment(cuts[i].at, cuts[i].len, more);
			if (i + 1 < n && rand() % 4 == 0)
				fragment(cuts[i].at, cuts[i].len, more);
		}
		expect_whole(len);
		assert_int_equal(rig.rx.pool.used, 0);
	}
	assert_true(stats()->duplicates > 100);
	assert_true(stats()->copied > 100 && stats()->whole - stats()->copied > 100);
	assert_int_equal(stats()->overlaps + stats()->inconsistent + stats()->evicted, 0);
}

int test_whole(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_halves_in_either_order),
		TEST(four_in_all_orders),
		TEST(the_first_ones_header_counts),
		TEST(datagrams_are_kept_apart),
		TEST(many_fragments_are_copied_once),
		TEST(without_large_buffers_they_are_dropped),
		TEST(the_longest_datagram),
		TEST(random_datagrams_cut_shuffled_and_doubled),
	};
	return cmocka_run_group_tests_name("fragments: what comes together", tests, NULL, NULL);
}
