/* SPDX-License-Identifier: ISC */
/* CUBIC, against the equations of RFC 9438 in floating point. */
#include "tests/unit/tcp/tests.h"

#include "base/attr.h"
#include "hal/timer.h"
#include "net/tcp/cc.h"

enum { MSS = 1460, RTT_MS = 100 };

static const double c = 0.4, beta = 0.7;

static double cube(double x)
{
	return x * x * x;
}

static double cube_root(double x)
{
	double r = x > 1 ? x : 1;
	for (int i = 0; i < 200; i++)
		r = (2 * r + x / (r * r)) / 3;
	return r;
}

struct run {
	struct tcp_cc cc;
	uint64_t now_us;
	uint32_t una;
	uint32_t rtt_ms;
};

/* In congestion avoidance with a window of so many segments; the last loss was at w_max. */
static void begin(struct run *r, uint32_t w_max, uint32_t rtt_ms)
{
	*r = (struct run){.now_us = 5 * US_PER_S, .una = 1000, .rtt_ms = rtt_ms};
	begin_cc(&r->cc, &tcp_cubic, MSS, 0, false);
	r->cc.limited = true;
	r->cc.cwnd = w_max * MSS;
	r->cc.ssthresh = r->cc.ops->shrink(&r->cc, MSS, r->cc.cwnd);
	r->cc.cwnd = r->cc.ssthresh;
}

static void ack(struct run *r, uint32_t bytes)
{
	bool restart;
	r->una += bytes;
	const struct cc_ack a = {.now_us = r->now_us,
				 .mss = MSS,
				 .srtt_us = r->rtt_ms * 1000,
				 .acked = bytes,
				 .una = r->una,
				 .max = r->una + r->cc.cwnd};
	assert_false(cc_new_ack(&r->cc, &a, &restart));
}

/* A round trip: the window is acknowledged, two segments at a time. */
static void round_trip(struct run *r)
{
	uint32_t cwnd = r->cc.cwnd, n = cwnd / (2 * MSS);
	for (uint32_t i = 0; i < n; i++) {
		r->now_us += r->rtt_ms * 1000ull / n;
		ack(r, cwnd / n);
	}
}

static double segments(const struct run *r)
{
	return (double)r->cc.cwnd / MSS;
}

static void assert_near(double is, double should, double share)
{
	if (is - should > should * share || should - is > should * share)
		fail_msg("%f, expected %f", is, should);
}

/* Section 4.2, figures 1 and 2: concave up to W_max, a plateau, and convex beyond. */
static void window_follows_the_curve(void **state)
{
	static const uint32_t w_maxes[] = {200, 1000, 5000};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(w_maxes); i++) {
		struct run r;
		double w_max = w_maxes[i];
		begin(&r, w_maxes[i], RTT_MS);
		assert_near(segments(&r), w_max * beta, 0.001);
		ack(&r, 2 * MSS);
		uint64_t begun_us = r.now_us;
		double k = cube_root((w_max - segments(&r)) / c);
		assert_near(r.cc.cubic.k_ms / 1000.0, k, 0.002);
		while ((double)(r.now_us - begun_us) / 1e6 < 1.6 * k) {
			round_trip(&r);
			double t = (double)(r.now_us - begun_us) / 1e6;
			assert_near(segments(&r), c * cube(t - k) + w_max, 0.03);
		}
	}
}

/* Section 4.3: on a short path the window grows as NewReno's with beta of 0.7 would. */
static void short_paths_are_shared_with_newreno(void **state)
{
	struct run r;
	(void)state;
	begin(&r, 20, 2);
	double w_est = segments(&r), alpha = 3 * (1 - beta) / (1 + beta);
	for (int i = 0; i < 30; i++) {
		round_trip(&r);
		w_est += w_est < 20 ? alpha : 1;
		assert_near(segments(&r), w_est, 0.1);
	}
	assert_true(segments(&r) > 30);
}

