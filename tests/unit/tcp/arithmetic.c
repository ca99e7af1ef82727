/* SPDX-License-Identifier: ISC */
/* The parts that compute: sequence numbers, hashes, timeouts, congestion window, timer heap. */
#include "tests/unit/tcp/tests.h"

#include <stdlib.h>
#include <string.h>

#include "net/tcp/tcp_internal.h"

/* RFC 9293 section 3.4 */
static void sequence_numbers_wrap(void **state)
{
	(void)state;
	assert_true(seq_lt(0xfffffff0, 0x10));
	assert_true(seq_gt(0x10, 0xfffffff0));
	assert_true(seq_le(7, 7) && seq_ge(7, 7));
	assert_false(seq_lt(7, 7) || seq_gt(7, 7));
	assert_int_equal(seq_max(0xfffffff0, 5), 5);
}

/* The vectors of the SipHash paper's reference implementation, key 00 01 … 0f. */
static void siphash_matches_its_reference(void **state)
{
	(void)state;
	const struct siphash_key key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
	const uint64_t words[2] = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
	assert_true(siphash_2_4(&key, words, 0) == 0x726fdb47dd0e0e31);
	assert_true(siphash_2_4(&key, words, 1) == 0x93f5f5799a932462);
	assert_true(siphash_2_4(&key, words, 1) != siphash_2_4(&key, words, 2));
	assert_true(siphash_2_4_and(&key, words, 1, 0x0b0a0908) == 0x751e8fbc860ee5fb);
}

/* RFC 6298 section 2 */
static void rto_follows_the_measurements(void **state)
{
	(void)state;
	struct tcp_rto r = {0};
	rto_init(&r);
	assert_int_equal(rto_interval_us(&r), 1000000);
	rto_sample(&r, 400000, 1); /* SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR */
	assert_int_equal(r.rto_us, 1200000);
	rto_sample(&r, 480000, 1); /* RTTVAR = 3/4*200 + 1/4*80, SRTT = 7/8*400 + 1/8*480 */
	assert_int_equal(r.rttvar_us, 170000);
	assert_int_equal(r.srtt_us, 410000);
	assert_int_equal(r.rto_us, 1090000);
	for (int i = 0; i < 200; i++)
		rto_sample(&r, 100, 1);
	assert_in_range(r.rto_us, RTO_MIN_US + 100, RTO_MIN_US + 110); /* above SRTT */
	rto_sample(&r, UINT32_MAX, 1);
	assert_true(r.rto_us <= RTO_MAX_US);
}

/* RFC 6298 section 5, (5.5) and section 2, (2.5) */
static void rto_backs_off_until_a_measurement(void **state)
{
	(void)state;
	struct tcp_rto r = {0};
	rto_init(&r);
	assert_int_equal(rto_expired(&r, 5000000), 0);
	assert_int_equal(rto_interval_us(&r), 2000000);
	assert_in_range(rto_expired(&r, 7000000), 2000000 - 1024, 2000000 + 1024);
	assert_int_equal(rto_interval_us(&r), 4000000);
	for (int i = 0; i < 1000; i++)
		(void)rto_expired(&r, 8000000);
	assert_int_equal(rto_interval_us(&r), RTO_MAX_US);
	rto_sample(&r, 10000, 1);
	assert_int_equal(rto_interval_us(&r), 10000 + RTO_MIN_US);
	assert_int_equal(r.retries, UINT8_MAX);
	(void)rto_expired(&r, 9000000);
	(void)rto_expired(&r, 9000000);
	rto_answered(&r); /* without a measurement: one doubling less */
	assert_int_equal(rto_interval_us(&r), 2 * (10000 + RTO_MIN_US));
	assert_int_equal(r.retries, 0);
}

enum { MSS = 1000 };

static bool new_ack(struct tcp_cc *cc, uint32_t acked, uint32_t una, uint32_t max, bool *restart)
{
	const struct cc_ack a = {.mss = MSS, .acked = acked, .una = una, .max = max};
	return cc_new_ack(cc, &a, restart);
}

/* RFC 6928 section 2, RFC 5681 section 3.1 */
static void congestion_window_grows(void **state)
{
	(void)state;
	struct tcp_cc cc;
	bool restart;
	begin_cc(&cc, &tcp_newreno, MSS, 0, false);
	assert_int_equal(cc_window(&cc, MSS), 10 * MSS);
	begin_cc(&cc, &tcp_newreno, 4000, 0, false);
	assert_int_equal(cc_window(&cc, 4000), 14600);
	begin_cc(&cc, &tcp_newreno, 9000, 0, false);
	assert_int_equal(cc_window(&cc, 9000), 18000);
	begin_cc(&cc, &tcp_newreno, MSS, 0, true);
	assert_int_equal(cc_window(&cc, MSS), MSS);

	begin_cc(&cc, &tcp_newreno, MSS, 0, false);
	assert_false(new_ack(&cc, MSS, 1000, 5000, &restart));
	assert_int_equal(cc.cwnd, 10 * MSS); /* not limited by it: no growth */
	cc.limited = true;
	assert_false(new_ack(&cc, MSS, 2000, 5000, &restart));
	assert_int_equal(cc.cwnd, 11 * MSS);
	cc.ssthresh = 30 * MSS; /* slow start by all that is acknowledged, up to ssthresh */
	assert_false(new_ack(&cc, 11 * MSS, 13000, 24000, &restart));
	assert_int_equal(cc.cwnd, 22 * MSS);
	assert_false(new_ack(&cc, 11 * MSS, 24000, 35000, &restart));
	assert_int_equal(cc.cwnd, 30 * MSS);
	assert_int_equal(cc.acked, 3 * MSS);
	cc_timeout(&cc, MSS, 24000, 44000, false); /* not for what a timeout sends again */
	assert_false(new_ack(&cc, 9 * MSS, 33000, 44000, &restart));
	assert_int_equal(cc.cwnd, 3 * MSS);
	begin_cc(&cc, &tcp_newreno, MSS, 0, false);
	cc.limited = true;
	cc.cwnd = cc.ssthresh = 11 * MSS; /* congestion avoidance: a segment a window */
	for (uint32_t una = 2000, i = 0; i < 11; i++) {
		assert_int_equal(cc.cwnd, 11 * MSS);
		una += MSS;
		assert_false(new_ack(&cc, MSS, una, una + 11000, &restart));
	}
	assert_int_equal(cc.cwnd, 12 * MSS);
}

