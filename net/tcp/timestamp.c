/* SPDX-License-Identifier: ISC */
/*
 * Timestamps (RFC 7323): which segments are old duplicates.
 *
 * The clock ticks every 1.024 ms, so 31 bits last for 25 days. What the peer's clock said longer
 * ago than that cannot be compared with what it says now, and is not.
 */
#include "net/tcp/tcp_internal.h"

#include "base/counter.h"

enum { RECENT_DAYS = 24 }; /* RFC 7323 section 5.5 */

/* Seconds, nearly: 2^20 microseconds. 32 bits of them are more than a century. */
static uint32_t age_clock(uint64_t now_us)
{
	return (uint32_t)(now_us >> 20);
}

void tcp_ts_put(struct tcp_header *h, const struct tcp_ts *ts, uint64_t now_us)
{
	if (!tcp_parts.timestamps)
		return;
	h->options.has_ts = ts->on;
	h->ts = ts->offset + tcp_ts_clock(now_us);
	h->ts_echo = ts->recent;
}

void tcp_ts_take(struct tcp_ts *ts, uint64_t now_us, uint32_t value)
{
	ts->recent = value;
	ts->recent_at = age_clock(now_us);
}

SELDOM void tcp_ts_stamp(struct tcp_conn *c, uint64_t now_us)
{
	/* Until the loss before is seen to be one, the first was its. */
	if (tcp_parts.timestamps && !c->cc.undo)
		c->resent_ts = c->ts.offset + tcp_ts_clock(now_us);
}

bool tcp_ts_rtt(const struct tcp_conn *c, uint64_t now_us, uint32_t echo, uint32_t *rtt_us)
{
	uint32_t ticks = tcp_ts_clock(now_us) + c->ts.offset - echo;

	*rtt_us = ticks << 10;
	return ticks <= RTO_MAX_US >> 10;
}

SELDOM void tcp_ts_measure_syn(struct tcp_conn *c, uint64_t now_us, uint32_t echo)
{
	uint32_t rtt_us;

	/* Not longer than the first timeout: the answer to the first may have been lost. */
	if (conn_has_ts(c) && tcp_ts_rtt(c, now_us, echo, &rtt_us))
		rto_sample(&c->rto, MIN(rtt_us, (uint32_t)RTO_INITIAL_US), 1);
}

bool tcp_ts_check(struct tcp_conn *c, uint64_t now_us, const struct tcp_segment *s)
{
	const uint64_t recent_us = (uint64_t)RECENT_DAYS * 24 * 3600 * US_PER_S;

	bool fresh = seq_ge(s->ts, c->ts.recent) ||
		     age_clock(now_us) - c->ts.recent_at > age_clock(recent_us);

	/* Section 5.2: a reset need not have one. */
	if ((s->flags & TCP_RST) != 0 || (s->options.has_ts && fresh))
		return true;
	COUNT(c->tcp->stats.old_timestamp);
	/* Section 3.2: without one it is dropped in silence; but a SYN, of a peer that has
	 * forgotten the connection, must be answered for it to end (RFC 5961 section 4). */
	if (s->options.has_ts || (s->flags & TCP_SYN) != 0)
		tcp_conn_challenge(c, now_us);
	return false;
}
