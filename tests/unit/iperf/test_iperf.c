/* SPDX-License-Identifier: ISC */
/* What apps/iperf learns from datagrams. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "apps/iperf/iperf.h"

static struct iperf_test test;
static struct iperf_stream *s = &test.stream[0];

static int setup(void **state)
{
	(void)state;
	memset(&test, 0, sizeof(test));
	test.running = true;
	s->test = &test;
	return 0;
}

/* Datagram `number`, of 1000 bytes, sent at one time and received at another. */
static void receive(uint64_t number, uint64_t sent_us, uint64_t now_us)
{
	uint8_t header[IPERF_UDP_HEADER_MAX];

	size_t n = iperf_udp_header(header, sent_us, number, test.params.counters64);
	assert_int_equal(n, test.params.counters64 ? 16 : 12);
	iperf_udp_account(s, header, 1000, now_us);
}

static void headers_are_in_network_order(void **state)
{
	static const uint8_t want[] = {0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 5};
	uint8_t header[IPERF_UDP_HEADER_MAX];

	(void)state;
	assert_int_equal(iperf_udp_header(header, 2000003, 0x100000005, true), 16);
	assert_memory_equal(header, want, 16);
	assert_int_equal(iperf_udp_header(header, 2000003, 1, false), 12);
	assert_memory_equal(header, want, 12);
}

static void what_is_missing_is_lost_until_it_comes(void **state)
{
	(void)state;
	receive(1, 0, 0);
	receive(2, 0, 0);
	receive(5, 0, 0);
	assert_int_equal(s->mine.lost, 2);
	receive(3, 0, 0); /* late */
	assert_int_equal(s->mine.lost, 1);
	assert_int_equal(s->reordered, 1);
	receive(6, 0, 0);
	assert_int_equal(s->mine.lost, 1);
	assert_int_equal(s->mine.packets, 6);
	assert_int_equal(s->mine.bytes, 5000);
}

static void numbers_may_need_64_bits(void **state)
{
	(void)state;
	test.params.counters64 = true;
	s->highest = 0xffffffff;
	receive(0x100000000, 0, 0);
	receive(0x100000002, 0, 0);
	assert_int_equal(s->mine.lost, 1);
	assert_int_equal(s->highest, 0x100000002);
}

/* RFC 1889 section 6.3.1: J += (|D| - J) / 16. */
static void jitter_follows_the_difference_of_transit_times(void **state)
{
	(void)state;
	receive(1, 1000, 5000000); /* the clocks differ, which does not matter */
	assert_int_equal(s->mine.jitter_us, 0);
	receive(2, 2000, 5001000);
	assert_int_equal(s->mine.jitter_us, 0);
	receive(3, 3000, 5002160);
	assert_int_equal(s->mine.jitter_us, 10);
	receive(4, 4000, 5003000);
	assert_int_equal(s->mine.jitter_us, 19); /* 10 + (160 - 10) / 16 */
	for (unsigned i = 5; i < 200; i++)
		receive(i, 1000 * i, 5000000 + 1000 * i);
	assert_int_equal(s->mine.jitter_us, 0);
}

static void a_clock_that_jumps_is_no_jitter(void **state)
{
	(void)state;
	receive(1, 0, 1000);
	receive(2, UINT32_MAX * (uint64_t)1000000, 2000);
	receive(3, 2000, 3000);
	assert_int_equal(s->mine.jitter_us, 0);
}

static void what_is_omitted_is_not_counted(void **state)
{
	(void)state;
	test.count_us = 1000;
	receive(1, 0, 10);
	receive(4, 0, 20);
	receive(5, 1000, 1000);
	receive(7, 1000, 1000);
	assert_int_equal(s->mine.bytes, 2000);
	assert_int_equal(s->mine.packets, 3);
	assert_int_equal(s->mine.lost, 1);
}

static void too_short_or_too_late_is_nothing(void **state)
{
	uint8_t header[IPERF_UDP_HEADER_MAX] = {0};

	(void)state;
	iperf_udp_account(s, header, 11, 0);
	test.params.counters64 = true;
	iperf_udp_account(s, header, 15, 0);
	test.running = false;
	receive(1, 0, 0);
	assert_int_equal(s->mine.bytes, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(headers_are_in_network_order),
		TEST(what_is_missing_is_lost_until_it_comes),
		TEST(numbers_may_need_64_bits),
		TEST(jitter_follows_the_difference_of_transit_times),
		TEST(a_clock_that_jumps_is_no_jitter),
		TEST(what_is_omitted_is_not_counted),
		TEST(too_short_or_too_late_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