/* RFC 5681 section 3.2, RFC 6582 section 3.2, RFC 3042 */
static void congestion_window_recovers(void **state)
{
	(void)state;
	struct tcp_cc cc;
	bool restart;
	begin_cc(&cc, &tcp_newreno, MSS, 99, false);
	assert_false(cc_dup_ack(&cc, MSS, 1000, 11000));
	assert_int_equal(cc_window(&cc, MSS), 11 * MSS);
	assert_false(cc_dup_ack(&cc, MSS, 1000, 11000));
	assert_int_equal(cc_window(&cc, MSS), 12 * MSS);
	assert_true(cc_dup_ack(&cc, MSS, 1000, 11000)); /* the third */
	assert_int_equal(cc.ssthresh, 5 * MSS);
	assert_int_equal(cc_window(&cc, MSS), 8 * MSS);
	assert_false(cc_dup_ack(&cc, MSS, 1000, 11000));
	assert_int_equal(cc_window(&cc, MSS), 9 * MSS);
	/* partial: the next hole at once, the timer restarts for the first only */
	assert_true(new_ack(&cc, 2000, 3000, 11000, &restart));
	assert_true(restart);
	assert_true(new_ack(&cc, 2000, 5000, 11000, &restart));
	assert_false(restart);
	assert_true(cc.recovery);
	assert_false(new_ack(&cc, 6000, 11000, 11000, &restart)); /* full */
	assert_false(cc.recovery);
	assert_true(cc_window(&cc, MSS) <= cc.ssthresh);

	cc_timeout(&cc, MSS, 11000, 15000, false);
	assert_int_equal(cc_window(&cc, MSS), MSS);
	assert_int_equal(cc.ssthresh, 2 * MSS);
	for (int i = 0; i < 5; i++) /* duplicates of what was sent before the timeout */
		assert_false(cc_dup_ack(&cc, MSS, 12000, 15000));
	assert_false(cc.recovery);
}

/* RFC 4015 section 3.5 */
static void congestion_window_is_restored(void **state)
{
	(void)state;
	struct tcp_cc cc;
	begin_cc(&cc, &tcp_newreno, MSS, 0, false);
	cc.ssthresh = 8 * MSS;
	cc_timeout(&cc, MSS, 1000, 11000, false);
	cc_timeout(&cc, MSS, 1000, 11000, true);
	assert_int_equal(cc.cwnd, MSS);
	cc_undo(&cc, 2000);
	assert_int_equal(cc.cwnd, 10 * MSS);
	assert_int_equal(cc.ssthresh, 8 * MSS);
	assert_false(cc.undo);
}

/* A hostile peer's endless duplicates do not overflow the window. */
static void congestion_window_is_bounded(void **state)
{
	(void)state;
	struct tcp_cc cc;
	begin_cc(&cc, &tcp_newreno, 65535, 0, false);
	for (int i = 0; i < 200000; i++)
		(void)cc_dup_ack(&cc, 65535, 1000, 100000);
	assert_true(cc_window(&cc, 65535) <= 1u << 30);
}

enum { TIMERS = 300 };

/* Against a plain search for the minimum, with random sets, moves and stops. */
static void timers_come_in_order(void **state)
{
	(void)state;
	static struct tcp_endpoint ep[TIMERS], *heap[TIMERS];
	static struct tcp tcp;
	tcp = (struct tcp){.heap = heap};
	memset(ep, 0, sizeof(ep));
	srand(1);
	for (int step = 0; step < 20000; step++) {
		struct tcp_endpoint *e = &ep[rand() % TIMERS];
		if (rand() % 3 == 0)
			tcp_timer_stop(&tcp, e);
		else
			tcp_timer_set(&tcp, e, (uint64_t)(rand() % 1000));
		uint64_t first = TIME_NEVER;
		for (int i = 0; i < TIMERS; i++) {
			if (ep[i].heap_slot != 0)
				first = MIN(first, ep[i].deadline_us);
		}
		assert_true(tcp_timer_next(&tcp) == first);
	}
	uint64_t last = 0;
	struct tcp_endpoint *e;
	while ((e = tcp_timer_expired(&tcp, 2000)) != NULL) {
		assert_true(e->deadline_us >= last);
		last = e->deadline_us;
	}
	assert_int_equal(tcp.heap_used, 0);
}

int arithmetic_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequence_numbers_wrap),
		cmocka_unit_test(siphash_matches_its_reference),
		cmocka_unit_test(rto_follows_the_measurements),
		cmocka_unit_test(rto_backs_off_until_a_measurement),
		cmocka_unit_test(congestion_window_grows),
		cmocka_unit_test(congestion_window_recovers),
		cmocka_unit_test(congestion_window_is_restored),
		cmocka_unit_test(congestion_window_is_bounded),
		cmocka_unit_test(timers_come_in_order),
	};
	return cmocka_run_group_tests_name("tcp arithmetic", tests, NULL, NULL);
}
