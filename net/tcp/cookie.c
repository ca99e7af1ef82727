/* SPDX-License-Identifier: ISC */
/*
 * SYN cookies (RFC 4987 section 3.6): where there is no place for a half-open entry, what it would
 * remember is put into the initial sequence number, and comes back in the peer's acknowledgement.
 *
 * The number is 29 bits of a keyed hash over the four-tuple, the peer's initial sequence number and
 * three bits that stand for its MSS, with these three behind. To guess one takes 2^28 segments. The
 * key is drawn anew every 67 s, and one is good for that period and the next. What windows are
 * scaled by and whether there is SACK has no room in it; a peer with timestamps gets that back in
 * the low bits of ours, others do without.
 */
#include "net/tcp/cookie.h"

#include "base/counter.h"

#include "net/tcp/tcp_internal.h"

enum {
	PERIOD_SHIFT = 26, /* of microseconds */
	MSS_BITS = 3,
	MSS_MASK = (1 << MSS_BITS) - 1,
	/* Of the timestamp: so many bits of the clock give way, 66 ms. */
	TS_SCALE_MASK = 15, /* the peer's shift, at most 14 … */
	TS_NO_SCALE = 15,   /* … or none */
	TS_SACK = 1 << 4,
	TS_MASK = (1 << 5) - 1,
};

/* The peer's MSS is rounded down to one of these: headers of both IPs from what Ethernet, PPPoE,
 * tunnels and jumbo frames leave; the least, for who says nothing sensible. */
static const uint16_t mss_table[1 << MSS_BITS] = {TCP_MSS_MIN, 536,  1220, 1360,
						  1400,        1440, 1460, 8940};

static unsigned mss_index(const struct tcp_tuple *tuple, uint16_t mss)
{
	unsigned i = MSS_MASK;

	if (mss == 0)
		mss = tcp_mss_default(tuple);
	while (i > 0 && mss_table[i] > mss)
		i--;
	return i;
}

/* --- keys ------------------------------------------------------------------------------------ */

/* Counted from 2: keys of a period 0 would be too old at any time. */
static uint32_t period_at(uint64_t now_us)
{
	return 2 + (uint32_t)(now_us >> PERIOD_SHIFT);
}

bool tcp_cookies_are_out(const struct tcp *tcp, uint64_t now_us)
{
	return period_at(now_us) - tcp->cookie.period <= 1;
}

/* Draws the keys that are due. False if there are no good ones. */
static bool renew(struct tcp *tcp, uint64_t now_us)
{
	struct tcp_cookie_keys *k = &tcp->cookie;
	uint32_t period = period_at(now_us);

	if (period == k->period)
		return true;
	struct siphash_key new[2];
	if (rng_read(tcp->rng, new, sizeof(new)) != OK)
		return false;
	if (period != k->period + 1)
		k->key[~period & 1] = new[0]; /* what the old one signed is over */
	k->key[period & 1] = new[1];
	k->period = period;
	return true;
}

/* --- the number ------------------------------------------------------------------------------ */

static uint32_t cookie(const struct siphash_key *key, const struct tcp_tuple *tuple, uint32_t irs,
		       unsigned mss)
{
	return tcp_tuple_cookie(key, tuple, (uint64_t)irs << MSS_BITS | mss) << MSS_BITS | mss;
}

/* A clock that is not ahead, with the bits in it. */
static uint32_t ts_with(uint32_t now, uint32_t bits)
{
	uint32_t ts = (now & ~(uint32_t)TS_MASK) | bits;
	return seq_gt(ts, now) ? ts - TS_MASK - 1 : ts;
}

static uint32_t ts_bits(const struct tcp_options *peer)
{
	return (peer->has_scale ? peer->scale : (uint32_t)TS_NO_SCALE) | (peer->sack ? TS_SACK : 0);
}

/* --- the SYN --------------------------------------------------------------------------------- */

ASIDE void tcp_cookie_answer(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
			     const struct tcp_segment *s)
{
	const struct tcp_options *peer = &s->options;
	struct ip_route route;

	if (!renew(tcp, now_us) ||
	    ip_route_from(tcp->ip, &tuple->local, &tuple->remote, &route) != OK) {
		COUNT(tcp->stats.syn_dropped);
		return;
	}
	struct tcp_header *h = tcp_reply(tcp, tuple, TCP_SYN | TCP_ACK, route.way);
	if (h == NULL)
		return;
	COUNT(tcp->stats.cookies_sent);
	h->seq = cookie(&tcp->cookie.key[tcp->cookie.period & 1], tuple, s->seq,
			mss_index(tuple, peer->mss));
	h->ack = s->seq + 1;
	if (peer->has_ts) {
		uint32_t now = tcp_ts_offset(tcp_tuple_secret(tcp, tuple)) + tcp_ts_clock(now_us);
		h->options = *peer;
		h->ts = ts_with(now, ts_bits(peer));
		h->ts_echo = s->ts;
	}
	h->options.mss = tcp_announced_mss(&route, tuple);
	h->window = tcp_syn_window(tcp, h->options.mss);
}

/* --- the acknowledgement --------------------------------------------------------------------- */

static bool genuine(const struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
		    const struct tcp_segment *s)
{
	uint32_t iss = s->ack - 1, irs = s->seq - 1, now = period_at(now_us);

	for (uint32_t period = tcp->cookie.period; now - period <= 1; period--) {
		const struct siphash_key *key = &tcp->cookie.key[period & 1];
		if (cookie(key, tuple, irs, iss & MSS_MASK) == iss)
			return true;
	}
	return false;
}

static void take_ts(struct tcp_half_open *h, uint64_t secret, uint64_t now_us,
		    const struct tcp_segment *s)
{
	uint32_t bits = s->ts_echo & TS_MASK;

	h->ts.on = true;
	h->ts.offset = tcp_ts_offset(secret);
	tcp_ts_take(&h->ts, now_us, s->ts);
	h->peer.has_scale = (bits & TS_SCALE_MASK) != TS_NO_SCALE;
	if (h->peer.has_scale)
		h->peer.scale = bits & TS_SCALE_MASK;
	h->peer.sack = (bits & TS_SACK) != 0;
}

ASIDE bool tcp_cookie_check(struct tcp *tcp, uint64_t now_us, const struct tcp_tuple *tuple,
			    const struct tcp_segment *s, struct tcp_half_open *h)
{
	if (!genuine(tcp, now_us, tuple, s))
		return false;
	*h = (struct tcp_half_open){
		.iss = s->ack - 1,
		.irs = s->seq - 1,
		.peer.mss = mss_table[(s->ack - 1) & MSS_MASK],
		.tries = 1,
	};
	h->ep.tuple = *tuple;
	if (s->options.has_ts)
		take_ts(h, tcp_tuple_secret(tcp, tuple), now_us, s);
	COUNT(tcp->stats.cookies_taken);
	return true;
}
