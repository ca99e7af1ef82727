/* SPDX-License-Identifier: ISC */
#include "net/tcp/cc.h"

#include "base/attr.h"
#include "net/tcp/seq.h"
#include "net/tcp/tcp.h"

enum { CWND_MAX = 1 << 30 }; /* no window is larger (RFC 7323 section 2.3) */

/* RFC 6928 section 2. */
static uint32_t initial_window(uint32_t mss)
{
	return MIN(10 * mss, MAX(2 * mss, 14600u));
}

void cc_init(struct tcp_cc *cc, const struct tcp_cc_ops *ops, uint32_t mss, uint32_t iss,
	     bool lost_syn)
{
	/* RFC 5681 section 3.1: after a lost SYN or SYN,ACK the initial window is one segment. */
	cc->ops = ops;
	cc->cwnd = lost_syn ? mss : initial_window(mss);
	cc->ssthresh = UINT32_MAX / 2;
	cc->recover = iss;
}

inline uint32_t cc_window(const struct tcp_cc *cc, uint32_t mss)
{
	/* RFC 3042: the first two duplicates each let one new segment out. What was acknowledged
	 * selectively does so by itself, being no longer in flight. */
	if (UNLIKELY(cc->dup_acks > 0) && !cc->recovery && !cc->sack)
		return cc->cwnd + MIN(cc->dup_acks, CC_DUP_ACKS - 1) * mss;
	return cc->cwnd;
}

/* --- NewReno --------------------------------------------------------------------------------- */

/* RFC 5681 equation (4). */
static uint32_t newreno_shrink(struct tcp_cc *cc, uint32_t mss, uint32_t flight)
{
	cc->acked = 0;
	return MAX(flight / 2, 2 * mss);
}

/* By counting bytes: one segment for each window acknowledged. */
static void newreno_grow(struct tcp_cc *cc, const struct cc_ack *a)
{
	cc->acked += a->acked;
	if (cc->acked >= cc->cwnd) {
		cc->acked -= cc->cwnd;
		cc->cwnd += a->mss;
	}
}

static void newreno_restart(struct tcp_cc *cc)
{
	cc->acked = 0;
}

static void newreno_pause(struct tcp_cc *cc)
{
	(void)cc;
}

const struct tcp_cc_ops tcp_newreno = {newreno_shrink, newreno_grow, newreno_pause,
				       newreno_restart};

/* --- losses ---------------------------------------------------------------------------------- */

/* Only the echo of a timestamp or SACK can show that nothing was lost. */
static void remember(struct tcp_cc *cc)
{
	if (cc->undo || !(tcp_parts.timestamps || tcp_parts.sack))
		return;
	cc->undo = true;
	cc->undo_cwnd = cc->cwnd;
	cc->undo_ssthresh = cc->ssthresh;
}

/* A batch of acknowledgements is answered at its end: those before the loss count as answered. */
static uint32_t in_flight(const struct tcp_cc *cc, uint32_t una, uint32_t max)
{
	return cc->limited ? MAX(max - una, cc->cwnd) : max - una;
}

static void begin_recovery(struct tcp_cc *cc, uint32_t mss, uint32_t una, uint32_t flight)
{
	remember(cc);
	cc->ssthresh = cc->ops->shrink(cc, mss, flight);
	cc->recover = una + flight;
	cc->recovery = true;
	cc->partial = false;
}

bool cc_dup_ack(struct tcp_cc *cc, uint32_t mss, uint32_t una, uint32_t max)
{
	if (cc->recovery) {
		cc->cwnd = MIN(
			cc->cwnd + mss,
			CWND_MAX); /* RFC 6582 section 3.2 step 3 (RFC 5681 section 3.2 step 4) */
		return false;
	}
	if (cc->dup_acks < UINT8_MAX)
		cc->dup_acks++;
	/* Step 1: not for duplicates that an earlier recovery or timeout caused. */
	if (cc->dup_acks != CC_DUP_ACKS || seq_le(una, cc->recover))
		return false;
	begin_recovery(cc, mss, una, in_flight(cc, una, max));
	cc->cwnd = cc->ssthresh + CC_DUP_ACKS * mss;
	return true;
}

bool cc_sack_loss(struct tcp_cc *cc, struct cc_reduction *r, uint32_t mss, uint32_t una,
		  uint32_t flight, uint32_t unanswered)
{
	/* RFC 6675 section 5.1: not before all is acknowledged that a timeout sends again. */
	if (cc->recovery || seq_lt(una, cc->recover))
		return false;
	*r = (struct cc_reduction){.flight = flight + unanswered, .delivered = unanswered};
	begin_recovery(cc, mss, una, r->flight);
	return true;
}

void cc_reduce(struct tcp_cc *cc, uint32_t mss, uint32_t una, uint32_t max)
{
	cc->ssthresh = cc->ops->shrink(cc, mss, in_flight(cc, una, max));
	cc->cwnd = MIN(cc->cwnd, cc->ssthresh);
}

