/* SPDX-License-Identifier: ISC */
/*
 * Keep-alives (section 3.8.4): a peer that has said nothing for a while is asked whether it is
 * still there, by a segment from one number below what it expects, which it must answer. Off unless
 * the configuration names tcp_keepalive. While bytes are in flight the retransmission timer asks.
 */
#include "base/assert.h"
#include "base/counter.h"
#include "net/tcp/tcp_internal.h"

static void ask(struct tcp_conn *c, uint64_t now_us)
{
	COUNT(c->tcp->stats.keepalives);
	tcp_reply_ack(c->tcp, now_us, &c->ep.tuple, c->way, c->snd.max - 1, c->rcv.nxt,
		      tcp_recv_announce(c), &c->ts);
}

static uint64_t idle_us_of(const struct tcp_conn *c)
{
	uint32_t s = c->rcv.silence_s;
	return (s == TCP_AS_CONFIGURED ? c->tcp->config->keepalive_idle_s : s) * (uint64_t)US_PER_S;
}

static void begin(struct tcp_conn *c, uint64_t now_us)
{
	uint64_t idle_us = idle_us_of(c);

	if (idle_us > 0)
		c->watch_us = now_us + idle_us;
}

static uint64_t interval_us_of(const struct tcp_conn *c)
{
	return c->tcp->config->keepalive_interval_s * (uint64_t)US_PER_S;
}

/* Since it was asked, an interval before watch_us; which may be longer ago than the idle time. */
static bool has_answered(const struct tcp_conn *c)
{
	return seq_ge(c->heard_ms, tcp_ts_clock(c->watch_us - interval_us_of(c)));
}

static bool expired(struct tcp_conn *c, uint64_t now_us)
{
	const struct tcp_config *config = c->tcp->config;
	uint64_t idle_us = idle_us_of(c);
	uint64_t silent_us = (uint64_t)(tcp_ts_clock(now_us) - c->heard_ms) << 10;

	if (has_answered(c))
		c->asked = 0;
	if (silent_us < idle_us) {
		c->asked = 0;
		c->watch_us = now_us + idle_us - silent_us;
		return true;
	}
	c->watch_us = now_us + interval_us_of(c);
	if (c->snd.una != c->snd.end || c->snd.una != c->snd.max)
		return true;
	if (c->asked == config->keepalive_count) {
		tcp_conn_give_up(c, ERR_TIMEOUT);
		return false;
	}
	c->asked++;
	ask(c, now_us);
	return true;
}

const struct tcp_keepalive tcp_keepalive = {.begin = begin, .expired = expired};

void tcp_set_keepalive(struct flow *f, uint16_t idle_s)
{
	struct tcp_conn *c = container_of(f, struct tcp_conn, flow);

	assert(f->ops == &tcp_flow_ops && c->owned && idle_s < TCP_AS_CONFIGURED);
	assert(idle_s == 0 || c->tcp->config->keepalive_interval_s > 0);
	if (c->state == TCP_CLOSED)
		return;
	c->tcp->keepalive = &tcp_keepalive;
	c->rcv.silence_s = idle_s;
	c->watch_us = TIME_NEVER; /* begins anew … */
	c->plain = false;         /* … when output looks */
	tcp_conn_wake(c);
}
