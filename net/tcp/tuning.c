/* SPDX-License-Identifier: ISC */
/*
 * Windows that grow: a connection begins with config.recv_initial, and gets three times what it
 * received in a round trip if that is more, up to config.recv_bytes, while its user keeps up with
 * reading (dynamic right-sizing). So only fast and long paths have large windows.
 *
 * What all windows have grown by together is at most config.recv_total, and what one has grown by
 * is no more than it leaves for others. When that is short, whoever needs less than it has gives it
 * back; but a promise that was made is kept, the right edge never goes back. So all that can ever
 * be promised or held is connections * recv_initial + recv_total.
 */
#include "net/tcp/tcp_internal.h"

enum { ROUND_TRIPS = 3, BYTES_MAX = 1 << 28 };

static uint32_t left(const struct tcp *tcp)
{
	return tcp->config->recv_total - tcp->grown;
}

/* What it cannot go below: what the peer has been promised, and what waits to be read. */
static uint32_t bound(const struct tcp_conn *c)
{
	return MAX(conn_recv_window(c) + c->rcv.bytes, c->tcp->recv_initial);
}

static void resize(struct tcp_conn *c, uint32_t size)
{
	c->tcp->grown += size - c->rcv.size; /* modulo 2^32: it may be less */
	c->rcv.size = size;
}

static void grow(struct tcp_conn *c, uint32_t want)
{
	uint32_t has = c->rcv.size - c->tcp->recv_initial, free = left(c->tcp);
	uint32_t more = MIN(want, c->tcp->config->recv_bytes) - c->rcv.size;

	if (free > has)
		resize(c, c->rcv.size + MIN(more, (free - has) / 2));
}

static void shrink(struct tcp_conn *c, uint32_t want)
{
	uint32_t size = MAX(want, bound(c));
	if (size < c->rcv.size)
		resize(c, size);
}

ASIDE void tcp_tuning_arrived(struct tcp_conn *c, uint64_t now_us)
{
	uint32_t round_us = MAX(c->rto.srtt_us, 1u), took_us = (uint32_t)now_us - c->tuned_us;
	uint32_t bytes = c->rcv.nxt - c->tuned_seq;

	if (took_us < round_us)
		return;
	c->tuned_us = (uint32_t)now_us;
	c->tuned_seq = c->rcv.nxt;
	if (took_us / 2 > round_us) /* there was a pause: nothing was measured */
		return;
	uint32_t want = ROUND_TRIPS * MIN(bytes, (uint32_t)BYTES_MAX);
	if (want > c->rcv.size && c->rcv.size < c->tcp->config->recv_bytes &&
	    c->rcv.bytes <= c->rcv.size / 2)
		grow(c, want);
	else if (left(c->tcp) < c->tcp->config->recv_total / 4)
		shrink(c, want);
}

/* The device's buffers are short, or the connection is over. */
ASIDE void tcp_tuning_release(struct tcp_conn *c)
{
	shrink(c, 0);
}