/* RFC 6937 section 3, with the slow start reduction bound: CRB is too slow, unbounded too rash. */
void cc_delivered(struct tcp_cc *cc, struct cc_reduction *r, uint32_t mss, uint32_t bytes,
		  uint32_t pipe)
{
	uint32_t n;

	r->delivered += bytes;
	if (pipe > cc->ssthresh) {
		uint64_t share = (uint64_t)r->delivered * cc->ssthresh + r->flight - 1;
		uint32_t due = (uint32_t)(share / r->flight);
		n = due > r->out ? due - r->out : 0;
	} else {
		uint32_t behind = r->delivered > r->out ? r->delivered - r->out : 0;
		n = MIN(cc->ssthresh - pipe, MAX(behind, bytes) + mss);
	}
	cc->cwnd = pipe + n;
}

/*
 * Slow start grows by all that was acknowledged, as Linux does, and not by two segments at most, as
 * RFC 3465 section 2.2 would have it: receivers that coalesce acknowledge a whole flight at once,
 * and with that limit the window would grow by two segments a round trip. The burst that follows is
 * twice what has just arrived, which is what slow start is. While the losses of a timeout are
 * repaired the limit stands: one acknowledgement then covers what arrived long ago (section 2.3).
 */
static uint32_t slow_start(struct tcp_cc *cc, const struct cc_ack *a, bool repairs)
{
	uint32_t n = repairs ? MIN(a->acked, 2 * a->mss) : a->acked;

	n = MIN(n, cc->ssthresh - cc->cwnd);
	cc->cwnd += n;
	return repairs ? 0 : a->acked - n;
}

static void grow(struct tcp_cc *cc, const struct cc_ack *a)
{
	bool repairs = seq_lt(a->una, cc->recover);
	struct cc_ack rest = *a;

	if (!cc_is_used(cc, a->max - a->una + a->acked) && !repairs) {
		cc->ops->pause(cc);
		return;
	}
	if (cc->paused)
		cc->ops->pause(cc);
	cc->paused = false;
	if (cc->cwnd < cc->ssthresh)
		rest.acked = slow_start(cc, a, repairs);
	if (rest.acked > 0)
		cc->ops->grow(cc, &rest);
	cc->cwnd = MIN(cc->cwnd, (uint32_t)CWND_MAX);
}

bool cc_new_ack(struct tcp_cc *cc, const struct cc_ack *a, bool *restart_timer)
{
	uint32_t mss = a->mss;

	*restart_timer = true;
	cc->dup_acks = 0;
	if (seq_gt(cc->recover, a->max)) /* less was sent than could have been */
		cc->recover = a->max;
	if (!cc->recovery) {
		grow(cc, a);
		if (seq_gt(a->una, cc->recover)) /* drawn along, lest it seem ahead one day */
			cc->recover = a->una - 1;
		return false;
	}
	if (seq_ge(a->una, cc->recover)) { /* RFC 6582 section 3.2 step 3, full acknowledgement */
		/* Or RFC 6937 section 3, at the end. */
		cc->cwnd = cc->sack ? cc->ssthresh
				    : MIN(cc->ssthresh, MAX(a->max - a->una, mss) + mss);
		cc->recovery = false;
		return false;
	}
	if (cc->sack) /* cc_delivered() sets the window, the scoreboard knows the next hole */
		return false;
	/* Partial acknowledgement: deflate, and send the next hole. Only the first restarts the
	 * timer ("impatient"), so that many holes end in a timeout and slow start. */
	cc->cwnd = cc->cwnd > a->acked ? cc->cwnd - a->acked : 0;
	if (a->acked >= mss || cc->cwnd < mss)
		cc->cwnd += mss;
	*restart_timer = !cc->partial;
	cc->partial = true;
	return true;
}

void cc_timeout(struct tcp_cc *cc, uint32_t mss, uint32_t una, uint32_t max, bool again)
{
	remember(cc);
	if (!again)
		cc->ssthresh = cc->ops->shrink(cc, mss, max - una);
	cc->cwnd = mss;    /* the loss window: RFC 5681 section 3.1 */
	cc->recover = max; /* RFC 6582 section 3.2 step 4 */
	cc->recovery = false;
	cc->dup_acks = 0;
	cc->ops->restart(cc);
}

void cc_undo(struct tcp_cc *cc, uint32_t una)
{
	cc->cwnd = MAX(cc->cwnd, cc->undo_cwnd);
	cc->ssthresh = MAX(cc->ssthresh, cc->undo_ssthresh);
	cc->recover = una - 1;
	cc->recovery = false;
	cc->undo = false;
	cc->dup_acks = 0;
}

void cc_idle(struct tcp_cc *cc, uint32_t mss)
{
	cc->cwnd = MIN(cc->cwnd, initial_window(mss)); /* RFC 5681 section 4.1 */
	cc->ops->restart(cc);
}