/* Sections 4.6 and 4.7 */
static void losses_shrink_it(void **state)
{
	struct run r;
	(void)state;
	begin(&r, 100, RTT_MS);
	assert_int_equal(r.cc.ssthresh, 70 * MSS);
	assert_int_equal(r.cc.cubic.w_max, 100 * MSS);
	/* Fast convergence: there is less room than before. */
	r.cc.ssthresh = r.cc.ops->shrink(&r.cc, MSS, r.cc.cwnd);
	assert_near((double)r.cc.cubic.w_max / MSS, 70 * (1 + beta) / 2, 0.001);
	assert_int_equal(r.cc.cubic.w_prior, 70 * MSS);
	/* It grows only while it is used up, so what is in flight does not matter. */
	r.cc.limited = false;
	assert_int_equal(r.cc.ops->shrink(&r.cc, MSS, 10 * MSS), 49 * MSS);
	r.cc.cwnd = MSS;
	assert_int_equal(r.cc.ops->shrink(&r.cc, MSS, MSS), 2 * MSS);
}

/* Section 4.8: after a timeout the curve begins at its plateau. */
static void timeouts_begin_anew(void **state)
{
	struct run r;
	(void)state;
	begin(&r, 100, RTT_MS);
	cc_timeout(&r.cc, MSS, r.una, r.una + 70 * MSS, false);
	assert_int_equal(r.cc.cwnd, MSS);
	assert_int_equal(r.cc.ssthresh, 49 * MSS);
	r.cc.cwnd = r.cc.ssthresh;
	r.cc.recover = r.una;
	ack(&r, 2 * MSS);
	assert_int_equal(r.cc.cubic.k_ms, 0);
	assert_int_equal(r.cc.cubic.w_max, 49 * MSS);
}

/* While the application has nothing to send, time stands still. */
static void pauses_do_not_count(void **state)
{
	struct run r;
	(void)state;
	begin(&r, 100, RTT_MS);
	ack(&r, MSS);
	r.cc.limited = false;
	uint32_t cwnd = r.cc.cwnd;
	for (int i = 0; i < 100; i++)
		round_trip(&r);
	assert_int_equal(r.cc.cwnd, cwnd);
	r.cc.limited = true;
	round_trip(&r);
	assert_in_range(r.cc.cwnd, cwnd, cwnd + 5 * MSS);
}

/* Whatever the numbers are: no overflow, no window of nothing or beyond 2^30 (with UBSan). */
static void extremes_are_borne(void **state)
{
	static const uint32_t sizes[] = {88, 1460, 9000, 65535};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct tcp_cc cc;
		bool restart;
		begin_cc(&cc, &tcp_cubic, sizes[i], 0, false);
		cc.limited = true;
		cc.cwnd = 1 << 30;
		cc.ssthresh = cc.ops->shrink(&cc, sizes[i], cc.cwnd);
		cc.cwnd = cc.ssthresh;
		struct cc_ack a = {.mss = sizes[i], .acked = 1 << 30, .srtt_us = 60000000};
		for (uint64_t now_us = 0; now_us < 4000 * (uint64_t)US_PER_S; now_us += US_PER_S) {
			a.now_us = UINT64_MAX / 2 + now_us * 1000;
			a.una += 1000;
			(void)cc_new_ack(&cc, &a, &restart);
			assert_in_range(cc.cwnd, 2 * sizes[i], 1 << 30);
		}
	}
}

int cubic_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(window_follows_the_curve),
		cmocka_unit_test(short_paths_are_shared_with_newreno),
		cmocka_unit_test(losses_shrink_it),
		cmocka_unit_test(timeouts_begin_anew),
		cmocka_unit_test(pauses_do_not_count),
		cmocka_unit_test(extremes_are_borne),
	};
	return cmocka_run_group_tests_name("tcp cubic", tests, NULL, NULL);
}
