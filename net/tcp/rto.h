/* SPDX-License-Identifier: ISC */
/*
 * The retransmission timeout of a connection (RFC 6298), and how long it has been in vain.
 *
 * With timestamps (RFC 7323) every acknowledgement of something new is a measurement. Without, one
 * segment at a time is timed, and never one that was sent twice (Karn's algorithm). A timeout
 * doubles the interval until a new measurement arrives.
 */
#ifndef NET_TCP_RTO_H
#define NET_TCP_RTO_H

#include <stdbool.h>
#include <stdint.h>

enum {
	RTO_INITIAL_US = 1000000,        /* RFC 6298 (2.1) */
	RTO_AFTER_SYN_LOSS_US = 3000000, /* RFC 6298 (5.7) */
	/*
	 * RFC 6298 (2.4) says one second, of a time when clocks ticked every half second. With a
	 * microsecond clock what the minimum must cover is the peer's delayed acknowledgement, and
	 * that comes on top of the round trip. 200 ms above SRTT is what Linux uses, so paths and
	 * peers are known to bear it.
	 */
	RTO_MIN_US = 200000,
	RTO_MAX_US = 60000000, /* RFC 6298 (2.5) */
};

struct tcp_rto {
	uint32_t srtt_us, rttvar_us, rto_us;
	uint32_t least_us;   /* the shortest round trip so far */
	uint32_t timed_seq;  /* the measurement ends when this is acknowledged */
	uint32_t timed_us;   /* when it was sent, modulo 2^32: less than an hour ago */
	uint32_t stalled_ms; /* the first of the `retries`, in units of 2^10 us, modulo 2^32 */
	bool timing;
	bool measured;
	uint8_t backoff; /* doublings of rto_us */
	uint8_t retries; /* timeouts since the peer answered last */
};

/* RFC 6298 section 2, (2.1), of zeros. */
void rto_init(struct tcp_rto *r);

/*
 * RFC 6298 section 2, (2.2) and (2.3): a measured round trip. Ends the backoff. `expected` is how
 * many measurements a round trip brings, one at least: each weighs that much less (RFC 7323
 * appendix G).
 */
void rto_sample(struct tcp_rto *r, uint32_t rtt_us, uint32_t expected);

/* The interval now, with its doublings. */
uint32_t rto_interval_us(const struct tcp_rto *r);

/* Notes that the interval passed in vain; returns for how many microseconds nothing has come back,
 * to a millisecond and for as long as a month. */
uint64_t rto_expired(struct tcp_rto *r, uint64_t now_us);

/*
 * New bytes were acknowledged, perhaps ones that were sent twice. Where much is lost, a measurement
 * may be long in coming (Karn); so each answer also undoes one doubling.
 */
static inline void rto_answered(struct tcp_rto *r)
{
	r->retries = 0;
	if (r->backoff > 0)
		r->backoff--;
}

/* Begins to time the bytes up to `seq`, if nothing is being timed. */
static inline void rto_time(struct tcp_rto *r, uint32_t seq, uint64_t now_us)
{
	if (r->timing)
		return;
	r->timing = true;
	r->timed_seq = seq;
	r->timed_us = (uint32_t)now_us;
}

#endif
