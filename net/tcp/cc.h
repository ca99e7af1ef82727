/* SPDX-License-Identifier: ISC */
/*
 * Congestion control: how much may be in flight, and when a lost segment is sent again before its
 * timer runs out.
 *
 * What all algorithms share is here: an initial window of ten segments (RFC 6928), slow start,
 * NewReno's recovery (RFC 6582), limited transmit (RFC 3042) and growth only while the window is
 * what limits (RFC 7661 section 4.3). With a peer that acknowledges selectively, what is lost and
 * what is in flight is known (sack.h), and in a recovery the window shrinks by RFC 6937. How far it
 * shrinks and how it grows afterwards is what struct tcp_cc_ops tells.
 */
#ifndef NET_TCP_CC_H
#define NET_TCP_CC_H

#include <stdbool.h>
#include <stdint.h>

#include "net/tcp/seq.h"

enum { CC_DUP_ACKS = 3 }; /* DupThresh of RFC 6675 */

struct tcp_cc;

/* An acknowledgement of something new. */
struct cc_ack {
	uint64_t now_us;
	uint32_t mss, srtt_us;
	uint32_t acked;    /* bytes … */
	uint32_t una, max; /* … up to the new left edge; the right one */
};

/* An algorithm. */
struct tcp_cc_ops {
	/* Congestion, with `flight` bytes in flight: the new slow start threshold. */
	uint32_t (*shrink)(struct tcp_cc *cc, uint32_t mss, uint32_t flight);
	/* Congestion avoidance: the window grows for a->acked bytes. */
	void (*grow)(struct tcp_cc *cc, const struct cc_ack *a);
	/* Something was acknowledged, but the window is not used up: it does not grow. */
	void (*pause)(struct tcp_cc *cc);
	/* A timeout, or a long pause: what was known of the path is old. */
	void (*restart)(struct tcp_cc *cc);
};

extern const struct tcp_cc_ops tcp_newreno; /* RFC 5681 */
extern const struct tcp_cc_ops tcp_cubic;   /* RFC 9438 */

/* CUBIC's variables (cubic.c), in bytes and milliseconds. */
struct tcp_cubic {
	uint32_t w_max;   /* the window when it shrank last, or less if it keeps shrinking */
	uint32_t w_prior; /* the same, never less */
	uint32_t w_est;   /* what NewReno's window would be; 0: no stage has begun */
	uint32_t begun_ms, k_ms;
};

struct tcp_cc {
	const struct tcp_cc_ops *ops;
	uint32_t cwnd, ssthresh; /* bytes */
	uint32_t recover;        /* SND.MAX when the last loss was noticed (RFC 6582) */
	uint8_t dup_acks;
	bool sack;     /* what is lost is known by SACK */
	bool recovery; /* fast recovery is going on */
	bool partial;  /* it has seen a partial acknowledgement */
	bool limited;  /* cwnd, not the application or the peer, kept data from being sent */
	bool undo;     /* whether the last loss was one is still to be seen */
	bool paused;   /* the window was not used up: ops->pause() is due before it grows */
	union {
		uint32_t
			acked; /* NewReno: bytes toward the next increase in congestion avoidance */
		struct tcp_cubic cubic;
	};
	/* Like all of CUBIC's but the first word, only where a part uses it (conn_bytes()). */
	uint32_t undo_cwnd, undo_ssthresh; /* before the last loss, while `undo` */
};

/* A recovery by RFC 6937. */
struct cc_reduction {
	uint32_t flight;    /* bytes in flight when it began … */
	uint32_t delivered; /* … that have arrived since … */
	uint32_t out;       /* … and that were sent since */
};

/* Of a *cc that was cleared. `lost_syn`: the handshake needed a retransmission. `iss` is the
 * initial sequence number. */
void cc_init(struct tcp_cc *cc, const struct tcp_cc_ops *ops, uint32_t mss, uint32_t iss,
	     bool lost_syn);

/* Bytes that may be in flight now. */
uint32_t cc_window(const struct tcp_cc *cc, uint32_t mss);

/*
 * A duplicate acknowledgement of `una` while bytes up to `max` are in flight. True: send the
 * segment at `una` again.
 */
bool cc_dup_ack(struct tcp_cc *cc, uint32_t mss, uint32_t una, uint32_t max);

/* RFC 7661 sections 4.2 and 4.3: whether `flight` bytes use the window. Half of it is enough while
 * slow start looks for what the path bears, as where the peer's window grows along. */
static inline bool cc_is_used(const struct tcp_cc *cc, uint32_t flight)
{
	return cc->limited || (cc->cwnd / 2 < flight && cc->cwnd < cc->ssthresh);
}

/* Whether an acknowledgement up to `una`, of `flight` bytes, changes nothing but this: the window
 * is not used up, and no loss is being repaired. Then for cc_new_ack() there is cc_idle_ack(). */
static inline bool cc_is_idle(const struct tcp_cc *cc, uint32_t una, uint32_t flight)
{
	return !cc_is_used(cc, flight) && !cc->recovery && seq_gt(una, cc->recover);
}

static inline void cc_idle_ack(struct tcp_cc *cc, uint32_t una)
{
	cc->dup_acks = 0;
	cc->recover = una - 1; /* drawn along, lest it seem ahead one day */
	cc->paused = true;
}

/*
 * Something new was acknowledged. True: send the segment at a->una again. *restart_timer is cleared
 * when the retransmission timer must run on.
 */
bool cc_new_ack(struct tcp_cc *cc, const struct cc_ack *a, bool *restart_timer);

/*
 * Instead of cc_dup_ack() with a peer that acknowledges selectively: something is lost, while
 * `flight` bytes are in flight and `unanswered` more may be, in answer to what was acknowledged
 * just before. True: recovery begins.
 */
bool cc_sack_loss(struct tcp_cc *cc, struct cc_reduction *r, uint32_t mss, uint32_t una,
		  uint32_t flight, uint32_t unanswered);

/* In such a recovery: `bytes` have arrived, `pipe` are in flight. */
void cc_delivered(struct tcp_cc *cc, struct cc_reduction *r, uint32_t mss, uint32_t bytes,
		  uint32_t pipe);

/* Congestion that needs no recovery: less may be in flight from now on. */
void cc_reduce(struct tcp_cc *cc, uint32_t mss, uint32_t una, uint32_t max);

/* The retransmission timer ran out. `again`: not for the first time since the peer answered. */
void cc_timeout(struct tcp_cc *cc, uint32_t mss, uint32_t una, uint32_t max, bool again);

/* What the last loss did to the window was for nothing: nothing was lost (RFC 4015 section 3.5). */
void cc_undo(struct tcp_cc *cc, uint32_t una);

/* Sending begins again after nothing was sent for longer than the RTO. */
void cc_idle(struct tcp_cc *cc, uint32_t mss);

#endif
