/* SPDX-License-Identifier: ISC */
/*
 * CUBIC (RFC 9438): after a loss the window grows by a cubic function of the time, quickly back to
 * where it was, slowly around there, then ever faster. How fast it grows does not depend on the
 * round trip; where that is short, it grows as NewReno's would.
 *
 * Windows are in bytes and times in milliseconds; the RFC's C is 0.4 segments a cubic second and
 * its beta is 0.7.
 */
#include "base/attr.h"
#include "net/tcp/cc.h"

enum {
	CUBIC_MS_MAX = 1 << 17, /* beyond this the cube is larger than any window */
};

/* The largest r with r^3 <= n. */
static uint32_t cube_root(uint64_t n)
{
	uint64_t r = 0;

	for (int shift = 63; shift >= 0; shift -= 3) {
		r *= 2;
		uint64_t next = 3 * r * (r + 1) + 1; /* (r + 1)^3 - r^3 */
		if (n >> shift >= next) {
			n -= next << shift;
			r++;
		}
	}
	return (uint32_t)r;
}

/* C * t^3, in bytes. */
static SELDOM uint32_t cube(uint32_t mss, uint32_t t_ms)
{
	uint64_t t = MIN(t_ms, (uint32_t)CUBIC_MS_MAX);
	uint64_t bytes = t * t * t / 1000 * (2 * mss) / 5000000;
	return (uint32_t)MIN(bytes, (uint64_t)1 << 30);
}

/* Section 4.2, equation 1: the window `t_ms` after the stage began. */
static uint32_t window_at(const struct tcp_cubic *q, uint32_t mss, uint32_t t_ms)
{
	if (t_ms >= q->k_ms)
		return q->w_max + cube(mss, t_ms - q->k_ms);
	uint32_t less = cube(mss, q->k_ms - t_ms);
	return q->w_max > less ? q->w_max - less : 0;
}

/*
 * Section 4.6, and 4.7 on fast convergence. By the window, as that section allows since it grows
 * only while it is used up, and not by what is in flight: that is less than the path has borne,
 * when the acknowledgements of half a window have just come together.
 */
static uint32_t shrink(struct tcp_cc *cc, uint32_t mss, uint32_t flight)
{
	struct tcp_cubic *q = &cc->cubic;
	uint32_t w = cc->cwnd;

	(void)flight;
	q->w_prior = w;
	q->w_max = w < q->w_max ? (uint32_t)((uint64_t)w * 17 / 20) : w;
	q->w_est = 0;
	return MAX((uint32_t)((uint64_t)w * 7 / 10), 2 * mss);
}

/* A stage of congestion avoidance begins (section 4.2, equation 2). */
static void begin(struct tcp_cc *cc, uint32_t mss, uint32_t now_ms)
{
	struct tcp_cubic *q = &cc->cubic;

	q->begun_ms = now_ms;
	q->w_est = cc->cwnd;
	q->k_ms = 0;
	if (q->w_max > cc->cwnd)
		q->k_ms = cube_root((uint64_t)(q->w_max - cc->cwnd) * 2500000000u / mss);
	else
		q->w_max = cc->cwnd;
}

/* Section 4.3, equation 4: alpha is 9/17 until the window is what it was, and 1 from then on. */
static void estimate_newreno(struct tcp_cc *cc, const struct cc_ack *a)
{
	struct tcp_cubic *q = &cc->cubic;
	uint64_t bytes = (uint64_t)a->acked * a->mss;

	if (q->w_est < q->w_prior)
		bytes = bytes * 9 / 17;
	q->w_est = MIN(q->w_est + (uint32_t)(bytes / cc->cwnd), UINT32_C(1) << 30);
}

static void grow(struct tcp_cc *cc, const struct cc_ack *a)
{
	struct tcp_cubic *q = &cc->cubic;
	uint32_t now_ms = (uint32_t)(a->now_us / 1000);

	if (q->w_est == 0)
		begin(cc, a->mss, now_ms);
	uint32_t t_ms = now_ms - q->begun_ms;
	estimate_newreno(cc, a);
	if (window_at(q, a->mss, t_ms) < q->w_est) { /* section 4.3 */
		cc->cwnd = MAX(cc->cwnd, q->w_est);
		return;
	}
	/* Sections 4.4 and 4.5: to where the curve is a round trip from now. */
	uint32_t target = window_at(q, a->mss, t_ms + a->srtt_us / 1000);
	target = MIN(target, cc->cwnd + cc->cwnd / 2);
	if (target > cc->cwnd)
		cc->cwnd += (uint32_t)((uint64_t)(target - cc->cwnd) * a->acked / cc->cwnd);
}

/* Section 5.8: its time stands still. A stage that begins at this window is at this point of the
 * curve. */
static void pause(struct tcp_cc *cc)
{
	cc->cubic.w_est = 0;
}

/* Section 4.8: the next stage begins at the window that it finds. */
static void restart(struct tcp_cc *cc)
{
	cc->cubic = (struct tcp_cubic){0};
}

const struct tcp_cc_ops tcp_cubic = {shrink, grow, pause, restart};
