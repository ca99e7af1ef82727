/* SPDX-License-Identifier: ISC */
/*
 * The search goes down from what the interface bears, by the sizes that networks are known to have
 * (Ethernet, PPPoE, tunnels): a path that only seemed to swallow full segments is back at once.
 * With the search over it waits ten minutes and begins anew, in case the path has changed;
 * mtu_probe_end is the time for that while no probe is in flight.
 */
#include "net/tcp/plpmtud.h"

#include "base/counter.h"

#include "net/tcp/tcp_internal.h"

enum {
	TIMEOUTS = 3,    /* of the same full segment: not for want of luck alone */
	BASE_MTU = 1200, /* BASE_PLPMTU of RFC 8899 section 5.1.2 */
	BASE_MTU_V6 = 1280,
	SEGMENTS_BEHIND = 4,  /* that show the loss of a probe in time */
	RAISE_US = 600000000, /* PMTU_RAISE_TIMER of RFC 8899 section 5.1.1 */
};

static uint32_t overhead(const struct tcp_conn *c)
{
	uint32_t headers = (inet_is_v4(&c->ep.tuple.remote) ? 20 : 40) + TCP_HEADER_BYTES;
	return headers + (c->ts.on ? TCP_TS_BYTES : 0);
}

static void set_mtu(struct tcp_conn *c, uint32_t mtu)
{
	c->path_mtu = (uint16_t)mtu;
	tcp_conn_set_mss(c);
}

/* What the interface bears and the peer takes. */
static uint16_t mtu_full(const struct tcp_conn *c)
{
	struct ip_route route;

	if (ip_route_from(c->tcp->ip, &c->ep.tuple.local, &c->ep.tuple.remote, &route) != OK)
		return c->path_mtu;
	uint32_t peer = c->snd.peer_mss + (inet_is_v4(&c->ep.tuple.remote) ? 40u : 60u);
	return (uint16_t)MIN(peer, (uint32_t)route.mtu);
}

/* The search is over, for now. */
static SELDOM void wait_for_raise(struct tcp_conn *c)
{
	c->mtu_high = TCP_MTU_WAITS;
	c->plain = false; /* output looks whether it is over */
	c->mtu_probe_end = c->sent_ms + (RAISE_US >> 10);
}

/* True while it waits. */
static bool is_waiting(struct tcp_conn *c, uint64_t now_us)
{
	if (c->mtu_high != TCP_MTU_WAITS)
		return false;
	if (seq_lt(tcp_ts_clock(now_us), c->mtu_probe_end))
		return true;
	c->mtu_high = mtu_full(c);
	if (c->mtu_high <= c->path_mtu)
		c->mtu_high = 0;
	return c->mtu_high == 0;
}

/* The next smaller size to fall back to, or this one. */
static uint32_t smaller(const struct tcp_conn *c)
{
	bool v4 = inet_is_v4(&c->ep.tuple.remote);
	uint32_t base = v4 ? BASE_MTU : BASE_MTU_V6;

	if (c->path_mtu > base)
		return base;
	return v4 ? MIN((uint32_t)c->path_mtu, (uint32_t)TCP_PATH_MTU_MIN) : c->path_mtu;
}

/* RFC 4821 section 7.7, RFC 8899 section 4.3: detection of a black hole. */
ASIDE void tcp_plpmtud_timed_out(struct tcp_conn *c)
{
	uint32_t mtu = c->snd.mss + overhead(c);

	c->mtu_probe = 0;
	if (c->rto.retries % TIMEOUTS != 0 || c->snd.max - c->snd.una < c->snd.mss)
		return;
	c->path_mtu = (uint16_t)MIN(mtu, (uint32_t)c->path_mtu); /* what the peer takes, at most */
	uint32_t less = smaller(c);
	if (less == c->path_mtu)
		return;
	COUNT(c->tcp->stats.black_holes);
	c->mtu_high = c->mtu_high != TCP_MTU_WAITS ? MAX(c->mtu_high, c->path_mtu) : c->path_mtu;
	set_mtu(c, less);
}

/* Only while all is well, and with enough behind it that its loss is noticed (section 7.4). */
static bool may_probe(const struct tcp_conn *c, uint32_t len)
{
	uint32_t needs = len + SEGMENTS_BEHIND * c->snd.mss, flight = c->snd.nxt - c->snd.una;
	uint32_t window = MIN(c->snd.wnd, c->cc.cwnd);

	return c->mtu_probe == 0 && c->board == NULL && !c->cc.recovery && c->rto.retries == 0 &&
	       c->snd.nxt == c->snd.max && !c->persisting && c->mtu_high > c->path_mtu &&
	       seq_lt(c->snd.nxt, c->snd.end) && c->snd.end - c->snd.nxt >= needs &&
	       flight + needs <= window;
}

ASIDE enum err tcp_plpmtud_output(struct tcp_conn *c, uint64_t now_us)
{
	if (is_waiting(c, now_us))
		return OK;
	uint32_t len = c->mtu_high - overhead(c);

	if (!may_probe(c, len))
		return OK;
	enum err e = tcp_output_sized(c, now_us, len);
	if (e != OK)
		return e;
	COUNT(c->tcp->stats.mtu_probes);
	c->mtu_probe = c->mtu_high;
	c->plain = false;
	c->mtu_probe_end = c->snd.nxt;
	return OK;
}

ASIDE void tcp_plpmtud_arrived(struct tcp_conn *c)
{
	set_mtu(c, c->mtu_probe);
	c->mtu_probe = c->mtu_high = 0;
	if (c->path_mtu < mtu_full(c)) /* all that is larger did not arrive */
		wait_for_raise(c);
}

ASIDE void tcp_plpmtud_lowered(struct tcp_conn *c)
{
	c->mtu_probe = 0;
	if (c->mtu_high <= c->path_mtu || c->mtu_high == TCP_MTU_WAITS)
		wait_for_raise(c);
}

/* The next size to try, or 0: there is none between what is known to arrive and what did not. */
static uint16_t next_lower(const struct tcp_conn *c)
{
	static const uint16_t sizes[] = {9000, 4352, 2002, 1500, 1492, 1480, 1450, 1400, 1280};

	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (sizes[i] < c->mtu_probe)
			return sizes[i] > c->path_mtu ? sizes[i] : 0;
	}
	return 0;
}

ASIDE void tcp_plpmtud_resent(struct tcp_conn *c, uint32_t seq, uint32_t end)
{
	if (seq_ge(seq, c->mtu_probe_end) || seq_le(end, c->mtu_probe_end - c->snd.mss))
		return;
	c->mtu_high = next_lower(c);
	c->mtu_probe = 0;
	if (c->mtu_high == 0)
		wait_for_raise(c);
}
